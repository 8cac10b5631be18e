"""The base of commands that write records and may publish them, in one transaction."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any, NamedTuple

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import CommandError
from django.db import DatabaseError, DataError, IntegrityError, transaction

from editorial import conflicts, workflow
from editorial.models import Record, Submission, User
from editorial.redaction.guards import require_key
from exchange.set_aside import is_confidential
from publishing import commands
from publishing.bulk import collect_garbage_rarely, report_chunks

FOUR_EYES = """\
The user of --approve-as must be a reviewer who did not submit the records and has edited none of
them since they were last published.
"""


EXIT_STATUS = """\
Exit status: 0 if all rows could be read, 3 if some could not be read and were left out, 1 if
nothing was written. Rows that are set aside do not change it.
"""
REFUSED_STATUS = 3
"""The exit status of a run that left out rows which could not be read."""

_TRIGGER_REFUSAL = "23000"
"""The SQLSTATE with which our own triggers refuse a row; their message is for editors."""


class InputError(Exception):
    """A file or an option cannot be used at all; the message is for the user of the command."""


class WriteResult(NamedTuple):
    """What a command has written and submits."""

    records: Iterable[Record]
    """The records to submit: first those that others reference."""
    number: int
    """About how many rows submitting them reads, for the progress bar."""
    note: str = ""
    """The public reason where the user gives none with --note."""
    refused: int = 0
    """How many rows of the file could not be read."""


class PublishingCommand(commands.Command):
    """A command that writes records, then submits, approves and publishes them as people do.

    All or nothing: a run that fails has changed nothing. Both functions below get the options.
    """

    title: Callable[..., str]
    """Returns the name of this run in the audit."""
    write: Callable[..., WriteResult]
    """Writes the working rows; a dry run rolls them back."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--submit-as", metavar="USER", help="user who edits and submits")
        parser.add_argument("--approve-as", metavar="USER", help="user who approves and publishes")
        parser.add_argument("--note", default="", help="public reason for the change")
        parser.add_argument(
            "--dry-run", action="store_true", help="report what would be done, and write nothing"
        )

    def handle(
        self,
        *,
        submit_as: str | None,
        approve_as: str | None,
        note: str,
        dry_run: bool,
        **options: Any,
    ) -> None:
        if approve_as and not submit_as:
            raise CommandError("Add --submit-as: records are submitted before they are approved.")
        if approve_as and approve_as == submit_as:
            raise CommandError("--approve-as must be another user than --submit-as.")
        options |= {"submit_as": submit_as, "dry_run": dry_run}
        try:
            with (
                collect_garbage_rarely(),
                conflicts.as_validation_error(),
                transaction.atomic(),
            ):
                require_key()
                editor = find_user(submit_as) if submit_as else None
                reviewer = find_user(approve_as) if approve_as else None
                who = {"user": editor.pk} if editor else {}
                with pghistory.context(command=self.title(**options), **who):
                    written = self.write(**options)
                    if dry_run:
                        transaction.set_rollback(True)
                        self.stdout.write("Dry run: nothing was written.")
                    elif editor:
                        self._publish(written, editor, reviewer, note or written.note)
        except InputError as error:
            raise CommandError(f"Nothing was written. {error}") from None
        except ValidationError as error:
            raise CommandError("Nothing was written.\n" + "\n".join(error.messages)) from None
        except PermissionDenied as error:
            raise CommandError(f"Nothing was written. {error}") from None
        except (DataError, IntegrityError) as error:
            raise CommandError(f"Nothing was written. {describe_refusal(error)}") from None
        if written.refused:
            rows = "row was" if written.refused == 1 else "rows were"
            raise CommandError(
                f"{written.refused:,} {rows} unreadable and left out.",
                returncode=REFUSED_STATUS,
            )

    def _publish(
        self, written: WriteResult, editor: User, reviewer: User | None, note: str
    ) -> None:
        submission = self._submit(written, editor, note)
        if submission is None:
            self.stdout.write(
                "Nothing to submit: all records are published or submitted as they are."
            )
            return
        number = submission.items.count()
        if reviewer is None:
            self.stdout.write(f"submitted {number:,} records, as submission {submission.pk}")
            return
        with self.progress.phase("approve", number) as step, report_chunks(step):
            workflow.approve(submission, reviewer, just_frozen=True)
        # Each record is written as an edition, and once more as index entries.
        with self.progress.phase("publish", 2 * number) as step, report_chunks(step):
            workflow.publish(submission, reviewer)
        self.stdout.write(f"published {number:,} records")

    def _submit(self, written: WriteResult, editor: User, note: str) -> Submission | None:
        """Return the submission, or None where there is nothing to submit."""
        records = (record for record in written.records if not is_confidential(record))
        first = next(records, None)
        if first is None:
            return None
        with self.progress.phase("submit", written.number) as step, report_chunks(step):
            try:
                return workflow.submit(chain([first], records), editor, note)
            except ValidationError as error:
                if getattr(error, "code", None) != "unchanged":  # a list of errors has no code
                    raise
                return None


def describe_refusal(error: DatabaseError) -> str:
    """Return what the database refused, without the row, which its own message contains.

    The row may hold confidential texts, which must not reach a log.
    """
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is None or not diagnosis.sqlstate:
        return f"The database failed: {type(error).__name__}."
    if diagnosis.sqlstate == _TRIGGER_REFUSAL:
        return str(diagnosis.message_primary)
    parts = [diagnosis.table_name, diagnosis.column_name, diagnosis.constraint_name]
    rule = ", ".join(filter(None, parts))
    return f"The database refused a row ({diagnosis.sqlstate}{f': {rule}' if rule else ''})."


def find_user(username: str) -> User:
    """Return a user who may edit. Raises CommandError."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active user “{username}”.")
    if not user.has_perm("editorial.view_submission"):
        raise CommandError(f"“{username}” is in neither group, editor or reviewer.")
    return user
