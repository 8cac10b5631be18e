"""The rows by which published incidents are found."""

from incidents.entries.incident import IncidentEntry
from incidents.entries.involved import RANK, IncidentActorEntry
from incidents.entries.things import (
    IncidentLinkEntry,
    IncidentSourceEntry,
    IncidentTargetEntry,
    IncidentWeaponEntry,
)
from incidents.entries.where import IncidentPlaceEntry

__all__ = [
    "RANK",
    "IncidentActorEntry",
    "IncidentEntry",
    "IncidentLinkEntry",
    "IncidentPlaceEntry",
    "IncidentSourceEntry",
    "IncidentTargetEntry",
    "IncidentWeaponEntry",
]
