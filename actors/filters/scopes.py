"""Filters by actor: an actor alone, or in a scope, with the actors below it."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import BooleanField, F, Func, Q, UUIDField, Value
from psycopg.types.multirange import Multirange

from actors.codes import Scope, SupportType
from actors.entries import AffiliationEntry
from actors.rollup import ALWAYS, ScopeMember
from api.filters import DateCertainty
from api.filtersets import FilterGroup
from api.parameters import (
    ChoiceParameter,
    MultipleChoiceParameter,
    Parameter,
    RecordsParameter,
)
from api.problems import Fault
from publishing.models import Edition


class ActorsParameter(RecordsParameter):
    """One or more actors, each by public id or slug; the id of a merged record also works.

    It brings a parameter `<name>_scope` with it.
    """

    each_counts = False
    """Whether each value must match for itself."""

    def companions(self, name: str) -> dict[str, Parameter]:
        description = f"Which actors `{name}` includes: only the actor, or also those below it."
        return {f"{name}_scope": ChoiceParameter(Scope, description, requires=name)}


class ScopeFilters(FilterGroup):
    """How the actor parameters of a filter set find their actors, in scopes and on days.

    Other groups filter rows by `actor_is(name, column)`. If `uses_row_days`, an actor below another
    counts on the days of the row, which is a `DatedEntry`.
    """

    sponsor_support_type = MultipleChoiceParameter(
        SupportType,
        "For scopes that are `sponsored`: only the actors that received this type of support from "
        "the actor, and those below them, on the days of that support. Rejected support does not "
        "count.",
    )

    def check(self) -> Iterator[Fault]:
        scopes = [self.params[f"{name}_scope"] for name in self.scoped_names()]
        if "sponsor_support_type" in self.given and Scope.SPONSORED not in scopes:
            detail = (
                "Use `sponsor_support_type` only together with a scope that is `sponsored`, such "
                f"as `{self.scoped_names()[0]}_scope=sponsored`."
            )
            yield Fault("contradiction", "sponsor_support_type", detail)

    @property
    def dated(self) -> list[str]:
        """The given scopes: the actors below another one are below it on certain days."""
        scopes = (f"{name}_scope" for name in self.scoped_names())
        return [name for name in scopes if self.params[name] not in (None, Scope.SELF)]

    @property
    def uses_row_days(self) -> bool:
        """Whether an actor counts on the days of the row itself."""
        return False

    @property
    def scope_days(self) -> tuple[date, date] | None:
        """The days on any of which an actor counts; None for any time."""
        days: tuple[date, date] | None = self.params.get("at")
        return days

    def list_below(self) -> Iterator[tuple[str, int | None]]:
        """Yield the given parameters whose scope adds actors, and the numbers of their values.

        The number is None if the values count together.
        """
        for name in self.scoped_names():
            if self.params[f"{name}_scope"] in (None, Scope.SELF):
                continue
            if self._parameter(name).each_counts:
                yield from ((name, number) for number in range(len(self.params[name])))
            else:
                yield name, None

    def _parameter(self, name: str) -> ActorsParameter:
        parameter = self.filterset.base_filters[name]
        assert isinstance(parameter, ActorsParameter)
        return parameter

    def scoped_names(self) -> list[str]:
        """Return the names of the parameters that take actors."""
        parameters = self.filterset.base_filters.items()
        return [name for name, parameter in parameters if isinstance(parameter, ActorsParameter)]

    def actor_is(self, name: str, column: str = "actor", number: int | None = None) -> Q:
        """Return the condition that a column holds an actor that the parameter `name` includes.

        With a `number`, only that value of the parameter counts.
        """
        members = self.find_members(name, number)
        condition = Q((f"{column}__in", sorted({member.actor for member in members})))
        if any(member.days != ALWAYS for member in members):
            condition &= Q(ActorOnRowDays(column, members, self.params["dates"]))
        return condition

    def find_members(self, name: str, number: int | None = None) -> list[ScopeMember]:
        """Return the actors that the parameter `name` includes, with the days that rows must have.

        They are looked up once for each parameter, or for each value with a `number`.
        """
        if (name, number) not in self._members:
            self._members[name, number] = self._find(name, number)
        return self._members[name, number]

    @cached_property
    def _members(self) -> dict[tuple[str, int | None], list[ScopeMember]]:
        return {}

    def find_roots(self, name: str, number: int | None = None) -> list[UUID]:
        """Return the public actors that the parameter `name`, or one value of it, names."""
        keys = self.params[name]
        self.warn_missing(name, "actor", [key for key in keys if key not in self._actors])
        if number is not None:
            keys = [keys[number]]
        return [self._actors[key] for key in keys if key in self._actors]

    def _find(self, name: str, number: int | None) -> list[ScopeMember]:
        roots = self.find_roots(name, number)
        scope = self.params[f"{name}_scope"] or Scope.SELF
        dates = self.params.get("dates", DateCertainty.POSSIBLE)
        members = AffiliationEntry.objects.find_scope_members(
            roots, scope, dates, self.snapshot.seq, self.params["sponsor_support_type"]
        )
        if self.uses_row_days:
            return members
        days = self.scope_days
        actors = {each.actor for each in members if days is None or _overlap(each.days, days)}
        return [ScopeMember(actor, ALWAYS) for actor in sorted(actors)]

    @cached_property
    def _actors(self) -> dict[UUID | str, UUID]:
        """The public actors that all actor parameters name, by key, found in one query.

        They are looked up before the rows, because the planner must know how many rows an actor
        has.
        """
        keys = {key for name in self.scoped_names() for key in self.params[name] or ()}
        actors: dict[UUID | str, UUID] = {}
        editions = Edition.objects.newest_by_key("actor", keys, self.snapshot.seq)
        columns = ("record", "slug", "public", "merged_into", "survives")
        for record, slug, public, survivor, survives in editions.values_list(*columns):
            if public or survives:
                actors[record] = actors[slug] = survivor or record
        return actors


def _overlap(days: DateRange, others: tuple[date, date]) -> bool:
    """Return whether a range has one of the days from the first to the last."""
    first, last = others
    return (days.lower is None or days.lower <= last) and (days.upper is None or first < days.upper)


class ActorOnRowDays(Func):
    """The condition that the actor of a row, one of `members`, is one on the days of the row.

    It is possibly one if it is on one of the days of the row. It is certainly one if it is on each
    of them and they are certain themselves. An actor that always counts needs no days.

    The days of the actor are looked up in an array, by binary search in the array of the actors.
    Per row this costs a tenth of a join, and the planner expects a third of the rows to match,
    which is near enough. Of a join it expects next to none, and so reads all rows of all actors.
    """

    output_field = BooleanField()
    conditional = True

    def __init__(self, column: str, members: list[ScopeMember], dates: str) -> None:
        periods: dict[UUID, list[DateRange]] = {}
        for member in sorted(members, key=lambda member: member.actor):
            periods.setdefault(member.actor, []).append(member.days)
        actors = Value(list(periods), ArrayField(UUIDField()))
        days = Value([Multirange(ranges) for ranges in periods.values()])
        columns = (F(name) for name in (column, "order_date", "last_date", "certain", "gaps"))
        super().__init__(*columns, actors, days)
        self.dates = dates

    def as_sql(
        self, compiler: Any, connection: Any, *_: Any, **__: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """Return the condition."""
        compiled = [compiler.compile(part) for part in self.get_source_expressions()]
        actor, start, end, certain, gaps, actors, periods = (sql for sql, _ in compiled)
        days = f"({periods}::datemultirange[])[width_bucket({actor}, {actors}::uuid[])]"
        bounds = f"daterange({start}, {end}, '[]')"
        if self.dates == DateCertainty.CERTAIN:
            inside = f"{certain} AND multirange_contains_range({days}, {bounds})"
            sql = f"(({inside}) OR {days} = '{{(,)}}')"
        else:
            dates = f"datemultirange({bounds}) - datemultirange(VARIADIC {gaps})"
            inside = f"{gaps} IS NULL OR NOT isempty({days} * ({dates}))"
            sql = f"(multirange_overlaps_range({days}, {bounds}) AND ({inside}))"
        (_, actor_values), (_, period_values) = compiled[5:]
        return sql, (*period_values, *actor_values) * 2  # the days are looked up twice
