"""What a file may name of a row: its columns, and the lists of rows below it."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db import models

from editorial.models import Record
from exchange.set_aside import get_references


@cache
def get_columns(model: type[models.Model], parent: str = "") -> dict[str, models.Field]:
    """Return the columns that a file may name."""
    columns = [c for c in model._meta.concrete_fields if c.editable and not c.primary_key]
    return {column.name: column for column in columns if column.name != parent}


@cache
def get_lists(model: type[models.Model]) -> dict[str, Any]:
    """Return the relations to the rows that are part of a row of `model`, by related name."""
    relations = [r for r in model._meta.related_objects if r.on_delete is models.CASCADE]
    return {str(relation.get_accessor_name()): relation for relation in relations}


def read_values(instance: models.Model, parent: str = "") -> dict[str, Any]:
    """Return what stands in the columns that a file may name."""
    columns = get_columns(type(instance), parent).values()
    return {column.attname: getattr(instance, column.attname) for column in columns}


def read_list(instance: models.Model, name: str) -> list[Any]:
    """Return what stands in a list below a row, with the lists below its rows."""
    if instance.pk is None:
        return []
    relation = get_lists(type(instance))[name]
    parent, lists = relation.field.name, get_lists(relation.related_model)
    return [
        (read_values(part, parent), [read_list(part, below) for below in lists])
        for part in getattr(instance, name).order_by("pk")
    ]


def find_quoted(record: models.Model) -> Iterator[tuple[type[Record], int]]:
    """Yield the records that a record, or a row that is part of it, quotes."""
    for column, model in get_references(type(record)):
        if key := getattr(record, column):
            yield model, key
    for name in get_lists(type(record)):
        for part in getattr(record, name).all():
            yield from find_quoted(part)
