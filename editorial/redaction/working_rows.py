"""The private side of a redaction: working rows, their audit, and rows that merges removed."""

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
from publishing.documents import REDACTED
from publishing.fields import EdtfField, LanguageField, SearchKeyField, WordField, WordsField
from publishing.models.dates import DerivedDates, Validity
from publishing.serializers import DerivedField

Changes = dict[str, Any]


class RowSelection(NamedTuple):
    """Rows of a model and the columns to empty; without columns, the rows are deleted."""

    model: type[models.Model]
    keys: set[int]
    columns: set[str]
    needed: bool = False
    """Whether a row that has a value in one of the columns is deleted."""


def row_tree(
    model: type[models.Model], keys: set[int]
) -> Iterator[tuple[type[models.Model], set[int]]]:
    """Yield a model with keys, and each model of parts with the keys of their past parts too."""
    yield model, keys
    for part, parent in audit.part_models(model):
        if part_keys := _find_parts(part, parent, keys):
            yield from row_tree(part, part_keys)


def _find_parts(part: type[models.Model], parent: str, keys: set[int]) -> set[int]:
    """Return the keys of the rows that are or were parts of some rows."""
    past = audit.event_model(part)._default_manager.filter(**{f"{parent}__in": keys})
    present = part._default_manager.filter(**{f"{parent}__in": keys})
    return {*past.values_list("pgh_obj_id", flat=True), *present.values_list("pk", flat=True)}


def select_rows(
    removal: FieldRemoval, serializer: Any, model: type[models.Model], key: int, document: Any
) -> list[RowSelection]:
    """Return the rows and columns at each path of a removal.

    A path to one row of a list means the row of that place in `document`, and its past versions.
    """
    return [_select_rows(serializer, model, {key}, path, document) for path in removal.targets]


def _select_rows(
    serializer: Any, model: Any, keys: set[int], path: list[PathStep], document: Any
) -> RowSelection:
    step, *rest = path
    property_ = properties(serializer).get(step.name)
    if property_ is None:
        names = ", ".join(properties(serializer))
        raise ValidationError(
            f"There is no property “{step.name}”. The properties are: {names}.", code="path"
        )
    if isinstance(property_.field, DerivedField):
        raise _make_derived_error(step)
    if property_.many and not property_.is_reference:
        relation = model._meta.get_field(serializer.fields[step.name].source)
        part, parent = relation.related_model, relation.field.attname
        part_keys, item = _find_parts(part, parent, keys), None
        if step.row is not None:
            rows = (document or {}).get(step.name) or []
            if step.row >= len(rows):
                raise ValidationError(
                    f"There is no {step.name}[{step.row}]: the list has {len(rows)} rows, and "
                    "the first is number 0.",
                    code="path",
                )
            item = rows[step.row]
            part_keys = _find_same(property_.inner, part, part_keys, item, step)
        if not rest:
            return RowSelection(part, part_keys, set())
        return _select_rows(property_.inner, part, part_keys, rest, item)
    if rest and property_.inner is not None and not property_.is_reference:
        inner = (document or {}).get(step.name)
        selection = _select_rows(property_.inner, model, keys, rest, inner)
        if selection.needed and can_be_null(serializer, property_):
            return RowSelection(model, keys, _columns(serializer, step.name, model))
        return selection
    columns = _columns(serializer, step.name, model)
    if rest or not columns or step.row is not None:
        raise _make_derived_error(step)
    return RowSelection(model, keys, columns, needed=not can_be_empty(serializer, property_))


def _make_derived_error(step: PathStep) -> ValidationError:
    return ValidationError(
        f"“{step.name}” follows from other properties: give the path of one of these.", code="path"
    )


def _find_same(serializer: Any, part: Any, keys: set[int], item: Any, step: PathStep) -> set[int]:
    """Return the keys of the rows that were ever equal to `item`; add their versions to `step`."""
    versions: dict[int, list[Any]] = {}
    for row in _iterate_versions(part, keys):
        version = documents.load(documents.dump(serializer.to_representation(row)))
        versions.setdefault(row.pk, []).append(version)
    same = {key for key in versions if any(is_same(serializer, item, v) for v in versions[key])}
    step.versions.extend([item, *(version for key in same for version in versions[key])])
    return same


def _iterate_versions(model: Any, keys: set[int]) -> Iterator[Any]:
    """Yield the current and all past versions of rows."""
    yield from model._default_manager.filter(pk__in=keys)
    for event in audit.event_model(model)._default_manager.filter(pgh_obj_id__in=keys):
        yield _as_row(model, event)


def _as_row(model: Any, row: Any) -> Any:
    return model(**{f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields})


def _columns(serializer: Any, name: str, model: Any) -> set[str]:
    """Return the columns of a property; none if it follows from other properties."""
    property_, field = properties(serializer)[name], serializer.fields[name]
    if property_.inner is not None and not property_.is_reference and not hasattr(field, "columns"):
        inner = property_.inner
        return {column for each in inner.fields for column in _columns(inner, each, model)}
    if isinstance(field, serializers.SerializerMethodField) or property_.many:
        return set()
    editable = {column.name for column in model._meta.concrete_fields if column.editable}
    return editable & set(getattr(field, "columns", (field.source,)))


class RowCleaner:
    """Cleans rows of working tables and their audit rows."""

    def __init__(self, removal: Removal | None, slug: str | None) -> None:
        self.removal, self.slug = removal, slug
        self.has_changed = False
        self.texts: set[str] = set()
        """The removed texts of fields, and the texts that named removed rows."""
        self._facts: list[list[set[str]]] = []

    def clean(
        self, model: Any, keys: set[int], columns: set[str] | None = None, needed: bool = False
    ) -> None:
        """Clean rows and their audit: empty the columns, or with None what the removal finds.

        If `columns` is empty, all rows are deleted. If they are `needed`, the rows that have a
        value in one of them are deleted.
        """
        for row in model._default_manager.filter(pk__in=keys):
            self._collect_facts(model, row, columns)
            if columns == set() or (needed and _has_value(row, columns or ())):
                self.has_changed = True
                row.delete()
            elif changes := self._changes(model, row, columns):
                self._update(model, row, changes)
        events = audit.event_model(model)
        with pgtrigger.ignore(f"{events._meta.label}:append_only"):
            for event in events._default_manager.filter(pgh_obj_id__in=keys):
                stored, row = events._default_manager.filter(pk=event.pk), _as_row(model, event)
                self._collect_facts(model, row, columns)
                changes = self._changes(model, row, columns)
                if columns is not None and _must_delete(row, columns):
                    self.has_changed = True
                    stored.delete()
                elif changes:
                    self.has_changed = True
                    stored.update(**changes)

    def _collect_facts(self, model: Any, row: Any, columns: set[str] | None) -> None:
        """Collect the facts that a row states in some columns, or as a whole, for the guards."""
        if not isinstance(self.removal, FieldRemoval) or columns is None:
            return
        if columns == {"slug"} and not self.removal.affects_slug(row.slug):
            return
        if not columns:
            names = facts.naming_columns(row)
            self._facts.append(facts.identities(row))
        else:
            names = [name for name in columns if not facts.is_word(model, name)] or list(columns)
            self._facts.append([{fact for name in names if (fact := facts.column_fact(row, name))}])
        self.texts |= {text for name in names if isinstance(text := getattr(row, name), str)}

    def take_facts(self) -> list[list[set[str]]]:
        """Return the facts that were collected since the last call."""
        collected, self._facts = self._facts, []
        return collected

    def _update(self, model: Any, row: Any, changes: Changes) -> None:
        """Write changes to a row; delete it if it is invalid or has another meaning with them."""
        self.has_changed = True
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
                    "The record needs a value there: correct it first, or redact the whole record.",
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
                if self.removal is None or self.removal.affects_slug(value):
                    row.slug = self.slug
            elif columns is None and self.removal is not None:
                if isinstance(value, str) and not isinstance(field, WordField):
                    cleaned = self.removal.clean_text(value)
                    if cleaned != value:
                        setattr(row, field.attname, _fit_text(field, cleaned))
            elif not columns or field.name in columns:
                setattr(row, field.attname, _empty(field, value))
        if any(getattr(row, name) != value for name, value in before.items()):
            _derive(row)
        return {name: getattr(row, name) for name in before if getattr(row, name) != before[name]}


def _has_value(row: Any, columns: Collection[str]) -> bool:
    """Return whether a row has a known value in one of some columns."""
    values = (getattr(row, row._meta.get_field(name).attname) for name in columns)
    return any(value not in (None, "", "unknown") for value in values)


def _must_delete(row: Any, columns: Collection[str]) -> bool:
    """Return whether an audit row has values in some columns that no other value can replace.

    Without columns, its references are checked.
    """
    if hasattr(row, "type_name"):
        return False
    fields = [
        field
        for field in row._meta.concrete_fields
        if (field.name in columns if columns else facts.is_reference(field))
    ]
    return _has_value(
        row,
        [
            field.name
            for field in fields
            if not isinstance(field, models.CharField | models.TextField)
            or isinstance(field, WordField)
        ],
    )


def _fit_text(field: Any, text: str) -> str | None:
    """Return a cleaned text if the column can contain it, else the empty value."""
    is_coded = isinstance(field, EdtfField | LanguageField | models.URLField)
    if is_coded or (field.max_length or len(REDACTED)) < len(REDACTED):
        return None if field.null else ""
    return text[: field.max_length]


def _empty(field: Any, value: Any) -> Any:
    """Return the value that replaces a removed one; the same value if none can."""
    if isinstance(field, models.ForeignKey):
        return None if field.null and facts.is_reference(field) else value
    if isinstance(field, WordsField):
        return ["unknown"] if "unknown" in dict(field.base_field.flatchoices) else []
    if isinstance(field, WordField):
        return "unknown" if "unknown" in dict(field.flatchoices) else value
    if isinstance(value, str):
        return _fit_text(field, REDACTED)
    return None if field.null else value


def _derive(row: Any) -> None:
    """Compute the columns that follow from others, after some were emptied."""
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


def find_unstated(removed: Iterable[list[set[str]]], current: set[str]) -> set[str]:
    """Return the facts that removed rows stated and that no current row states.

    Each row has sets of facts, from general to specific. If another row still states the general
    facts, such as the actor of two involvements, the specific ones are returned.
    """
    return set().union(
        *(next((s - current for s in sets if s - current), set()) for sets in removed)
    )


def clean_merges(removal: Removal | None, model: Any, keys: set[int]) -> None:
    """Delete the rows that a merge removed, so that undoing it does not restore their texts."""
    for merge in Merge.objects.exclude(removed=[]):
        remaining = [
            row
            for row in merge.removed
            if row["model"] != model._meta.label_lower
            or row["pk"] not in keys
            or (isinstance(removal, TextRemoval) and clean_texts(row, removal.clean_text) == row)
        ]
        if remaining != merge.removed:
            Merge.objects.filter(pk=merge.pk).update(removed=remaining)
