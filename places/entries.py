"""The index entries of places, and the columns that other entries have for a place."""

from collections.abc import Iterable
from math import floor
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection, models

from places.codes import PlaceKind
from publishing.models import EntryQuerySet, EntryRow, NamedEntry, WordEntry
from sources.codes import Match, Scheme
from sources.entries import IdentifiedEntry


class StatisticsIndex(models.Index):
    """An index with detailed statistics on its first column.

    PostgreSQL keeps the frequencies of 400 common values of that column instead of 100.
    """

    def create_sql(self, model: Any, schema_editor: Any, using: str = "", **kwargs: Any) -> Any:
        """Return the statements that create the index and set the statistics of the column."""
        statement = super().create_sql(model, schema_editor, using, **kwargs)
        statement.template += "; ALTER TABLE %(table)s ALTER %(first)s SET STATISTICS 400"
        statement.parts["first"] = schema_editor.quote_name(self.fields[0])
        return statement


class LocatedEntry(models.Model):
    """A point as two numbers, and the square degree (the cell) that it lies in.

    The planner has separate statistics on latitude and longitude. It would expect many rows in a
    desert north of one busy town and east of another. From the statistics on cells it knows how
    many rows each cell has.
    """

    latitude = models.FloatField(null=True, help_text="Degrees north.")
    longitude = models.FloatField(null=True, help_text="Degrees east, from -180 to below 180.")
    cell = models.IntegerField(
        null=True, help_text="The number of its square degree, counted eastwards, then northwards."
    )

    class Meta:
        abstract = True
        indexes = [
            # The rows in a box or around a point, if they are few.
            StatisticsIndex(fields=["cell", "latitude", "longitude"], name="%(class)s_point"),
        ]

    @classmethod
    def make_point_columns(cls, point: dict[str, float] | None, prefix: str = "") -> dict[str, Any]:
        """Return the columns of a point, with a prefix; longitude 180 is stored as -180."""
        columns: dict[str, Any] = dict.fromkeys(("latitude", "longitude", "cell"))
        if point is not None:
            latitude, longitude = point["latitude"], point["longitude"]
            if longitude == 180:
                longitude = -180.0
            cell = compute_cell(floor(latitude), floor(longitude))
            columns = {"latitude": latitude, "longitude": longitude, "cell": cell}
        return {f"{prefix}{name}": value for name, value in columns.items()}


def compute_cell(south: int, west: int) -> int:
    """Return the number of the cell north of a parallel and east of a meridian, both in degrees."""
    return (south + 90) * 360 + west + 180


class PlacedEntry(models.Model):
    """The place of a record and the country of that place."""

    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2 code, or blank.")
    place = models.UUIDField(null=True, help_text="The public id of its place.")

    class Meta:
        abstract = True

    @classmethod
    def make_place_columns(cls, place: dict[str, Any] | None) -> dict[str, Any]:
        """Return the columns of a reference to a place."""
        return {
            "country": (place and place["country"]) or "",
            "place": place and place["id"],
        }


# UNION, not UNION ALL, drops places that were reached before, so a circle of parents ends.
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
    """Queries on places at a snapshot."""

    def find_below(
        self, ids: Iterable[UUID], codes: Iterable[str], seq: int, *, coded: bool = False
    ) -> dict[UUID, str]:
        """Return some places and all places below them, each public id with the place's own code.

        With `coded`, the places below a country with a code are left out: filters use the code.
        """
        params: dict[str, Any] = {
            "ids": list(ids),
            "codes": list(codes),
            "seq": seq,
            "coded": coded,
        }
        with connection.cursor() as cursor:
            cursor.execute(_BELOW, params)
            return dict(cursor.fetchall())


def list_names(document: dict[str, Any]) -> list[str]:
    """Return the names in the document of a record that has several, the main one first."""
    return [document["name"], *(name["text"] for name in document["names"])]


class PlaceWordEntry(WordEntry):
    """A name of a published place from one of its words on."""

    class Meta(WordEntry.Meta):
        pass


class PlaceEntry(NamedEntry, IdentifiedEntry, LocatedEntry):
    """A published place."""

    sides = (PlaceWordEntry,)
    name_paths = ("name", "names.text")

    slug = models.CharField(max_length=120, help_text="The slug.")
    kind = models.CharField(max_length=40, help_text="The kind of place.")
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
            # A place that a parameter names by its code.
            models.Index("code", name="placeentry_code", condition=~models.Q(code="")),
            # The places directly below a place.
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
                code=_extract_code(document),
                parent=parent and parent["id"],
            ),
            *PlaceWordEntry.make_words(document, list_names(document)),
        ]


def _extract_code(document: dict[str, Any]) -> str:
    """Return the ISO 3166 code of a place itself; for a region it is an external id."""
    own = {PlaceKind.COUNTRY: "country", PlaceKind.ADMIN1: "admin1"}.get(document["kind"])
    if own and document[own]:
        return str(document[own])
    for row in document["external_ids"]:
        if row["scheme"] == Scheme.ISO3166 and row["match"] == Match.EXACT:
            return str(row["value"])
    return ""
