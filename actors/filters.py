"""What actors and affiliations can be asked for by, and how others are asked for by actor."""

from datetime import date
from uuid import UUID

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, OuterRef, Q, QuerySet

from actors.codes import ActorKind, AffiliationKind, Closeness
from actors.entries import ActorEntry
from editorial.api.filters import ByDate, ByName, ListFilters, sort_by
from editorial.api.parameters import Days, Records, Word, Words
from editorial.models import Edition
from places.filters import InCountry


class Dates(models.TextChoices):
    """How a date filter treats doubt."""

    POSSIBLE = "possible"
    CERTAIN = "certain"


class Doubt(ListFilters):
    """The parameter `dates`, for everything that has dates."""

    dates = Word(
        Dates,
        "Whether a date filter keeps what may match (possible) or only what must (certain).",
        default=Dates.POSSIBLE,
    )


class Held(Doubt):
    """The parameter `at`, for everything that holds for a time."""

    at = Days("On a day, or on any day of a month or a year.", method="keep_held")

    def keep_held(self, entries: QuerySet, name: str, asked: tuple[date, date]) -> QuerySet:
        """Keep what held on one of the days."""
        return entries.filter(**{f"{self.asked['dates']}__overlap": DateRange(*asked, "[]")})


class ActorFilters(Held, InCountry):
    """The parameters of /actors."""

    sort = sort_by(ByName, ByName.NAME)
    kind = Words(ActorKind, "What it is.", "kind")


class Together(models.Func):
    """The days that several ranges have in common."""

    arg_joiner = " * "
    template = "(%(expressions)s)"


class AffiliationFilters(Held):
    """The parameters of /affiliations."""

    sort = sort_by(ByDate, ByDate.NEWEST)
    subject = Records("Who stands in the tie, by public id or slug.", method="keep_end")
    object = Records("To whom, by public id or slug.", method="keep_end")
    actor = Records("Who stands at either end, by public id or slug.", method="keep_either")
    kind = Words(AffiliationKind, "How the subject stands to the object.", "kind")
    closeness = Words(Closeness, "How close the tie is.", "closeness")

    def keep_end(self, entries: QuerySet, name: str, asked: list[UUID | str]) -> QuerySet:
        """Keep ties with one of the actors at the end that the parameter names."""
        return entries.filter(**{f"{name}__in": actors(asked, self.horizon.seq)})

    def keep_either(self, entries: QuerySet, name: str, asked: list[UUID | str]) -> QuerySet:
        """Keep ties with one of the actors at either end."""
        found = actors(asked, self.horizon.seq)
        return entries.filter(Q(subject__in=found) | Q(object__in=found))

    def keep_held(self, entries: QuerySet, name: str, asked: tuple[date, date]) -> QuerySet:
        """Keep ties that held on one of the days while both actors existed."""
        standing = ActorEntry.objects.at(self.horizon.seq)
        doubt = self.asked["dates"]
        subjects = standing.filter(record=OuterRef("subject")).values(doubt)[:1]
        objects = standing.filter(record=OuterRef("object")).values(doubt)[:1]
        days = Together(F(doubt), subjects, objects, output_field=_RANGE)
        return entries.alias(days=days).filter(days__overlap=DateRange(*asked, "[]"))


_RANGE = ActorEntry._meta.get_field("possible")


def actors(asked: list[UUID | str], horizon: int) -> QuerySet:
    """Return the public ids of the actors asked for by id or slug; merges are followed."""
    ids = [key for key in asked if isinstance(key, UUID)]
    slugs = [key for key in asked if isinstance(key, str)]
    named = Q(slug__in=slugs) | Q(record__in=ids)
    merged = Edition.objects.merged(horizon).filter(named, type="actor").values("merged_into")
    found = ActorEntry.objects.at(horizon).filter(named | Q(record__in=merged))
    return found.values("record")
