"""Dataset: records in a YAML file, written to the working tables as a whole or not at all.

A file lists records by type: `sources:`, `places:`, `actors:` and so on. A record has a `key`, by
which the file quotes it (what is not in the file is quoted by slug or public id), a `public_id`,
and the fields of its model by their names. A list below it is the whole list: it replaces the one
that is there, where they differ. What the file does not name stays as it is.

A record of which the file has something that a redaction removed is set aside with its lists; a
new one takes along the records that quote it. The others are written.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, models, transaction

from editorial.models import Record, SluggedRecord, record_models
from editorial.redaction.guards import Guards
from exchange.commands import describe_refusal
from exchange.set_aside import Reason, Reserved, get_references, name_record
from exchange.tables import is_storable, quote_value
from exchange.yaml_reader import DatasetError, Faults, describe_unknown, parse_yaml
from publishing.fields import WordsField


@cache
def get_columns(model: type[models.Model], parent: str = "") -> dict[str, models.Field]:
    """Return the columns that a file may name."""
    columns = [c for c in model._meta.concrete_fields if c.editable and not c.primary_key]
    return {column.name: column for column in columns if column.name != parent}


@cache
def get_lists(model: type[models.Model]) -> dict[str, Any]:
    """Return the relations to the rows that are part of a row of `model`, by related name."""
    relations = [r for r in model._meta.related_objects if r.on_delete is models.CASCADE]
    return {str(relation.get_accessor_name()): relation for relation in relations}


def read_values(instance: models.Model, parent: str = "") -> dict[str, Any]:
    """Return what stands in the columns that a file may name."""
    columns = get_columns(type(instance), parent).values()
    return {column.attname: getattr(instance, column.attname) for column in columns}


def read_list(instance: models.Model, name: str) -> list[Any]:
    """Return what stands in a list below a row, with the lists below its rows."""
    if instance.pk is None:
        return []
    relation = get_lists(type(instance))[name]
    parent, lists = relation.field.name, get_lists(relation.related_model)
    return [
        (read_values(part, parent), [read_list(part, below) for below in lists])
        for part in getattr(instance, name).order_by("pk")
    ]


def find_quoted(record: models.Model) -> Iterator[tuple[type[Record], int]]:
    """Yield the records that a record, or a row that is part of it, quotes."""
    for column, model in get_references(type(record)):
        if key := getattr(record, column):
            yield model, key
    for name in get_lists(type(record)):
        for part in getattr(record, name).all():
            yield from find_quoted(part)


SET_ASIDE = "set aside"
STATES = ("created", "changed", "unchanged", SET_ASIDE)
"""What loading may have done with a record."""
NOTES = "x-"
"""What a top-level key begins with that is for readers and YAML anchors alone."""


class _FaultyElsewhereError(Exception):
    """A reference leads to a record whose own faults are told in its place."""


class _SetAsideError(Exception):
    """Somebody has the record in hand, so what was written below it is rolled back."""


class _RedactedError(Exception):
    """A redaction removed something of the file: it is loaded anew without those records."""


class _QuotesRedactedError(Exception):
    """A reference leads to a record that is not here, since it is set aside."""


class _UnchangedError(Exception):
    """A list reads as it did before, so what was written is rolled back."""


_Key = tuple[type[models.Model], str]
"""The type of a record and what the file calls it."""


@dataclass
class _DatasetRow:
    """One row of the file on its way to the database."""

    place: str
    told: dict[str, Any]
    instance: models.Model
    record: _Key
    """The record that it is, or is part of."""
    parent: str = ""
    """The field that leads to the row it is part of; blank for a record."""
    faulty: set[str] = field(default_factory=set)
    """The fields without a sound value, whose faults are told already."""
    state: str = "waiting"
    reason: tuple[str, str] | None = None
    """Who has the record in hand, so that it stays as it is."""


class LoadedRecord(NamedTuple):
    """A record of a file, and what loading has done with it."""

    record: Record
    key: str
    """What the file calls it."""
    state: str
    """One of STATES."""
    reason: tuple[str, str] | None
    """The record that somebody has in hand, and who, where this one is not to be submitted."""


@transaction.atomic
def load(text: str, own: str = "load") -> list[LoadedRecord]:
    """Write the records of a file; return each with what was done.

    A record that somebody has in hand is set aside: it stays as it is. So does one of which a
    redaction removed what the file has. `own` is what the audit calls the loading of this file,
    whose own drafts nobody has in hand. Raises DatasetError with all faults, having written
    nothing.
    """
    data, redacted = parse_yaml(text), dict[_Key, Reason]()
    while True:
        loading = _Loading(data, Reserved(own), redacted)
        try:
            with transaction.atomic():
                loading.write_all()
        except _RedactedError:  # there is one more of them each time
            redacted |= loading.redacted
            continue
        return [
            LoadedRecord(cast(Record, row.instance), key, row.state, loading.reason(row))
            for (_, key), row in loading.rows.items()
        ]


class _Loading:
    """The records of the file by type and key, and the faults found so far."""

    def __init__(
        self, data: dict[Any, Any], reserved: Reserved, redacted: Mapping[_Key, Reason]
    ) -> None:
        self.faults, self.reserved = Faults(), reserved
        self.redacted: dict[_Key, Reason] = {}
        """The records that are to be set aside as well, each with why."""
        self.rows: dict[_Key, _DatasetRow] = {}
        types = {f"{word}s": model for word, model in record_models().items()}
        for name in data:
            if name not in types and not str(name).startswith(NOTES):
                self.faults.add(str(name), describe_unknown(name, types))
        taken: dict[Any, str] = {}
        for name, model in types.items():
            for place, told in self.faults.listed(data.get(name, []), name):
                key, public_id = told.get("key"), _parse_uuid(told.get("public_id"))
                if not isinstance(key, str) or public_id is None:
                    self.faults.add(place, "Give a key, and a random UUID as the public_id.")
                    continue
                for named, value in (("key", (model, key)), ("public_id", public_id)):
                    if taken.setdefault(value, place) != place:
                        self.faults.add(f"{place}.{named}", f"It is that of {taken[value]}.")
                row = _DatasetRow(place, told, model(public_id=public_id), (model, key))
                self.rows.setdefault((model, key), row)
        for model in types.values():
            self._find(model)
        self.skipped = redacted.keys()
        for record, reason in redacted.items():
            self.rows[record].reason, self.rows[record].state = reason, SET_ASIDE
        self.guards = Guards.of(_get_public_id(row) for row in self.rows.values())

    def write_all(self) -> None:
        """Write every record with its lists. Raises DatasetError, _RedactedError."""
        rows = self.rows.values()
        for row in rows:
            self.write(row)
        for row in rows:  # now that every record is there to be quoted
            self.write_lists(row)
        if self.redacted:
            raise _RedactedError  # what was not written may have led to faults elsewhere
        if self.faults:
            raise DatasetError(self.faults)

    def _find(self, model: type[Record]) -> None:
        """Lock the records of a type that are there already, and read them."""
        rows = {
            row.instance.public_id: row for row in self.rows.values() if type(row.instance) is model
        }
        keys = list(model.objects.filter(public_id__in=list(rows)).values_list("pk", flat=True))
        reasons = self.reserved.find(model, keys)
        for record in model.objects.filter(pk__in=keys):
            row = rows[record.public_id]
            row.instance, row.reason = record, reasons.get(record.pk)

    def reason(self, row: _DatasetRow) -> tuple[str, str] | None:
        """Return why a record is not to be submitted: it, or what it quotes, is in hand."""
        if row.reason or row.instance.pk is None:
            return row.reason
        quoted: dict[type[Record], set[int]] = defaultdict(set)
        for model, key in find_quoted(row.instance):
            quoted[model].add(key)
        found = [self.reserved.find_unquotable(model, keys) for model, keys in quoted.items()]
        return next((reason for reasons in found for reason in reasons.values()), None)

    def write(self, row: _DatasetRow) -> None:
        """Write a record itself, after the records that it quotes."""
        if row.state != "waiting":
            return
        row.state = "begun"
        held = read_values(row.instance) if row.instance.pk else None
        self.assign(row, besides=("key", "public_id"))
        self.save(row, held)
        unchanged = held == read_values(row.instance)
        changed = "set aside" if row.reason else "changed"
        row.state = "created" if held is None else "unchanged" if unchanged else changed

    def write_lists(self, row: _DatasetRow) -> None:
        """Write each list below a row, and undo it where it comes out as it was."""
        if row.record in self.skipped:
            return
        for name, relation in get_lists(type(row.instance)).items():
            if name not in row.told:
                continue
            try:
                with transaction.atomic():
                    self.replace(row, name, relation.related_model, relation.field.name)
                    if row.reason:
                        raise _SetAsideError
            except _UnchangedError:
                continue
            except _SetAsideError:
                row.state = "set aside"
            row.state = "changed" if row.state == "unchanged" else row.state

    def replace(self, row: _DatasetRow, name: str, model: type[models.Model], parent: str) -> None:
        """Write one list below a row anew. Raises _UnchangedError."""
        held = read_list(row.instance, name)
        if held:
            getattr(row.instance, name).all().delete()
        for place, told in self.faults.listed(row.told[name], f"{row.place}.{name}"):
            part = _DatasetRow(place, told, model(**{parent: row.instance}), row.record, parent)
            self.assign(part)
            self.save(part)
            self.write_lists(part)
        if held == read_list(row.instance, name):
            raise _UnchangedError

    def assign(self, row: _DatasetRow, besides: tuple[str, ...] = ()) -> None:
        """Put what the file tells into the columns of a row."""
        columns, lists = get_columns(type(row.instance), row.parent), get_lists(type(row.instance))
        for name in (name for name in row.told if name not in lists and name not in besides):
            try:
                if name not in columns:
                    raise ValidationError(describe_unknown(name, [*columns, *lists]))
                setattr(row.instance, name, self.value(columns[name], row.told[name]))
            except ValidationError as error:
                self.faults.add(f"{row.place}.{name}", *error.messages)
                row.faulty.add(name)
            except _QuotesRedactedError:
                self.note(row, f"{row.place}.{name} quotes a record that is set aside")
                row.faulty.add(name)
            except _FaultyElsewhereError:
                row.faulty.add(name)

    def value(self, column: models.Field, told: Any) -> Any:
        """Return what the file tells as the column keeps it. Raises ValidationError."""
        if told is None and column.null:
            return None
        if isinstance(column, WordsField):
            if isinstance(told, list) and all(isinstance(word, str) for word in told):
                return [require_storable(word) for word in told]
            raise ValidationError("Give a list of words.")
        if not isinstance(told, bool if isinstance(column, models.BooleanField) else str):
            raise ValidationError(
                f"It cannot be {_quote_any(told)}: put a text in quotes, or leave it out."
            )
        if isinstance(told, str):
            require_storable(told)
        if column.is_relation:
            return self.quoted(cast("type[Record]", column.related_model), str(told))
        return column.to_python(told)

    def quoted(self, model: type[Record], key: str) -> models.Model:
        """Return the record that a key, a slug or a public id names. Raises ValidationError."""
        if row := self.rows.get((model, key)):
            self.write(row)
            if row.instance.pk is None and row.state == SET_ASIDE:
                raise _QuotesRedactedError
            if row.state == "begun":
                raise ValidationError(f"“{key}” leads back to this record.")
            if row.instance.pk is None:
                raise _FaultyElsewhereError
            return row.instance
        named = models.Q(public_id=_parse_uuid(key))
        if issubclass(model, SluggedRecord):
            named |= models.Q(slug=key)
        if found := model.objects.filter(named).first():
            return found
        raise ValidationError(
            f"There is no {model.type_name} {quote_value(key)}, in the file or outside."
        )

    def is_redacted(self, row: _DatasetRow) -> bool:
        """Whether a redaction removed from the record what a row would write: it is noted."""
        record = self.rows[row.record]
        for violation in (
            self.guards.row(_get_public_id(record), row.instance) if self.guards else ()
        ):
            place = f"{row.place}.{violation.field}" if violation.field else row.place
            self.note(row, f"{place}: {violation.message}")
        return row.record in self.redacted

    def note(self, row: _DatasetRow, why: str) -> None:
        """Note that the record of a row is to be set aside."""
        self.redacted[row.record] = name_record(cast(Record, self.rows[row.record].instance)), why

    def save(self, row: _DatasetRow, held: dict[str, Any] | None = None) -> None:
        """Check a row, and save it where it is sound and stands otherwise than `held`."""
        if self.is_redacted(row):
            return
        unsound = set(row.faulty)
        if row.parent and getattr(row.instance, row.parent).pk is None:
            unsound.add(row.parent)
        try:
            row.instance.full_clean(exclude=unsound)
            if not unsound and not row.reason and held != read_values(row.instance):
                with transaction.atomic():
                    row.instance.save()
        except ValidationError as error:
            told: set[str] = set()  # a rule of dates speaks for the field and for the row
            for name, messages in error.message_dict.items():
                place = row.place if name == NON_FIELD_ERRORS else f"{row.place}.{name}"
                self.faults.add(place, *(m for m in messages if m not in told))
                told |= set(messages)
        except DatabaseError as error:
            self.faults.add(row.place, describe_refusal(error))


def _get_public_id(row: _DatasetRow) -> UUID:
    return cast(Record, row.instance).public_id


def require_storable(text: str) -> str:
    """Return a text that the database can hold. Raises ValidationError."""
    if not is_storable(text):
        raise ValidationError(f"{quote_value(text)} has a character that no text can hold.")
    return text


def _quote_any(told: Any) -> str:
    """Return a value for a message: a list may be as long as its aliases make it."""
    return (
        "a list"
        if isinstance(told, list)
        else "fields"
        if isinstance(told, dict)
        else quote_value(told)
    )


def _parse_uuid(told: Any) -> UUID | None:
    try:
        return UUID(told)
    except (AttributeError, TypeError, ValueError):
        return None
