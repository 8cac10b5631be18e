"""The rows by which published actors are found by what is asserted of them for a time.

The days are the row's own: queries clip them to the existence of the actor. Rejected rows are none.
"""

from collections.abc import Iterator
from typing import Any

from django.db import models

from actors.entries.held import HeldEntry, days
from publishing.models import SideEntry
from sources.codes import Assessment


class ClassificationEntry(SideEntry, HeldEntry):
    """What a published actor was in a period."""

    classification = models.CharField(max_length=40, help_text="What it was.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # Whether one given actor was something.
            models.Index("seq", "classification", name="classificationentry_seq"),
        ]


class DesignationEntry(SideEntry, HeldEntry):
    """A list that a published actor was put on."""

    regime = models.CharField(max_length=40, help_text="The list.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # Whether one given actor is on a list.
            models.Index("seq", "regime", name="designationentry_seq"),
        ]


class PresenceEntry(SideEntry, HeldEntry):
    """Where a published actor was."""

    place = models.UUIDField(help_text="The public id of the place.")
    kind = models.CharField(max_length=40, help_text="What the place was to it.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # Whether one given actor was at a place.
            models.Index("seq", "place", name="presenceentry_seq"),
        ]


def asserted(document: dict[str, Any]) -> Iterator[SideEntry]:
    """Yield the rows of the document of an actor."""
    envelope = {"seq": document["seq"], "record": document["id"]}
    for row in counted(document["classifications"]):
        yield ClassificationEntry(**envelope, **held(row), classification=row["classification"])
    for row in document["designations"]:
        yield DesignationEntry(**envelope, **held(row), regime=row["regime"])
    for row in counted(document["presences"]):
        yield PresenceEntry(**envelope, **held(row), place=row["place"]["id"], kind=row["kind"])


def counted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of a document that are not rejected."""
    return [row for row in rows if row["assessment"] != Assessment.REJECTED]


def held(row: dict[str, Any]) -> dict[str, Any]:
    """Return the days of a row of a document, as columns."""
    return {doubt: days(row["validity"][doubt]) for doubt in ("certain", "possible")}
