"""Guards of referenced records: they keep a removed text out of the records that refer to it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db import models

from editorial import audit
from editorial.models.merge import Merge
from editorial.models.record import record_models
from editorial.models.redaction_guard import GuardKind, RedactionGuard
from editorial.redaction import facts, guards, matching
from editorial.redaction.guards import Violation
from publishing.documents import REDACTED


class ReferencedGuards:
    """The guards in force of texts and fields, for rows that reference their records.

    A merged record also has the guards of its survivor, and the survivor those of the merged one.
    """

    def __init__(self) -> None:
        self.by_record: dict[UUID, set[RedactionGuard]] = defaultdict(set)
        in_force = RedactionGuard.objects.in_force().exclude(kind=GuardKind.RECORD)
        for guard in in_force.select_related("submission"):
            self.by_record[guard.record].add(guard)
        merges = list(Merge.objects.filter(undone=None).order_by("pk")) if self.by_record else []
        for merge in [*merges, *reversed(merges)]:  # a survivor may have been merged in turn
            both = self.by_record[merge.record] | self.by_record[merge.survivor]
            self.by_record |= {merge.record: both, merge.survivor: both}
        self._found_passages: dict[tuple[int, str], set[str]] = {}
        self._field_values: dict[tuple[int, str], bool] = {}

    def __bool__(self) -> bool:
        return bool(self.by_record)

    def clean(
        self, row: Mapping[str, Any], referenced: Iterable[tuple[UUID, str]]
    ) -> dict[str, Any]:
        """Return a row without what redactions removed from the records that it references.

        `referenced` has these records and their names in the row. Cells without a letter, which are
        numbers and dates, stay as they are.
        """
        passages, names = set[str](), set[str]()
        for record, name in referenced:
            for guard in self.by_record.get(record, ()):
                for cell in row.values():
                    passages |= self._passages(guard, cell)
                if self._is_field_value(guard, name):
                    names.add(name)
        found = filter(
            None, [matching.combine_passages(passages), matching.pattern_of_names(names)]
        )
        pattern = re.compile("|".join(found))
        if not pattern.pattern:
            return dict(row)
        return {
            column: matching.replace_matches(pattern, REDACTED, cell) if _is_text(cell) else cell
            for column, cell in row.items()
        }

    def find_violations(self, referenced: Iterable[UUID], texts: Iterable[str]) -> list[Violation]:
        """Return the violations in texts of a record that references others."""
        texts = list(texts)
        return [
            Violation(guard)
            for record in referenced
            for guard in self.by_record.get(record, ())
            if any(
                self._passages(guard, text) or self._is_field_value(guard, text) for text in texts
            )
        ]

    def _passages(self, guard: RedactionGuard, text: Any) -> set[str]:
        """Return the passages of a text that match the guard of a phrase."""
        if guard.kind != GuardKind.PHRASE or not _is_text(text):
            return set()
        if (guard.pk, text) not in self._found_passages:
            self._found_passages[guard.pk, text] = guards.find_passages(guard, text)
        return self._found_passages[guard.pk, text]

    def _is_field_value(self, guard: RedactionGuard, text: Any) -> bool:
        """Return whether a text is the removed value of a field."""
        if guard.kind != GuardKind.FIELD or not _is_text(text):
            return False
        if (guard.pk, text) not in self._field_values:
            self._field_values[guard.pk, text] = _equals_field_value(guard, text)
        return self._field_values[guard.pk, text]


def _is_text(cell: Any) -> bool:
    return isinstance(cell, str) and any(map(str.isalpha, cell))


def _equals_field_value(guard: RedactionGuard, text: str) -> bool:
    """Return whether a text is the removed value of a field, in a document or a row."""
    model, said = record_models()[guard.type], facts.normalize_value(text)
    stated = (label for part in _parts(model) for label in facts.column_labels(part))
    return any(
        guards.hash_text(guard, f"{label}\0{said}") in guard.hashes
        for label in (guard.path, *stated)
    )


def _parts(model: type[models.Model]) -> Iterator[type[models.Model]]:
    """Yield a model and the models of all its parts."""
    yield model
    for part, _ in audit.part_models(model):
        yield from _parts(part)
