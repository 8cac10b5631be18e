"""The working rows of synthetic documents: what editors would have entered before publication.

A column of a row, and each list of its parts, has the name of the property of the document. A
nested object is another record, or several columns: `point` is `latitude` and `longitude`, `count`
is `count_low`, `count_best` and `count_high`.
"""

from collections import defaultdict
from functools import cache
from itertools import islice

from django.db import connection, models, transaction

from editorial.models import record_models
from exchange.bulk_insert import copy_rows, reserve_keys
from exchange.parts import derive_days
from exchange.synthetic.documents import Json
from publishing import documents
from publishing.bulk import iterate_in_chunks
from publishing.commands import Progress
from publishing.models import Edition, Validity

Model = type[models.Model]
_CHUNK = 1000


class _NewRow:
    """A row that is to be inserted, below another one or not."""

    def __init__(self, values: Json, column: str = "", parent: "_NewRow | None" = None) -> None:
        self.values, self.column, self.parent = values, column, parent


def list_working_tables() -> list[Model]:
    """Return the models of all records and of all their parts."""
    return [table for model in record_models().values() for table in _list_tables(model)]


@transaction.atomic
def write_working_rows(progress: Progress) -> None:
    """Write the working rows of all records, from their newest texts, without an audit."""
    keys: dict[str, int] = {}
    _set_triggers("DISABLE")
    for type_name, model in record_models().items():
        first = Edition.objects.filter(type=type_name, version=1)
        with progress.phase(f"write working rows of {type_name}s", first.count()) as step:
            # In this order, records are written after those that they reference.
            rows = iterate_in_chunks(first.only("seq", "record"), _CHUNK)
            while chunk := [edition.record for edition in islice(rows, _CHUNK)]:
                newest = Edition.objects.newest_of(chunk).filter(public=True).only("document")
                by_record = dict(newest.values_list("record", "document"))
                _write(model, [documents.load(str(by_record[record])) for record in chunk], keys)
                step(len(chunk))
    _set_triggers("ENABLE")


def _set_triggers(state: str) -> None:
    """Disable or enable the triggers, which audit every row.

    Foreign keys are checked by each statement: millions of late checks would not fit in memory.
    """
    with connection.cursor() as cursor:
        for model in list_working_tables():
            cursor.execute(f"ALTER TABLE {model._meta.db_table} {state} TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _list_tables(model: Model) -> list[Model]:
    """Return the model of a record, those of its parts, those of their parts, and so on."""
    return [model, *(table for part, _ in _parts(model).values() for table in _list_tables(part))]


def _write(model: Model, values: list[Json], keys: dict[str, int]) -> None:
    """Insert records with their parts; `keys` gets their primary keys by public id."""
    reserved = reserve_keys(model, len(values))
    keys |= {document["id"]: key for document, key in zip(values, reserved, strict=True)}
    tables: dict[Model, list[_NewRow]] = defaultdict(list)
    for document in values:
        _add(tables, model, document, keys)
    for table, rows in tables.items():
        own = reserved if table is model else reserve_keys(table, len(rows))
        for row, key in zip(rows, own, strict=True):
            row.values["id"] = key
            if row.parent:
                row.values[row.column] = row.parent.values["id"]
        copy_rows(table, (row.values for row in rows))


def _add(
    tables: dict[Model, list[_NewRow]],
    model: Model,
    value: Json,
    keys: dict[str, int],
    column: str = "",
    parent: _NewRow | None = None,
) -> None:
    """Add the row of an object of a document, then those of its parts."""
    columns, parts = _columns(model), _parts(model)
    row = _NewRow({}, column, parent)
    for name, item in value.items():
        if isinstance(item, dict):
            if name in columns:
                row.values[columns[name]] = keys[item["id"]]
            elif "id" not in item:  # else it is derived from a part
                for inner, number in item.items():
                    column_name = inner if inner in columns else f"{name}_{inner}"
                    if number is not None and column_name in columns:
                        row.values[column_name] = number
        elif item is not None and name in columns:
            row.values[columns[name]] = item
    if "public_id" in columns:
        row.values["public_id"] = value["id"]
    if "public_precision" in columns:
        row.values["public_precision"] = value["precision"]
    if issubclass(model, Validity):
        row.values |= derive_days(model, row.values)
    tables[model].append(row)
    for name, (part, part_column) in parts.items():
        for item in value.get(name) or ():
            _add(tables, part, item, keys, part_column, row)


@cache
def _columns(model: Model) -> dict[str, str]:
    """Return the columns that a document may fill, by the names of their properties."""
    return {f.name: f.attname for f in model._meta.local_concrete_fields if not f.primary_key}


@cache
def _parts(model: Model) -> dict[str, tuple[Model, str]]:
    """Return the models of parts, with the column that points to the row, by property."""
    return {
        str(relation.get_accessor_name()): (relation.related_model, relation.field.attname)
        for relation in model._meta.related_objects
        if relation.on_delete is models.CASCADE
    }
