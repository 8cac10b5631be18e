"""Incident: an event, an aggregate of events, or a series of events."""

import secrets
from collections.abc import Collection
from datetime import date

import pghistory
from django.db import models

from editorial.models import SluggedRecord
from incidents.codes import (
    EventType,
    Granularity,
    Motive,
    Outcome,
    PropertyDamage,
    SubType,
    Tag,
    Violence,
)
from incidents.models import rules
from publishing.bidi import isolate
from publishing.countries import find_country
from publishing.fields import LineField, LinesField, WordField, WordsField
from publishing.models import Occurrence
from sources.models import Citation, ExternalId

_CODE = "abcdefghjkmnpqrstuvwxyz23456789"
"""The letters and digits of incident codes, without those that look like another one."""


def get_unknown_motives() -> list[str]:
    """Return the motives of an incident if none is known."""
    return [Motive.UNKNOWN.value]


@pghistory.track()
class Incident(SluggedRecord, Occurrence):
    """One event, an aggregate that a source reports, or a series of an unknown number of events.

    The slug is the incident's code, such as `irq-2020-k3f9`: the country of its primary location
    (alpha-3, or xxx), the year of its start (or 0000), and four random characters.
    """

    type_name = "incident"
    document = "incidents.serializers.incident.IncidentDocument"
    entry = "incidents.entries.IncidentEntry"
    ref_kind, ref_name = "event_type", "title"
    slug_from = ("date", "locations")
    last_number = 0
    """The highest number among its statements in a form that is not saved yet."""

    title = LineField(
        max_length=300, help_text="A title in one line, such as: Rocket attack on K-1 air base."
    )
    summary = LinesField(blank=True, help_text="A summary in one or two sentences.")
    description = LinesField(blank=True, help_text="A longer description.")
    event_type = WordField(
        EventType, default=EventType.UNKNOWN, help_text="The general type of event."
    )
    sub_type = WordField(SubType, default=SubType.UNKNOWN, help_text="The detailed type of event.")
    violence = WordField(
        Violence,
        default=Violence.UNKNOWN,
        help_text="The type of organised violence, as UCDP defines it.",
    )
    outcome = WordField(
        Outcome, default=Outcome.UNKNOWN, help_text="The outcome for those who did it."
    )
    granularity = WordField(
        Granularity,
        default=Granularity.SINGLE_EVENT,
        help_text="Whether the record is one event, an aggregate that a source reports, or a "
        "series.",
    )
    local_time = models.TimeField(
        null=True, blank=True, help_text="The local time of day; it needs a date that is one day."
    )
    motives = WordsField(
        Motive, default=get_unknown_motives, help_text="The motives. `unknown` excludes all others."
    )
    civilians_targeted = models.BooleanField(
        null=True,
        blank=True,
        help_text="Whether the attack was aimed at civilians; leave empty if not known.",
    )
    suicide = models.BooleanField(
        null=True,
        blank=True,
        help_text="Whether an attacker intended to die; leave empty if not known.",
    )
    property_damage = WordField(
        PropertyDamage,
        default=PropertyDamage.UNKNOWN,
        help_text="The extent of the damage to property.",
    )
    tags = WordsField(
        Tag,
        default=list,
        blank=True,
        help_text="Further topics under which readers can find the incident.",
    )

    class Meta(SluggedRecord.Meta):
        ordering = ["-date_start", "pk"]
        constraints = [
            *SluggedRecord.Meta.constraints,
            *Occurrence.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(motives=get_unknown_motives())
                | (
                    models.Q(motives__len__gt=0)
                    & ~models.Q(motives__contains=get_unknown_motives())
                ),
                name="incident_motives_known_or_not",
                violation_error_message="Choose either motives or unknown, not both.",
            ),
            models.CheckConstraint(
                condition=models.Q(local_time__isnull=True)
                | models.Q(
                    date_start__isnull=False,
                    date_end__isnull=False,
                    date_start=models.F("date_end"),
                ),
                name="incident_time_of_one_day",
                violation_error_message="A time of day needs a date that is one day.",
            ),
        ]

    def __str__(self) -> str:
        return isolate(self.title)

    @property
    def single(self) -> bool:
        return self.granularity == Granularity.SINGLE_EVENT

    def derive(self) -> None:
        """Compute the bounds of the date; clear the time of day if there is no date."""
        super().derive()
        if self.date_start is None:
            self.local_time = None

    @classmethod
    def check_submitted(cls, keys: Collection[int]) -> None:
        cls.refuse(rules.find_submission_faults(cls.objects.filter(pk__any=keys)))

    @classmethod
    def check_public(cls, records: Collection[str]) -> None:
        cls.refuse(rules.find_publication_faults(records))

    def make_slug(self) -> str:
        primary = self.locations.filter(primary=True).select_related("place").first()
        country = primary.place.country if primary and primary.place else ""
        return make_random_code(country, self.date_start)


def make_random_code(country: str, start: date | None, letters: int = 4) -> str:
    """Return a code for an incident in a country (ISO alpha-2, or blank) that began on a day."""
    known = find_country(country)
    alpha3 = known.alpha_3.lower() if known else "xxx"
    year = f"{start.year:04d}" if start else "0000"
    return f"{alpha3}-{year}-{''.join(secrets.choice(_CODE) for _ in range(letters))}"


@pghistory.track()
class IncidentExternalId(ExternalId):
    """An identifier of an incident in another system."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="external_ids")


@pghistory.track()
class IncidentCitation(Citation):
    """A citation for an incident."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="citations")
