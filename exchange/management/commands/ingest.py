"""`manage.py ingest`: bring in a dataset by its codebook, and publish it under four eyes."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from itertools import chain
from pathlib import Path
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from editorial.chunks import watched
from editorial.models import Submission, User
from exchange.people import named, refuse_same
from exchange.progress import Progress
from exchange.ucdp_ged import GedImport
from exchange.ucdp_rows import NotGedError

CODEBOOKS = {"ucdp-ged": GedImport}
"""By the word for it, what brings in the files of a codebook."""

HELP = """\
Bring in a dataset. Its rows become records that cite it, and are submitted as one.

  manage.py ingest ucdp-ged GEDEvent_v24_1.csv --dry-run
                        say what would be done; write nothing
  manage.py ingest ucdp-ged GEDEvent_v24_1.csv --submit-as editor
                        write it in the name of editor and submit it, to be decided on in the admin
  manage.py ingest ucdp-ged GEDEvent_v24_1.csv --submit-as editor --approve-as reviewer
                        also approve and publish it at once

Codebooks:
  ucdp-ged   UCDP's Georeferenced Event Dataset and its candidate releases, as CSV. Incidents are
             found again by UCDP's event id, actors by its actor id; places are those that are
             published here. Without --release the release is taken from the file's name, as in
             GEDEvent_v24_1.csv.

All or nothing: a run that fails or is killed has changed nothing, and can be repeated. A second
run with the same file changes nothing. A newer release changes what it tells otherwise, except
what an editor has corrected since; what it no longer has is reported, and withdrawn by nobody.
A row that cannot be read is reported and left out. Rows that contradict themselves, such as a
lowest toll above the best one, are kept as they are and counted in the report.

Four eyes: who approves is a reviewer, did not submit and edited none of the records since they
were last published.
"""


class Command(BaseCommand):
    """Bring in a file, then submit, approve and publish it by the verbs that people use."""

    help = HELP

    def create_parser(self, *args: Any, **options: Any) -> Any:
        """Keep the lines of the help as they are written."""
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("codebook", choices=CODEBOOKS, help="what kind of file it is")
        parser.add_argument("file", type=Path, help="path of the file")
        parser.add_argument("--submit-as", metavar="USER", help="who edits and submits")
        parser.add_argument("--approve-as", metavar="USER", help="who approves and publishes")
        parser.add_argument("--release", default="", help="release of the dataset, as in 24.1")
        parser.add_argument("--note", default="", help="the reason, which readers are told")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done")

    def handle(self, **options: Any) -> None:
        try:
            with transaction.atomic():
                self._handle(**options)
        except NotGedError as error:
            raise CommandError(f"Nothing was written. {error}") from None
        except ValidationError as error:
            raise CommandError("Nothing was written.\n" + "\n".join(error.messages)) from None
        except PermissionDenied as error:
            raise CommandError(f"Nothing was written. {error}") from None

    def _handle(
        self,
        *,
        codebook: str,
        file: Path,
        submit_as: str | None,
        approve_as: str | None,
        release: str,
        note: str,
        dry_run: bool,
        **options: Any,
    ) -> None:
        refuse_same(submit_as, approve_as)
        if not submit_as and not dry_run:
            raise CommandError("Say with --submit-as in whose name it is written and submitted.")
        editor = named(submit_as) if submit_as else None
        reviewer = named(approve_as) if approve_as else None
        self.progress = Progress(getattr(self.stderr, "_out", None))
        who = {"user": editor.pk} if editor else {}
        with pghistory.context(command=f"ingest {codebook} {file.name}", **who):
            run = CODEBOOKS[codebook](file, release, self.progress)
            run.write()
            for line in run.report.lines():
                self.stdout.write(line)
            if dry_run:
                transaction.set_rollback(True)
                self.stdout.write("This was a dry run: nothing was written.")
            elif editor:
                self._publish(run, editor, reviewer, note or run.report.title)

    def _publish(self, run: GedImport, editor: User, reviewer: User | None, note: str) -> None:
        records = run.records()
        first = next(records, None)
        if first is None:
            self.stdout.write("Everything reads as it is published or submitted.")
            return
        about = run.report.created + run.report.changed
        with self.progress.phase("submit", about) as step, watched(step):
            try:
                submission = Submission.objects.freeze(chain([first], records), editor, note)
            except ValidationError as error:
                if error.code != "unchanged":
                    raise
                self.stdout.write("Everything reads as it is published: nothing to submit.")
                return
        number = submission.items.count()
        if reviewer is None:
            self.stdout.write(f"submitted {number:,} records, as submission {submission.pk}")
            return
        with self.progress.phase("approve", number) as step, watched(step):
            submission.approve(reviewer)
        with self.progress.phase("publish", 2 * number) as step, watched(step):
            submission.publish(reviewer)
        self.stdout.write(f"published {number:,} records")
