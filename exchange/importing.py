"""The import engine: how the rows of a dataset become records, for every dataset.

A row is read, staged and compared with what earlier runs imported. A new or changed row is
converted to a record with its parts, and written unless somebody works on that record. What was
made of a row is stored (`ImportedRow.made`), so that a later run can tell the corrections of
editors from the changes of the dataset. A dataset is a subclass of `Import`, which declares what
differs: how its rows are read and what they become.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from dates import DateError
from editorial import audit
from editorial.models import Record, record_models
from exchange.bulk_insert import copy_rows, reserve_keys
from exchange.commands import InputError
from exchange.coverage import Coverage, MissingRow
from exchange.models import ImportedRow
from exchange.parts import (
    Candidate,
    ImportedPart,
    Made,
    RecordUpdate,
    UpdateOutcome,
    create,
    reads_alike,
)
from exchange.redaction import GuardedRows
from exchange.releases import ReleaseNumber, find_release, parse_release
from exchange.report import Report
from exchange.set_aside import Reservations, SetAsideRow, name_record
from exchange.staging import CHUNK, StagedRow, Staging
from exchange.tables import Row, TableFormat, UnreadableError, count_lines, quote_value
from publishing.bulk import analyze, iterate_in_chunks
from publishing.commands import Progress
from publishing.models import Edition
from sources.codes import SourceKind
from sources.models import Publisher, Source

COMMAND = "ingest"
"""How the audit's name of every import begins: what imports wrote is nobody's draft."""
_STORED = ("release", "row", "sha256", "source", "flags", "made")
"""The columns of ImportedRow that are written again when a row changes."""
_UNCOMPARED = {"source_id", "locator"}
"""Columns that are no change by themselves: a newer release that states the same as an older one
is no reason to cite the newer one."""


class Conversion(NamedTuple):
    """A staged row and what it becomes."""

    staged: StagedRow
    record: UUID
    """The public id of the record that the row is stored for."""
    parts: list[ImportedPart]
    existing: Made = {}
    """The parts that were in the database before any row stated them, by label."""


Convert = Callable[[list[StagedRow], Mapping[str, ImportedRow]], Iterable[Conversion]]
"""Returns what staged rows become, given by key what earlier runs imported. It leaves out rows
that it sets aside."""


class Import(GuardedRows, ABC):
    """An import of one file: `write` it, then submit `records`. The caller holds one transaction.

    A subclass declares a dataset and is listed in CODEBOOKS of the command.
    """

    help: ClassVar[str]
    """What the import does, for `manage.py ingest --help`."""
    dataset: ClassVar[str]
    """The word for the dataset in the database (ImportedRow.dataset)."""
    name: ClassVar[str]
    """The name of the dataset, without the release."""
    rows: ClassVar[str] = "rows"
    """What one row is about, for the report: “events: 5 (3 created ...)”."""
    publisher: ClassVar[Mapping[str, Any]]
    """The columns of its publisher, where that is created."""
    about: ClassVar[Mapping[str, Any]]
    """The columns of its source beyond title and kind, where that is created."""
    table: ClassVar[TableFormat]
    """The shape of its files."""
    key_column: ClassVar[str]
    """The column that a fault is reported for when two rows have the same key."""

    def __init__(
        self,
        path: Path,
        release: str,
        progress: Progress,
        *,
        force: bool = False,
        coverage: Coverage | None = None,
    ) -> None:
        try:
            self.release = str(parse_release(release)) if release else find_release(path.stem)
        except ValueError:
            raise InputError(
                f"{quote_value(release)} is not a release: use a number such as 24.1, 24.0.3 or "
                "24.01.24.03."
            ) from None
        self.path, self.progress, self.force, self.coverage = path, progress, force, coverage
        self.title = f"{self.name} {self.release or '(release not stated)'}"
        super().__init__(Report(self.title, self.rows))
        self.staging = Staging(self.dataset)
        self.stagings: list[Staging] = []
        """What `write_rows` has written."""
        self.reserved = Reservations(COMMAND)
        self.skipped: set[str] = set()
        """The keys of the rows that this run sets aside."""
        self.changed = defaultdict[type[Record], set[int]](set)
        """The primary keys of the records that this run changed, by type."""

    # What a subclass declares.

    @abstractmethod
    def write(self) -> None:
        """Write what is new and update what changed. Raises InputError."""

    @abstractmethod
    def parse(self, row: Row) -> Any:
        """Return what a row states, with its `key`. Raises UnreadableError with all its faults."""

    @abstractmethod
    def find_referenced(self) -> Iterable[Record]:
        """Return the records that rows of the file reference, although no row describes them."""

    def find_missing(self, coverage: Coverage) -> Iterator[MissingRow]:
        """Yield the rows of earlier releases that a file of such coverage should have."""
        raise InputError(f"Coverage cannot be declared for {self.name}.")

    # Reading.

    def read_rows(self) -> Iterator[tuple[int, Row, Any]]:
        """Yield each readable row with its number and what it states; report the other rows."""
        numbers: dict[str, int] = {}
        with self.progress.phase("read", count_lines(self.path)) as step:
            for number, row in self.table.rows(self.path):
                step()
                try:
                    if isinstance(row, UnreadableError):
                        raise row
                    parsed = self.parse(row)
                    if parsed.key in numbers:
                        raise UnreadableError(
                            {
                                self.key_column: f"row {numbers[parsed.key]} has the same key: "
                                f"{quote_value(parsed.key)}"
                            }
                        )
                except UnreadableError as error:
                    self.report.refuse(f"{self.path.name}, row {number}", error)
                    continue
                numbers[parsed.key] = number
                yield number, row, parsed

    def stage(self, staging: Staging, rows: Iterable[tuple[StagedRow, str]]) -> None:
        """Stage rows, and refuse an older release than the imported one. Raises InputError."""
        staging.fill(rows)
        if self.force or not self.release:
            return
        ours = parse_release(self.release)
        releases = filter(None, map(_parse_imported, staging.find_releases()))
        newest = max(releases, default=ours)
        if newest > ours:
            raise InputError(
                f"The file is release {ours}, but some of its rows were imported from release "
                f"{newest}, which is newer. Add --force to write the older release over it."
            )

    def report_missing(self) -> None:
        """Report what the file lacks of all that it is declared to have."""
        if self.coverage is not None:
            self.report.gone = sorted(self.find_missing(self.coverage))

    # Writing.

    def write_rows(self, staging: Staging, convert: Convert) -> None:
        """Write the staged rows that are new or changed, chunk by chunk."""
        self.stagings.append(staging)
        self._set_aside_unsubmitted(staging)
        self.report.unchanged += staging.unchanged
        with self.progress.phase("write", staging.new + staging.changed) as step:
            for chunk in staging.chunks():
                self._write_chunk(staging.dataset, chunk, convert)
                step(len(chunk))
        if staging.new > CHUNK:
            written = {*self.models.values()}
            analyze({ImportedRow, *written, *map(audit.event_model, written)})

    def _set_aside_unsubmitted(self, staging: Staging) -> None:
        """Set aside rows whose records are unsubmitted and belong to somebody.

        A record that repeats what was redacted of a referenced record is written again, without it.
        """
        keys = sorted(set(self._find_unsubmitted(staging).values()))
        for start in range(0, len(keys), CHUNK):
            rows = ImportedRow.objects.filter(
                dataset=staging.dataset, key__in=keys[start : start + CHUNK]
            )
            candidates = [Candidate(row.key, row.made) for row in rows.only("key", "made")]
            rewritten = self.find_repeating_redacted(candidates)
            staging.reopen(rewritten)
            self.set_aside(candidate for candidate in candidates if candidate.key not in rewritten)

    def _write_chunk(self, dataset: str, chunk: list[StagedRow], convert: Convert) -> None:
        imported = {
            row.key: row
            for row in ImportedRow.objects.filter(
                dataset=dataset, key__in=[staged.key for staged in chunk]
            )
        }
        conversions = {
            conversion.staged.key: conversion
            for conversion in convert(list(self._select(chunk, imported)), imported)
        }
        before = {
            key: imported[key].made if key in imported else conversion.existing
            for key, conversion in conversions.items()
        }
        changing = [
            Candidate(key, before[key], conversion.parts)
            for key, conversion in conversions.items()
            if key not in imported or not reads_alike(conversion.parts, before[key], _UNCOMPARED)
        ]
        self.set_aside(changing)
        changing = [candidate for candidate in changing if candidate.key not in self.skipped]
        outcomes = self._write_candidates(changing)
        created, updated = [], []
        for key, conversion in conversions.items():
            if key in self.skipped:
                continue
            outcome = outcomes.get(key, UpdateOutcome(before[key]))
            self.report.corrections += [f"{key} {text}" for text in outcome.corrections]
            values = self._stored_values(dataset, conversion.staged) | {"made": outcome.made}
            row = imported.get(key)
            if row is None:
                created.append(values | {"record": conversion.record})
                continue
            self.report.changed += outcome.changed
            self.report.unchanged += not outcome.changed
            for column, value in values.items():
                setattr(row, column, value)
            updated.append(row)
        self.report.created += len(created)
        keys = reserve_keys(ImportedRow, len(created))
        copy_rows(
            ImportedRow, [values | {"id": key} for values, key in zip(created, keys, strict=True)]
        )
        ImportedRow.objects.bulk_update(updated, _STORED, batch_size=CHUNK)

    def _select(
        self, chunk: Iterable[StagedRow], imported: Mapping[str, ImportedRow]
    ) -> Iterator[StagedRow]:
        """Yield the rows that imports may write; report those of redacted or ended records."""
        editions = Edition.objects.newest_of([row.record for row in imported.values()])
        ended = set(editions.filter(public=False).values_list("record", flat=True))
        for staged in chunk:
            row = imported.get(staged.key)
            if staged.key in self.skipped:
                continue
            if row and row.redaction:
                self.set_aside_redacted(row.key, row.record, row.redaction)
            elif row and row.record in ended:
                self.report.left += 1
            else:
                yield staged

    def _write_candidates(self, candidates: Collection[Candidate]) -> dict[str, UpdateOutcome]:
        """Create or update the records of rows; return what was done with each, by key.

        A row that breaks a rule together with what editors wrote is set aside.
        """
        fresh = [candidate for candidate in candidates if not candidate.made]
        made = create([candidate.parts for candidate in fresh])
        outcomes = {
            candidate.key: UpdateOutcome(parts, changed=True)
            for candidate, parts in zip(fresh, made, strict=True)
        }
        others = [candidate for candidate in candidates if candidate.made]
        update = RecordUpdate(self.models, [candidate.made for candidate in others], _UNCOMPARED)
        for candidate in others:
            try:
                with transaction.atomic():
                    outcome = update.apply(candidate.parts, candidate.made)
            except (IntegrityError, DateError) as error:
                self._report_conflict(candidate, error)
                continue
            outcomes[candidate.key] = outcome
            if outcome.changed:
                for model, key in Candidate(candidate.key, outcome.made).records(self.models):
                    self.changed[model].add(key)
        return outcomes

    def _report_conflict(self, candidate: Candidate, error: Exception) -> None:
        """Set aside a row that breaks a rule together with what editors wrote."""
        diagnosis = getattr(error.__cause__, "diag", None)
        rule = getattr(diagnosis, "constraint_name", None) or "dates that contradict each other"
        model, key = next(candidate.records(self.models))
        record = name_record(model.objects.get(pk=key))
        reason = f"does not fit what editors wrote: {rule}"
        self.report.set_aside.append(SetAsideRow(candidate.key, record, reason))
        self.skipped.add(candidate.key)

    def _stored_values(self, dataset: str, staged: StagedRow) -> dict[str, Any]:
        """Return the columns of ImportedRow for a row as it was read."""
        return {
            "dataset": dataset,
            "release": self.release,
            "key": staged.key,
            "row": staged.row,
            "sha256": staged.sha256,
            "source_id": self.cited.pk,
            "flags": staged.flags,
        }

    # Setting aside.

    def set_aside(self, candidates: Iterable[Candidate]) -> None:
        """Set aside, and report, the rows that this run must not write.

        These are rows of a record that somebody works on, rows that reference a record which is not
        public and cannot be submitted with them, and rows that would bring back what a redaction
        removed. The records of the other rows stay locked until the transaction ends.
        """
        listed = list(candidates)
        made, referenced = defaultdict[Any, set[int]](set), defaultdict[Any, set[int]](set)
        for candidate in listed:
            for model, key in candidate.records(self.models):
                made[model].add(key)
            for model, key in candidate.list_references(self.models):
                referenced[model].add(key)
        redacted = self.find_redacted(listed, made)
        # Always in the order of the registry, so that two transactions cannot deadlock.
        types = record_models().values()
        taken = {model: self.reserved.find(model, made[model]) for model in types}
        private = {model: self.reserved.find_private(model, referenced[model]) for model in types}
        for candidate in listed:
            reasons = [taken[model].get(key) for model, key in candidate.records(self.models)]
            reasons += [
                private[model].get(key) for model, key in candidate.list_references(self.models)
            ]
            reasons.append(redacted.get(candidate.key))
            if reason := next(filter(None, reasons), None):
                self.report.set_aside.append(SetAsideRow(candidate.key, *reason))
                self.skipped.add(candidate.key)

    # Submitting.

    def records(self) -> Iterator[Record]:
        """Yield the records to submit: first those that others reference."""
        waiting = {
            record
            for staging in self.stagings
            for record, key in self._find_unsubmitted(staging).items()
            if key not in self.skipped
        }
        if not waiting and not any(self.changed.values()):
            return
        publisher = self.cited.publisher
        releases = Source.objects.filter(publisher=publisher, title__startswith=self.name)
        cited: list[Record] = [publisher] if publisher else []
        referenced = list(self._select_unsubmitted([*cited, *releases, *self.find_referenced()]))
        yield from referenced
        waiting -= {record.public_id for record in referenced}
        for model in self._record_types():
            changed = model.objects.filter(pk__any=self.changed[model]).order_by()
            ids = set(changed.values_list("public_id", flat=True))
            ended = Edition.objects.newest_of(list(ids)).filter(public=False)
            ids -= {*ended.values_list("record", flat=True), *(r.public_id for r in referenced)}
            records = model.objects.filter(public_id__any=waiting | ids)
            keys = list(records.order_by("pk").values_list("pk", flat=True))
            for start in range(0, len(keys), CHUNK):
                chunk = model.objects.filter(pk__any=keys[start : start + CHUNK])
                yield from iterate_in_chunks(chunk, CHUNK)

    def _select_unsubmitted(self, records: Collection[Record]) -> Iterator[Record]:
        """Yield the records that were never public and that nobody works on."""
        editions = Edition.objects.filter(record__any=[record.public_id for record in records])
        public = set(editions.values_list("record", flat=True))
        fresh = [record for record in records if record.public_id not in public]
        for model in record_models().values():
            typed = [record for record in fresh if type(record) is model]
            taken = self.reserved.find(model, [record.pk for record in typed])
            yield from (record for record in typed if record.pk not in taken)

    def _find_unsubmitted(self, staging: Staging) -> dict[UUID, str]:
        """Return the records of staged rows that nobody has submitted, each with its row's key."""
        return staging.find_unsubmitted(
            {label: model for label, model in self.models.items() if issubclass(model, Record)}
        )

    def _record_types(self) -> list[type[Record]]:
        """Return the types of the records that rows become: first those that others reference."""
        return [model for model in record_models().values() if model in self.models.values()]

    @cached_property
    def cited(self) -> Source:
        """The release as a source: the one that its rows cite already, or a new one."""
        imported = ImportedRow.objects.filter(dataset=self.dataset, release=self.release)
        if row := imported.select_related("source__publisher").first():
            return row.source
        # Editors may have entered a publisher or a source twice: then the first one is cited.
        publishers = Publisher.objects.filter(name=self.publisher["name"]).order_by("pk")
        publisher = publishers.first() or Publisher.objects.create(**self.publisher)
        sources = Source.objects.filter(title=self.title, publisher=publisher).order_by("pk")
        return sources.first() or Source.objects.create(
            title=self.title, publisher=publisher, kind=SourceKind.DATASET, **self.about
        )


def _parse_imported(release: str) -> ReleaseNumber | None:
    """Return the release of an imported row; None where it was not stated or is no number."""
    try:
        return parse_release(release)
    except ValueError:
        return None


def lock_imports() -> None:
    """Wait until no other import runs: two of one dataset would create its records twice."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('muster import'))")
