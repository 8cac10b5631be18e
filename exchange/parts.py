"""Parts: what an importer makes of a row, written at first and brought up to date later.

A record and the rows below it are parts, each under a label of its own; `a/citation` hangs on `a`.
What was made is kept (`ImportedRow.made`), so a later release changes only what still stands as it
was made: what stands otherwise, an editor has corrected.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import models

from editorial.models import Record
from exchange.cells import shown
from exchange.copying import copy, reserve
from exchange.set_aside import quotes
from exchange.values import editable, is_corrected, plain, values_of

Made = dict[str, list[Any]]
"""By label: the primary key of a part, and the values that it was made with."""
Model = type[models.Model]


class Models(dict[str, Model]):
    """By label, what a part becomes; `name 2/citation` is as `name/citation`.

    What stands behind a blank tells apart the parts that are alike.
    """

    def __missing__(self, label: str) -> Model:
        word, slash, below = label.partition("/")
        return self[word.split(" ")[0] + slash + below.split(" ")[0]]


class Part(NamedTuple):
    """One row that is to be there."""

    label: str
    model: Model
    values: dict[str, Any]
    """By column; what JSON can keep, so that it can be compared with what was made before."""
    hangs_on: tuple[str, str] | None = None
    """The column that leads to another part, and the label of that; None for the record."""
    derived: Mapping[str, Any] = {}
    """What `save` would derive, and what is drawn once."""


@dataclass
class Outcome:
    """What bringing a record up to date has done."""

    made: Made
    changed: bool = False
    kept: list[str] = field(default_factory=list)
    """What editors corrected and the source now states otherwise: by label, both values."""


def held(model: Model, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `save` would derive for a row that held for a time."""
    row: Any = model(**values)
    row.derive()
    return {"certain": row.certain, "possible": row.possible}


def create(records: Sequence[list[Part]]) -> list[Made]:
    """Insert new records with all their parts; return what was made of each."""
    by_model: dict[Model, list[tuple[int, Part]]] = defaultdict(list)
    for number, parts in enumerate(records):
        for part in parts:
            by_model[part.model].append((number, part))
    made: list[Made] = [{} for _ in records]
    for model, found in by_model.items():
        rows = []
        for (number, part), key in zip(found, reserve(model, len(found)), strict=True):
            made[number][part.label] = [key, part.values]
            row = {"id": key, **part.values, **part.derived}
            if part.hangs_on:
                column, label = part.hangs_on
                row[column] = made[number][label][0]
            rows.append(row)
        copy(model, rows)
    return made


class Update:
    """Brings records up to date with what their rows say now.

    The columns `aside` follow what else changes and are no change by themselves: that a newer
    release says the same as an older one is no reason to cite the newer.

    Several columns may be one value, as the numbers of a figure: see `values_of`. Of such a value
    either all is the editor's or all is the source's.
    """

    def __init__(self, models_: Mapping[str, Model], made: Iterable[Made], aside: set[str]) -> None:
        self.models, self.aside = models_, aside
        keys: dict[Model, list[int]] = defaultdict(list)
        for each in made:
            for label, (key, _) in each.items():
                keys[models_[label]].append(key)
        self.rows = {
            model: model._default_manager.in_bulk(numbers) for model, numbers in keys.items()
        }

    def bring(self, parts: list[Part], before: Made) -> Outcome:
        """Write what is new, changed and gone, but for what an editor has corrected."""
        if read_alike(parts, before, self.aside):
            return Outcome(before)
        outcome = Outcome({})
        there = {label: self._row(label, key) for label, (key, _) in before.items()}
        corrected = set[str]()
        for part in parts:
            if part.label not in before:
                self._add(part, there, outcome)
                continue
            key, values = before[part.label]
            outcome.made[part.label] = [key, part.values]
            row = there[part.label]
            if row is None:
                continue
            if part.hangs_on and part.hangs_on[1] in corrected:
                # What was cited for a figure says nothing of the one that the editor made of it.
                outcome.made[part.label] = before[part.label]
                continue
            if self._change(part, values, row, outcome) and part.hangs_on:
                corrected.add(part.label)
        for label in before.keys() - outcome.made.keys():
            if "/" not in label:
                self._remove(label, before, there, outcome)
        return outcome

    def _row(self, label: str, key: int) -> Any:
        """Return a row that was made before; None where an editor has deleted it."""
        return self.rows.get(self.models[label], {}).get(key)

    def _change(self, part: Part, before: dict[str, Any], row: Any, outcome: Outcome) -> bool:
        """Change the values of a part that nobody corrected; return whether somebody did."""
        changed = corrected = False
        for columns in values_of(part.model, part.values, part.hangs_on):
            stated = {name: part.values[name] for name in columns if name in part.values}
            if is_corrected(row, columns, before):
                corrected = True
                new = {
                    name for name in stated.keys() - self.aside if stated[name] != before.get(name)
                }
                ours = {name: plain(getattr(row, name)) for name in stated}
                if new and any(ours[name] != stated[name] for name in ours.keys() - self.aside):
                    outcome.kept.append(_both(part, ours, stated))
                continue
            for name, value in stated.items():
                if value != plain(getattr(row, name)):
                    setattr(row, name, value)
                    changed = True
        if changed:
            row.save()
            outcome.changed = True
        return corrected

    def _add(self, part: Part, there: dict[str, Any], outcome: Outcome) -> None:
        """Add a part, unless an editor has deleted what it is to hang on."""
        assert part.hangs_on, "a record is there before it is brought up to date"
        column, label = part.hangs_on
        if there[label] is None:
            return
        row = part.model(**part.values, **part.derived, **{column: there[label].pk})
        row.save()
        there[part.label] = row
        outcome.made[part.label] = [row.pk, part.values]
        outcome.changed = True

    def _remove(self, label: str, before: Made, there: dict[str, Any], outcome: Outcome) -> None:
        """Delete a part with what hangs on it, unless an editor had a hand in them.

        A record is never deleted: it is for people to withdraw.
        """
        below = [name for name in before if name == label or name.startswith(f"{label}/")]
        if issubclass(self.models[label], Record):
            outcome.made |= {name: before[name] for name in below}
            outcome.kept.append(f"{label}: the source has it no more")
            return
        if there[label] is None:
            return
        touched = any(
            there[name] is None
            or is_corrected(there[name], editable(self.models[name]), before[name][1])
            for name in below
        )
        hanging = sum(
            relation.related_model._default_manager.filter(
                **{relation.field.name: there[label]}
            ).count()
            for relation in self.models[label]._meta.related_objects
            if relation.on_delete is models.CASCADE
        )
        if touched or hanging != len(below) - 1:
            outcome.kept.append(f"{label}: the source has it no more")
            return
        there[label].delete()
        outcome.changed = True


def read_alike(parts: list[Part], before: Made, aside: set[str]) -> bool:
    """Whether a row says of its record what it said before, but for the columns `aside`."""
    return before.keys() == {part.label for part in parts} and all(
        value == before[part.label][1].get(column)
        for part in parts
        for column, value in part.values.items()
        if column not in aside
    )


def _both(part: Part, ours: Mapping[str, Any], stated: Mapping[str, Any]) -> str:
    """Say what an editor made of a value, and what the source says of it now."""
    names = [name for name in stated if ours[name] != stated[name]]
    label = f"{part.label}.{names[0]}" if len(names) == 1 else part.label

    def listed(values: Mapping[str, Any]) -> str:
        return ", ".join(f"{name} {shown(values[name])}" for name in names)

    return f"{label}: here {listed(ours)}; the source says {listed(stated)}"


def find_quoted(made: Iterable[tuple[Model, Mapping[str, Any]]]) -> Iterator[tuple[Any, int]]:
    """Yield the records that some rows quote, by type and primary key."""
    for model, values in made:
        for column, quoted in quotes(model):
            if values.get(column) is not None:
                yield quoted, values[column]


class Candidate(NamedTuple):
    """A row that may be written."""

    key: str
    made: Made
    """What earlier runs made of it."""
    parts: Sequence[Part] = ()
    """What it is to become; empty where it is to stay as it is."""

    def records(self, models: Mapping[str, Model]) -> Iterator[tuple[Any, int]]:
        """Yield the records that were made of it, by type and primary key."""
        for label, (key, _) in self.made.items():
            if issubclass(models[label], Record):
                yield models[label], key

    def quoted(self, models: Mapping[str, Model]) -> Iterator[tuple[Any, int]]:
        """Yield the records that it quotes."""
        if self.parts:
            return find_quoted((part.model, part.values) for part in self.parts)
        return find_quoted((models[label], values) for label, (_, values) in self.made.items())
