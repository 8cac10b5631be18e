"""Writing a dataset in the form of `fixtures/seed.yaml` at once, into a database without it.

`exchange.dataset` writes the same rows one by one, validates each and compares it with what is
there. This takes seconds where that takes minutes. The constraints of the database apply as always;
a test loads the island with both.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, cast

from django.db import models

from editorial.models import Record, record_models
from exchange.bulk_insert import copy_rows, reserve_keys
from exchange.dataset import get_columns, get_lists
from exchange.island.drawing import Json
from publishing.fields import WordsField

Model = type[models.Model]
Dataset = Mapping[str, list[Json]]
"""The records of a file by type: `actors` and so on, first those that others reference."""


def write_records(dataset: Dataset) -> dict[tuple[str, str], Record]:
    """Insert the records with all their parts; return them by type and key."""
    writing = _Writing(dataset)
    for model, rows in writing.rows.items():
        fields = [field.attname for field in model._meta.local_concrete_fields]
        copy_rows(model, [{name: getattr(row, name) for name in fields} for row in rows])
    return writing.records


class _Writing:
    """The rows of a dataset by model, with their keys."""

    def __init__(self, dataset: Dataset) -> None:
        self.records: dict[tuple[str, str], Record] = {}
        self.rows: dict[Model, list[models.Model]] = defaultdict(list)
        types = {f"{word}s": model for word, model in record_models().items()}
        for name, contents in dataset.items():
            model = types[name]
            for content, key in zip(contents, reserve_keys(model, len(contents)), strict=True):
                record = model(public_id=content["public_id"])
                record.pk = key
                self.records[model.type_name, content["key"]] = record
        parts: list[tuple[models.Model, Json, str]] = []
        for name, contents in dataset.items():
            model = types[name]
            for content in contents:
                record = self.records[model.type_name, content["key"]]
                values = {k: v for k, v in content.items() if k not in ("key", "public_id")}
                parts += self._fill(record, values)
        while parts:
            parts = list(self._fill_parts(parts))

    def _fill_parts(
        self, parts: list[tuple[models.Model, Json, str]]
    ) -> Iterator[tuple[models.Model, Json, str]]:
        """Fill rows of one level below the records; yield those of the next level."""
        by_model: dict[Model, list[tuple[models.Model, Json, str]]] = defaultdict(list)
        for part in parts:
            by_model[type(part[0])].append(part)
        for model, rows in by_model.items():
            keys = reserve_keys(model, len(rows))
            for (row, content, parent), key in zip(rows, keys, strict=True):
                row.pk = key
                yield from self._fill(row, content, parent)

    def _fill(
        self, row: Any, content: Json, parent: str = ""
    ) -> Iterator[tuple[models.Model, Json, str]]:
        """Set the columns of a row; yield each row of the lists below it, with its parent field."""
        model: Model = type(row)
        columns, lists = get_columns(model, parent), get_lists(model)
        below = []
        for name, value in content.items():
            if name in lists:
                relation = lists[name]
                field = relation.field
                below += [
                    (relation.related_model(**{field.attname: row.pk}), item, field.name)
                    for item in value
                ]
            else:
                column = columns[name]
                setattr(row, column.attname, self._convert(column, value))
        if hasattr(row, "derive"):
            row.derive()
        self.rows[model].append(row)
        yield from below

    def _convert(self, column: models.Field, value: Any) -> Any:
        if column.is_relation:
            referenced = cast("type[Record]", column.related_model)
            return self.records[referenced.type_name, value].pk
        return value if isinstance(column, WordsField) else column.to_python(value)
