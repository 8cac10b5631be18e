"""What the pages of all parts of an incident share."""

from curation.admin import PartAdmin


class IncidentPartAdmin(PartAdmin):
    """The page of a part of an incident."""

    parent = "incident"
    search_fields = ("incident__title",)
