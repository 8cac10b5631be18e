"""Rules of quality: what is allowed, and yet should be looked at.

A rule is the rows that break it. Each app keeps its own in `quality.RULES`; the command
`check_quality` tells them all, the page of a record its own. What one row alone can say is refused
by the database, and never needs a rule here.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import CASCADE, Model, QuerySet, TextChoices
from django.utils.module_loading import module_has_submodule

from editorial.models import Record


class Severity(TextChoices):
    """How bad it is."""

    ERROR = "error", "It cannot be right."
    WARNING = "warning", "It is probably not right."
    HINT = "hint", "It may be right: look at it."


@dataclass(frozen=True)
class Rule:
    """Something that should not be, and the rows in which it is."""

    id: str
    """What it is called by: `tied-before-existence`."""
    meaning: str
    """What is wrong, in one line for editors."""
    severity: Severity
    rows: Callable[[], Iterable[QuerySet[Any]]]
    """Returns the rows that break it: of records or of their parts, one query for each model."""
    field: str = ""
    """The field to look at; blank: the whole row."""

    def find(
        self, *, of: Record | None = None, types: Iterable[str] = ()
    ) -> Iterator["RuleFindings"]:
        """Yield the rows that break it, of one record or of some types, one query after another."""
        for rows in self.rows():
            model = rows.model
            way, record = path_to_record(model)
            if of is not None and not isinstance(of, record):
                continue
            if types and record.type_name not in types:
                continue
            if of is not None:
                rows = rows.filter(**{way or "pk": of.pk})
            if way:
                rows = rows.select_related(way)
            yield RuleFindings(self, way, rows.order_by("pk"))


class RuleFindings(NamedTuple):
    """The rows of one model that break a rule."""

    rule: Rule
    way: str
    rows: QuerySet[Any]

    def record(self, row: Any) -> Record:
        """Return the record that a row is, or is part of."""
        for step in self.way.split("__") if self.way else ():
            row = getattr(row, step)
        return row


@cache
def all_rules() -> dict[str, Rule]:
    """Return every rule by its id, app by app."""
    found = [
        rule
        for app in reversed([*apps.get_app_configs()])
        if module_has_submodule(app.module, "quality") and app.name != "editorial"
        for rule in import_module(f"{app.name}.quality").RULES
    ]
    return {rule.id: rule for rule in found}


def path_to_record(model: Any) -> tuple[str, type[Record]]:
    """Return the lookup that leads from a row to its record, and the record's model."""
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
    """Yield the models of working rows with one of `bases`, or with parts called `part`."""
    for model in apps.get_models():
        tracked = hasattr(model, "pgh_event_models")
        if tracked and (issubclass(model, bases) or (part and hasattr(model, part))):
            yield model
