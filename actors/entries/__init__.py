"""The rows by which published actors and affiliations are found."""

from actors.entries.actor import ActorEntry
from actors.entries.affiliation import AffiliationEntry
from actors.entries.held import HeldEntry, days

__all__ = ["ActorEntry", "AffiliationEntry", "HeldEntry", "days"]
