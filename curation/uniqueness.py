"""Uniqueness between the rows of a form, judged by the database as it judges what is saved."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db.models import (
    BooleanField,
    F,
    Model,
    PositiveSmallIntegerField,
    Q,
    QuerySet,
    UniqueConstraint,
    Value,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, IsNull, PostgresOperatorLookup

Exclusive = UniqueConstraint | ExclusionConstraint
"""A constraint that a row can break only beside another row."""


def exclusive_constraints(model: type[Model]) -> list[Exclusive]:
    """Return the constraints that two rows of a model can break together."""
    return [c for c in model._meta.constraints if isinstance(c, Exclusive)]


def is_constrained(constraint: Exclusive, row: Model) -> bool:
    """Return whether the constraint is about a row at all: whether its condition is true of it."""
    return constraint.condition is None or _is_true(constraint.condition, _values(row))


def conflicts(
    constraint: Exclusive, row: Model, others: Iterable[Model], outside: QuerySet[Any], parent: str
) -> bool:
    """Return whether a row cannot be saved beside `others`, or beside the rows `outside` the form.

    The rows of a form have one `parent`, which may have no key yet; a null equals nothing else.
    """
    if not is_constrained(constraint, row):
        return False
    values = _values(row)
    twin = outside.filter(_same_place(constraint, values))
    if constraint.condition is not None:
        twin = twin.filter(constraint.condition)
    if twin.exists():
        return True
    shared = {parent: Value(0)}
    places = [(other, _same_place(constraint, _values(other) | shared)) for other in others]
    if not places or not _is_true(reduce(or_, (place for _, place in places)), values | shared):
        return False
    return any(
        _is_true(place, values | shared) and is_constrained(constraint, other)
        for other, place in places
    )


def free_place(constraint: Exclusive, row: Model, others: list[Model]) -> dict[str, Any]:
    """Return values that take a row out of the way of `others`; none where there are no such.

    With another value in its condition, a constraint is about it no more; without a condition, a
    number or a word that no other row has will do.
    """
    if not is_constrained(constraint, row):
        return {}
    condition = constraint.condition
    names = [name for name, _ in condition.children] if condition else _columns(constraint)  # type: ignore[misc]
    values = {name: getattr(row, name) for name in names}
    for name in sorted(names, key=lambda name: not isinstance(values[name], bool)):
        taken = {values[name]} if condition else {getattr(other, name) for other in others}
        column: Any = row._meta.get_field(name)
        free: Iterable[Any] = [word for word, _ in column.flatchoices]
        if isinstance(values[name], bool):
            free = (True, False)
        elif isinstance(column, PositiveSmallIntegerField):
            free = range(32767, 0, -1)
        for value in free:
            if value not in taken:
                return {name: value}
    return {}


def _columns(constraint: Any) -> list[str]:
    columns: list[Any] = [column for column in constraint.expressions if isinstance(column, F)]
    return [column.name for column in columns]


def _same_place(constraint: Exclusive, values: dict[str, Any]) -> Q:
    """Return what is true of a row that takes the place of a row with some values."""
    replacements = {F(name): value for name, value in values.items()}
    rule = Q()
    if isinstance(constraint, ExclusionConstraint):
        for column, operator in constraint.expressions:
            expression: Any = F(column) if isinstance(column, str) else column
            lookup = PostgresOperatorLookup(
                expression, expression.replace_expressions(replacements)
            )
            lookup.postgres_operator = operator
            rule &= Q(lookup)
        return rule
    expressions: Any = constraint.expressions or [F(name) for name in constraint.fields]
    for expression in expressions:
        value = expression.replace_expressions(replacements)
        same = Q(Exact(expression, value))
        if constraint.nulls_distinct is False:
            same |= Q(IsNull(expression, True), IsNull(value, True))
        rule &= same
    return rule


def _values(row: Any) -> dict[str, Any]:
    """Return what stands in the columns of a row, as expressions."""
    return row._get_field_expression_map(row._meta)


def _is_true(rule: Q, values: dict[str, Any]) -> bool:
    """Return whether a rule is true of some values: where they leave it unknown, it is not."""
    return Q(Coalesce(rule, False, output_field=BooleanField())).check(values)
