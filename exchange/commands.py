"""What commands that write records have in common: one transaction, and four eyes when asked."""

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
from publishing.bulk import watched

FOUR_EYES = """\
Four eyes: who approves is a reviewer, did not submit and edited none of the records since they
were last published.
"""


EXIT_STATUS = """\
Exit status: 0 when all rows could be read, 3 when some could not and were left out, 1 when nothing
was written. What is set aside, since somebody works on it, does not change it.
"""
REFUSED_STATUS = 3
"""The exit status of a run that left out rows which could not be read."""


_TRIGGER_REFUSAL = "23000"
"""The SQLSTATE of what our own triggers refuse, in words for editors."""


class UnusableError(Exception):
    """What was given cannot be used at all; in words for who gave it."""


class WriteResult(NamedTuple):
    """What a command has written."""

    records: Iterable[Record]
    """What is to be submitted, quoted ones first."""
    number: int
    """About how many rows are gone through to submit them, for the progress bar."""
    note: str = ""
    """The reason that readers are told where who runs the command gives none."""
    refused: int = 0
    """How many rows of the file could not be read."""


class PublishingCommand(commands.Command):
    """Write records, then submit, approve and publish them by the verbs that people use.

    All or nothing: a run that fails has changed nothing. Both methods below get the options.
    """

    title: Callable[..., str]
    """Returns what the audit calls this run."""
    write: Callable[..., WriteResult]
    """Writes the working rows; of a dry run all of it is taken back."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--submit-as", metavar="USER", help="who edits and submits")
        parser.add_argument("--approve-as", metavar="USER", help="who approves and publishes")
        parser.add_argument("--note", default="", help="the reason, which readers are told")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done; write nothing"
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
            raise CommandError("Say with --submit-as in whose name it is submitted.")
        if approve_as and approve_as == submit_as:
            raise CommandError("Four eyes: name another user to approve than to submit.")
        options |= {"submit_as": submit_as, "dry_run": dry_run}
        try:
            with conflicts.as_validation_error(), transaction.atomic():
                require_key()
                editor = _find_user(submit_as) if submit_as else None
                reviewer = _find_user(approve_as) if approve_as else None
                who = {"user": editor.pk} if editor else {}
                with pghistory.context(command=self.title(**options), **who):
                    written = self.write(**options)
                    if dry_run:
                        transaction.set_rollback(True)
                        self.stdout.write("This was a dry run: nothing was written.")
                    elif editor:
                        self._publish(written, editor, reviewer, note or written.note)
        except UnusableError as error:
            raise CommandError(f"Nothing was written. {error}") from None
        except ValidationError as error:
            raise CommandError("Nothing was written.\n" + "\n".join(error.messages)) from None
        except PermissionDenied as error:
            raise CommandError(f"Nothing was written. {error}") from None
        except (DataError, IntegrityError) as error:
            raise CommandError(f"Nothing was written. {describe_refusal(error)}") from None
        if written.refused:
            rows = "row" if written.refused == 1 else "rows"
            raise CommandError(
                f"{written.refused:,} {rows} could not be read: left out.",
                returncode=REFUSED_STATUS,
            )

    def _publish(
        self, written: WriteResult, editor: User, reviewer: User | None, note: str
    ) -> None:
        submission = self._submit(written, editor, note)
        if submission is None:
            self.stdout.write("Everything reads as it is published or submitted: nothing to do.")
            return
        number = submission.items.count()
        if reviewer is None:
            self.stdout.write(f"submitted {number:,} records, as submission {submission.pk}")
            return
        with self.progress.phase("approve", number) as step, watched(step):
            workflow.approve(submission, reviewer)
        # Each is written once as an edition, and once more by its entries.
        with self.progress.phase("publish", 2 * number) as step, watched(step):
            workflow.publish(submission, reviewer)
        self.stdout.write(f"published {number:,} records")

    def _submit(self, written: WriteResult, editor: User, note: str) -> Submission | None:
        """Return the submission, or None where there is nothing to submit."""
        records = (record for record in written.records if not is_confidential(record))
        first = next(records, None)
        if first is None:
            return None
        with self.progress.phase("submit", written.number) as step, watched(step):
            try:
                return workflow.submit(chain([first], records), editor, note)
            except ValidationError as error:
                if error.code != "unchanged":
                    raise
                return None


def describe_refusal(error: DatabaseError) -> str:
    """Say what the database refused, without the row, which its own message quotes."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is None or not diagnosis.sqlstate:
        return f"The database failed: {type(error).__name__}."
    if diagnosis.sqlstate == _TRIGGER_REFUSAL:
        return str(diagnosis.message_primary)
    where = [diagnosis.table_name, diagnosis.column_name, diagnosis.constraint_name]
    rule = ", ".join(filter(None, where))
    return f"The database refused it ({diagnosis.sqlstate}{f': {rule}' if rule else ''})."


def _find_user(username: str) -> User:
    """Return a user who may edit. Raises CommandError."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active user “{username}”.")
    if not user.has_perm("editorial.view_submission"):
        raise CommandError(f"“{username}” is in neither group, editor or reviewer.")
    return user
