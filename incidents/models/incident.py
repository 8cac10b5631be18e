"""Incident: what happened, when and where."""

import secrets
from datetime import date

import pghistory
import pycountry
from django.core.exceptions import ValidationError
from django.db import models

from editorial.fields import WordField
from editorial.models import Occurrence, SluggedRecord
from incidents.codes import (
    EventType,
    Granularity,
    LocationRole,
    Outcome,
    Precision,
    SubType,
    Violence,
)
from places.codes import PlaceKind
from places.models import Coordinates
from sources.models import Citation, ExternalId

_CODE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits of incident codes: none that are easily mistaken for another."""


@pghistory.track()
class Incident(SluggedRecord, Occurrence):
    """One event, a sum that a source gives, or a series that it speaks of without number.

    The slug is the incident's code, such as `irq-2020-k3f9`: the country of its primary location
    (alpha-3, or xxx), the year of its start (or 0000), and four random characters.
    """

    type_name = "incident"
    document = "incidents.serializers.IncidentDocument"
    entry = "incidents.entries.IncidentEntry"
    ref_kind, ref_name = "event_type", "title"
    slug_from = ("date", "locations")

    title = models.CharField(max_length=300, help_text="What happened, in one line.")
    summary = models.TextField(blank=True, help_text="One or two sentences.")
    description = models.TextField(blank=True, help_text="What is known of it, at length.")
    event_type = WordField(EventType, default=EventType.UNKNOWN, help_text="What happened.")
    sub_type = WordField(SubType, default=SubType.UNKNOWN, help_text="What happened, more closely.")
    violence = WordField(
        Violence, default=Violence.UNKNOWN, help_text="UCDP's type of organised violence."
    )
    outcome = WordField(Outcome, default=Outcome.UNKNOWN, help_text="How it ended.")
    granularity = WordField(
        Granularity,
        default=Granularity.SINGLE_EVENT,
        help_text="One event, a sum that a source gives, or a series without number.",
    )

    class Meta(SluggedRecord.Meta):
        ordering = ["-date_start", "pk"]
        constraints = SluggedRecord.Meta.constraints

    def __str__(self) -> str:
        return self.title

    @property
    def single(self) -> bool:
        return self.granularity == Granularity.SINGLE_EVENT

    def make_slug(self) -> str:
        primary = self.locations.filter(primary=True).select_related("place").first()
        country = primary.place.country if primary and primary.place else ""
        return random_code(country, self.date_start)


def random_code(country: str, start: date | None, letters: int = 4) -> str:
    """Return a code for an incident in a country (ISO alpha-2, or blank) that began on a day."""
    found = pycountry.countries.get(alpha_2=country) if country else None
    alpha3 = found.alpha_3.lower() if found else "xxx"
    year = f"{start.year:04d}" if start else "0000"
    return f"{alpha3}-{year}-{''.join(secrets.choice(_CODE) for _ in range(letters))}"


@pghistory.track()
class IncidentExternalId(ExternalId):
    """What another system calls an incident."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="external_ids")


@pghistory.track()
class IncidentCitation(Citation):
    """A passage cited for an incident."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="citations")


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
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} (location {self.pk})"

    def clean(self) -> None:
        super().clean()
        if self.place and FINENESS[self.place.kind] > FINENESS[self.public_precision]:
            raise ValidationError(
                {
                    "place": f"{self.place} is finer than the public precision "
                    f"“{self.get_public_precision_display()}”: name the place around it here, and "
                    "this one as the private place."
                }
            )
        order = list(Precision.values)
        if order.index(self.public_precision) < order.index(self.precision):
            raise ValidationError(
                {"public_precision": "It cannot be finer than the precision itself."}
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
