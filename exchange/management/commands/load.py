"""`manage.py load`: write a dataset, and publish it under four eyes when asked to."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from exchange.dataset import STATES, load
from exchange.publishing import FOUR_EYES, PublishingCommand, Written
from exchange.reading import DatasetError

HELP = f"""\
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

{FOUR_EYES}
fixtures/seed.yaml shows what such a file looks like.
"""


class Command(PublishingCommand):
    """Write a dataset."""

    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dataset", help="name of a file in fixtures/, or path of a YAML file")
        super().add_arguments(parser)

    def title(self, *, dataset: str, **options: Any) -> str:
        return f"load {dataset}"

    def write(self, *, dataset: str, **options: Any) -> Written:
        try:
            loaded = load(_read(dataset))
        except DatasetError as error:
            faults = f"{len(error.faults)} fault{'s' * (len(error.faults) > 1)}"
            raise CommandError(f"Nothing was written: {faults}.\n{error}") from None
        counts = Counter((f"{record.type_name}s", state) for record, state in loaded)
        for type_ in dict.fromkeys(type_ for type_, _ in counts):
            told = [f"{counts[type_, s]} {s}" for s in STATES if counts[type_, s]]
            self.stdout.write(f"{type_}: {', '.join(told)}")
        return Written([record for record, _ in loaded], len(loaded))


def _read(name: str) -> str:
    """Return the text of a dataset in fixtures/, or of a file elsewhere."""
    shipped = settings.ROOT / "fixtures" / f"{name}.yaml"
    try:
        return (shipped if shipped.is_file() else Path(name)).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(
            f"{name} is no dataset of fixtures/ and cannot be read: {error}"
        ) from None
