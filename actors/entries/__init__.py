"""The rows by which published actors and affiliations are found."""

from actors.entries.actor import ActorEntry
from actors.entries.affiliation import AffiliationEntry
from actors.entries.asserted import ClassificationEntry, DesignationEntry, PresenceEntry
from actors.entries.held import HeldEntry, days
from actors.entries.name import ActorNameEntry
from actors.entries.support import SupportEntry

__all__ = [
    "ActorEntry",
    "ActorNameEntry",
    "AffiliationEntry",
    "ClassificationEntry",
    "DesignationEntry",
    "HeldEntry",
    "PresenceEntry",
    "SupportEntry",
    "days",
]
