"""Reading the rows that many bodies are rendered from, in one query for each relation.

Django's `prefetch_related` does the same, but makes a query set for each row and relation, which
costs more than all queries and the rendering together.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models

from publishing import lookups as lookups

_FETCHED = "_fetched_rows"


def fetch_rows(rows: Sequence[models.Model], paths: Iterable[str]) -> None:
    """Read the related rows of `paths`, such as `names__citations__source`, for `list_rows`.

    All `rows` are of one model. Rows that are referenced by a foreign key are set as its value.
    """
    below: dict[str, list[str]] = {}
    for path in paths:
        name, _, rest = path.partition("__")
        below.setdefault(name, []).extend([rest] if rest else [])
    for name, further in below.items():
        relation = rows[0]._meta.get_field(name)
        if isinstance(relation, models.ManyToOneRel):
            related = _fetch_parts(rows, relation)
        else:
            related = _fetch_referenced(rows, relation)
        if related and further:
            fetch_rows(related, further)


def list_rows(row: models.Model, name: str) -> Iterable[models.Model]:
    """Return the parts of a row: those that were fetched, or else those in the database."""
    fetched = vars(row).get(_FETCHED, {})
    parts: Iterable[models.Model] = fetched[name] if name in fetched else getattr(row, name).all()
    return parts


def _fetch_parts(rows: Sequence[models.Model], relation: models.ManyToOneRel) -> list[models.Model]:
    """Read the parts of rows that one relation leads to, in their order."""
    column, name = relation.field, str(relation.get_accessor_name())
    by_key: dict[Any, list[models.Model]] = {row.pk: [] for row in rows}
    for row in rows:
        vars(row).setdefault(_FETCHED, {})[name] = by_key[row.pk]
    model: Any = relation.related_model
    parts = list(model._default_manager.filter(**{f"{column.name}__any": by_key}))
    for part in parts:
        by_key[getattr(part, column.attname)].append(part)
    return parts


def _fetch_referenced(rows: Sequence[models.Model], column: Any) -> list[models.Model]:
    """Read the rows that a foreign key of rows references, each once."""
    keys = {getattr(row, column.attname) for row in rows} - {None}
    manager = column.related_model._default_manager
    found = {row.pk: row for row in manager.filter(pk__any=keys).order_by()} if keys else {}
    for row in rows:
        column.set_cached_value(row, found.get(getattr(row, column.attname)))
    return list(found.values())
