"""The row by which a published incident is found."""

from datetime import date
from typing import Any

from django.db import models

from editorial.dates import parse
from editorial.models import Entry, EntryRow
from incidents.codes import Certainty
from incidents.entries.involved import IncidentActorEntry
from incidents.entries.where import IncidentPlaceEntry, WhereEntry
from sources.codes import Assessment
from sources.entries import IdentifiedEntry


class IncidentEntry(Entry, IdentifiedEntry, WhereEntry):
    """A published incident, counted by its primary location."""

    sides = (IncidentActorEntry, IncidentPlaceEntry)
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
    granularity = models.CharField(max_length=40, help_text="One event, a sum or a series.")
    order_date = models.DateField(help_text="The earliest day; the first of all if undated.")
    last_date = models.DateField(help_text="The latest day; the last of all if undated.")
    certain = models.BooleanField(help_text="Whether it is dated, and not marked uncertain.")

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
            # The incidents of a country by date.
            models.Index(
                "country",
                models.F("order_date").desc(),
                models.F("record").desc(),
                include=["seq", "until_seq"],
                name="incidententry_country",
            ),
        ]

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> list[EntryRow]:
        start, end = document["date_start"], document["date_end"]
        envelope = cls.envelope(document)
        entry = cls(
            **envelope,
            **cls.identified(document),
            **cls.where(document),
            slug=document["slug"],
            event_type=document["event_type"],
            sub_type=document["sub_type"],
            violence=document["violence"],
            granularity=document["granularity"],
            order_date=date.fromisoformat(start) if start else date.min,
            last_date=date.fromisoformat(end) if end else date.max,
            certain=bool(document["date"]) and not parse(document["date"]).doubted,
        )
        involved = {
            (row["actor"]["id"], row["role"])
            for row in document["involvements"]
            if row["actor"]
            and row["certainty"] != Certainty.RULED_OUT
            and row["assessment"] != Assessment.REJECTED
        }
        return [
            entry,
            *(
                IncidentActorEntry(
                    seq=entry.seq,
                    record=entry.record,
                    actor=actor,
                    role=role,
                    order_date=entry.order_date,
                    last_date=entry.last_date,
                    certain=entry.certain,
                )
                for actor, role in sorted(involved)
            ),
            *IncidentPlaceEntry.of(document, entry.order_date),
        ]
