"""The index entries of published places, and what other entries take from a place."""

from collections.abc import Iterable
from math import floor
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection, models

from places.codes import PlaceKind
from publishing.models import EntryQuerySet, EntryRow, NamedEntry
from sources.codes import Match, Scheme
from sources.entries import IdentifiedEntry


class StatisticsIndex(models.Index):
    """An index of whose first column the planner knows how often each of many values occurs."""

    def create_sql(self, model: Any, schema_editor: Any, using: str = "", **kwargs: Any) -> Any:
        """Return the statements that make it, and that say what is to be known."""
        made = super().create_sql(model, schema_editor, using, **kwargs)
        made.template += "; ALTER TABLE %(table)s ALTER %(tallied)s SET STATISTICS 400"
        made.parts["tallied"] = schema_editor.quote_name(self.fields[0])
        return made


class LocatedEntry(models.Model):
    """A point, as two plain numbers, and the cell that it lies in: a square degree.

    Of latitude and longitude the planner knows each by itself. It would take a place in a desert,
    north of one busy town and east of another, for a busy one; of cells it knows how full each is.
    """

    latitude = models.FloatField(null=True, help_text="Degrees north.")
    longitude = models.FloatField(null=True, help_text="Degrees east, from -180 to below 180.")
    cell = models.IntegerField(
        null=True, help_text="Its square degree, counted by rows, eastwards and northwards."
    )

    class Meta:
        abstract = True
        indexes = [
            # What lies in a box, or around a point, where that is little.
            StatisticsIndex(fields=["cell", "latitude", "longitude"], name="%(class)s_point"),
        ]

    @classmethod
    def make_point_columns(cls, point: dict[str, float] | None) -> dict[str, Any]:
        """Return what such an entry takes from a point; one meridian has one number."""
        if point is None:
            return {"latitude": None, "longitude": None, "cell": None}
        latitude, longitude = point["latitude"], point["longitude"]
        if longitude == 180:
            longitude = -180.0
        return {
            "latitude": latitude,
            "longitude": longitude,
            "cell": compute_cell(floor(latitude), floor(longitude)),
        }


def compute_cell(south: int, west: int) -> int:
    """Return the cell between a parallel and a meridian and the next ones."""
    return (south + 90) * 360 + west + 180


class PlacedEntry(models.Model):
    """The place of a record, and the country that this place says it lies in."""

    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2 code, or blank.")
    place = models.UUIDField(null=True, help_text="The public id of its place.")

    class Meta:
        abstract = True

    @classmethod
    def make_place_columns(cls, place: dict[str, Any] | None) -> dict[str, Any]:
        """Return what such an entry takes from the ref of a place."""
        return {
            "country": (place and place["country"]) or "",
            "place": place and place["id"],
        }


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
    """Places as they stood at a snapshot."""

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

    name_paths = ("name", "names.text")

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
                **cls.make_name_columns(document, document["name"]),
                **cls.make_external_id_columns(document),
                **cls.make_point_columns(document["point"]),
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
