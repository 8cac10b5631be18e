"""Inserting many working rows: their keys are reserved at once, the rows sent by COPY.

Triggers, constraints and the audit apply as always. The columns that `save` computes are given by
the caller, except the search keys of the admin.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from publishing import documents
from publishing.fields import SearchKeyField

_BEFORE = "SET LOCAL pgtrigger.ignore = '{}'"
"""A statement to execute before a COPY.

It passes the context of the audit to the database, which django-pghistory does with any statement
except a COPY. The setting itself matters too: each trigger reads it, and where it is not set, the
trigger catches an error in a subtransaction, whose end walks all rows whose foreign keys are not
checked yet. Rows then cost ten times as much, and more with every row before them.
"""


def reserve_keys(model: type[models.Model], number: int) -> list[int]:
    """Return `number` primary keys that no other row will get."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, number],
        )
        return [key for (key,) in cursor.fetchall()]


def copy_rows(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows, given by column; a column that is not given gets its default."""
    fields = model._meta.local_concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    defaults = _defaults(model)
    names = [field.attname for field in fields]
    json_columns = [field.attname for field in fields if isinstance(field, models.JSONField)]
    keys = [field for field in fields if isinstance(field, SearchKeyField)]
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.execute(_BEFORE)
        with cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                values = {**defaults, **row}
                values |= {field.attname: field.key(values[field.of]) for field in keys}
                values |= {name: documents.dump(values[name]).decode() for name in json_columns}
                copy.write_row([values[name] for name in names])


@cache
def _defaults(model: type[models.Model]) -> dict[str, Any]:
    """Return the default of each column that has the same one for every row."""
    return {
        field.attname: field.get_default()
        for field in model._meta.local_concrete_fields
        if isinstance(field, ArrayField)
        or not (field.primary_key or (field.has_default() and callable(field.default)))
    }
