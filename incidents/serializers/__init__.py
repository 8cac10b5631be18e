"""The documents of incidents, and the answer of statistics."""

from incidents.serializers.incident import IncidentDocument

__all__ = ["IncidentDocument"]
