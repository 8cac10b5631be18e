"""Loading records from a YAML file into the working tables, as a whole or not at all.

A file lists records by type: `sources:`, `places:`, `actors:` and so on. A record has a `key`, by
which the file references it (records outside the file are referenced by slug or public id), a
`public_id`, and the fields of its model by name. A list below it is the whole list: it replaces the
present list where they differ. Fields that the file does not name stay as they are.

A record that needs a citation, and has none on itself or on any part, cites the source that the
file names with `cite:`, or else a source with the name of the file.

A record is set aside, with its lists, where the file contains something that a redaction removed.
If it is new, the records that reference it are set aside too. The other records are written.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, models, transaction

from editorial.models import NamedRecord, Record, SluggedRecord, record_models
from editorial.redaction.guards import Guards
from exchange.commands import describe_refusal
from exchange.set_aside import Reason, Reservations, get_references, name_record
from exchange.tables import is_storable, quote_value
from exchange.yaml_reader import DatasetError, Faults, describe_unknown, parse_yaml
from publishing.fields import LineField, WordsField
from sources.codes import SourceKind
from sources.models import Source


@cache
def get_columns(model: type[models.Model], parent: str = "") -> dict[str, models.Field]:
    """Return the columns that a file may name, by name."""
    columns = [c for c in model._meta.concrete_fields if c.editable and not c.primary_key]
    return {column.name: column for column in columns if column.name != parent}


@cache
def get_lists(model: type[models.Model]) -> dict[str, Any]:
    """Return the relations to the parts of a row of `model`, by related name."""
    relations = [r for r in model._meta.related_objects if r.on_delete is models.CASCADE]
    return {str(relation.get_accessor_name()): relation for relation in relations}


def read_values(instance: models.Model, parent: str = "") -> dict[str, Any]:
    """Return the values of the columns that a file may name."""
    columns = get_columns(type(instance), parent).values()
    return {column.attname: getattr(instance, column.attname) for column in columns}


def read_list(instance: models.Model, name: str) -> list[Any]:
    """Return the values of a list below a row, with the lists below its rows."""
    if instance.pk is None:
        return []
    relation = get_lists(type(instance))[name]
    parent, lists = relation.field.name, get_lists(relation.related_model)
    return [
        (read_values(part, parent), [read_list(part, below) for below in lists])
        for part in getattr(instance, name).order_by("pk")
    ]


def find_referenced(record: models.Model) -> Iterator[tuple[type[Record], int]]:
    """Yield the records that a record, or a part of it, references: type and primary key."""
    for column, model in get_references(type(record)):
        if key := getattr(record, column):
            yield model, key
    for name in get_lists(type(record)):
        for part in getattr(record, name).all():
            yield from find_referenced(part)


SET_ASIDE = "set aside"
STATES = ("created", "changed", "unchanged", SET_ASIDE)
"""What loading has done with a record."""
NOTES = "x-"
"""The prefix of top-level keys that are comments or hold YAML anchors."""


class _FaultyReferenceError(Exception):
    """A referenced record has faults, which are reported at its own place."""


class _SetAsideError(Exception):
    """Somebody works on the record, so what was written below it is rolled back."""


class _RedactedError(Exception):
    """The file contains something redacted: it is loaded again without those records."""


class _SkippedReferenceError(Exception):
    """A referenced record does not exist, since it is set aside."""


class _UnchangedError(Exception):
    """A list is the same as before, so what was written is rolled back."""


CITE = "cite"
"""The top-level key for the source that records without any citation cite."""

_Key = tuple[type[models.Model], str]
"""The type of a record and its key in the file."""


@dataclass
class _DatasetRow:
    """A row of the file, while it is written: a record or a part of it."""

    place: str
    content: dict[str, Any]
    instance: models.Model
    record: _Key
    """The record that it is or belongs to."""
    parent: str = ""
    """The field that points to the row above it; blank for a record."""
    faulty: set[str] = field(default_factory=set)
    """The fields with faults, which are reported already."""
    state: str = "waiting"
    reason: tuple[str, str] | None = None
    """The record that somebody works on, and who, so that it is not written."""


class LoadedRecord(NamedTuple):
    """A record of a file, and what loading did with it."""

    record: Record
    key: str
    """Its key in the file."""
    state: str
    """One of STATES."""
    reason: tuple[str, str] | None
    """The record that somebody works on, and who, where this one must not be submitted."""


@transaction.atomic
def load(text: str, command: str = "load", file: str = "") -> list[LoadedRecord]:
    """Write the records of a file; return each with what was done.

    `file` is the name of the file, for the source that records cite which have no citation; that
    source is returned as well. If it is blank, they cite only what the file names with `cite:`.

    A record is set aside, and stays as it is, where somebody works on it or where the file
    contains something that a redaction removed. `command` is the audit's name of loading this
    file; its own unpublished changes belong to nobody. Raises DatasetError with all faults, and
    then nothing is written.
    """
    data, redacted = parse_yaml(text), dict[_Key, Reason]()
    while True:
        loading = _Loading(data, Reservations(command), redacted, file)
        try:
            with transaction.atomic():
                loading.write_all()
        except _RedactedError:  # each time there is at least one more, so this ends
            redacted |= loading.redacted
            continue
        return [
            LoadedRecord(cast(Record, row.instance), key, row.state, loading.find_reason(row))
            for (_, key), row in loading.rows.items()
            if row.state != "waiting"
        ]


class _Loading:
    """One attempt to write a file: its records by type and key, and the faults so far."""

    def __init__(
        self,
        data: dict[Any, Any],
        reserved: Reservations,
        redacted: Mapping[_Key, Reason],
        file: str,
    ) -> None:
        self.data, self.faults, self.reserved = data, Faults(), reserved
        self.redacted: dict[_Key, Reason] = {}
        """The further records to set aside, each with the reason."""
        self.rows: dict[_Key, _DatasetRow] = {}
        types = {f"{word}s": model for word, model in record_models().items()}
        for name in data:
            if name not in types and name != CITE and not str(name).startswith(NOTES):
                self.faults.add(str(name), describe_unknown(name, [*types, CITE]))
        taken: dict[Any, str] = {}
        for name, model in types.items():
            for place, content in self.faults.listed(data.get(name, []), name):
                key, public_id = content.get("key"), _parse_uuid(content.get("public_id"))
                if not isinstance(key, str) or public_id is None:
                    self.faults.add(place, "A record needs a key, and a random UUID as public_id.")
                    continue
                for named, value in (("key", (model, key)), ("public_id", public_id)):
                    if taken.setdefault(value, place) != place:
                        self.faults.add(f"{place}.{named}", f"{taken[value]} has the same one.")
                row = _DatasetRow(place, content, model(public_id=public_id), (model, key))
                self.rows.setdefault((model, key), row)
        self.cite = data.get(CITE, file)
        """The key of the source that records without any citation cite."""
        self.file_source: _DatasetRow | None = None
        """The source with the name of the file, which is written only if records cite it."""
        if file and CITE not in data and (Source, file) not in self.rows:
            self.file_source = _make_file_source(file)
            self.rows[Source, file] = self.file_source
        for model in types.values():
            self._find(model)
        self.skipped = redacted.keys()
        for record, reason in redacted.items():
            self.rows[record].reason, self.rows[record].state = reason, SET_ASIDE
        self.guards = Guards.read(_get_public_id(row) for row in self.rows.values())

    def write_all(self) -> None:
        """Write every record with its lists. Raises DatasetError, _RedactedError."""
        rows = self.rows.values()
        for row in rows:
            if row is not self.file_source:
                self.write(row)
        for row in rows:  # every record exists by now and can be referenced
            self.write_lists(row)
        self.cite_source()
        self._report_lost_names()
        if self.redacted:
            raise _RedactedError  # before the faults, which skipped records may have caused
        if self.faults:
            raise DatasetError(self.faults)

    def _report_lost_names(self) -> None:
        """Report renamed records whose list of names lacks their public name."""
        for model in (
            model for model in record_models().values() if issubclass(model, NamedRecord)
        ):
            rows = {
                row.instance.pk: row
                for row in self.rows.values()
                if type(row.instance) is model and "names" in row.content and not row.reason
            }
            for record, name in model.find_former_names(rows):
                self.faults.add(
                    f"{rows[record.pk].place}.names",
                    f"{quote_value(name)} is its public name: add it to the list as a former "
                    "name, or set dropped_name to it if it must not stay public.",
                )

    def _find(self, model: type[Record]) -> None:
        """Lock the records of a type that exist already, and read them."""
        rows = {
            row.instance.public_id: row for row in self.rows.values() if type(row.instance) is model
        }
        keys = list(model.objects.filter(public_id__in=list(rows)).values_list("pk", flat=True))
        reasons = self.reserved.find(model, keys)
        for record in model.objects.filter(pk__in=keys):
            row = rows[record.public_id]
            row.instance, row.reason = record, reasons.get(record.pk)

    def find_reason(self, row: _DatasetRow) -> tuple[str, str] | None:
        """Return why a record, or one that it references, must not be submitted."""
        if row.reason or row.instance.pk is None:
            return row.reason
        referenced: dict[type[Record], set[int]] = defaultdict(set)
        for model, key in find_referenced(row.instance):
            referenced[model].add(key)
        for model, keys in referenced.items():
            for reason in self.reserved.find_private(model, keys).values():
                return reason
        return None

    def write(self, row: _DatasetRow) -> None:
        """Write a record without its lists, after the records that it references."""
        if row.state != "waiting":
            return
        row.state = "begun"
        before = read_values(row.instance) if row.instance.pk else None
        self.assign(row, ignored=("key", "public_id"))
        self.save(row, before)
        if before is None:
            row.state = "created"
        elif before == read_values(row.instance):
            row.state = "unchanged"
        else:
            row.state = SET_ASIDE if row.reason else "changed"

    def write_lists(self, row: _DatasetRow) -> None:
        """Write each list below a row, and roll it back where the list is the same as before."""
        if row.record in self.skipped:
            return
        for name, relation in get_lists(type(row.instance)).items():
            if name not in row.content or self._is_left(row, name):
                continue
            try:
                with transaction.atomic():
                    self.replace(row, name, relation.related_model, relation.field.name)
                    if row.reason:
                        raise _SetAsideError
            except _UnchangedError:
                continue
            except _SetAsideError:
                row.state = SET_ASIDE
            row.state = "changed" if row.state == "unchanged" else row.state

    def cite_source(self) -> None:
        """Cite a source for each record that needs a citation and has none."""
        if CITE in self.data:
            try:
                if not isinstance(self.cite, str):
                    raise ValidationError("Use the key of a source.")
                self.find_referenced(Source, require_storable(self.cite))
            except (_FaultyReferenceError, _SkippedReferenceError):
                pass  # reported, or set aside, at its own place
            except ValidationError as error:
                self.faults.add(CITE, *error.messages)
                return
        for model in record_models().values():
            if self.cite and model.serializer().needs_citation:
                rows = {
                    row.instance.pk: row
                    for row in self.rows.values()
                    if type(row.instance) is model and row.instance.pk
                }
                records = model.objects.filter(pk__in=list(rows))
                for record, body in records.render_bodies():
                    row = rows[record.pk]
                    free = not row.reason and row.record not in self.skipped
                    if free and model.serializer().lacks_citation(body):
                        self._cite(row)
                self._include_file_source(model, list(rows))

    def _cite(self, row: _DatasetRow) -> None:
        """Cite the source for a record."""
        relation = get_lists(type(row.instance))["citations"]
        citation = relation.related_model(**{relation.field.name: row.instance})
        content = {"source": self.cite}
        place = f"{row.place}.citations"
        part = _DatasetRow(place, content, citation, row.record, relation.field.name)
        self.assign(part)
        self.save(part)
        row.state = "changed" if row.state == "unchanged" else row.state

    def _include_file_source(self, model: type[Record], keys: list[int]) -> None:
        """Include the source with the name of the file if a record cites it from an earlier run."""
        if (row := self.file_source) is None or row.state != "waiting" or row.instance.pk is None:
            return
        citations = get_lists(model)["citations"].related_model._default_manager
        parent = get_lists(model)["citations"].field.name
        if citations.filter(**{f"{parent}__in": keys}, source=row.instance).exists():
            self.write(row)

    def _is_left(self, row: _DatasetRow, name: str) -> bool:
        """Whether a list stays: it is empty in the file, and here it has only the file's source."""
        source = self.file_source and self.file_source.instance.pk
        if name != "citations" or row.parent or row.content[name] or source is None:
            return False
        cited = getattr(row.instance, name).values_list("source", flat=True)
        return list(cited) == [source]

    def replace(self, row: _DatasetRow, name: str, model: type[models.Model], parent: str) -> None:
        """Replace one list below a row. Raises _UnchangedError."""
        before = read_list(row.instance, name)
        if before:
            getattr(row.instance, name).all().delete()
        for place, content in self.faults.listed(row.content[name], f"{row.place}.{name}"):
            part = _DatasetRow(place, content, model(**{parent: row.instance}), row.record, parent)
            self.assign(part)
            self.save(part)
            self.write_lists(part)
        if before == read_list(row.instance, name):
            raise _UnchangedError

    def assign(self, row: _DatasetRow, ignored: tuple[str, ...] = ()) -> None:
        """Set the columns of a row to the values in the file."""
        columns, lists = get_columns(type(row.instance), row.parent), get_lists(type(row.instance))
        for name in (name for name in row.content if name not in lists and name not in ignored):
            try:
                if name not in columns:
                    raise ValidationError(describe_unknown(name, [*columns, *lists]))
                setattr(row.instance, name, self.convert(columns[name], row.content[name]))
            except ValidationError as error:
                self.faults.add(f"{row.place}.{name}", *error.messages)
                row.faulty.add(name)
            except _SkippedReferenceError:
                self.note_redacted(row, f"{row.place}.{name} references a record that is set aside")
                row.faulty.add(name)
            except _FaultyReferenceError:
                row.faulty.add(name)

    def convert(self, column: models.Field, value: Any) -> Any:
        """Return a value of the file in the type of its column. Raises ValidationError."""
        if value is None and column.null:
            return None
        if isinstance(column, WordsField):
            if isinstance(value, list) and all(isinstance(word, str) for word in value):
                return [require_storable(word) for word in value]
            raise ValidationError("Use a list of words.")
        if not isinstance(value, bool if isinstance(column, models.BooleanField) else str):
            raise ValidationError(
                f"Invalid value {_quote_any(value)}: put a text in quotes, or remove the field."
            )
        if isinstance(value, str):
            require_storable(value)
        if column.is_relation:
            return self.find_referenced(cast("type[Record]", column.related_model), str(value))
        return column.to_python(value)

    def find_referenced(self, model: type[Record], key: str) -> models.Model:
        """Return the record with a key, a slug or a public id. Raises ValidationError."""
        if row := self.rows.get((model, key)):
            self.write(row)
            if row.instance.pk is None and row.state == SET_ASIDE:
                raise _SkippedReferenceError
            if row.state == "begun":
                raise ValidationError(f"“{key}” references this record in turn.")
            if row.instance.pk is None:
                raise _FaultyReferenceError
            return row.instance
        named = models.Q(public_id=_parse_uuid(key))
        if issubclass(model, SluggedRecord):
            named |= models.Q(slug=key)
        if record := model.objects.filter(named).first():
            return record
        raise ValidationError(
            f"There is no {model.type_name} {quote_value(key)} in the file or in the database."
        )

    def is_redacted(self, row: _DatasetRow) -> bool:
        """Whether a row would bring back what a redaction removed; the record is noted then."""
        record = self.rows[row.record]
        for violation in (
            self.guards.find_in_row(_get_public_id(record), row.instance) if self.guards else ()
        ):
            place = f"{row.place}.{violation.field}" if violation.field else row.place
            self.note_redacted(row, f"{place}: {violation.message}")
        return row.record in self.redacted

    def note_redacted(self, row: _DatasetRow, reason: str) -> None:
        """Note that the record of a row must be set aside."""
        self.redacted[row.record] = (
            name_record(cast(Record, self.rows[row.record].instance)),
            reason,
        )

    def save(self, row: _DatasetRow, before: dict[str, Any] | None = None) -> None:
        """Validate a row, and save it where it is valid and differs from the values `before`."""
        if self.is_redacted(row):
            return
        invalid = set(row.faulty)
        if row.parent and getattr(row.instance, row.parent).pk is None:
            invalid.add(row.parent)
        try:
            row.instance.full_clean(exclude=invalid)
            if not invalid and not row.reason and before != read_values(row.instance):
                with transaction.atomic():
                    row.instance.save()
        except ValidationError as error:
            reported: set[str] = set()  # a rule on dates may fault both the field and the row
            for name, messages in error.message_dict.items():
                place = row.place if name == NON_FIELD_ERRORS else f"{row.place}.{name}"
                self.faults.add(place, *(m for m in messages if m not in reported))
                reported |= set(messages)
        except DatabaseError as error:
            self.faults.add(row.place, describe_refusal(error))


def _make_file_source(name: str) -> _DatasetRow:
    """Return the row of the source with the name of a file; that of an earlier run, if any."""
    content = {"title": LineField.clean_text(name), "kind": SourceKind.DATASET.value}
    source = Source.objects.filter(**content).order_by("pk").first() if is_storable(name) else None
    return _DatasetRow(name, content, source or Source(), (Source, name))


def _get_public_id(row: _DatasetRow) -> UUID:
    return cast(Record, row.instance).public_id


def require_storable(text: str) -> str:
    """Return a text that the database can store. Raises ValidationError."""
    if not is_storable(text):
        raise ValidationError(f"{quote_value(text)} contains a character that cannot be stored.")
    return text


def _quote_any(value: Any) -> str:
    """Return a value for a message. Aliases can make a list very long, so it is not quoted."""
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "fields"
    return quote_value(value)


def _parse_uuid(value: Any) -> UUID | None:
    try:
        return UUID(value)
    except (AttributeError, TypeError, ValueError):
        return None
