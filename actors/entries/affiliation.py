"""The rows by which published affiliations are found."""

from datetime import date
from typing import Any, ClassVar

from django.db import models

from actors.entries.held import HeldEntry, days
from actors.entries.support import SupportEntry
from actors.rollup import AffiliationQuerySet
from publishing.models import Entry, EntryRow


class AffiliationEntry(Entry, HeldEntry):
    """A published affiliation."""

    sides = (SupportEntry,)
    named_in = ("subject.name", "object.name")
    titled_in = ("title", "rank")

    subject = models.UUIDField(help_text="The public id of the subject.")
    kind = models.CharField(max_length=40, help_text="How the subject stands to the object.")
    object = models.UUIDField(help_text="The public id of the object.")
    closeness = models.CharField(max_length=40, help_text="How close the tie is.")
    basis = models.CharField(max_length=40, help_text="On what ground it holds.")
    assessment = models.CharField(max_length=40, help_text="What the desk holds of it.")
    confidence = models.CharField(max_length=40, help_text="How sure the desk is.")
    order_date = models.DateField(help_text="The day it may first have held; year 1 if open.")

    objects: ClassVar[AffiliationQuerySet] = AffiliationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(Entry.Meta):
        indexes = [
            *Entry.Meta.indexes,
            # The list by start, at any horizon.
            models.Index(
                models.F("order_date").desc(),
                models.F("record").desc(),
                include=["seq", "until_seq"],
                name="affiliationentry_newest",
            ),
            # The ties of an actor, from either end.
            models.Index("subject", "kind", name="affiliationentry_subject"),
            models.Index("object", "kind", name="affiliationentry_object"),
        ]

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> list[EntryRow]:
        held = document["validity"]
        return [
            cls(
                **cls.envelope(document),
                subject=document["subject"]["id"],
                kind=document["kind"],
                object=document["object"]["id"],
                closeness=document["closeness"],
                basis=document["basis"],
                assessment=document["assessment"],
                confidence=document["confidence"],
                certain=days(held["certain"]),
                possible=days(held["possible"]),
                order_date=date.fromisoformat(held["possible"]["first"] or "0001-01-01"),
            ),
            *SupportEntry.all_of(document),
        ]
