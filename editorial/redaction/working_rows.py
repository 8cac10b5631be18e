"""The private side of a redaction: working rows, their audit, and what merges removed of them."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from rest_framework import serializers

from dates import DateError
from editorial import audit
from editorial.models.merge import Merge
from editorial.redaction import facts
from editorial.redaction.removal import (
    REDACTED,
    FieldRemoval,
    PathStep,
    Removal,
    TextRemoval,
    can_be_empty,
    can_be_null,
    clean_texts,
    is_same,
)
from publishing import documents
from publishing.codes import EndKind, StartKind
from publishing.completion import properties
from publishing.fields import EdtfField, LanguageField, SearchKeyField, WordField, WordsField
from publishing.models.dates import DerivedDates, Validity

Changes = dict[str, Any]


class RowSelection(NamedTuple):
    """Some rows of a model, with the columns that are to be emptied; none: the row goes."""

    model: type[models.Model]
    keys: set[int]
    columns: set[str]
    needed: bool = False
    """Whether a row goes that has something in one of the columns."""


def row_tree(
    model: type[models.Model], keys: set[int]
) -> Iterator[tuple[type[models.Model], set[int]]]:
    """Yield each model with the keys of its rows that are, or ever were, part of some rows."""
    yield model, keys
    for part, parent in audit.part_models(model):
        if found := _keys(part, parent, keys):
            yield from row_tree(part, found)


def _keys(part: type[models.Model], parent: str, keys: set[int]) -> set[int]:
    past = audit.event_model(part)._default_manager.filter(**{f"{parent}__in": keys})
    present = part._default_manager.filter(**{f"{parent}__in": keys})
    return {*past.values_list("pgh_obj_id", flat=True), *present.values_list("pk", flat=True)}


def locate(
    fields: FieldRemoval, serializer: Any, model: type[models.Model], key: int, shown: Any
) -> list[RowSelection]:
    """Return the rows and columns that the paths of `fields` lead to, and follow their past."""
    return [_locate(serializer, model, {key}, target, 0, shown) for target in fields.targets]


def _locate(
    serializer: Any, model: Any, keys: set[int], target: list[PathStep], at: int, shown: Any
) -> RowSelection:
    step, last = target[at], at == len(target) - 1
    told = properties(serializer).get(step.name)
    if told is None:
        known = ", ".join(properties(serializer))
        raise ValidationError(
            f"There is no property “{step.name}”: there are {known}.", code="path"
        )
    if told.many and not told.is_reference:
        relation = model._meta.get_field(serializer.fields[step.name].source)
        part, parent = relation.related_model, relation.field.attname
        found, item = _keys(part, parent, keys), None
        if step.row is not None:
            rows = (shown or {}).get(step.name) or []
            if step.row >= len(rows):
                raise ValidationError(
                    f"There is no {step.name}[{step.row}]: counted from 0, there are {len(rows)}.",
                    code="path",
                )
            item = rows[step.row]
            found = _follow(told.inner, part, found, item, step)
        if last:
            return RowSelection(part, found, set())
        return _locate(told.inner, part, found, target, at + 1, item)
    if not last and told.inner is not None and not told.is_reference:
        inner = (shown or {}).get(step.name)
        spot = _locate(told.inner, model, keys, target, at + 1, inner)
        if spot.needed and can_be_null(serializer, told):
            return RowSelection(model, keys, _columns(serializer, step.name, model))
        return spot
    columns = _columns(serializer, step.name, model)
    if not last or not columns or step.row is not None:
        raise ValidationError(
            f"“{step.name}” follows from other properties: name the one that it follows from.",
            code="path",
        )
    return RowSelection(model, keys, columns, needed=not can_be_empty(serializer, told))


def _follow(serializer: Any, part: Any, keys: set[int], item: Any, step: PathStep) -> set[int]:
    """Return the keys of the row that reads as `item`; note on `step` how it has ever read."""
    forms: dict[int, list[Any]] = {}
    for row in _past(part, keys):
        told = documents.load(documents.dump(serializer.to_representation(row)))
        forms.setdefault(row.pk, []).append(told)
    same = {key for key, some in forms.items() if any(is_same(serializer, item, f) for f in some)}
    step.forms.extend([item, *(form for key in same for form in forms[key])])
    return same


def _past(model: Any, keys: set[int]) -> Iterator[Any]:
    """Yield every row as it is and as it ever was."""
    yield from model._default_manager.filter(pk__in=keys)
    for event in audit.event_model(model)._default_manager.filter(pgh_obj_id__in=keys):
        yield _as_row(model, event)


def _as_row(model: Any, row: Any) -> Any:
    return model(**{f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields})


def _columns(serializer: Any, name: str, model: Any) -> set[str]:
    """Return the columns that a property shows; none where it follows from others."""
    told, field = properties(serializer)[name], serializer.fields[name]
    if told.inner is not None and not told.is_reference and not hasattr(field, "columns"):
        inner = told.inner.fields
        return {column for each in inner for column in _columns(told.inner, each, model)}
    if isinstance(field, serializers.SerializerMethodField) or told.many:
        return set()
    named = getattr(field, "columns", (field.source,))
    known = {f.name: f for f in model._meta.concrete_fields}
    return {column for column in named if column in known and known[column].editable}


class RowCleaner:
    """Empties rows, of working tables and of their audit alike."""

    def __init__(self, removal: Removal | None, slug: str | None) -> None:
        self.removal, self.slug = removal, slug
        self.touched = False
        self.texts: set[str] = set()
        """The texts that named fields had, or that named the rows of named lists."""
        self._noted: list[list[set[str]]] = []

    def rows(
        self, model: Any, keys: set[int], columns: set[str] | None = None, *, needed: bool = False
    ) -> None:
        """Clean the rows of `keys`.

        Of the named columns, or of what the removal finds; with no columns named the rows go, and
        so do those that have something in columns that are `needed`.
        """
        for row in model._default_manager.filter(pk__in=keys):
            self._note(model, row, columns)
            if columns == set() or (needed and _holds(row, columns or ())):
                self.touched = True
                row.delete()
            elif changes := self._changes(model, row, columns):
                self._update(model, row, changes)
        events = audit.event_model(model)
        with pgtrigger.ignore(f"{events._meta.label}:append_only"):
            for event in events._default_manager.filter(pgh_obj_id__in=keys):
                stored, row = events._default_manager.filter(pk=event.pk), _as_row(model, event)
                self._note(model, row, columns)
                changes = self._changes(model, row, columns)
                if columns is not None and _keeps(row, columns):
                    self.touched = True
                    stored.delete()
                elif changes:
                    self.touched = True
                    stored.update(**changes)

    def _note(self, model: Any, row: Any, columns: set[str] | None) -> None:
        """Note what a row states in some columns, or as a whole, for its guard."""
        if not isinstance(self.removal, FieldRemoval) or columns is None:
            return
        if columns == {"slug"} and not self.removal.ends_slug(row.slug):
            return
        if not columns:
            names = facts.naming_columns(row)
            self._noted.append(facts.identities(row))
        else:
            names = [n for n in columns if not facts.is_word(model, n)] or list(columns)
            self._noted.append([{f for name in names if (f := facts.column_fact(row, name))}])
        self.texts |= {v for n in names if isinstance(v := getattr(row, n), str)}

    def noted(self) -> list[list[set[str]]]:
        """Return what was noted of rows since this was last called."""
        noted, self._noted = self._noted, []
        return noted

    def _update(self, model: Any, row: Any, changes: Changes) -> None:
        """Write the changes; where the rules of the row refuse them, the row goes."""
        self.touched = True
        needs = getattr(model, "needs", ())
        if any(changes.get(name, name) in (None, "", REDACTED) for name in needs):
            row.delete()
            return
        try:
            with transaction.atomic():
                model._default_manager.filter(pk=row.pk).update(**changes)
        except IntegrityError:
            if hasattr(model, "type_name"):
                raise ValidationError(
                    "The record cannot stand without it: correct it first, or redact the whole "
                    "record.",
                    code="needed",
                ) from None
            row.delete()

    def _changes(self, model: Any, row: Any, columns: set[str] | None) -> Changes:
        """Return the columns that change, with their new values."""
        before = {f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields}
        for field in model._meta.concrete_fields:
            value = before[field.attname]
            if value is None or value == "" or not field.editable or field.primary_key:
                continue
            if field.name == "slug":
                if self.removal is None or self.removal.ends_slug(value):
                    row.slug = self.slug
            elif columns is None and self.removal is not None:
                if isinstance(value, str) and not isinstance(field, WordField):
                    told = self.removal.text(value)
                    if told != value:
                        setattr(row, field.attname, _fitting(field, told))
            elif not columns or field.name in columns:
                setattr(row, field.attname, _emptied(field, value))
        if any(getattr(row, name) != value for name, value in before.items()):
            _derive(row)
        return {name: getattr(row, name) for name in before if getattr(row, name) != before[name]}


def _holds(row: Any, columns: Collection[str]) -> bool:
    """Return whether a row says something in one of some columns."""
    values = (getattr(row, row._meta.get_field(name).attname) for name in columns)
    return any(value not in (None, "", "unknown") for value in values)


def _keeps(row: Any, columns: Collection[str]) -> bool:
    """Return whether something is left in a row of the audit that nothing could stand for."""
    if hasattr(row, "type_name"):
        return False
    quotes = [
        field.name
        for field in row._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.PROTECT
    ]
    words = {
        name
        for name in columns or quotes
        if not isinstance(row._meta.get_field(name), models.CharField | models.TextField)
        or isinstance(row._meta.get_field(name), WordField)
    }
    return _holds(row, words)


def _fitting(field: Any, text: str) -> str | None:
    """Return a cleaned text if the column can hold it, else nothing."""
    coded = isinstance(field, EdtfField | LanguageField | models.URLField)
    if coded or (field.max_length or len(REDACTED)) < len(REDACTED):
        return None if field.null else ""
    return text[: field.max_length]


def _emptied(field: Any, value: Any) -> Any:
    """Return what stands in a column whose value was removed; the value where nothing can."""
    if isinstance(field, models.ForeignKey):
        part = field.remote_field.on_delete is models.CASCADE
        return None if field.null and not part else value
    if isinstance(field, WordsField):
        return ["unknown"] if "unknown" in dict(field.base_field.flatchoices) else []
    if isinstance(field, WordField):
        return "unknown" if "unknown" in dict(field.flatchoices) else value
    if isinstance(value, str):
        return _fitting(field, REDACTED)
    return None if field.null else value


def _derive(row: Any) -> None:
    """Compute what follows from the columns of a row, after some were emptied."""
    if isinstance(row, Validity):
        row.start_kind = row.start_kind if row.start else StartKind.UNKNOWN
        if not row.end and row.end_kind != EndKind.ONGOING:
            row.end_kind = EndKind.UNKNOWN
    for field in row._meta.concrete_fields:
        if isinstance(field, SearchKeyField):
            setattr(row, field.attname, field.key(getattr(row, field.of)))
    if isinstance(row, DerivedDates):
        try:
            row.derive()
        except DateError as error:
            raise ValidationError(str(error), code="date") from error


def find_unstated(noted: Iterable[list[set[str]]], standing: set[str]) -> set[str]:
    """Return the facts that rows stated and that no row states any more.

    Where another row still states a fact, such as the actor of two involvements, a narrower one
    stands in for it.
    """
    return set().union(
        *(next((f - standing for f in facts_ if f - standing), set()) for facts_ in noted)
    )


def forget_removed(removal: Removal | None, model: Any, keys: set[int]) -> None:
    """Drop what a merge removed of some rows, to bring it back when undone; it would tell it."""
    for merge in Merge.objects.exclude(removed=[]):
        kept = [
            row
            for row in merge.removed
            if row["model"] != model._meta.label_lower
            or row["pk"] not in keys
            or (isinstance(removal, TextRemoval) and clean_texts(row, removal.text) == row)
        ]
        if kept != merge.removed:
            Merge.objects.filter(pk=merge.pk).update(removed=kept)
