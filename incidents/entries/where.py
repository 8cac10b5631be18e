"""What published incidents are found by of where they were."""

from datetime import date
from typing import Any

from django.db import models

from incidents.codes import Precision
from places.entries import LocatedEntry, PlacedEntry
from publishing.models import SideEntry

NEAR_ITS_PLACE = {Precision.EXACT, Precision.SETTLEMENT, Precision.NEAR_SETTLEMENT}
"""The precisions at which the point of the place tells where it was, to some 25 km."""


class IncidentPlaceEntry(SideEntry):
    """That a published incident, or a part of it, was at a place."""

    place = models.UUIDField(help_text="The public id of the place.")
    order_date = models.DateField(help_text="As in the incident's own entry.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # The newest incidents at a place, at any horizon.
            models.Index(
                "place",
                models.F("order_date").desc(),
                models.F("record").desc(),
                include=["seq", "until_seq"],
                name="incidentplaceentry_newest",
            ),
            # Whether one given incident was at a place.
            models.Index("seq", "place", name="incidentplaceentry_seq"),
        ]

    @classmethod
    def of(cls, document: dict[str, Any], order_date: date) -> list["IncidentPlaceEntry"]:
        """Return a row for each place of an incident."""
        places = {row["place"]["id"] for row in document["locations"] if row["place"]}
        told = {"seq": document["seq"], "record": document["id"], "order_date": order_date}
        return [cls(**told, place=place) for place in sorted(places)]


class WhereEntry(PlacedEntry, LocatedEntry):
    """Where the primary location of an incident is.

    Its point is that of the incident where it is public, else that of the place if the incident
    was there or near it. An incident somewhere in a province has no point.
    """

    admin1 = models.CharField(
        max_length=6, help_text="ISO 3166-2 code of its first-level division, or blank."
    )
    precision = models.CharField(max_length=40, help_text="How finely it is told; blank: nowhere.")

    class Meta(LocatedEntry.Meta):
        abstract = True

    @classmethod
    def where(cls, document: dict[str, Any]) -> dict[str, Any]:
        """Return what the entry takes from the primary location of an incident."""
        primary = next((row for row in document["locations"] if row["primary"]), None)
        if primary is None:
            return cls.placed(None) | cls.located(None) | {"admin1": "", "precision": ""}
        place, point, precision = primary["place"], primary["point"], primary["precision"]
        if point is None and place and precision in NEAR_ITS_PLACE:
            point = place["point"]
        admin1 = (place and place["admin1"]) or ""
        more = {"admin1": admin1, "precision": precision}
        return cls.placed(place) | cls.located(point) | more
