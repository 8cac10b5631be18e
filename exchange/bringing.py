"""Bringing in a small dataset: held in memory, and written part by part."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from actors.models import Actor
from editorial.chunks import in_chunks
from editorial.models import Edition, Record, SubmissionItem
from editorial.progress import Progress
from exchange.copying import copy, reserve
from exchange.importing import Import
from exchange.models import LEFT_ALONE, ImportedRow
from exchange.parts import Made, Model, Models, Part, Update, create
from exchange.staging import Staged
from sources.models import Source

_ASIDE = {"source_id", "locator"}


class Told(NamedTuple):
    """What a row tells, and the record that it is kept for."""

    staged: Staged
    record: UUID
    parts: list[Part]


class PartsImport(Import):
    """An import of some thousand rows, each of which may become several records."""

    models: Models
    """By the first word of a label, what a part becomes."""
    kinds: tuple[type[Record], ...]
    """The kinds of record that it makes, quoted ones first."""

    def __init__(self, path: Path, release: str, progress: Progress) -> None:
        super().__init__(path, release, progress)
        self.actors: dict[str, Actor] = {}
        self.touched = set[UUID]()
        """The public ids of the records that changed in this run."""

    def bring(self, dataset: str, told: list[Told], taken: Mapping[str, Made]) -> None:
        """Write what is new and bring up to date what changed, and keep the rows as read.

        `taken` are, by key, the parts that were there before any row told of them.
        """
        before = {
            row.key: row
            for row in ImportedRow.objects.filter(
                dataset=dataset, key__in=[one.staged.key for one in told]
            )
        }
        new = [one for one in told if one.staged.key not in before]
        fresh = [one for one in new if one.staged.key not in taken]
        made = dict(
            zip(
                (one.staged.key for one in fresh),
                create([one.parts for one in fresh]),
                strict=True,
            )
        )
        found = [one for one in new if one.staged.key in taken]
        update = Update(self.models, [taken[one.staged.key] for one in found], _ASIDE)
        for one in found:
            made[one.staged.key] = self._brought(update, one, taken[one.staged.key])
        rows = [
            {
                **self.kept(one.staged, self.cited),
                "dataset": dataset,
                "id": key,
                "record": one.record,
                "made": made[one.staged.key],
            }
            for one, key in zip(new, reserve(ImportedRow, len(new)), strict=True)
        ]
        copy(ImportedRow, rows)
        self.report.created += len(new)
        self._change(dataset, [one for one in told if one.staged.key in before], before)

    def _change(self, dataset: str, told: list[Told], before: dict[str, ImportedRow]) -> None:
        reads_on = [one for one in told if before[one.staged.key].sha256 == one.staged.sha256]
        self.report.unchanged += len(reads_on)
        changed = [one for one in told if before[one.staged.key].sha256 != one.staged.sha256]
        ended = self._ended(changed)
        update = Update(self.models, [before[one.staged.key].made for one in changed], _ASIDE)
        for one in changed:
            row = before[one.staged.key]
            if one.record in ended or LEFT_ALONE in row.flags:
                self.report.left += 1
                continue
            made = self._brought(update, one, row.made)
            self.report.changed += 1
            kept = self.kept(one.staged, self.cited) | {"dataset": dataset, "made": made}
            for column, value in kept.items():
                setattr(row, column, value)
            row.save()

    def _brought(self, update: Update, one: Told, before: Made) -> Made:
        """Bring up to date what was made of a row, but for the records that it makes no more."""
        outcome = update.bring(one.parts, before)
        self.report.kept += [f"{one.staged.key} {name}" for name in outcome.kept]
        if outcome.changed:
            self.touched |= set(self._public_ids([outcome.made]))
        return outcome.made

    def _ended(self, told: list[Told]) -> set[UUID]:
        standing = Edition.objects.standing([one.record for one in told])
        return {record for record, public in standing.values_list("record", "public") if not public}

    def records(self) -> Iterator[Record]:
        rows = ImportedRow.objects.filter(dataset__startswith=self.dataset)
        made = set(self._public_ids(rows.values_list("made", flat=True)))
        publisher = self.cited.publisher
        sources = Source.objects.filter(publisher=publisher, title__startswith=self.name)
        yield from (one for one in (publisher, *sources) if one and not _known([one.public_id]))
        waiting = {*made, *self.quoted()}
        ended = Edition.objects.standing(list(self.touched)).filter(public=False)
        touched = self.touched - set(ended.values_list("record", flat=True))
        waiting = (waiting - _known(waiting)) | touched
        for model in self.kinds:
            yield from in_chunks(_of(model).filter(public_id__in=waiting))

    def quoted(self) -> set[UUID]:
        """Return the public ids of records that are quoted, though no row was read of them."""
        return set()

    def _public_ids(self, made: Any) -> Iterator[UUID]:
        keys: dict[Model, set[int]] = {model: set() for model in self.kinds}
        for one in made:
            for label, (key, _) in one.items():
                if self.models[label] in keys:
                    keys[self.models[label]].add(key)
        for model, some in keys.items():
            yield from _of(model).filter(pk__in=some).values_list("public_id", flat=True)


def _of(model: Any) -> QuerySet:
    return model.objects.all()


def _known(records: Any) -> set[UUID]:
    """Return those of some records that were published, or wait for a decision."""
    known = set(Edition.objects.filter(record__in=records).values_list("record", flat=True))
    items = SubmissionItem.objects.filter(record__in=records, open=True)
    return known | set(items.values_list("record", flat=True))
