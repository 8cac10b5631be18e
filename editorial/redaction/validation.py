"""Validation of submitted, approved and published texts against the guards of redactions."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import connection

from editorial.models.record import Record
from editorial.models.redaction_guard import GuardKind, RedactionGuard
from editorial.models.submission import Submission, SubmissionItem
from editorial.redaction.guards import Guards, PublicText, Violation, matches_phrase
from publishing.bulk import iterate_in_chunks


def check_texts(texts: Iterable[PublicText]) -> None:
    """Raise ValidationError if texts that will be public contain what a redaction removed."""
    given = list(texts)
    if guards := Guards.read(text.record for text in given):
        _refuse({text: guards.find_in_public_text(text) for text in given})


def check_records(records: Iterable[Record]) -> None:
    """Raise ValidationError if working rows contain what a redaction removed."""
    given = list(records)
    if guards := Guards.read(record.public_id for record in given):
        _refuse(
            {
                PublicText(record.type_name, str(record.public_id), None): guards.find_in_record(
                    record
                )
                for record in given
            }
        )


def check_frozen_items(model: type[Record], items: list[SubmissionItem], note: str) -> None:
    """Raise ValidationError if frozen texts or their rows contain what a redaction removed.

    The working rows are checked too because the texts lack private columns.
    """
    check_texts(PublicText(item.type, str(item.record), item.body_bytes, note) for item in items)
    guards = Guards.read(item.record for item in items)
    frozen = {str(item.record) for item in items} & set(guards.by_record)
    check_records(model._default_manager.filter(public_id__in=frozen) if frozen else ())


def check_submission(submission: Submission, reply: str = "") -> None:
    """Raise ValidationError if a submission contains what was removed, or the reply if given.

    With a reply, the texts are not checked: they may be the reason for the rejection.
    """
    guards = Guards.read(submission.items.values("record"))
    items = submission.items.all()
    if not guards.external_ids or reply:
        items = items.filter(record__in=list(guards.by_record))
    for item in iterate_in_chunks(items) if guards else ():
        body, note = (None, reply) if reply else (item.body_bytes, submission.note)
        text = PublicText(item.type, str(item.record), body, note)
        _refuse({text: guards.find_in_public_text(text)})


def check_note(note: str) -> None:
    """Raise ValidationError if a note about no particular record contains what was removed."""
    phrases = RedactionGuard.objects.in_force().filter(kind=GuardKind.PHRASE)
    for guard in phrases.select_related("submission") if note else ():
        if matches_phrase(guard, note):
            raise ValidationError(Violation(guard).message, code="redacted")


def block_redactions(model: type[Record], keys: list[int]) -> None:
    """Make redactions of some records wait for the end of the transaction, and nobody else.

    So a redaction recalls and cleans what the transaction freezes.
    """
    with connection.cursor() as cursor:
        table = model._meta.db_table
        cursor.execute(f"SELECT FROM {table} WHERE id = ANY(%s) FOR KEY SHARE", [keys])


def _refuse(violations: dict[PublicText, list[Violation]]) -> None:
    """Raise ValidationError if there are violations; it names records by id only."""
    messages = [
        f"The {text.type} {text.record}: {violation.message}"
        for text, found in violations.items()
        for violation in found
    ]
    if messages:
        raise ValidationError(list(dict.fromkeys(messages)), code="redacted")
