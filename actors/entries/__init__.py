"""The rows by which published actors and affiliations are found."""

from actors.entries.actor import ActorEntry
from actors.entries.affiliation import AffiliationEntry
from actors.entries.held import HeldEntry, days
from actors.entries.name import ActorNameEntry

__all__ = ["ActorEntry", "ActorNameEntry", "AffiliationEntry", "HeldEntry", "days"]
