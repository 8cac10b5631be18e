"""The rows by which published incidents are found."""

from incidents.entries.incident import IncidentEntry
from incidents.entries.involved import IncidentActorEntry
from incidents.entries.where import IncidentPlaceEntry

__all__ = ["IncidentActorEntry", "IncidentEntry", "IncidentPlaceEntry"]
