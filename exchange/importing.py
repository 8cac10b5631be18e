"""The base of importers: one run over one file of a codebook."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from django.db import connection

from editorial.models import Record, record_models
from exchange.cells import shown
from exchange.coverage import Coverage, Missing
from exchange.models import ImportedRow
from exchange.parts import Candidate, Model
from exchange.publishing import UnusableError
from exchange.redacted import GuardedRows
from exchange.releases import Release, find_release, parse_release
from exchange.report import Report
from exchange.set_aside import Reserved, SetAside, name_record
from exchange.staging import Staged, Staging
from publishing.commands import Progress
from publishing.models import Edition
from sources.codes import SourceKind
from sources.models import Publisher, Source

KEPT = ("release", "row", "sha256", "source", "flags", "made")
"""What is kept of a row that is read again, by column of ImportedRow."""
OWN = "ingest"
"""How the audit's name of every import begins: what imports wrote is no person's draft."""


class Import(GuardedRows, ABC):
    """`write` the file, then submit what `records` yields; the caller holds one transaction.

    A subclass tells how the codebook is called, and is named in the command's CODEBOOKS.
    """

    help: ClassVar[str]
    """What it brings in, for `manage.py ingest --help`."""
    dataset: ClassVar[str]
    """The word under which its rows are kept (ImportedRow.dataset)."""
    name: ClassVar[str]
    """What the dataset is called, without the release."""
    rows: ClassVar[str] = "rows"
    """What one row tells of, as in “events: 5 (3 created ...)”."""
    publisher: ClassVar[dict[str, Any]]
    about: ClassVar[dict[str, Any]]
    """The columns of its publisher and, beyond title and kind, of its source, where it is new."""

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
            raise UnusableError(
                f"{shown(release)} is no release: give one as in 24.1, 24.0.3 or 24.01.24.03."
            ) from None
        self.path, self.progress, self.force, self.coverage = path, progress, force, coverage
        self.title = f"{self.name} {self.release or '(release not stated)'}"
        super().__init__(Report(self.title, self.rows))
        self.staging = Staging(self.dataset)
        self.reserved = Reserved(OWN)

    def refuse_older(self, releases: Iterable[str]) -> None:
        """Refuse to write over rows of some releases where one is newer. Raises UnusableError."""
        if self.force or not self.release:
            return
        ours = parse_release(self.release)
        newer = max((found for text in releases if (found := _parsed(text))), default=ours)
        if newer > ours:
            raise UnusableError(
                f"The file is release {ours}, and has rows that are here from release {newer}, "
                "which is newer. Give --force to write the older release over it."
            )

    def find_missing(self) -> None:
        """Report what the file lacks of all that it is declared to have."""
        if self.coverage is not None:
            self.report.gone = sorted(self.missing(self.coverage))

    def missing(self, coverage: Coverage) -> Iterator[Missing]:
        """Yield the rows of earlier releases that a file of such coverage ought to have."""
        raise UnusableError(f"For {self.name} no coverage can be declared.")

    def hold_back(self, candidates: Collection[Candidate], models: Mapping[str, Model]) -> set[str]:
        """Return the keys of the rows that this run leaves alone, and report them.

        Those are the rows of which somebody has a record in hand, those that would quote a record
        which is not public and cannot be submitted with them, and those that would bring back what
        a redaction removed. What the others would change
        is locked from here on.
        """
        made, quoted = defaultdict[Any, set[int]](set), defaultdict[Any, set[int]](set)
        for candidate in candidates:
            for model, key in candidate.records(models):
                made[model].add(key)
            for model, key in candidate.quoted(models):
                quoted[model].add(key)
        redacted = self.find_redacted(candidates, models, made)
        types = record_models().values()  # in one order, so that no two wait for each other
        taken = {model: self.reserved.find(model, made[model]) for model in types}
        private = {model: self.reserved.find_unquotable(model, quoted[model]) for model in types}
        held = set()
        for candidate in candidates:
            reasons = [taken[model].get(key) for model, key in candidate.records(models)]
            reasons += [private[model].get(key) for model, key in candidate.quoted(models)]
            reasons.append(redacted.get(candidate.key))
            if reason := next(filter(None, reasons), None):
                self.report.set_aside.append(SetAside(candidate.key, *reason))
                held.add(candidate.key)
        return held

    def misfit(self, candidate: Candidate, error: Exception, models: Mapping[str, Model]) -> None:
        """Report a row that breaks a rule together with what editors wrote."""
        diagnosis = getattr(error.__cause__, "diag", None)
        rule = getattr(diagnosis, "constraint_name", None) or "dates that contradict each other"
        model, key = next(candidate.records(models))
        record = name_record(model.objects.get(pk=key))
        reason = f"does not fit what editors wrote: {rule}"
        self.report.set_aside.append(SetAside(candidate.key, record, reason))

    def submittable(self, records: Iterable[Record]) -> Iterator[Record]:
        """Yield of some records those that were never public and that nobody has in hand."""
        listed = list(records)
        known = set(
            Edition.objects.filter(record__in=[record.public_id for record in listed]).values_list(
                "record", flat=True
            )
        )
        fresh = [record for record in listed if record.public_id not in known]
        for model in record_models().values():
            keys = [record.pk for record in fresh if type(record) is model]
            held = self.reserved.find(model, keys)
            yield from (
                record for record in fresh if type(record) is model and record.pk not in held
            )

    @abstractmethod
    def write(self) -> None:
        """Write what is new and bring up to date what changed. Raises UnusableError."""

    @abstractmethod
    def records(self) -> Iterator[Record]:
        """Yield what was made of the file and is to be submitted, quoted ones first."""

    @cached_property
    def cited(self) -> Source:
        """Return the release as a source: the one that its rows cite already, or a new one."""
        imported = ImportedRow.objects.filter(dataset=self.dataset, release=self.release)
        if there := imported.select_related("source__publisher").first():
            return there.source
        told = dict(self.publisher)
        publisher, _ = Publisher.objects.get_or_create(name=told.pop("name"), defaults=told)
        source, _ = Source.objects.get_or_create(
            title=self.title,
            publisher=publisher,
            defaults={"kind": SourceKind.DATASET, **self.about},
        )
        return source

    def kept(self, staged: Staged, source: Source) -> dict[str, Any]:
        """Return what is kept of a row as it was read, by column of ImportedRow."""
        return {
            "dataset": self.dataset,
            "release": self.release,
            "key": staged.key,
            "row": staged.row,
            "sha256": staged.sha256,
            "source_id": source.pk,
            "flags": staged.flags,
        }


def _parsed(release: str) -> Release | None:
    """Return the release of a row that is here; None where it was not stated, or is no number."""
    try:
        return parse_release(release)
    except ValueError:
        return None


def one_at_a_time() -> None:
    """Wait until no other import runs: two of one dataset would make its records twice."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('muster import'))")
