"""Differences between two states of a record, row by row, with names and values in words."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext

from curation.fields import format_days
from editorial.history import Key, Rows, changed_columns, editable_columns, parent_columns
from editorial.models import Record


class FieldChange(NamedTuple):
    """A field with its two values in words; blank if it is empty."""

    label: str
    was: str
    now: str


class RowChange(NamedTuple):
    """A row that was added, changed or deleted."""

    title: str
    kind: str
    """added, changed or deleted."""
    fields: list[FieldChange]

    @property
    def word(self) -> str:
        """The kind, in the language of the page."""
        words = {
            "added": gettext("added"),
            "changed": gettext("changed"),
            "deleted": gettext("deleted"),
        }
        return words[self.kind]


class Describer:
    """Describes rows; it first loads the labels of everything that they refer to."""

    def __init__(
        self,
        site: Any,
        request: HttpRequest,
        rows: Iterable[models.Model],
        find_row: Callable[[Key], models.Model | None],
    ) -> None:
        """Load labels with one query for each model that `rows` refer to.

        `find_row` returns the row that another row is part of.
        """
        self.find_row = find_row
        self.related: dict[Key, tuple[models.Model, str]] = {}
        listed = list(rows)
        keys: dict[type[models.Model], set[int]] = {}
        for row in listed:
            for column in _references(type(row)):
                if (key := getattr(row, column.attname)) is not None:
                    keys.setdefault(column.related_model, set()).add(key)  # type: ignore[arg-type]
        for model, wanted in keys.items():
            admin = site._registry.get(model)
            found = admin.get_queryset(request) if admin else model._default_manager.all()
            for key, other in found.in_bulk(wanted).items():
                label = admin.label(other) if hasattr(admin, "label") else str(other)
                self.related[model, key] = other, label
        for row in listed:
            for column in _references(type(row)):
                other = self.related.get((column.related_model, getattr(row, column.attname)))  # type: ignore[arg-type]
                if other is not None:
                    setattr(row, column.name, other[0])

    def title(self, row: models.Model) -> str:
        """Return the name of a row, with that of the part that it belongs to."""
        name = str(row._meta.verbose_name)
        parents = [] if isinstance(row, Record) else parent_columns(type(row))
        above = None
        for parent in parents:
            above = self.find_row((parent.related_model, getattr(row, parent.attname)))  # type: ignore[arg-type]
            if above is not None:
                setattr(row, parent.name, above)
        try:
            title = f"{name}: {row}"
        except (ObjectDoesNotExist, AttributeError):
            title = name
        if above is not None and not isinstance(above, Record):
            title = gettext("%(row)s, of %(part)s") % {"row": title, "part": self.title(above)}
        return title

    def value(self, row: models.Model, column: Any) -> str:
        """Return a value in words."""
        value = getattr(row, column.attname)
        if value is None or value == "" or value == []:
            return ""
        if column.is_relation:
            other = self.related.get((column.related_model, value))
            return other[1] if other else gettext("(deleted)")
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        if hasattr(value, "upper_inc"):
            return format_days(value)
        if isinstance(value, list):
            base = getattr(column, "base_field", column)
            words = dict(getattr(base, "flatchoices", ()) or ())
            return ", ".join(str(words.get(item, item)) for item in value)
        words = dict(column.flatchoices or ())
        return str(words.get(value, value))

    def compare(self, before: Rows, after: Rows) -> list[RowChange]:
        """Return the rows that differ between two states: the record first, then its parts."""
        changes = []
        for key in [*after, *(key for key in before if key not in after)]:
            was, now = before.get(key), after.get(key)
            if was is not None and now is not None:
                fields = [
                    FieldChange(
                        str(column.verbose_name), self.value(was, column), self.value(now, column)
                    )
                    for column in changed_columns(was, now)
                ]
                if fields:
                    changes.append(RowChange(self.title(now), "changed", fields))
            elif now is not None:
                fields = [
                    FieldChange(str(column.verbose_name), "", self.value(now, column))
                    for column in _stated_columns(now)
                ]
                changes.append(RowChange(self.title(now), "added", fields))
            elif was is not None:
                fields = [
                    FieldChange(str(column.verbose_name), self.value(was, column), "")
                    for column in _stated_columns(was)
                ]
                changes.append(RowChange(self.title(was), "deleted", fields))
        return changes


def _references(model: type[models.Model]) -> list[models.Field]:
    """Return the columns that refer to other records."""
    parents = set(parent_columns(model))
    return [
        column
        for column in model._meta.concrete_fields
        if column.is_relation and column not in parents
    ]


def _stated_columns(row: models.Model) -> list[models.Field]:
    """Return the columns of a row with a value that is not the usual one."""
    return [
        column
        for column in editable_columns(type(row))
        if getattr(row, column.attname) not in (None, "", [], column.get_default())
    ]
