"""The rows by which published incidents are found."""

from incidents.entries.incident import IncidentEntry
from incidents.entries.involved import IncidentActorEntry

__all__ = ["IncidentActorEntry", "IncidentEntry"]
