"""Incident: what happened, when and where."""

import secrets
from collections.abc import Collection, Iterable
from datetime import date

import pghistory
import pycountry
from django.core.exceptions import ValidationError
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
from publishing.fields import WordField, WordsField
from publishing.models import Occurrence
from sources.models import Citation, ExternalId

_CODE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits of incident codes: none that are easily mistaken for another."""


def not_known() -> list[str]:
    """Return the motives of an incident of which none is known."""
    return [Motive.UNKNOWN.value]


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
    last_number = 0
    """The highest number of its statements that are checked together and not saved yet."""

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
    local_time = models.TimeField(
        null=True, blank=True, help_text="The time of day there, where one day is known."
    )
    motives = WordsField(Motive, default=not_known, help_text="Why it was done.")
    civilians_targeted = models.BooleanField(
        null=True, blank=True, help_text="Whether civilians were meant; empty is not known."
    )
    suicide = models.BooleanField(
        null=True,
        blank=True,
        help_text="Whether an attacker meant to die of it; empty is not known.",
    )
    property_damage = WordField(
        PropertyDamage, default=PropertyDamage.UNKNOWN, help_text="How much was destroyed."
    )
    tags = WordsField(Tag, default=list, blank=True, help_text="What it is also looked for by.")

    class Meta(SluggedRecord.Meta):
        ordering = ["-date_start", "pk"]
        constraints = [
            *SluggedRecord.Meta.constraints,
            *Occurrence.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(motives=not_known())
                | (models.Q(motives__len__gt=0) & ~models.Q(motives__contains=not_known())),
                name="incident_motives_known_or_not",
                violation_error_message="Give the motives, or unknown alone.",
            ),
            models.CheckConstraint(
                condition=models.Q(local_time__isnull=True)
                | models.Q(date_start__isnull=False, date_start=models.F("date_end")),
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
        """Compute the bounds; what is undated has no time of day either."""
        super().derive()
        if self.date_start is None:
            self.local_time = None

    @classmethod
    def check_submitted(cls, keys: Collection[int]) -> None:
        cls._refuse(rules.faults_submitted(cls.objects.filter(pk__in=keys)))

    @classmethod
    def check_public(cls, records: Collection[str]) -> None:
        cls._refuse(rules.faults_public(records))

    @classmethod
    def _refuse(cls, faults: Iterable[rules.Fault]) -> None:
        """Raise ValidationError with the incidents that are refused, by title, if any are."""
        found = list(faults)
        rows = cls.objects.filter(public_id__in=[incident for incident, _ in found])
        titles = dict(rows.values_list("public_id", "title"))
        told = [f"{isolate(titles[incident])}: {why}" for incident, why in found]
        if told:
            raise ValidationError([ValidationError(text, code="spanning") for text in told])

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
