"""Parts: the record that a row of a dataset becomes, and the rows below that record.

Each part has a label; `a/citation` is below `a`. What was made of a row is stored
(`ImportedRow.made`), so that a later release changes only the values that still read as they were
made. A value that reads otherwise was corrected by an editor, and stays.

Several columns may be one value, such as the numbers of a figure. A value is either the editor's
or the source's as a whole: half of each would be a figure, a date or a place that nobody stated.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from django.db import models

from actors.models import Actor, Affiliation
from editorial.models import Record
from exchange.bulk_insert import copy_rows, reserve_keys
from exchange.set_aside import get_references
from exchange.tables import quote_value
from incidents.models import Incident
from places.models import Coordinates
from publishing.fields import CleanTextField
from publishing.models import Occurrence, Validity

Model = type[models.Model]
Made = dict[str, list[Any]]
"""By label: the primary key of a part, and the values that it was made with."""

_VALUES: tuple[tuple[Model, tuple[str, ...]], ...] = (
    (Occurrence, ("date", "as_of", "local_time", "granularity")),
    (Validity, ("start", "start_kind")),
    (Validity, ("end", "end_kind", "last_verified")),
    (Coordinates, ("latitude", "longitude")),
    (Incident, ("event_type", "sub_type")),
    (Actor, ("kind", "identified", "life_status", "gender", "birth", "death", "publisher_id")),
    (Affiliation, ("subject_id", "kind", "object_id")),
)
"""The columns of a record that are one value: each says nothing without the others.

A part below a record is one value as a whole: a figure with what it counts, a location with its
point, its precision and its place, a name with its language, a citation with its passage.
"""


class PartModels(dict[str, Model]):
    """The models of parts by label; `name 2/citation` has that of `name/citation`.

    The words behind a blank distinguish parts of one model.
    """

    def __missing__(self, label: str) -> Model:
        word, slash, below = label.partition("/")
        return self[word.split(" ")[0] + slash + below.split(" ")[0]]


@dataclass(frozen=True, slots=True)
class ImportedPart:
    """A row that a row of the dataset becomes. Its texts are as the database stores them."""

    label: str
    model: Model
    values: dict[str, Any]
    """By column; in types that JSON keeps, to be compared with what was made before."""
    parent: tuple[str, str] | None = None
    """The column that points to the part above it, and the label of that; None for the record."""
    derived: Mapping[str, Any] = field(default_factory=dict)
    """The columns that `save` would compute, and those that are drawn once, such as the slug."""

    def __post_init__(self) -> None:
        texts = {
            column.attname: column.to_python(self.values[column.attname])
            for column in _text_columns(self.model)
            if column.attname in self.values
        }
        object.__setattr__(self, "values", self.values | texts)


@cache
def _text_columns(model: Model) -> tuple[CleanTextField, ...]:
    return tuple(c for c in model._meta.concrete_fields if isinstance(c, CleanTextField))


class Candidate(NamedTuple):
    """A row of the dataset that may be written."""

    key: str
    made: Made
    """What earlier runs made of it."""
    parts: Sequence[ImportedPart] = ()
    """What it becomes; empty where it stays as it is."""

    def records(self, models: Mapping[str, Model]) -> Iterator[tuple[Any, int]]:
        """Yield the records that were made of it, by type and primary key."""
        for label, (key, _) in self.made.items():
            if issubclass(models[label], Record):
                yield models[label], key

    def list_references(self, models: Mapping[str, Model]) -> Iterator[tuple[Any, int]]:
        """Yield the records that it references, by type and primary key."""
        rows: Iterable[tuple[Model, Mapping[str, Any]]]
        if self.parts:
            rows = ((part.model, part.values) for part in self.parts)
        else:
            rows = ((models[label], values) for label, (_, values) in self.made.items())
        for model, values in rows:
            for column, referenced in get_references(model):
                if values.get(column) is not None:
                    yield referenced, values[column]


@dataclass
class UpdateOutcome:
    """What writing a row has done."""

    made: Made
    changed: bool = False
    corrections: list[str] = field(default_factory=list)
    """The corrections that the source contradicts: by label, with both values."""


def derive_days(model: Model, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `save` would compute of a row with a validity: its certain and possible days."""
    row: Any = model(**values)
    row.derive()
    return {"certain": row.certain, "possible": row.possible}


def create(records: Sequence[Sequence[ImportedPart]]) -> list[Made]:
    """Insert new records with all their parts; return what was made of each."""
    by_model: dict[Model, list[tuple[int, ImportedPart]]] = defaultdict(list)
    for number, parts in enumerate(records):
        for part in parts:
            by_model[part.model].append((number, part))
    made: list[Made] = [{} for _ in records]
    for model, numbered in by_model.items():
        rows = []
        for (number, part), key in zip(numbered, reserve_keys(model, len(numbered)), strict=True):
            made[number][part.label] = [key, part.values]
            row = {"id": key, **part.values, **part.derived}
            if part.parent:
                column, label = part.parent
                row[column] = made[number][label][0]
            rows.append(row)
        copy_rows(model, rows)
    return made


class RecordUpdate:
    """An update of records that exist to what their rows state now.

    A change of the columns `uncompared` alone is none.
    """

    def __init__(
        self, models_: Mapping[str, Model], made: Iterable[Made], uncompared: set[str]
    ) -> None:
        self.models, self.uncompared = models_, uncompared
        keys: dict[Model, list[int]] = defaultdict(list)
        for parts in made:
            for label, (key, _) in parts.items():
                keys[models_[label]].append(key)
        self.rows = {
            model: {row.pk: row for row in model._default_manager.filter(pk__any=numbers)}
            for model, numbers in keys.items()
        }

    def apply(self, parts: Sequence[ImportedPart], before: Made) -> UpdateOutcome:
        """Add, change and delete parts of one record, except what an editor has corrected."""
        if reads_alike(parts, before, self.uncompared):
            return UpdateOutcome(before)
        outcome = UpdateOutcome({})
        rows = {label: self._find_row(label, key) for label, (key, _) in before.items()}
        corrected = set[str]()
        for part in parts:
            if part.label not in before:
                self._add(part, rows, outcome)
                continue
            key, values = before[part.label]
            outcome.made[part.label] = [key, part.values]
            row = rows[part.label]
            if row is None:
                continue
            if part.parent and part.parent[1] in corrected:
                # What was cited for a figure says nothing of the one that the editor made of it.
                outcome.made[part.label] = before[part.label]
                continue
            if self._change(part, values, row, outcome) and part.parent:
                corrected.add(part.label)
        for label in before.keys() - outcome.made.keys():
            if "/" not in label:
                self._remove(label, before, rows, outcome)
        return outcome

    def _find_row(self, label: str, key: int) -> Any:
        """Return a row that was made before; None where an editor has deleted it."""
        return self.rows.get(self.models[label], {}).get(key)

    def _change(
        self, part: ImportedPart, before: dict[str, Any], row: Any, outcome: UpdateOutcome
    ) -> bool:
        """Change the values of a part that nobody corrected; return whether somebody did."""
        changed = corrected = False
        for columns in group_columns(part.model, part.values, part.parent):
            stated = {name: part.values[name] for name in columns if name in part.values}
            if is_corrected(row, columns, before):
                corrected = True
                new = {
                    name
                    for name in stated.keys() - self.uncompared
                    if stated[name] != before.get(name)
                }
                ours = {name: _as_json(getattr(row, name)) for name in stated}
                compared = ours.keys() - self.uncompared
                if new and any(ours[name] != stated[name] for name in compared):
                    outcome.corrections.append(_describe_correction(part, ours, stated))
                continue
            for name, value in stated.items():
                if value != _as_json(getattr(row, name)):
                    setattr(row, name, value)
                    changed = True
        if changed:
            row.save()
            outcome.changed = True
        return corrected

    def _add(self, part: ImportedPart, rows: dict[str, Any], outcome: UpdateOutcome) -> None:
        """Add a part, unless an editor has deleted the part above it."""
        assert part.parent, "a record exists before it is updated"
        column, label = part.parent
        if rows[label] is None:
            return
        row = part.model(**part.values, **part.derived, **{column: rows[label].pk})
        row.save()
        rows[part.label] = row
        outcome.made[part.label] = [row.pk, part.values]
        outcome.changed = True

    def _remove(
        self, label: str, before: Made, rows: dict[str, Any], outcome: UpdateOutcome
    ) -> None:
        """Delete a part with the parts below it, unless an editor changed or added to them.

        A record is never deleted: only people withdraw records.
        """
        below = [name for name in before if name == label or name.startswith(f"{label}/")]
        if issubclass(self.models[label], Record):
            outcome.made |= {name: before[name] for name in below}
            outcome.corrections.append(f"{label}: the source no longer has it")
            return
        if rows[label] is None:
            return
        corrected = any(
            rows[name] is None
            or is_corrected(rows[name], get_editable(self.models[name]), before[name][1])
            for name in below
        )
        children = sum(
            relation.related_model._default_manager.filter(
                **{relation.field.name: rows[label]}
            ).count()
            for relation in self.models[label]._meta.related_objects
            if relation.on_delete is models.CASCADE
        )
        if corrected or children != len(below) - 1:
            outcome.corrections.append(f"{label}: the source no longer has it")
            return
        rows[label].delete()
        outcome.changed = True


def reads_alike(parts: Sequence[ImportedPart], before: Made, uncompared: set[str]) -> bool:
    """Whether a row states what it stated before, except in the columns `uncompared`."""
    return before.keys() == {part.label for part in parts} and all(
        value == before[part.label][1].get(column)
        for part in parts
        for column, value in part.values.items()
        if column not in uncompared
    )


def group_columns(
    model: Model, stated: Mapping[str, Any], parent: tuple[str, str] | None
) -> list[tuple[str, ...]]:
    """Return the values that are stated of a part, each as the columns that it consists of.

    `parent` is that of the part.
    """
    if parent:
        return [tuple(name for name in get_editable(model) if name != parent[0])]
    groups = [columns for base, columns in _VALUES if issubclass(model, base)]
    grouped = {name for columns in groups for name in columns}
    return [columns for columns in groups if set(columns) & stated.keys()] + [
        (name,) for name in stated if name not in grouped
    ]


def is_corrected(row: models.Model, columns: Iterable[str], made: Mapping[str, Any]) -> bool:
    """Whether a value differs from what was made; what was not made had its default."""
    defaults = get_editable(type(row))
    return any(
        _as_json(getattr(row, name)) != (made[name] if name in made else _as_json(defaults[name]))
        for name in columns
        if name in defaults
    )


@cache
def get_editable(model: Model) -> dict[str, Any]:
    """Return the columns that an editor may correct, each with its default.

    The column that points to the part above it is none, nor are private notes and the slug, which
    are no part of what is stated.
    """
    return {
        field.attname: field.get_default()
        for field in model._meta.concrete_fields
        if field.editable
        and not field.primary_key
        and field.name not in ("internal_note", "slug")
        and getattr(field.remote_field, "on_delete", None) is not models.CASCADE
    }


def _as_json(value: Any) -> Any:
    """Return the value of a column as JSON keeps it."""
    return str(value) if isinstance(value, Decimal) else value


def _describe_correction(
    part: ImportedPart, ours: Mapping[str, Any], stated: Mapping[str, Any]
) -> str:
    """Return what an editor made of a value, and what the source states now."""
    names = [name for name in stated if ours[name] != stated[name]]
    label = f"{part.label}.{names[0]}" if len(names) == 1 else part.label

    def listed(values: Mapping[str, Any]) -> str:
        return ", ".join(f"{name} {quote_value(values[name])}" for name in names)

    return f"{label}: here {listed(ours)}; the source says {listed(stated)}"
