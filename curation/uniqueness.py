"""Uniqueness between the rows of a form, checked by the database before the rows are saved."""

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
"""A constraint that two rows can break together."""


def exclusive_constraints(model: type[Model]) -> list[Exclusive]:
    """Return the constraints that two rows of a model can break together."""
    return [c for c in model._meta.constraints if isinstance(c, Exclusive)]


def is_constrained(constraint: Exclusive, row: Model) -> bool:
    """Return whether a constraint applies to a row: whether the row meets its condition."""
    return constraint.condition is None or _is_true(constraint.condition, _values(row))


def conflicts(
    constraint: Exclusive, row: Model, others: Iterable[Model], outside: QuerySet[Any], parent: str
) -> bool:
    """Return whether a row conflicts with the `others` of its form or with the rows `outside` it.

    The rows of a form have the same `parent`, which may have no key yet.
    """
    if not is_constrained(constraint, row):
        return False
    values = _values(row)
    conflicting = outside.filter(_same_values(constraint, values))
    if constraint.condition is not None:
        conflicting = conflicting.filter(constraint.condition)
    if conflicting.exists():
        return True
    shared = {parent: Value(0)}  # a null would differ from every other null
    rules = [(other, _same_values(constraint, _values(other) | shared)) for other in others]
    if not rules or not _is_true(reduce(or_, (rule for _, rule in rules)), values | shared):
        return False
    return any(
        _is_true(rule, values | shared) and is_constrained(constraint, other)
        for other, rule in rules
    )


def find_free_values(constraint: Exclusive, row: Model, others: list[Model]) -> dict[str, Any]:
    """Return values with which a row does not conflict with `others`; empty if there are none.

    If the constraint has a condition, these are values that do not meet it; else a number or a
    word that no other row has.
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


def _same_values(constraint: Exclusive, values: dict[str, Any]) -> Q:
    """Return the condition that a row has the same unique values as a row with `values`."""
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
    """Return the values of the columns of a row, as expressions."""
    return row._get_field_expression_map(row._meta)


def _is_true(rule: Q, values: dict[str, Any]) -> bool:
    """Return whether a rule is true for some values; null counts as false."""
    return Q(Coalesce(rule, False, output_field=BooleanField())).check(values)
