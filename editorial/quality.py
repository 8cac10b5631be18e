"""Quality rules: they find rows that are allowed but probably wrong.

Each app lists its rules in `quality.RULES`. The command `check_quality` reports what they find in
all records, and the page of a record what they find in it. A rule that needs only one row to
decide is a database constraint instead.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache, partial
from importlib import import_module
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import CASCADE, Model, QuerySet, TextChoices
from django.utils.module_loading import module_has_submodule

from editorial.models import Record

_ANY_PK = -7_141_592_653_589
"""A primary key that no row has: it marks in stored SQL where that of a record belongs."""


class Severity(TextChoices):
    """How serious a finding is."""

    ERROR = "error", "It cannot be right."
    WARNING = "warning", "It is probably not right."
    HINT = "hint", "It may be right: check it."


@dataclass(frozen=True)
class Rule:
    """A fault, and a function that finds the rows with it."""

    id: str
    """The name of the rule, such as `two-leaders`."""
    meaning: str
    """What is wrong, in one line for editors."""
    severity: Severity
    rows: Callable[[], Iterable[QuerySet[Any]]]
    """Returns the rows that break the rule, of records or their parts: one query per model."""
    field: str = ""
    """The field to check; blank means the whole row."""

    def find(
        self, *, record: Record | None = None, types: Iterable[str] = ()
    ) -> Iterator["RuleFindings"]:
        """Yield the rows that break the rule, of one record or of some types."""
        for rows in self.rows():
            path, model = path_to_record(rows.model)
            if types and model.type_name not in types:
                continue
            if record is not None:
                if not isinstance(record, model):
                    continue
                rows = rows.filter(**{path or "pk": record.pk})
            if path:
                rows = rows.select_related(path)
            yield RuleFindings(path, rows.order_by("pk"))


class RuleFindings(NamedTuple):
    """The rows of one model that break a rule."""

    path: str
    """The lookup from a row to its record; blank if the rows are records."""
    rows: QuerySet[Any]

    def get_record(self, row: Any) -> Record:
        """Return the record that a row is or is part of."""
        for step in self.path.split("__") if self.path else ():
            row = getattr(row, step)
        return row


@cache
def all_rules() -> dict[str, Rule]:
    """Return every rule by its id, app by app."""
    return {
        rule.id: rule
        for app in reversed([*apps.get_app_configs()])
        if module_has_submodule(app.module, "quality") and app.name != "editorial"
        for rule in import_module(f"{app.name}.quality").RULES
    }


def find_broken_rules(record: Record) -> list[Rule]:
    """Return the rules that a record and its parts break, or may break, with one query.

    Django needs longer to write the SQL of all rules than PostgreSQL to answer it, so it is stored.
    """
    sql, params, undecided = _write_screening(type(record), date.today())
    if params:
        with connection.cursor() as cursor:
            pk = record.pk
            cursor.execute(sql, [type(each)(pk) if each == _ANY_PK else each for each in params])
            undecided = undecided | {id_ for (id_,) in cursor.fetchall()}
    return [rule for id_, rule in all_rules().items() if id_ in undecided]


@lru_cache(maxsize=16)
def _write_screening(model: type[Record], today: date) -> tuple[str, list[Any], frozenset[str]]:
    """Return a query for the ids of the rules that a record of `model` breaks on a day.

    Rules that read the database to write their query cannot be stored: their ids come third.
    """
    any_record: Any = model()
    any_record.pk = _ANY_PK
    parts, params, undecided = list[str](), list[Any](), set[str]()
    for rule in all_rules().values():
        executed: list[str] = []
        with connection.execute_wrapper(partial(_note, executed)):
            found = list(rule.find(record=any_record))
        if found and executed:
            undecided.add(rule.id)
            continue
        for findings in found:
            with suppress(EmptyResultSet):
                sql, own = findings.rows.order_by().values("pk").query.sql_with_params()
                parts.append(f"SELECT %s WHERE EXISTS ({sql})")
                params += [rule.id, *own]
    return " UNION ".join(parts), params, frozenset(undecided)


def _note(executed: list[str], execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    executed.append(sql)
    return execute(sql, *rest)


def path_to_record(model: Any) -> tuple[str, type[Record]]:
    """Return the lookup from a row of a model to its record, and the model of the record."""
    steps: list[str] = []
    while not issubclass(model, Record):
        (parent,) = [
            field
            for field in model._meta.local_fields
            if field.is_relation and field.remote_field.on_delete is CASCADE
        ]
        steps.append(parent.name)
        model = parent.related_model
    return "__".join(steps), model


def working_models(*bases: type[Model], part: str = "") -> Iterator[Any]:
    """Yield the models of working rows that have one of `bases`, or parts called `part`."""
    for model in apps.get_models():
        tracked = hasattr(model, "pgh_event_models")
        if tracked and (issubclass(model, bases) or (part and hasattr(model, part))):
            yield model
