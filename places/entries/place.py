"""The row by which a published place is found, and what lies below it."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection, models

from places.codes import PlaceKind
from places.entries.located import LocatedEntry
from publishing.models import EntryQuerySet, EntryRow, NamedEntry
from sources.codes import Match, Scheme
from sources.entries import IdentifiedEntry

_BELOW = """
WITH RECURSIVE below (record, code) AS (
    SELECT record, code FROM places_placeentry
    WHERE (record = ANY(%(ids)s) OR code = ANY(%(codes)s))
      AND seq <= %(seq)s AND until_seq > %(seq)s
  UNION
    SELECT child.record, child.code FROM below
    JOIN places_placeentry child ON child.parent = below.record
      AND child.seq <= %(seq)s AND child.until_seq > %(seq)s
    WHERE length(below.code) <> 2 OR NOT %(coded)s
)
SELECT record, code FROM below
"""


class PlaceQuerySet(EntryQuerySet):
    """Places as they stood at a horizon."""

    def below(
        self, ids: Iterable[UUID], codes: Iterable[str], seq: int, *, coded: bool = False
    ) -> dict[UUID, str]:
        """Return the places that lie in some, and these themselves, each with its own code.

        With `coded`, what lies in a country that has a code is left out: the code says it.
        """
        asked: dict[str, Any] = {"ids": list(ids), "codes": list(codes), "seq": seq, "coded": coded}
        with connection.cursor() as cursor:
            cursor.execute(_BELOW, asked)
            return dict(cursor.fetchall())


class PlaceEntry(NamedEntry, IdentifiedEntry, LocatedEntry):
    """A published place."""

    named_in = ("name", "names.text")

    slug = models.CharField(max_length=120, help_text="Its slug.")
    kind = models.CharField(max_length=40, help_text="What it is.")
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2 code, or blank.")
    code = models.CharField(
        max_length=200, help_text="The ISO 3166 code of the place itself, or blank."
    )
    parent = models.UUIDField(null=True, help_text="The place that it lies in.")

    objects: ClassVar[models.Manager] = PlaceQuerySet.as_manager()

    class Meta(NamedEntry.Meta):
        indexes = [
            *NamedEntry.Meta.indexes,
            *IdentifiedEntry.Meta.indexes,
            *LocatedEntry.Meta.indexes,
            # The places of a country by name.
            models.Index("country", "name_key", "record", name="placeentry_country"),
            # A place named in a parameter by its code.
            models.Index("code", name="placeentry_code", condition=~models.Q(code="")),
            # What lies in a place, step by step.
            models.Index("parent", name="placeentry_parent"),
        ]

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> list[EntryRow]:
        parent = document["parent"]
        return [
            cls(
                **cls.named(document, document["name"]),
                **cls.identified(document),
                **cls.located(document["point"]),
                slug=document["slug"],
                kind=document["kind"],
                country=document["country"] or "",
                code=_code(document),
                parent=parent and parent["id"],
            )
        ]


def _code(document: dict[str, Any]) -> str:
    """Return the ISO 3166 code of a place itself: of a region, which has no column, its id."""
    own = {PlaceKind.COUNTRY: "country", PlaceKind.ADMIN1: "admin1"}.get(document["kind"])
    if own and document[own]:
        return str(document[own])
    for row in document["external_ids"]:
        if row["scheme"] == Scheme.ISO3166 and row["match"] == Match.EXACT:
            return str(row["value"])
    return ""
