"""The bounding boxes of countries, to find points that are probably wrong."""

import csv
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, CharField, F, FloatField, Func, Value


class Box(NamedTuple):
    """The box around a country, in degrees; it crosses the antimeridian if west is above east."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, latitude: float, longitude: float) -> bool:
        """Return whether a point lies in the box."""
        west, east = longitude >= self.west, longitude <= self.east
        beside = west and east if self.west <= self.east else west or east
        return beside and self.south <= latitude <= self.north


@cache
def read_boxes() -> dict[str, Box]:
    """Return the boxes by alpha-2 code: those of `fixtures/world`, and of the invented island."""
    boxes: dict[str, Box] = {}
    for folder in ("world", "island"):
        file = settings.ROOT / "fixtures" / folder / "boxes.csv"
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                boxes[row["code"]] = Box(*(float(row[side]) for side in Box._fields))
    return boxes


def explain_point(country: str, latitude: float, longitude: float) -> str | None:
    """Return what is probably wrong with a point in a country, or None."""
    if latitude == longitude == 0:
        return "point at 0, 0"
    box = read_boxes().get(country)
    if box is None or box.holds(latitude, longitude):
        return None
    if box.holds(longitude, latitude):
        return "latitude and longitude exchanged"
    return "point outside the country"


class OutsideCountry(Func):
    """The condition that a point lies outside the box of a country, by the columns of the three."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, country: str, latitude: str, longitude: str) -> None:
        boxes = read_boxes()
        codes = Value(list(boxes), ArrayField(CharField()))
        sides = (
            Value([box[number] for box in boxes.values()], ArrayField(FloatField()))
            for number in range(len(Box._fields))
        )
        super().__init__(F(country), F(latitude), F(longitude), codes, *sides)

    def as_sql(
        self, compiler: Any, connection: Any, *_: Any, **__: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """Return the condition."""
        compiled = [compiler.compile(part) for part in self.get_source_expressions()]
        (country, latitude, longitude), arrays = (
            [sql for sql, _ in part] for part in (compiled[:3], compiled[3:])
        )
        types = ("text[]", *("float8[]",) * len(Box._fields))
        lists = ", ".join(f"{sql}::{type_}" for sql, type_ in zip(arrays, types, strict=True))
        sql = (
            f"EXISTS (SELECT FROM unnest({lists}) AS box (code, west, south, east, north) "
            f"WHERE box.code = {country} AND NOT ({latitude} BETWEEN south AND north AND "
            f"CASE WHEN west <= east THEN {longitude} BETWEEN west AND east "
            f"ELSE {longitude} >= west OR {longitude} <= east END))"
        )
        return sql, tuple(value for _, values in compiled[3:] for value in values)
