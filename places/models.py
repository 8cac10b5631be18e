"""Places, their names, and the abstract model of coordinates."""

from collections.abc import Collection, Iterator
from uuid import UUID

import pghistory
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from editorial.models import NamedRecord
from places.codes import PlaceKind
from places.entries import PlaceEntry
from publishing.bidi import isolate
from publishing.fields import EdtfField, LanguageField, LineField, SearchKeyField, WordField
from publishing.models import FOREVER
from sources.models import Citation, ExternalId

__all__ = [
    "Coordinates",
    "Place",
    "PlaceCitation",
    "PlaceEntry",
    "PlaceExternalId",
    "PlaceName",
]


class Coordinates(models.Model):
    """The coordinates of a point on the earth (WGS 84), or none."""

    latitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text="Degrees north, from -90 to 90.",
    )
    longitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text="Degrees east, from -180 to 180.",
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(
                    latitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__isnull=False,
                    longitude__range=(-180, 180),
                ),
                name="%(class)s_point_on_earth",
                violation_error_message="Enter both latitude (-90 to 90) and longitude (-180 to "
                "180), or neither.",
            )
        ]


@pghistory.track()
class Place(NamedRecord, Coordinates):
    """A country, a province, a town, a base, a sea. Its point is a centroid."""

    type_name = "place"
    document = "places.serializers.PlaceDocument"
    entry = "places.entries.PlaceEntry"
    ref_more = ("country", "admin1", "point")

    alias = former_name = {"language": "en"}

    kind = WordField(PlaceKind, help_text="The kind of place.")
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        help_text="The place that it lies in, such as the province of a town.",
    )
    country = models.CharField(
        max_length=2, blank=True, help_text="The ISO 3166-1 alpha-2 code of its country: IQ."
    )
    admin1 = models.CharField(
        max_length=6,
        blank=True,
        help_text="The ISO 3166-2 code of its first-level division: IQ-BA.",
    )

    class Meta(NamedRecord.Meta):
        ordering = ["name", "pk"]
        constraints = [
            *NamedRecord.Meta.constraints,
            *Coordinates.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(country__regex=r"^([A-Z]{2})?$")
                & models.Q(admin1__regex=r"^([A-Z]{2}-[A-Z0-9]{1,3})?$"),
                name="place_iso_codes",
                violation_error_message="Write the country as two capital letters (IQ), and the "
                "first-level division as the country, a hyphen and one to three letters or digits "
                "(IQ-BA).",
            ),
            models.UniqueConstraint(
                "country",
                condition=models.Q(kind=PlaceKind.COUNTRY) & ~models.Q(country=""),
                name="place_one_country_per_code",
                violation_error_message="A country with this code already exists.",
            ),
        ]

    def clean(self) -> None:
        super().clean()
        # Other places may form a circle already, so each is visited once.
        above, visited = self.parent, set[int]()
        while above is not None and above.pk not in visited:
            if above.pk == self.pk:
                raise ValidationError({"parent": "A place cannot lie in itself."})
            visited.add(above.pk)
            above = above.parent

    @classmethod
    def check_public(cls, records: Collection[str]) -> None:
        for place in cls.objects.filter(public_id__in=_find_circles(records)):
            raise ValidationError(
                f"{place} would lie in itself through other places: correct their parents.",
                code="circle",
            )


def _find_circles(records: Collection[str]) -> Iterator[UUID]:
    """Yield those of the public places that lie in themselves through their parents."""
    current = PlaceEntry.objects.filter(until_seq=FOREVER)
    above: dict[UUID, UUID | None] = {}
    waiting = {UUID(record) for record in records}
    while waiting:
        parents = dict(current.filter(record__in=waiting).values_list("record", "parent"))
        above |= parents
        waiting = {parent for parent in parents.values() if parent} - above.keys()
    for record in map(UUID, records):
        visited, place = set[UUID](), above.get(record)
        while place and place not in visited:
            visited.add(place)
            place = above.get(place)
        if record in visited:
            yield record


@pghistory.track()
class PlaceName(models.Model):
    """A further name of a place: in another language, in another spelling, or a former name."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="names")
    text = LineField(max_length=300, help_text="The name.")
    search_key = SearchKeyField("text")
    language = LanguageField(help_text="The language, as BCP 47: ar, ckb, fa.")
    until = EdtfField(
        blank=True,
        help_text="For a former name, when the place was last called this, as EDTF: 2006.",
    )

    class Meta:
        ordering = ["language", "pk"]

    def __str__(self) -> str:
        return isolate(self.text)


@pghistory.track()
class PlaceExternalId(ExternalId):
    """The id of a place in another system."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="external_ids")


@pghistory.track()
class PlaceCitation(Citation):
    """A citation for a place."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="citations")
