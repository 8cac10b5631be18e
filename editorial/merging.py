"""Merging: two records of one thing become one, for ever or until it is undone."""

from django.apps import apps
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from editorial import audit, conflicts
from editorial.models.merge import Merge
from editorial.models.record import Record, record_models, referencing_fields
from editorial.models.submission import Act
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
    """Let a record become `into`, at once: it then answers 308, and its quoters quote that.

    Raises PermissionDenied where `by` is no reviewer, ValidationError where either is not
    public, they are of different types, or the reason is empty.
    """
    submission = record_act(Act.MERGE, record, by, reason)
    if type(record) is not type(into) or record.pk == into.pk:
        raise ValidationError("Merge a record into another of its own type.", code="merge")
    for one in (record, into):
        if one.edition is None or not one.edition.public:
            raise ValidationError(f"{one} is not public, so it cannot be merged.", code="merge")
    made = Merge(submission=submission, record=record.public_id, survivor=into.public_id)
    with audit.mark_act(by, "merge"):
        _repoint(made, record, into)
    _refuse_redacted(made)
    made.save()
    earlier = Merge.objects.filter(survivor=record.public_id, undone=None)
    become = [record.public_id, *earlier.values_list("record", flat=True)]
    note = publication.describe_self_affiliation(reason)
    publish_changes(
        [
            *(
                publication.make_merge(record.type_name, one, into.public_id, reason)
                for one in become
            ),
            *(
                publication.make_withdrawal(tie.type, tie.record, note)
                for tie in _ties(record, into)
            ),
        ]
    )
    return made


def unmerge(record: Record, by: User, reason: str) -> list[str]:
    """Undo the merge of a record; see `undo`."""
    merged = Merge.objects.filter(record=record.public_id, undone=None).first()
    if merged is None:
        raise ValidationError("It is not merged, so there is nothing to undo.", code="undone")
    return undo_merge(merged, by, reason)


@conflicts.as_validation_error()
@transaction.atomic
def undo_merge(merge: Merge, by: User, reason: str) -> list[str]:
    """Let both records stand again, and what quoted the merged one quote it again.

    Documents that were corrected since keep quoting the survivor: their names are returned,
    to be looked at. Raises PermissionDenied, ValidationError.
    """
    publication.acquire_lock()
    merge.refresh_from_db()
    if merge.undone is not None:
        raise ValidationError("It is undone already.", code="undone")
    merged = Edition.objects.newest_of([merge.record]).get()
    model = record_models()[merged.type]
    record = model.objects.get(public_id=merge.record)
    merge.undone = record_act(Act.UNMERGE, record, by, reason)
    with audit.mark_act(by, "merge"):
        _point_back(merge)
    _refuse_redacted(merge)
    merge.save()
    acts, corrected = _restoring(merge, merged, reason)
    publish_changes(acts)
    return corrected


def _repoint(merge: Merge, record: Record, into: Record) -> None:
    """Let every working row that quotes `record` quote `into`.

    A row may come to quote the survivor twice, or itself: then the later column is emptied if
    it may be; else a part is removed and kept here, and a record is left as it is. So is what
    would break a rule by quoting the survivor, such as a tie that both had at the same time.
    """
    for model, column in referencing_fields(type(record)):
        for row in model._default_manager.filter(**{column.attname: record.pk}):
            again = _quoting(row, into, besides=column)
            later = again and max(column, again)
            if row == into and column.null:
                _set(merge, row, column, None)
            elif later is None or (later.null and not isinstance(row, Record)):
                _set(merge, row, column, None if later is column else into.pk)
                if later is again and again is not None:
                    _set(merge, row, again, None)
            elif not isinstance(row, Record):
                kept = [*_parts_of(row), row]
                merge.removed += serializers.serialize("python", reversed(kept))
                row.delete()


def _set(merge: Merge, row: models.Model, column: models.Field, value: int | None) -> None:
    rows = type(row)._default_manager.filter(pk=row.pk)
    try:
        with transaction.atomic():
            rows.update(**{column.attname: value})
    except IntegrityError:
        return
    change = [
        row._meta.label_lower,
        row.pk,
        column.attname,
        getattr(row, column.attname),
        value,
    ]
    merge.repointed.append(change)


def _refuse_redacted(merge: Merge) -> None:
    """Refuse to bring back, by quoting another record, what a redaction removed."""
    rows = [
        row
        for label, key in {
            *((label, key) for label, key, *_ in merge.repointed),
            *((row["model"], row["pk"]) for row in merge.removed),
        }
        if (row := apps.get_model(label)._default_manager.filter(pk=key).first())
    ]
    records = {guards.record_of(row) for row in rows}
    validation.check_records(record for record in records if record)


def _point_back(merge: Merge) -> None:
    """Undo `repoint`, but for what an editor has changed since."""
    for row in serializers.deserialize("python", merge.removed):
        row.save()
    for label, key, column, before, after in merge.repointed:
        rows = apps.get_model(label)._default_manager.filter(pk=key, **{column: after})
        rows.update(**{column: before})


def _restoring(
    merge: Merge, merged: Edition, reason: str
) -> tuple[list[publication.PublicChange], list[str]]:
    """Return the acts that bring back what the merge has changed, and what was corrected since.

    The merge closed the quotations of the merged record at the Editions that it appended.
    """
    editions = Edition.objects.filter(record=merge.record)
    last = editions.filter(public=True).order_by("-version")[0]
    began = editions.get(version=last.version + 1)
    acts = [_restore(last, EditionKind.UNMERGE, reason)]
    closed = Reference.objects.filter(target=merge.record)
    changed = Edition.objects.filter(
        published_at=began.published_at, seq__in=closed.values("until_seq")
    )
    before = dict(closed.values_list("until_seq", "seq"))
    now = {e.record: e for e in Edition.objects.newest_of(e.record for e in changed)}
    corrected = []
    for edition in changed:
        standing = now[edition.record]
        quoting = Edition.objects.get(seq=before[edition.seq])
        if standing.seq == edition.seq and edition.kind == EditionKind.WITHDRAW:
            acts.append(_restore(quoting, EditionKind.PUBLISH, reason))
        elif standing.public and standing.edited_at == edition.edited_at:
            acts.append(_restore(quoting, EditionKind.REFRESH, ""))
        else:
            corrected.append(str(standing))
    for earlier in Merge.objects.filter(survivor=merge.record, undone=None):
        acts.append(publication.make_merge(merged.type, earlier.record, merge.record, reason))
    return acts, corrected


def _ties(record: Record, into: Record) -> list[Edition]:
    """Return the public ties between two records, which would tie the survivor to itself.

    What is public decides, not the working rows: these may have been changed since.
    """
    standing = Reference.objects.filter(until_seq=FOREVER)
    both = (
        standing.filter(target=record.public_id)
        .values("seq")
        .intersection(standing.filter(target=into.public_id).values("seq"))
    )
    ids = {str(record.public_id), str(into.public_id)}
    return [
        edition
        for edition in Edition.objects.filter(seq__in=[row["seq"] for row in both])
        if ids <= set(documents.list_direct_references(documents.load(edition.document or "{}")))
    ]


def _quoting(row: models.Model, record: Record, besides: models.Field) -> models.Field | None:
    """Return another column by which a row quotes a record, or is part of it."""
    found = [
        field
        for field in row._meta.concrete_fields
        if field.is_relation
        and field.name != besides.name
        and field.related_model is type(record)
        and getattr(row, field.attname) == record.pk
    ]
    return found[0] if found else None


def _parts_of(row: models.Model) -> list[models.Model]:
    """Return the rows that go when a row goes, the deepest first."""
    return [
        found
        for part, column in audit.part_models(type(row))
        for owned in part._default_manager.filter(**{column: row.pk})
        for found in (*_parts_of(owned), owned)
    ]


def _restore(edition: Edition, kind: EditionKind, note: str) -> publication.PublicChange:
    """Return the act that brings back the text of an Edition."""
    filled = documents.remove_envelope((edition.document or "").encode())
    body = documents.dump(documents.strip_references(documents.load(filled)))
    return publication.PublicChange(edition.type, str(edition.record), kind, body, note)
