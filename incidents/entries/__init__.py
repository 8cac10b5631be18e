"""The rows by which published incidents are found."""

from incidents.entries.incident import IncidentEntry
from incidents.entries.involved import RANK, SEVERAL_DAYS, Bounds, IncidentActorEntry
from incidents.entries.things import (
    IncidentLinkEntry,
    IncidentSourceEntry,
    IncidentTargetEntry,
    IncidentWeaponEntry,
)
from incidents.entries.where import IncidentPlaceEntry

__all__ = [
    "RANK",
    "SEVERAL_DAYS",
    "Bounds",
    "IncidentActorEntry",
    "IncidentEntry",
    "IncidentLinkEntry",
    "IncidentPlaceEntry",
    "IncidentSourceEntry",
    "IncidentTargetEntry",
    "IncidentWeaponEntry",
]
