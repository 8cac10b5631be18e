"""IncidentLocation: where an incident happened, and how precisely it is published."""

import pghistory
from django.core.exceptions import ValidationError
from django.db import models

from incidents.codes import FINENESS, POINT_PRECISIONS, LocationRole, Precision
from incidents.models.incident import Incident
from places.models import Coordinates
from publishing.fields import LinesField, WordField, get_cached_relation
from sources.models import Citation


def _make_precision_rule() -> models.Q:
    """Return the condition that the public precision is no finer than the known precision."""
    order, rule = list(Precision.values), models.Q()
    for position, known in enumerate(order):
        rule |= models.Q(precision=known, public_precision__in=order[position:])
    return rule


@pghistory.track()
class IncidentLocation(Coordinates):
    """A location of an incident or of a part of it.

    `place` is public and no finer than the public precision; `private_place` is for a finer one.
    Coordinates are public only where nothing was coarsened: see `has_public_point`.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="locations")
    role = WordField(
        LocationRole,
        default=LocationRole.IMPACT,
        help_text="The role of the location, such as impact or launch.",
    )
    primary = models.BooleanField(
        default=False, help_text="Whether lists, maps and statistics use this location."
    )
    place = models.ForeignKey(
        "places.Place",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The published place, no finer than the public precision.",
    )
    private_place = models.ForeignKey(
        "places.Place",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="A finer place, which is not published.",
    )
    precision = WordField(Precision, help_text="How precisely the location is known.")
    public_precision = WordField(
        Precision,
        help_text="How precisely the location is published. The coordinates are public only if it "
        "is the same as the precision, and exact, settlement or near settlement.",
    )
    description = LinesField(blank=True, help_text="A public description of the location.")

    class Meta:
        ordering = ["-primary", "role", "pk"]
        constraints = [
            *Coordinates.Meta.constraints,
            models.UniqueConstraint(
                "incident",
                condition=models.Q(primary=True),
                name="incidentlocation_one_primary",
                violation_error_message="Another location is already the primary one.",
            ),
            models.CheckConstraint(
                condition=_make_precision_rule(),
                name="incidentlocation_public_no_finer",
                violation_error_message="The public precision cannot be finer than the precision.",
            ),
        ]

    def __str__(self) -> str:
        place = get_cached_relation(self, "place") or f"location {self.pk}"
        return f"{self.get_role_display()}: {place}"

    @property
    def has_public_point(self) -> bool:
        """Whether its coordinates are public: they are those of a point, not made coarser."""
        return self.precision in POINT_PRECISIONS and self.public_precision == self.precision

    def clean(self) -> None:
        super().clean()
        public = FINENESS.get(self.public_precision)
        if self.place and public is not None and FINENESS[self.place.kind] > public:
            raise ValidationError(
                {
                    "place": f"{self.place} is finer than the public precision "
                    f"“{self.get_public_precision_display()}”: choose a larger place here, and "
                    "enter this one as the private place."
                }
            )


@pghistory.track()
class IncidentLocationCitation(Citation):
    """A citation for a location."""

    location = models.ForeignKey(IncidentLocation, models.CASCADE, related_name="citations")
