"""The admin of incidents."""

from incidents.admin.incident import IncidentAdmin

__all__ = ["IncidentAdmin"]
