"""What a row is found by that has a point on the earth."""

from typing import Any

from django.db import models


class LocatedEntry(models.Model):
    """A point, as two plain numbers: the planner knows how many rows lie in a range of either."""

    latitude = models.FloatField(null=True, help_text="Degrees north.")
    longitude = models.FloatField(null=True, help_text="Degrees east, from -180 to below 180.")

    class Meta:
        abstract = True
        indexes = [
            # What lies in a box, or around a point, where that is little.
            models.Index("latitude", "longitude", name="%(class)s_point"),
        ]

    @classmethod
    def located(cls, point: dict[str, float] | None) -> dict[str, Any]:
        """Return what such an entry takes from a point; one meridian has one number."""
        if point is None:
            return {"latitude": None, "longitude": None}
        longitude = point["longitude"]
        return {
            "latitude": point["latitude"],
            "longitude": -180.0 if longitude == 180 else longitude,
        }
