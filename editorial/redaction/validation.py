"""Refusing what a redaction removed, where it would be submitted, approved or published again."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import connection

from editorial.models.record import Record
from editorial.models.redaction_guard import GuardKind, RedactionGuard
from editorial.models.submission import Submission, SubmissionItem
from editorial.redaction.guards import Guards, PublicText, Violation, matches_phrase
from publishing.bulk import iterate_in_chunks


def check_texts(texts: Iterable[PublicText]) -> None:
    """Raise ValidationError where something that is to be public was removed by a redaction."""
    given = list(texts)
    if guards := Guards.read(text.record for text in given):
        _refuse({text: guards.find_in_public_text(text) for text in given})


def check_records(records: Iterable[Record]) -> None:
    """Raise ValidationError where working rows hold what a redaction removed."""
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
    """Raise ValidationError where texts that were just frozen hold what a redaction removed.

    Private columns, which no text shows, are looked at in the working rows.
    """
    check_texts(PublicText(item.type, str(item.record), item.body_bytes, note) for item in items)
    guards = Guards.read(item.record for item in items)
    frozen = {str(item.record) for item in items} & set(guards.by_record)
    check_records(model._default_manager.filter(public_id__in=frozen) if frozen else ())


def check_submission(submission: Submission, reply: str = "") -> None:
    """Raise ValidationError where a submission, or the reply to it, holds what was removed.

    Given a reply, its texts are not looked at: they may well be why it is sent back.
    """
    guards = Guards.read(submission.items.values("record"))
    items = submission.items.all()
    if not guards.external or reply:
        items = items.filter(record__in=list(guards.by_record))
    for item in iterate_in_chunks(items) if guards else ():
        body, note = (None, reply) if reply else (item.body_bytes, submission.note)
        text = PublicText(item.type, str(item.record), body, note)
        _refuse({text: guards.find_in_public_text(text)})


def check_note(note: str) -> None:
    """Raise ValidationError where a note about no record in particular says what was removed."""
    phrases = RedactionGuard.objects.in_force().filter(kind=GuardKind.PHRASE)
    for guard in phrases.select_related("submission") if note else ():
        if matches_phrase(guard, note):
            raise ValidationError(Violation(guard).message, code="redacted")


def block_redactions(model: type[Record], keys: list[int]) -> None:
    """Let redactions of some records wait for the end of the transaction, and nobody else.

    What the transaction freezes is there then, to be recalled and cleaned.
    """
    with connection.cursor() as cursor:
        table = model._meta.db_table
        cursor.execute(f"SELECT FROM {table} WHERE id = ANY(%s) FOR KEY SHARE", [keys])


def _refuse(found: dict[PublicText, list[Violation]]) -> None:
    """Raise ValidationError for what was found; records go by their ids: names may be removed."""
    messages = [
        f"The {text.type} {text.record}: {violation.message}"
        for text, violations in found.items()
        for violation in violations
    ]
    if messages:
        raise ValidationError(list(dict.fromkeys(messages)), code="redacted")
