"""Links between incidents: IncidentLink, which is public, and PossibleDuplicate."""

import pghistory
from django.db import models

from incidents.codes import LinkKind
from incidents.models.incident import Incident
from publishing.fields import LinesField, WordField, get_cached_relation
from sources.models import Citation


@pghistory.track()
class IncidentLink(models.Model):
    """A link from an incident to an earlier or a larger one."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="links")
    kind = WordField(LinkKind, help_text="The kind of link, such as part of.")
    to = models.ForeignKey(
        Incident,
        models.PROTECT,
        related_name="links_to",
        help_text="The earlier or larger incident.",
    )

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(incident=models.F("to")),
                name="incidentlink_of_two",
                violation_error_message="An incident cannot be linked to itself.",
            ),
            models.UniqueConstraint(
                "incident",
                "kind",
                "to",
                name="incidentlink_once",
                violation_error_message="This link already exists.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {get_cached_relation(self, 'to') or f'link {self.pk}'}"


@pghistory.track()
class IncidentLinkCitation(Citation):
    """A citation for a link."""

    link = models.ForeignKey(IncidentLink, models.CASCADE, related_name="citations")


@pghistory.track()
class PossibleDuplicate(models.Model):
    """Another incident that may be the same event. It is for editors and never published."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="possible_duplicates")
    of = models.ForeignKey(
        Incident, models.PROTECT, related_name="+", help_text="The other incident."
    )
    note = LinesField(blank=True, help_text="The reasons for and against a duplicate.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(incident=models.F("of")),
                name="possibleduplicate_of_two",
                violation_error_message="An incident cannot be a duplicate of itself.",
            ),
            models.UniqueConstraint(
                "incident",
                "of",
                name="possibleduplicate_once",
                violation_error_message="This possible duplicate already exists.",
            ),
        ]

    def __str__(self) -> str:
        return str(get_cached_relation(self, "of") or f"possible duplicate {self.pk}")
