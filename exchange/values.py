"""Values: which columns of a row belong together, and whether an editor has corrected them.

A value is either the editor's or the source's. Half of each would be a figure, a date or a place
that nobody has stated.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models

from actors.models import Actor, Affiliation
from incidents.models import Incident
from places.models import Coordinates
from publishing.models import Occurrence, Validity

Model = type[models.Model]

_TOGETHER: tuple[tuple[Model, tuple[str, ...]], ...] = (
    (Occurrence, ("date", "as_of", "local_time", "granularity")),
    (Validity, ("start", "start_kind")),
    (Validity, ("end", "end_kind", "last_verified")),
    (Coordinates, ("latitude", "longitude")),
    (Incident, ("event_type", "sub_type")),
    (Actor, ("kind", "identified", "life_status", "gender", "birth", "death", "publisher_id")),
    (Affiliation, ("subject_id", "kind", "object_id")),
)
"""The columns of a record that are one value: one of them says nothing without the others.

A part of a record is one value as a whole: a figure with what it counts, a location with its
point, its precision and its place, a name with its language, a citation with its passage.
"""


def values_of(
    model: Model, stated: Mapping[str, Any], hangs_on: tuple[str, str] | None
) -> list[tuple[str, ...]]:
    """Return the values that are stated of a row, each as the columns that it is made of.

    `hangs_on` begins with the column that leads to what the row is part of, if it is part of any.
    """
    if hangs_on:
        return [tuple(name for name in editable(model) if name != hangs_on[0])]
    groups = [names for base, names in _TOGETHER if issubclass(model, base)]
    grouped = {name for names in groups for name in names}
    return [names for names in groups if set(names) & stated.keys()] + [
        (name,) for name in stated if name not in grouped
    ]


def is_corrected(row: models.Model, columns: Iterable[str], made: Mapping[str, Any]) -> bool:
    """Whether a value reads otherwise than it was made; what was not made had its default."""
    defaults = editable(type(row))
    return any(
        plain(getattr(row, name)) != (made[name] if name in made else plain(defaults[name]))
        for name in columns
        if name in defaults
    )


@cache
def editable(model: Model) -> dict[str, Any]:
    """Return the columns that an editor may correct, each with its default.

    Without the column that leads to what a row is part of, and without private notes, which say
    nothing of the value.
    """
    return {
        field.attname: field.get_default()
        for field in model._meta.concrete_fields
        if field.editable
        and not field.primary_key
        and field.name not in ("internal_note", "slug")
        and getattr(field.remote_field, "on_delete", None) is not models.CASCADE
    }


def plain(value: Any) -> Any:
    """Return what stands in a column as JSON keeps it."""
    return str(value) if isinstance(value, Decimal) else value
