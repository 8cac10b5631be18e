"""IncidentLocation: where an incident happened, and how finely readers are told."""

import pghistory
from django.core.exceptions import ValidationError
from django.db import models

from incidents.codes import LocationRole, Precision
from incidents.models.incident import Incident
from places.codes import PlaceKind
from places.models import Coordinates
from publishing.fields import WordField, get_cached_relation
from sources.models import Citation


def _no_finer() -> models.Q:
    """Return the rule that readers are told a location no more finely than the desk knows it."""
    order, rule = list(Precision.values), models.Q()
    for at, known in enumerate(order):
        rule |= models.Q(precision=known, public_precision__in=order[at:])
    return rule


@pghistory.track()
class IncidentLocation(Coordinates):
    """Where the incident, or a part of it, happened.

    `place` is public and must be no finer than the public precision; a finer place that the desk
    knows of goes into `private_place`. Coordinates are public only at public precision `exact`.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="locations")
    role = WordField(LocationRole, default=LocationRole.IMPACT, help_text="What it was to it.")
    primary = models.BooleanField(
        default=False, help_text="Whether it is the one to count the incident by."
    )
    place = models.ForeignKey(
        "places.Place",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The place that readers are told, no finer than the public precision.",
    )
    private_place = models.ForeignKey(
        "places.Place",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="A finer place, for the desk alone.",
    )
    precision = WordField(Precision, help_text="How finely the desk knows the location.")
    public_precision = WordField(Precision, help_text="How finely readers are told it.")
    description = models.TextField(blank=True, help_text="The location in words, public.")

    class Meta:
        ordering = ["-primary", "role", "pk"]
        constraints = [
            *Coordinates.Meta.constraints,
            models.UniqueConstraint(
                "incident",
                condition=models.Q(primary=True),
                name="incidentlocation_one_primary",
                violation_error_message="Another location is the primary one already.",
            ),
            models.CheckConstraint(
                condition=_no_finer(),
                name="incidentlocation_public_no_finer",
                violation_error_message="The public precision cannot be finer than the precision "
                "itself.",
            ),
        ]

    def __str__(self) -> str:
        where = get_cached_relation(self, "place") or f"location {self.pk}"
        return f"{self.get_role_display()}: {where}"

    def clean(self) -> None:
        super().clean()
        public = FINENESS.get(self.public_precision)
        if self.place and public is not None and FINENESS[self.place.kind] > public:
            raise ValidationError(
                {
                    "place": f"{self.place} is finer than the public precision "
                    f"“{self.get_public_precision_display()}”: name the place around it here, and "
                    "this one as the private place."
                }
            )


FINENESS: dict[str, int] = {
    Precision.COUNTRY: 0,
    PlaceKind.COUNTRY: 0,
    PlaceKind.REGION: 1,
    Precision.WATER_OR_AIRSPACE: 1,
    PlaceKind.MARITIME: 1,
    PlaceKind.AIRSPACE: 1,
    PlaceKind.ADMIN1: 2,
    PlaceKind.ADMIN2: 3,
    PlaceKind.ADMIN3: 4,
    Precision.NEAR_SETTLEMENT: 5,
    PlaceKind.SETTLEMENT: 5,
    PlaceKind.OTHER: 5,
    PlaceKind.NATURAL_FEATURE: 5,
    PlaceKind.NEIGHBOURHOOD: 6,
    PlaceKind.FACILITY: 6,
    PlaceKind.BASE: 6,
    PlaceKind.CHECKPOINT: 6,
    PlaceKind.BORDER_CROSSING: 6,
    Precision.EXACT: 6,
}
"""How fine each precision and each kind of place is; words that both have mean the same."""


@pghistory.track()
class IncidentLocationCitation(Citation):
    """A passage cited for a location."""

    location = models.ForeignKey(IncidentLocation, models.CASCADE, related_name="citations")
