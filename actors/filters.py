"""What actors and affiliations can be asked for by, and how others are asked for by actor."""

from datetime import date
from functools import cached_property
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
from sources.filters import Identified


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


class Actors(Records):
    """One or more actors, each by public id or by slug; merges are followed."""


class ByActor(ListFilters):
    """What can be asked for by actor."""

    def public(self, asked: list[UUID | str]) -> list[UUID]:
        """Return the public ids of the actors that a parameter asks for, if they are public."""
        return [self._actors[key] for key in asked if key in self._actors]

    @cached_property
    def _actors(self) -> dict[UUID | str, UUID]:
        """What all actor parameters ask for, found in one query.

        They are looked up beforehand since the planner must know how busy an actor is.
        """
        asked = {
            key
            for name, parameter in self.base_filters.items()
            if isinstance(parameter, Actors)
            for key in self.asked[name] or ()
        }
        found: dict[UUID | str, UUID] = {}
        named = Edition.objects.named("actor", asked, self.horizon.seq)
        columns = ("record", "slug", "public", "merged_into", "survives")
        for record, slug, public, survivor, survives in named.values_list(*columns):
            if public or survives:
                found[record] = found[slug] = survivor or record
        return found


class ActorFilters(Held, Identified, InCountry):
    """The parameters of /actors."""

    sort = sort_by(ByName, ByName.NAME)
    kind = Words(ActorKind, "What it is.", "kind")


class Together(models.Func):
    """The days that several ranges have in common."""

    arg_joiner = " * "
    template = "(%(expressions)s)"


class AffiliationFilters(Held, ByActor):
    """The parameters of /affiliations."""

    sort = sort_by(ByDate, ByDate.NEWEST)
    subject = Actors("Who stands in the tie, by public id or slug.", method="keep_end")
    object = Actors("To whom, by public id or slug.", method="keep_end")
    actor = Actors("Who stands at either end, by public id or slug.", method="keep_either")
    kind = Words(AffiliationKind, "How the subject stands to the object.", "kind")
    closeness = Words(Closeness, "How close the tie is.", "closeness")

    def keep_end(self, entries: QuerySet, name: str, asked: list[UUID | str]) -> QuerySet:
        """Keep ties with one of the actors at the end that the parameter names."""
        return entries.filter(**{f"{name}__in": self.public(asked)})

    def keep_either(self, entries: QuerySet, name: str, asked: list[UUID | str]) -> QuerySet:
        """Keep ties with one of the actors at either end."""
        found = self.public(asked)
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
