"""Merging: one of two records of the same subject becomes the other, until it is undone."""

from uuid import UUID

from django.apps import apps
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from editorial import audit, carried, conflicts
from editorial.models.merge import Merge
from editorial.models.record import Record, record_models, referencing_fields
from editorial.models.submission import Act, SubmissionItem
from editorial.models.user import User
from editorial.redaction import guards, validation
from editorial.workflow import publish_changes, record_act
from publishing import documents, publication
from publishing.codes import EditionKind
from publishing.models.edition import Edition, Reference
from publishing.models.entry import FOREVER


@conflicts.as_validation_error()
@transaction.atomic
def merge(record: Record, into: Record, by: User, reason: str) -> Merge:
    """Merge a record into another at once: it then answers 308, and references to it change.

    Raises PermissionDenied if `by` is no reviewer, ValidationError if one of the two is not
    public, if their types differ, or if the reason is empty.
    """
    submission = record_act(Act.MERGE, record, by, reason)
    if type(record) is not type(into) or record.pk == into.pk:
        raise ValidationError("Merge a record into another of its own type.", code="merge")
    for each in (record, into):
        if each.edition is None or not each.edition.public:
            raise ValidationError(f"{each} is not public, so it cannot be merged.", code="merge")
    _refuse_submitted(record, into)
    merge = Merge(submission=submission, record=record.public_id, survivor=into.public_id)
    with audit.mark_act(by, "merge"):
        body = carried.carry_over(merge, record, into)
        _repoint(merge, record, into)
    _refuse_redacted(merge)
    merge.save()
    earlier = Merge.objects.filter(survivor=record.public_id, undone=None)
    merged = [record.public_id, *earlier.values_list("record", flat=True)]
    note = publication.describe_self_affiliation(reason)
    publish_changes(
        [
            *(
                publication.make_merge(record.type_name, public_id, into.public_id, reason)
                for public_id in merged
            ),
            *_change_survivor(record.type_name, into.public_id, body, reason),
            *(
                publication.make_withdrawal(edition.type, edition.record, note)
                for edition in _find_self_affiliations(record, into)
            ),
        ]
    )
    return merge


def unmerge(record: Record, by: User, reason: str) -> list[str]:
    """Undo the merge of a record; see `undo_merge`."""
    merge = Merge.objects.filter(record=record.public_id, undone=None).first()
    if merge is None:
        raise ValidationError("It is not merged, so there is nothing to undo.", code="undone")
    return undo_merge(merge, by, reason)


@conflicts.as_validation_error()
@transaction.atomic
def undo_merge(merge: Merge, by: User, reason: str) -> list[str]:
    """Separate the records again, and restore the references to the merged one.

    Documents that were corrected since still reference the survivor: their names are returned, so
    that somebody can check them. Raises PermissionDenied or ValidationError.
    """
    publication.acquire_lock()
    merge.refresh_from_db()
    if merge.undone is not None:
        raise ValidationError("This merge is undone already.", code="undone")
    merged = Edition.objects.newest_of([merge.record]).get()
    model = record_models()[merged.type]
    record = model.objects.get(public_id=merge.record)
    merge.undone = record_act(Act.UNMERGE, record, by, reason)
    with audit.mark_act(by, "merge"):
        _restore_rows(merge)
        body = carried.take_back(merge)
    _refuse_redacted(merge)
    merge.save()
    changes, corrected = _restore_documents(merge, merged, reason)
    changed = {change.record for change in changes}
    survivor = _change_survivor(merged.type, merge.survivor, body, reason)
    publish_changes([*changes, *(change for change in survivor if change.record not in changed)])
    return corrected


def _change_survivor(
    type_name: str, public_id: UUID, body: bytes | None, reason: str
) -> list[publication.PublicChange]:
    """Return the change of the survivor's text, if there is one."""
    if body is None:
        return []
    return [publication.PublicChange(type_name, str(public_id), None, body, reason)]


def _refuse_submitted(*records: Record) -> None:
    """Refuse to merge a record that is in a submission: its text would be void."""
    for record in records:
        item = SubmissionItem.objects.filter(record=record.public_id, open=True).first()
        if item is not None:
            raise ValidationError(
                f"{record} is in {item.submission}: publish, reject or recall that first.",
                code="submitted",
            )


def _repoint(merge: Merge, record: Record, into: Record) -> None:
    """Make every working row that references `record` reference `into` instead.

    If a row then references the survivor twice, or itself, the later column is emptied if it may be
    empty. Otherwise a part is removed and stored in the merge, and a record stays as it is. A row
    also stays as it is if the change breaks a constraint, for example if both records have the same
    affiliation at the same time.
    """
    for model, column in referencing_fields(type(record)):
        for row in model._default_manager.filter(**{column.attname: record.pk}):
            other = _find_other_reference(row, into, column)
            later = other and max(column, other)
            if row == into and column.null:
                _set_column(merge, row, column, None)
            elif later is None or (later.null and not isinstance(row, Record)):
                _set_column(merge, row, column, None if later is column else into.pk)
                if later is other and other is not None:
                    _set_column(merge, row, other, None)
            elif not isinstance(row, Record):
                # Parents come before their parts, so that they can be restored in this order.
                removed = list(guards.walk_rows(row))
                merge.removed += serializers.serialize("python", removed)
                row.delete()


def _set_column(merge: Merge, row: models.Model, column: models.Field, value: int | None) -> None:
    """Set a column and note the change in the merge, unless it breaks a constraint."""
    rows = type(row)._default_manager.filter(pk=row.pk)
    try:
        with transaction.atomic():
            rows.update(**{column.attname: value})
    except IntegrityError:
        return
    before = getattr(row, column.attname)
    merge.repointed.append([row._meta.label_lower, row.pk, column.attname, before, value])


def _refuse_redacted(merge: Merge) -> None:
    """Refuse a merge if the changed rows then contain what a redaction removed."""
    rows = [
        row
        for label, key in {
            *((label, key) for label, key, *_ in merge.repointed),
            *((row["model"], row["pk"]) for row in merge.removed),
            *((label, key) for label, key, *_ in merge.carried_rows),
        }
        if (row := apps.get_model(label)._default_manager.filter(pk=key).first())
    ]
    records = {guards.find_record(row) for row in rows}
    validation.check_records(record for record in records if record)


def _restore_rows(merge: Merge) -> None:
    """Undo `_repoint`, except in columns that an editor has changed since."""
    for row in serializers.deserialize("python", merge.removed):
        row.save()
    for label, key, column, before, after in merge.repointed:
        rows = apps.get_model(label)._default_manager.filter(pk=key, **{column: after})
        rows.update(**{column: before})


def _restore_documents(
    merge: Merge, merged: Edition, reason: str
) -> tuple[list[publication.PublicChange], list[str]]:
    """Return the changes that restore the documents, and the names of those corrected since.

    The merge closed the references to the merged record at the Editions that it appended.
    """
    editions = Edition.objects.filter(record=merge.record)
    last = editions.filter(public=True).order_by("-version")[0]
    merging = editions.get(version=last.version + 1)
    changes = [_restore(last, EditionKind.UNMERGE, reason)]
    references = Reference.objects.filter(target=merge.record)
    changed = Edition.objects.filter(
        published_at=merging.published_at, seq__in=references.values("until_seq")
    )
    previous = dict(references.values_list("until_seq", "seq"))
    newest = {e.record: e for e in Edition.objects.newest_of(e.record for e in changed)}
    corrected = []
    for edition in changed:
        current = newest[edition.record]
        before = Edition.objects.get(seq=previous[edition.seq])
        if current.seq == edition.seq and edition.kind == EditionKind.WITHDRAW:
            changes.append(_restore(before, EditionKind.PUBLISH, reason))
        elif current.public and current.edited_at == edition.edited_at:
            changes.append(_restore(before, EditionKind.REFRESH, ""))
        else:
            corrected.append(str(current))
    for earlier in Merge.objects.filter(survivor=merge.record, undone=None):
        changes.append(publication.make_merge(merged.type, earlier.record, merge.record, reason))
    return changes, corrected


def _find_self_affiliations(record: Record, into: Record) -> list[Edition]:
    """Return the public affiliations that the merge would relate to themselves.

    Editors may have changed the working rows since, so the documents decide.
    """
    current = Reference.objects.filter(until_seq=FOREVER)
    both = (
        current.filter(target=record.public_id)
        .values("seq")
        .intersection(current.filter(target=into.public_id).values("seq"))
    )
    ids = {str(record.public_id), str(into.public_id)}
    return [
        edition
        for edition in Edition.objects.filter(seq__in=[row["seq"] for row in both])
        if ids <= set(documents.list_direct_references(documents.load(edition.document or "{}")))
    ]


def _find_other_reference(
    row: models.Model, record: Record, column: models.Field
) -> models.Field | None:
    """Return a column other than `column` in which a row refers to a record, if there is one."""
    return next(
        (
            field
            for field in row._meta.concrete_fields
            if field.is_relation
            and field.name != column.name
            and field.related_model is type(record)
            and getattr(row, field.attname) == record.pk
        ),
        None,
    )


def _restore(edition: Edition, kind: EditionKind, note: str) -> publication.PublicChange:
    """Return the change that publishes the text of an Edition again."""
    filled = documents.remove_envelope((edition.document or "").encode())
    body = documents.dump(documents.strip_references(documents.load(filled)))
    return publication.PublicChange(edition.type, str(edition.record), kind, body, note)
