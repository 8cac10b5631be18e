"""`manage.py load`: write a dataset, and publish it under four eyes when asked to."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections import Counter
from pathlib import Path
from typing import Any

import pghistory
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from editorial.models import Record, Submission, User
from exchange.dataset import STATES, load
from exchange.people import named, refuse_same
from exchange.reading import DatasetError

HELP = """\
Write the records of a dataset, a YAML file, to the working tables. They are matched by their
public ids, so a second run changes nothing. With one fault in the file nothing is written, and
all its faults are told.

  manage.py load seed                       write fixtures/seed.yaml, and publish nothing
  manage.py load drafts/mine.yaml           write a file of your own
  manage.py load seed --submit-as editor    write it in the name of editor, then submit what
                                            reads otherwise than it is published, as one
                                            submission, to be decided on in the admin
  manage.py load seed --submit-as editor --approve-as reviewer
                                            also approve and publish it at once

Four eyes: who approves is a reviewer, did not submit and edited none of the records since they
were last published. fixtures/seed.yaml shows what such a file looks like.
"""


class Command(BaseCommand):
    """Write a dataset, then submit, approve and publish it by the verbs that people use."""

    help = HELP

    def create_parser(self, *args: Any, **options: Any) -> Any:
        """Keep the lines of the help as they are written."""
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dataset", help="name of a file in fixtures/, or path of a YAML file")
        parser.add_argument("--submit-as", metavar="USER", help="who edits and submits")
        parser.add_argument("--approve-as", metavar="USER", help="who approves and publishes")
        parser.add_argument("--note", default="", help="the reason, which readers are told")

    def handle(self, **options: Any) -> None:
        try:
            with transaction.atomic():
                self._handle(**options)
        except DatasetError as error:
            faults = f"{len(error.faults)} fault{'s' * (len(error.faults) > 1)}"
            raise CommandError(f"Nothing was written: {faults}.\n{error}") from None
        except ValidationError as error:
            raise CommandError("Nothing was written.\n" + "\n".join(error.messages)) from None
        except PermissionDenied as error:
            raise CommandError(f"Nothing was written. {error}") from None

    def _handle(
        self,
        *,
        dataset: str,
        submit_as: str | None,
        approve_as: str | None,
        note: str,
        **options: Any,
    ) -> None:
        refuse_same(submit_as, approve_as)
        text = _read(dataset)
        editor = named(submit_as) if submit_as else None
        reviewer = named(approve_as) if approve_as else None
        who = {"user": editor.pk} if editor else {}
        with pghistory.context(command=f"load {dataset}", **who):
            records = self._load(text)
            if editor:
                self._publish(records, editor, reviewer, note)

    def _load(self, text: str) -> list[Record]:
        loaded = load(text)
        counts = Counter((f"{record.type_name}s", state) for record, state in loaded)
        for type_ in dict.fromkeys(type_ for type_, _ in counts):
            told = [f"{counts[type_, s]} {s}" for s in STATES if counts[type_, s]]
            self.stdout.write(f"{type_}: {', '.join(told)}")
        return [record for record, _ in loaded]

    def _publish(
        self, records: list[Record], editor: User, reviewer: User | None, note: str
    ) -> None:
        try:
            submission = Submission.objects.freeze(records, editor, note)
        except ValidationError as error:
            if error.code != "unchanged":
                raise
            self.stdout.write("Everything reads as it is published: nothing to submit.")
            return
        number = submission.items.count()
        if reviewer is None:
            self.stdout.write(f"submitted {number} records, as submission {submission.pk}")
            return
        submission.approve(reviewer)
        submission.publish(reviewer)
        self.stdout.write(f"published {number} records")


def _read(name: str) -> str:
    """Return the text of a dataset in fixtures/, or of a file elsewhere."""
    shipped = settings.ROOT / "fixtures" / f"{name}.yaml"
    try:
        return (shipped if shipped.is_file() else Path(name)).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(
            f"{name} is no dataset of fixtures/ and cannot be read: {error}"
        ) from None
