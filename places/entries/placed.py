"""What a row is found by that lies in a place."""

from typing import Any

from django.db import models


class PlacedEntry(models.Model):
    """The place of a record, and the country that this place says it lies in."""

    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2 code, or blank.")
    place = models.UUIDField(null=True, help_text="The public id of its place.")

    class Meta:
        abstract = True

    @classmethod
    def placed(cls, place: dict[str, Any] | None) -> dict[str, Any]:
        """Return what such an entry takes from the ref of a place."""
        return {
            "country": (place and place["country"]) or "",
            "place": place and place["id"],
        }
