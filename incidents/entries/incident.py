"""The row by which a published incident is found."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import TruncDate

from dates import parse
from incidents.entries import things
from incidents.entries.involved import IncidentActorEntry, involved
from incidents.entries.where import IncidentPlaceEntry, WhereEntry
from publishing.models import Entry, EntryRow
from sources.entries import IdentifiedEntry

_WORDS = (
    "slug",
    "event_type",
    "sub_type",
    "violence",
    "outcome",
    "granularity",
    "date_precision",
    "motives",
    "tags",
    "civilians_targeted",
    "suicide",
    "claim_status",
    "denied",
    "attribution_status",
    "facade_claim",
)
"""The properties of the document that its entry has as they are."""


class IncidentEntry(Entry, IdentifiedEntry, WhereEntry):
    """A published incident, counted by its primary location."""

    sides = (IncidentActorEntry, IncidentPlaceEntry, *things.SIDES)
    named_in = (
        "involvements.actor.name",
        "statements.speaker.name",
        "statements.responsible.actor.name",
        "locations.place.name",
    )
    titled_in = ("title",)
    told_in = (
        *("summary", "description", "involvements.label", "target_objects.name"),
        *("statements.speaker_label", "statements.text", "statements.translation"),
    )

    slug = models.CharField(max_length=120, help_text="Its code.")
    event_type = models.CharField(max_length=40, help_text="What happened.")
    sub_type = models.CharField(max_length=40, help_text="What happened, more closely.")
    violence = models.CharField(max_length=40, help_text="UCDP's type of organised violence.")
    outcome = models.CharField(max_length=40, help_text="How it ended.")
    granularity = models.CharField(max_length=40, help_text="One event, a sum or a series.")
    motives = ArrayField(models.CharField(max_length=40), help_text="Why it was done.")
    tags = ArrayField(models.CharField(max_length=40), help_text="What it is also looked for by.")
    civilians_targeted = models.BooleanField(null=True, help_text="Whether civilians were meant.")
    suicide = models.BooleanField(null=True, help_text="Whether an attacker meant to die of it.")
    order_date = models.DateField(help_text="The earliest day; the first of all if undated.")
    last_date = models.DateField(help_text="The latest day; the last of all if undated.")
    date_precision = models.CharField(max_length=40, help_text="How precisely its days are known.")
    certain = models.BooleanField(help_text="Whether it is dated, and not marked uncertain.")
    killed = models.PositiveIntegerField(null=True, help_text="The best number; null: not known.")
    killed_low = models.PositiveIntegerField(null=True, help_text="The lowest number.")
    killed_high = models.PositiveIntegerField(null=True, help_text="The highest number.")
    injured = models.PositiveIntegerField(null=True, help_text="The best number; null: not known.")
    injured_low = models.PositiveIntegerField(null=True, help_text="The lowest number.")
    injured_high = models.PositiveIntegerField(null=True, help_text="The highest number.")
    claim_status = models.CharField(max_length=40, help_text="Whether it was claimed.")
    denied = models.BooleanField(help_text="Whether somebody denied it.")
    attribution_status = models.CharField(max_length=40, help_text="How certain it is who did it.")
    facade_claim = models.BooleanField(help_text="Whether a facade claimed it.")

    class Meta(Entry.Meta):
        indexes = [
            *Entry.Meta.indexes,
            *IdentifiedEntry.Meta.indexes,
            *WhereEntry.Meta.indexes,
            # The list by date, at any horizon.
            models.Index(
                models.F("order_date").desc(),
                models.F("record").desc(),
                include=["seq", "until_seq"],
                name="incidententry_newest",
            ),
            # What may have happened on some days, where that is little.
            models.Index("last_date", "order_date", name="incidententry_days"),
            # Until when the list by date reaches at a past horizon: what began after it was
            # published, as next to nothing does.
            models.Index(
                models.F("order_date").desc(),
                include=["seq"],
                name="incidententry_foretold",
                condition=models.Q(order_date__gt=TruncDate("edited_at")),
            ),
            # The incidents of a country by date.
            models.Index(
                "country",
                models.F("order_date").desc(),
                models.F("record").desc(),
                include=["seq", "until_seq"],
                name="incidententry_country",
            ),
            # The incidents of a sub-type by date: most are rare.
            models.Index(
                "sub_type",
                models.F("order_date").desc(),
                models.F("record").desc(),
                include=["seq", "until_seq"],
                name="incidententry_sub_type",
            ),
            # The statistics of a country, or of all, by time and type, without reading the table.
            models.Index(
                "country",
                "order_date",
                include=[
                    *("seq", "until_seq", "granularity", "date_precision", "event_type"),
                    *("killed_low", "killed", "killed_high"),
                    *("injured_low", "injured", "injured_high"),
                ],
                name="incidententry_statistics",
            ),
            # What bears a tag.
            GinIndex("tags", name="incidententry_tags"),
        ]

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> list[EntryRow]:
        start, end = document["date_start"], document["date_end"]
        own = {"seq": document["seq"], "record": document["id"]}
        days = {
            "order_date": date.fromisoformat(start) if start else date.min,
            "last_date": date.fromisoformat(end) if end else date.max,
            "certain": bool(document["date"]) and not parse(document["date"]).doubted,
        }
        entry = cls(
            **cls.envelope(document),
            **cls.identified(document),
            **cls.where(document),
            **days,
            **{name: document[name] for name in _WORDS},
            **{
                toll if bound == "best" else f"{toll}_{bound}": document[toll][bound]
                for toll in ("killed", "injured")
                for bound in ("low", "best", "high")
            },
        )
        return [
            entry,
            *(IncidentActorEntry(**own, **days, **row) for row in involved(document)),
            *IncidentPlaceEntry.of(document, entry.order_date),
            *(side(**own, **row) for side, row in things.things(document)),
        ]
