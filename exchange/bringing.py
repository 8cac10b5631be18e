"""Bringing in a small dataset: held in memory, and written part by part."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from actors.models import Actor
from dates import DateError
from editorial.models import Record, SubmissionItem
from exchange.copying import copy, reserve
from exchange.importing import KEPT, Import
from exchange.models import LEFT_ALONE, ImportedRow
from exchange.parts import Candidate, Made, Model, Models, Part, Update, create, read_alike
from exchange.set_aside import quotes
from exchange.staging import CHUNK, Staged
from publishing.bulk import in_chunks
from publishing.models import Edition
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

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.actors: dict[str, Actor] = {}
        self.touched = set[UUID]()
        """The public ids of the records that changed in this run."""
        self.waiting = set[UUID]()
        """The public ids of the records that earlier runs made and nobody has submitted."""

    def bring(self, dataset: str, told: list[Told], taken: Mapping[str, Made]) -> None:
        """Write what is new and bring up to date what changed, and keep the rows as read.

        `taken` are, by key, the parts that were there before any row told of them.
        """
        self.waiting = self._never_submitted()
        before = {
            row.key: row
            for row in ImportedRow.objects.filter(
                dataset=dataset, key__in=[one.staged.key for one in told]
            )
        }
        self.refuse_older({row.release for row in before.values()})
        ended = self._ended([one for one in told if one.staged.key in before])
        held = self._hold_back(told, before, taken, ended)
        new = [one for one in told if one.staged.key not in before and one.staged.key not in held]
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
            if outcome := self._brought(update, one, taken[one.staged.key]):
                made[one.staged.key] = outcome
        new = [one for one in new if one.staged.key in made]
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
        again = [one for one in told if one.staged.key in before and one.staged.key not in held]
        self._change(dataset, again, before, ended)

    def _hold_back(
        self,
        told: list[Told],
        before: dict[str, ImportedRow],
        taken: Mapping[str, Made],
        ended: set[UUID],
    ) -> set[str]:
        """Return the keys of the rows that are left for the next run, and report them."""
        candidates = []
        for one in told:
            row = before.get(one.staged.key)
            if row is None:
                made = taken.get(one.staged.key, {})
                candidates.append(Candidate(one.staged.key, made, one.parts))
            elif one.record in ended or LEFT_ALONE in row.flags:
                continue
            elif row.sha256 != one.staged.sha256 and not read_alike(one.parts, row.made, _ASIDE):
                candidates.append(Candidate(one.staged.key, row.made, one.parts))
            elif one.record in self.waiting:
                candidates.append(Candidate(one.staged.key, row.made))
        return self.hold_back(candidates, self.models)

    def _change(
        self, dataset: str, told: list[Told], before: dict[str, ImportedRow], ended: set[UUID]
    ) -> None:
        reads_on = [one for one in told if before[one.staged.key].sha256 == one.staged.sha256]
        self.report.unchanged += len(reads_on)
        changed = [one for one in told if before[one.staged.key].sha256 != one.staged.sha256]
        update = Update(self.models, [before[one.staged.key].made for one in changed], _ASIDE)
        written = []
        for one in changed:
            row = before[one.staged.key]
            if row.redaction:
                self.leave(row.key, row.record, row.redaction)
                continue
            if one.record in ended:
                self.report.left += 1
                continue
            made = self._brought(update, one, row.made)
            if made is None:
                continue
            self.report.changed += 1
            kept = self.kept(one.staged, self.cited) | {"dataset": dataset, "made": made}
            for column, value in kept.items():
                setattr(row, column, value)
            written.append(row)
        ImportedRow.objects.bulk_update(written, KEPT, batch_size=CHUNK)

    def _brought(self, update: Update, one: Told, before: Made) -> Made | None:
        """Bring up to date what was made of a row, but for the records that it makes no more.

        Returns None where that breaks a rule together with what editors wrote: it is set aside.
        """
        try:
            with transaction.atomic():
                outcome = update.bring(one.parts, before)
        except (IntegrityError, DateError) as error:
            candidate = Candidate(one.staged.key, before)
            self.misfit(candidate, error, self.models)
            return None
        self.report.kept += [f"{one.staged.key} {name}" for name in outcome.kept]
        if outcome.changed:
            self.touched |= set(self._public_ids([outcome.made]))
        return outcome.made

    def _ended(self, told: list[Told]) -> set[UUID]:
        standing = Edition.objects.standing([one.record for one in told])
        return {record for record, public in standing.values_list("record", "public") if not public}

    def records(self) -> Iterator[Record]:
        publisher = self.cited.publisher
        sources = Source.objects.filter(publisher=publisher, title__startswith=self.name)
        yield from self.submittable(one for one in (publisher, *sources) if one)
        ended = Edition.objects.standing(list(self.touched)).filter(public=False)
        touched = self.touched - set(ended.values_list("record", flat=True))
        waiting = self._never_submitted() | touched
        for model in self.kinds:
            records = _of(model).filter(public_id__in=waiting)
            yield from in_chunks(records.exclude(pk__in=self._held(model, records)))

    def _held(self, model: type[Record], records: QuerySet) -> set[int]:
        """Return those of some records that somebody has in hand, or that quote such a one."""
        held = set(self.reserved.find(model, records.values_list("pk", flat=True)))
        for column, quoted in quotes(model):
            quoters = dict(records.exclude(**{column: None}).values_list("pk", column))
            private = self.reserved.find_unquotable(quoted, quoters.values())
            held |= {key for key, other in quoters.items() if other in private}
        return held

    def _never_submitted(self) -> set[UUID]:
        """Return the records that imports made or quote, and that were never submitted."""
        rows = ImportedRow.objects.filter(dataset__startswith=self.dataset)
        made = {*self._public_ids(rows.values_list("made", flat=True)), *self.quoted()}
        return made - _known(made)

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
            # In no order: that of affiliations is by their actors, which costs a join per record.
            found = _of(model).filter(pk__in=some).order_by()
            yield from found.values_list("public_id", flat=True)


def _of(model: Any) -> QuerySet:
    return model.objects.all()


def _known(records: Any) -> set[UUID]:
    """Return those of some records that were published, or wait for a decision."""
    known = set(Edition.objects.filter(record__in=records).values_list("record", flat=True))
    items = SubmissionItem.objects.filter(record__in=records, open=True)
    return known | set(items.values_list("record", flat=True))
