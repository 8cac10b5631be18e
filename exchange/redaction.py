"""What an import does about redactions: it cleans a row, or sets it aside with the reason."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, ClassVar
from uuid import UUID

from actors.models import Actor
from editorial.models import Record, RedactionGuard
from editorial.redaction import facts
from editorial.redaction.guards import Guards, Violation, walk_rows
from editorial.redaction.referenced_guards import ReferencedGuards
from editorial.redaction.validation import block_redactions
from exchange.parts import Candidate, PartModels
from exchange.report import Report
from exchange.set_aside import Reason, SetAsideRow
from exchange.staging import StagedRow
from exchange.tables import UnreadableError
from sources.models import ExternalId


class GuardedRows:
    """Rows of a dataset, guarded against texts that were redacted of their or referenced records.

    The base of every import.
    """

    models: ClassVar[PartModels]
    """By the first word of a label, the model of a part."""

    def __init__(self, report: Report) -> None:
        self.report, self.reference_guards = report, ReferencedGuards()

    def find_redacted(
        self, candidates: Collection[Candidate], made: Mapping[Any, set[int]]
    ) -> dict[str, Reason]:
        """Return, by key, which rows would bring back what a redaction removed, and why.

        `made` are the primary keys of the records that were made of them, by type.
        """
        guards = Guards(RedactionGuard.objects.in_force().select_related("submission"))
        if not guards:
            return {}
        ids = _find_public_ids(made, guards.by_record)
        referenced = self._find_guarded(candidates)
        reasons: dict[str, Reason] = {}
        for candidate in candidates:
            labelled = {part.label: part for part in candidate.parts}
            for part in candidate.parts:
                root = part
                while root.parent and not issubclass(root.model, Record):
                    root = labelled[root.parent[1]]
                key = candidate.made[root.label][0] if root.label in candidate.made else None
                public_id = ids.get(root.model, {}).get(key) if key else None
                row = part.model(**part.values)
                violations = guards.find_in_row(public_id, row)
                violations += self._find_violations(referenced[candidate.key], row)
                if key is None and isinstance(row, ExternalId):
                    violations += guards.find_in_new_id(row.scheme, row.value)
                for violation in violations:
                    name = f"{root.model._meta.model_name} {public_id or 'new'}"
                    reasons[candidate.key] = name, f"{part.label}: {violation.message}"
        return reasons

    def _find_guarded(self, candidates: Collection[Candidate]) -> dict[str, set[UUID]]:
        """Return, by key, which referenced records of a row had something redacted."""
        keys = defaultdict[Any, set[int]](set)
        for candidate in candidates if self.reference_guards else ():
            for model, key in candidate.list_references(self.models):
                keys[model].add(key)
        guarded = _find_public_ids(keys, self.reference_guards.by_record)
        return {
            candidate.key: {
                guarded[model][key]
                for model, key in candidate.list_references(self.models)
                if key in guarded.get(model, {})
            }
            for candidate in candidates
        }

    def _find_violations(self, referenced: Iterable[UUID], row: Any) -> list[Violation]:
        """Return where a row repeats what was redacted of the records that it references."""
        return self.reference_guards.find_violations(
            referenced, (text for _, text in facts.row_texts(row))
        )

    def find_repeating_redacted(self, candidates: Collection[Candidate]) -> set[str]:
        """Return the keys of rows whose records repeat what was redacted of a referenced one."""
        referenced = self._find_guarded(candidates)
        return {
            candidate.key
            for candidate in candidates
            if referenced[candidate.key]
            for model, key in candidate.records(self.models)
            for record in model.objects.filter(pk=key)
            for row in walk_rows(record)
            if self._find_violations(referenced[candidate.key], row)
        }

    def find_forbidden_ids(self, ids: Iterable[str], scheme: str) -> dict[str, str]:
        """Return the external ids that a redaction removed, each with the reason.

        No record is created for them, and rows that name them are set aside.
        """
        guards = Guards.read([])
        return {
            id_: violations[0].message
            for id_ in (ids if guards else ())
            if (violations := guards.find_in_new_id(scheme, id_))
        }

    def lock_referenced(self, actors: Iterable[Record]) -> None:
        """Make redactions of referenced actors wait, and read their redactions so far."""
        block_redactions(Actor, sorted(actor.pk for actor in actors))
        self.reference_guards = ReferencedGuards()

    def clean(
        self,
        staged: StagedRow,
        referenced: Iterable[tuple[Record, str]],
        parse: Callable[[Any], Any],
    ) -> StagedRow | None:
        """Return a row without what redactions removed from the actors that it references.

        `referenced` are these actors, each with its name in the row. A row that cannot be read any
        more is set aside: then None is returned.
        """
        if not self.reference_guards:
            return staged
        row = self.reference_guards.clean(
            staged.row, [(actor.public_id, name) for actor, name in referenced]
        )
        if row == staged.row:
            return staged
        try:
            parse(row)
        except UnreadableError as error:
            columns = ", ".join(error.faults)
            self.set_aside_redacted(
                staged.key, "row", f"a redaction removed the value of {columns}"
            )
            return None
        self.report.cleaned += bool(staged.number)
        return staged._replace(row=row)

    def set_aside_redacted(self, key: str, record: UUID | str, reason: str) -> None:
        """Report a row that is set aside because of a redaction."""
        row = SetAsideRow(key, str(record), reason)
        if row not in self.report.set_aside:
            self.report.set_aside.append(row)


def _find_public_ids(
    keys: Mapping[Any, set[int]], records: Iterable[UUID | str]
) -> dict[Any, dict[int, UUID]]:
    """Return, by type and primary key, the public ids of those rows that are among `records`."""
    public_ids = list(records)
    return {
        model: dict(
            model._default_manager.filter(
                pk__in=primary_keys, public_id__in=public_ids
            ).values_list("pk", "public_id")
        )
        for model, primary_keys in keys.items()
    }
