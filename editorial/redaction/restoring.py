"""Restoring what a redaction removed, by two reviewers, or destroying it for good.

A restore puts the kept values back where nothing else has changed them, lifts the guards of the
redaction and publishes an edition of kind `restore`. It never brings back what another redaction
removed: then it is refused until that one is undone too.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pgtrigger
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Now

from editorial import audit, conflicts
from editorial.models.imported import ImportedData
from editorial.models.record import Record, record_models
from editorial.models.redaction_guard import GuardKind, RedactionGuard
from editorial.models.removed import RemovedData, RemovedRow
from editorial.models.submission import Act, Submission
from editorial.models.user import User
from editorial.redaction import guards, working_rows
from editorial.workflow import publish_changes, record_act
from publishing import completion, documents, publication, rebuilding
from publishing.codes import EditionKind
from publishing.models.edition import Edition
from publishing.serializers import ENVELOPE
from publishing.triggers import allow

_ROWS = RemovedRow._meta.db_table
_EDITIONS = Edition._meta.db_table
_TEXT_STAYS = (EditionKind.REFRESH, EditionKind.REDACT, EditionKind.RESTORE)
"""The kinds of later editions after which the text is as it was: those redactions are undone."""
_DIFFERS = (
    "EXISTS (SELECT FROM jsonb_each(row.after) AS entry "
    "WHERE to_jsonb(now) -> entry.key IS DISTINCT FROM entry.value)"
)
"""Whether a row is no longer as the redaction left it."""


def restore(data: RemovedData, by: User) -> int:
    """Restore what a redaction removed; return how many private rows stay as they are now.

    These were changed since. Raises PermissionDenied unless `by` is a reviewer other than the one
    who asked, ValidationError if nobody asked, if it is gone, or if another redaction forbids it.
    """
    by.require_reviewer()
    with conflicts.as_validation_error(), allow("redact"), audit.mark_act(by, "restore"):
        record = record_models()[data.type].objects.get(public_id=data.record)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
        # In the order of everyone who writes and publishes: see `redact`.
        type(record).objects.select_for_update().filter(pk=record.pk).values_list("pk").first()
        publication.acquire_lock()
        data.lock_kept()
        if data.asked_by is None:
            raise ValidationError("Nobody asks to restore it: ask first.", code="asked")
        if data.asked_by == by:
            raise PermissionDenied("You asked to restore it, so somebody else must confirm.")
        return _Restore(data, record, by).run()


class _Restore:
    """One restore of one record."""

    def __init__(self, data: RemovedData, record: Record, by: User) -> None:
        assert data.submission is not None
        self.data, self.record, self.by = data, record, by
        self.redaction: Submission = data.submission

    def run(self) -> int:
        """Run the restore. Raises ValidationError if another redaction forbids it."""
        editions = Edition.objects.filter(record=self.record.public_id)
        redactions = editions.redactions_in_force()
        self._refuse_older()
        self._refuse_redacted_since()
        for guard in RedactionGuard.objects.in_force().filter(submission=self.redaction):
            guard.lift(self.by, f"Restored: {self.data.reason}")
        self._restore_editions()
        left = sum(map(self._restore_rows, self._list_private_models()))
        self.record.refresh_from_db()
        self.data.restored = record_act(
            Act.RESTORE, self.record, self.by, self.data.reason, self.data.asked_by
        )
        self.data.save(update_fields=["restored"])
        if redactions:
            self._publish(redactions[-1])
        self.data.rows.all().delete()
        return left

    def _refuse_older(self) -> None:
        """Refuse to restore anything but the newest redaction of the record."""
        later = Submission.objects.filter(
            act=Act.REDACT, items__record=self.record.public_id, pk__gt=self.redaction.pk
        )
        newer = later.filter(_is_in_force()).first()
        if newer is not None:
            raise ValidationError(
                f"Redaction {newer.pk} of this record is newer: restore that first.", code="newer"
            )

    def _refuse_redacted_since(self) -> None:
        """Refuse to bring back what a redaction of another record has removed since."""
        since = Submission.objects.filter(act=Act.REDACT, pk__gt=self.redaction.pk)
        since = since.filter(_is_in_force())
        records = {str(key) for key in since.values_list("items__record", flat=True)}
        references: dict[str, list[Any]] = {record: [] for record in records}
        for edition in Edition.objects.filter(record__in=records).only("record", "reference"):
            references[str(edition.record)].append(documents.load(edition.reference))
        phrases = list(
            RedactionGuard.objects.in_force()
            .filter(kind=GuardKind.PHRASE, submission__in=since)
            .select_related("submission")
        )
        self.is_alone = not records
        rows = self.data.rows.values_list("before", flat=True)
        for row in rows.iterator(chunk_size=100) if records else ():
            found = [
                reference
                for text in (row.get("document"), row.get("summary"))
                for reference in _list_references(documents.load(text) if text else None)
            ]
            if any(each not in references.get(each["id"], [each]) for each in found) or any(
                guards.matches_phrase(guard, text) for text in _list_texts(row) for guard in phrases
            ):
                raise ValidationError(
                    "Another redaction since concerns the same texts, and they would come back: "
                    "restore that one first.",
                    code="redacted",
                )

    def _restore_editions(self) -> None:
        """Put back the texts of editions, and compute their index rows anew.

        Raises ValidationError if one is no longer as the redaction left it: only another redaction
        can have changed it.
        """
        kept = self.data.rows.filter(table=_EDITIONS)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM {_ROWS} AS row JOIN {_EDITIONS} AS now "  # noqa: S608
                f'ON now.seq = row.key WHERE row.data_id = %s AND row."table" = %s AND {_DIFFERS}',
                [self.data.pk, _EDITIONS],
            )
            if cursor.fetchone()[0]:
                raise ValidationError(
                    "Another redaction has changed the same editions: restore that one first.",
                    code="redacted",
                )
            columns = _list_columns(Edition)
            cursor.execute(
                f"UPDATE {_EDITIONS} AS now SET ({columns}) = (SELECT {columns} "  # noqa: S608
                f"FROM jsonb_populate_record(now, row.before)) FROM {_ROWS} AS row "
                'WHERE row.data_id = %s AND row."table" = %s AND now.seq = row.key',
                [self.data.pk, _EDITIONS],
            )
        texts = kept.filter(before__has_key="document")
        rebuilding.rebuild_entries_of(texts.values_list("key", flat=True))

    def _list_private_models(self) -> list[type[models.Model]]:
        """Return the models of the other kept rows, with the models of parts behind their parents.

        Imported data stay as they are if something else was redacted since: they can name it.
        """
        tables = set(self.data.rows.exclude(table=_EDITIONS).values_list("table", flat=True))
        tree = [model for model, _ in working_rows.row_tree(type(self.record), {self.record.pk})]
        others = [
            model
            for model in apps.get_models()
            if model not in tree and (self.is_alone or not issubclass(model, ImportedData))
        ]
        return [model for model in [*tree, *others] if model._meta.db_table in tables]

    def _restore_rows(self, model: type[models.Model]) -> int:
        """Put back the rows of a model that nobody changed since; return how many others remain."""
        table, key = model._meta.db_table, f'"{model._meta.pk.column}"'
        columns, values, left = _list_columns(model), _list_columns(model, "old."), 0
        insert = (
            f"INSERT INTO {table} ({key}, {columns}) SELECT old.{key}, {values} "  # noqa: S608
            f"FROM {_ROWS} AS row, jsonb_populate_record(NULL::{table}, row.before) AS old "
            "WHERE row.id = %s"
        )
        update = (
            f"UPDATE {table} AS now SET ({columns}) = (SELECT {values} "  # noqa: S608
            f"FROM jsonb_populate_record(now, row.before) AS old) FROM {_ROWS} AS row "
            f"WHERE row.id = %s AND now.{key} = row.key AND NOT {_DIFFERS}"
        )
        is_event = hasattr(model, "pgh_tracked_model")
        ignored = pgtrigger.ignore(f"{model._meta.label}:append_only") if is_event else None
        with ignored or nullcontext():
            rows = self.data.rows.filter(table=table).order_by("key")
            for row, after in rows.values_list("pk", "after"):
                try:
                    with transaction.atomic(), connection.cursor() as cursor:
                        cursor.execute(insert if after is None else update, [row])
                        left += cursor.rowcount == 0
                        connection.check_constraints()
                except IntegrityError:
                    left += 1
        return left

    def _publish(self, redaction: Edition) -> None:
        """Append the edition of the restore, and refreshes of the documents that reference it.

        It has the text from before the redaction, or the present one if that was corrected since.
        """
        record = self.record.public_id
        editions = Edition.objects.filter(record=record)
        newest = editions.newest_of([record]).get()
        later = editions.filter(seq__gt=redaction.seq).exclude(kind__in=_TEXT_STAYS)
        base = newest
        if not later.exists():
            base = editions.get(version=redaction.version - 1)
        body = None
        if base.document:
            body = documents.extract_body(completion.read_document(base), ENVELOPE)
        publish_changes(
            [
                publication.PublicChange(
                    newest.type,
                    str(record),
                    EditionKind.RESTORE,
                    body,
                    self.data.reason,
                    str(base.merged_into) if base.merged_into else None,
                    tuple(redaction.redacted or ()),
                )
            ]
        )
        if body is None:
            restored = editions.filter(version=newest.version + 1)
            restored.update(slug=base.slug)


@transaction.atomic
def destroy(data: RemovedData, by: User) -> None:
    """Destroy for good what a redaction removed, before its time is over.

    Raises PermissionDenied unless `by` is a reviewer other than the one who redacted it,
    ValidationError if it is gone already.
    """
    by.require_reviewer()
    data.lock_kept()
    if data.submission and data.submission.submitted_by_id == by.pk:
        raise PermissionDenied("You redacted it, so somebody else must confirm.")
    _erase([data.pk], by)
    data.refresh_from_db()


@transaction.atomic
def destroy_expired() -> int:
    """Destroy what was removed more than `ERASE_AFTER` days ago; return how many redactions."""
    expired = list(RemovedData.objects.expired().select_for_update().values_list("pk", flat=True))
    _erase(expired, None)
    return len(expired)


def _erase(keys: list[int], by: User | None) -> None:
    """Delete kept rows, and those of earlier redactions that can no longer be restored then.

    These may have the same texts: see `_Restore`.
    """
    for key in keys:
        record = RemovedData.objects.values_list("record", flat=True).get(pk=key)
        earlier = RemovedData.objects.kept().filter(pk__lt=key)
        texts = RemovedRow.objects.annotate(document=KeyTextTransform("document", "before"))
        naming = texts.filter(document__contains=str(record))
        earlier = earlier.filter(models.Q(record=record) | models.Q(rows__in=naming))
        gone = [key, *earlier.values_list("pk", flat=True).distinct()]
        RemovedRow.objects.filter(data__in=gone).delete()
        RemovedData.objects.kept().filter(pk__in=gone).update(
            destroyed_at=Now(), destroyed_by=by, asked_by=None, asked_at=None, reason=""
        )


def _is_in_force() -> models.Q:
    """Return the condition that a redaction was not undone."""
    return models.Q(removed_data=None) | ~models.Q(removed_data__restored__isnull=False)


def _list_columns(model: type[models.Model], prefix: str = "") -> str:
    """Return the columns of a model but the key and those that the database computes, in SQL."""
    columns = [
        field.column
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.generated
    ]
    return ", ".join(f'{prefix}"{column}"' for column in columns)


def _list_references(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every reference with a name in a document."""
    if isinstance(value, dict):
        if "id" in value and "withdrawn" in value:
            yield value
        for inner in value.values():
            yield from _list_references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _list_references(inner)


def _list_texts(value: Any) -> Iterator[str]:
    """Yield every text in a JSON value."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _list_texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _list_texts(inner)
    elif isinstance(value, str):
        yield value
