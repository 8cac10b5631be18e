"""What a row is found by that has a point on the earth."""

from math import floor
from typing import Any

from django.db import models


class TalliedIndex(models.Index):
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
            TalliedIndex(fields=["cell", "latitude", "longitude"], name="%(class)s_point"),
        ]

    @classmethod
    def located(cls, point: dict[str, float] | None) -> dict[str, Any]:
        """Return what such an entry takes from a point; one meridian has one number."""
        if point is None:
            return {"latitude": None, "longitude": None, "cell": None}
        latitude, longitude = point["latitude"], point["longitude"]
        if longitude == 180:
            longitude = -180.0
        return {
            "latitude": latitude,
            "longitude": longitude,
            "cell": cell(floor(latitude), floor(longitude)),
        }


def cell(south: int, west: int) -> int:
    """Return the cell between a parallel and a meridian and the next ones."""
    return (south + 90) * 360 + west + 180
