"""The base of importers: one run over one file of a codebook."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from editorial.models import Record
from editorial.progress import Progress
from exchange.models import ImportedRow
from exchange.report import Report
from exchange.staging import Staged, Staging
from sources.codes import SourceKind
from sources.models import Publisher, Source

_RELEASE = re.compile(r"v(\d+(?:[._]\d+){0,2})", re.IGNORECASE)


class Import(ABC):
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

    def __init__(self, path: Path, release: str, progress: Progress) -> None:
        found = _RELEASE.search(path.stem)
        self.release = release or (found[1].replace("_", ".") if found else "")
        self.path, self.progress = path, progress
        self.title = f"{self.name} {self.release or '(release not stated)'}"
        self.report = Report(self.title, self.rows)
        self.staging = Staging(self.dataset)

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
