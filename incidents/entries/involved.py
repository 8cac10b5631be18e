"""The side rows by which incidents are found by who was involved."""

from django.db import models

from editorial.models import SideEntry


class IncidentSideEntry(SideEntry):
    """A row of which an incident has several, with the days of the incident."""

    order_date = models.DateField(help_text="As in the incident's own entry.")
    last_date = models.DateField(help_text="As in the incident's own entry.")
    certain = models.BooleanField(help_text="As in the incident's own entry.")

    class Meta(SideEntry.Meta):
        abstract = True


class IncidentActorEntry(IncidentSideEntry):
    """That an actor stands in a published incident, in a role: one row per accepted involvement."""

    actor = models.UUIDField(help_text="The public id of the actor.")
    role = models.CharField(max_length=40, help_text="What it was to the incident.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # The newest incidents of an actor in a role, at any horizon.
            models.Index(
                "actor",
                "role",
                models.F("order_date").desc(),
                models.F("record").desc(),
                include=["seq", "until_seq"],
                name="incidentactorentry_newest",
            ),
            # Whether one given incident involves an actor.
            models.Index("seq", "actor", "role", name="incidentactorentry_seq"),
        ]
