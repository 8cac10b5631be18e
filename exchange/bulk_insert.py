"""Writing many working rows: keys reserved at once, rows sent by COPY.

Triggers, constraints and the audit hold as ever; what `save` derives, the caller gives, but
for the keys that the desk searches by.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from publishing import documents as bodies
from publishing.fields import SearchKey

_BEFORE = "SET LOCAL pgtrigger.ignore = '{}'"
"""Said before a COPY. With this statement, as with any but a COPY, the audit is told its context.

What it says matters too: each trigger asks for this setting, and where it is not set it catches an
error in a subtransaction, whose end walks all rows that still wait for the check of their foreign
keys. Rows then cost ten times as much, and more with every row before them.
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
    """Insert rows, each given by column; a column that is not named gets its default."""
    fields = model._meta.local_concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    defaults = _defaults(model)
    names = [field.attname for field in fields]
    documents = [field.attname for field in fields if isinstance(field, models.JSONField)]
    keys = [field for field in fields if isinstance(field, SearchKey)]
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.execute(_BEFORE)
        with cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as sent:
            for row in rows:
                told = {**defaults, **row}
                told |= {field.attname: field.key(told[field.of]) for field in keys}
                told |= {name: bodies.dump(told[name]).decode() for name in documents}
                sent.write_row([told[name] for name in names])


@cache
def _defaults(model: type[models.Model]) -> dict[str, Any]:
    """Return the default of each column that has the same one for every row."""
    return {
        field.attname: field.get_default()
        for field in model._meta.local_concrete_fields
        if isinstance(field, ArrayField)
        or not (field.primary_key or (field.has_default() and callable(field.default)))
    }
