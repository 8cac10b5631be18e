"""Rows of a dataset as redactions let them in: cleaned, or left alone with the reason."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from actors.models import Actor
from editorial.models import Record, RedactionGuard
from editorial.redaction import facts
from editorial.redaction.guards import Guards, Violation, rows
from editorial.redaction.quoting import QuotedGuards
from editorial.redaction.refusals import hold_off_redactions
from exchange.parts import Candidate, Model
from exchange.report import Report
from exchange.set_aside import Reason, SetAside
from exchange.staging import Staged
from exchange.tables import UnreadableError
from sources.models import ExternalId


class GuardedRows:
    """What an import does about redactions of the records that it writes and of those it quotes."""

    def __init__(self, report: Report) -> None:
        self.report, self.quoted_guards = report, QuotedGuards()

    def find_redacted(
        self,
        candidates: Collection[Candidate],
        models: Mapping[str, Model],
        made: Mapping[Any, set[int]],
    ) -> dict[str, Reason]:
        """Return, by key, which rows would bring back what a redaction removed."""
        guards = Guards(RedactionGuard.objects.in_force().select_related("submission"))
        if not guards:
            return {}
        ids = _public_ids(made, guards.of_record)
        quoted = self._find_guarded(candidates, models)
        found: dict[str, Reason] = {}
        for candidate in candidates:
            labelled = {part.label: part for part in candidate.parts}
            for part in candidate.parts:
                root = part
                while root.hangs_on and not issubclass(root.model, Record):
                    root = labelled[root.hangs_on[1]]
                key = candidate.made[root.label][0] if root.label in candidate.made else None
                public_id = ids.get(root.model, {}).get(key) if key else None
                row = part.model(**part.values)
                violations = guards.row(public_id, row)
                violations += self._quoting(quoted[candidate.key], row)
                if key is None and isinstance(row, ExternalId):
                    violations += guards.unmakable(row.scheme, row.value)
                for violation in violations:
                    name = f"{models[root.label]._meta.model_name} {public_id or 'new'}"
                    found[candidate.key] = name, f"{part.label}: {violation.message}"
        return found

    def _find_guarded(
        self, candidates: Collection[Candidate], models: Mapping[str, Model]
    ) -> dict[str, set[UUID]]:
        """Return, by key, which records a row quotes of which something was redacted."""
        keys = defaultdict[Any, set[int]](set)
        for candidate in candidates if self.quoted_guards else ():
            for model, key in candidate.quoted(models):
                keys[model].add(key)
        guarded = _public_ids(keys, self.quoted_guards.of_record)
        return {
            candidate.key: {
                guarded[model][key]
                for model, key in candidate.quoted(models)
                if key in guarded.get(model, {})
            }
            for candidate in candidates
        }

    def _quoting(self, quoted: Iterable[UUID], row: Any) -> list[Violation]:
        """Return what is wrong with a row of a record that quotes others."""
        return self.quoted_guards.violations(quoted, (text for _, text in facts.texts(row)))

    def find_quoting_redacted(
        self, candidates: Collection[Candidate], models: Mapping[str, Model]
    ) -> set[str]:
        """Return the keys of rows of which a record says what was redacted of one it quotes."""
        quoted = self._find_guarded(candidates, models)
        return {
            candidate.key
            for candidate in candidates
            if quoted[candidate.key]
            for model, key in candidate.records(models)
            for record in model.objects.filter(pk=key)
            for row in rows(record)
            if self._quoting(quoted[candidate.key], row)
        }

    def forbidden(self, keys: Iterable[str], scheme: str) -> dict[str, str]:
        """Return which ids a redaction removed, with their records or alone, each with why.

        No record is made for them, and the rows that quote them are set aside.
        """
        guards = Guards.of([])
        return {
            key: violations[0].message
            for key in (keys if guards else ())
            if (violations := guards.unmakable(scheme, key))
        }

    def guard(self, actors: Iterable[Record]) -> None:
        """Let redactions of the actors that rows quote wait, and read what was redacted of them."""
        hold_off_redactions(Actor, sorted(actor.pk for actor in actors))
        self.quoted_guards = QuotedGuards()

    def clean(
        self, staged: Staged, quoted: Iterable[tuple[Record, str]], read: Callable[[Any], Any]
    ) -> Staged | None:
        """Return a row without what redactions removed from the actors that it quotes.

        Each of these comes with its name in the row. A row that cannot be read any more is left
        alone: then None is returned.
        """
        if not self.quoted_guards:
            return staged
        row = self.quoted_guards.clean(
            staged.row, [(actor.public_id, name) for actor, name in quoted]
        )
        if row == staged.row:
            return staged
        try:
            read(row)
        except UnreadableError as error:
            columns = ", ".join(error.faults)
            self.leave(staged.key, "row", f"a redaction removed what stands in {columns}")
            return None
        self.report.cleaned += bool(staged.number)
        return staged._replace(row=row)

    def leave(self, key: str, record: UUID | str, why: str) -> None:
        """Report a row that is left alone because of a redaction."""
        aside = SetAside(key, str(record), why)
        if aside not in self.report.set_aside:
            self.report.set_aside.append(aside)


def _public_ids(
    keys: Mapping[Any, set[int]], records: Iterable[UUID | str]
) -> dict[Any, dict[int, UUID]]:
    """Return the public ids of those of some rows that are among `records`."""
    public_ids = list(records)
    return {
        model: dict(
            model._default_manager.filter(pk__in=some, public_id__in=public_ids).values_list(
                "pk", "public_id"
            )
        )
        for model, some in keys.items()
    }
