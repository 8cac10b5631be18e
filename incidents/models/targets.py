"""Target: an object that was hit or aimed at."""

import pghistory
from django.db import models

from incidents.codes import TargetType
from incidents.models.incident import Incident
from publishing.bidi import isolate
from publishing.fields import LineField, WordField
from sources.models import Citation


@pghistory.track()
class Target(models.Model):
    """An object that was hit or aimed at. An actor that was the target is an Involvement."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="target_objects")
    type = WordField(
        TargetType, default=TargetType.UNKNOWN, help_text="The kind of object, such as military."
    )
    name = LineField(
        max_length=300,
        blank=True,
        help_text="The name of the object, such as US embassy in Baghdad.",
    )
    place = models.ForeignKey(
        "places.Place",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The place, if the object is one, such as a base.",
    )
    nationality = models.CharField(
        max_length=2,
        blank=True,
        help_text="The country that it belongs to, as ISO 3166-1 alpha-2: US.",
    )
    hit = models.BooleanField(
        null=True, blank=True, help_text="Whether it was hit; leave empty if not known."
    )
    intended = models.BooleanField(
        null=True, blank=True, help_text="Whether it was aimed at; leave empty if not known."
    )

    class Meta:
        ordering = ["type", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(nationality__regex=r"^([A-Z]{2})?$"),
                name="target_nationality_code",
                violation_error_message="A nationality is two capital letters, such as US.",
            )
        ]

    def __str__(self) -> str:
        return isolate(self.name) or self.get_type_display()


@pghistory.track()
class TargetCitation(Citation):
    """A citation for a target."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="citations")
