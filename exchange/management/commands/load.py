"""`manage.py load`: write the records of a YAML file, and submit or publish them."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from exchange.commands import FOUR_EYES, PublishingCommand, WriteResult
from exchange.dataset import STATES, load
from exchange.report import list_set_aside
from exchange.set_aside import Reason, SetAsideRow, is_confidential, is_pending
from exchange.yaml_reader import MAX_BYTES, DatasetError
from publishing.models import Edition

HELP = f"""\
Write the records of a YAML file to the working tables. Records are matched by public id, so a
second run changes nothing. If the file has any fault, nothing is written and all faults are listed.
A record with unpublished changes of a person, or in a pending submission, is set aside: it stays as
it is, is listed with the name of the person, and the next run tries it again. A confidential source
is written and stays private; records that cite it can be submitted.

Each actor, affiliation and incident without any citation, on itself or on a row below it, cites a
source with the name of the file, which the first run creates. To cite another source, name it by
its key at the top of the file, as in `cite: report`.

  manage.py load seed                       write fixtures/seed.yaml, and publish nothing
  manage.py load drafts/mine.yaml           write a file of your own
  manage.py load seed --submit-as editor    write it as the user editor, and submit all records
                                            that differ from their published editions, in one
                                            submission, for review in the admin
  manage.py load seed --submit-as editor --approve-as reviewer
                                            also approve and publish them at once

{FOUR_EYES}
fixtures/seed.yaml is an example of such a file.
"""


class Command(PublishingCommand):
    """Write the records of one file."""

    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dataset", help="name of a file in fixtures/, or path of a YAML file")
        super().add_arguments(parser)

    def title(self, *, dataset: str, **options: Any) -> str:
        return f"load {dataset}"

    def write(self, *, dataset: str, **options: Any) -> WriteResult:
        try:
            path = _find(dataset)
            loaded = load(_read(path), self.title(dataset=dataset), path.name)
        except DatasetError as error:
            faults = f"{len(error.faults)} fault{'s' * (len(error.faults) > 1)}"
            raise CommandError(f"Nothing was written: {faults}.\n{error}") from None
        counts = Counter((f"{row.record.type_name}s", row.state) for row in loaded)
        for type_ in dict.fromkeys(type_ for type_, _ in counts):
            states = [f"{counts[type_, s]} {s}" for s in STATES if counts[type_, s]]
            self.stdout.write(f"{type_}: {', '.join(states)}")
        submits = bool(options["submit_as"])
        free = [row.record for row in loaded if row.reason is None]
        set_aside = [
            SetAsideRow(row.key, *row.reason)
            for row in loaded
            if row.reason
            and (row.state == "set aside" or (submits and not _waits(row.state, row.reason)))
        ]
        for line in list_set_aside(set_aside):
            self.stdout.write(line)
        private = [record.public_id for record in free if is_confidential(record)]
        if private and submits:
            self.stdout.write(f"confidential sources, which stay private: {len(private):,}")
        for edition in Edition.objects.newest_of(private).filter(public=True):
            self.stdout.write(
                f"source {edition.record} is confidential now, but was published before: it stays "
                "public until a reviewer withdraws or redacts it"
            )
        return WriteResult(free, len(free))


def _waits(state: str, reason: Reason) -> bool:
    """Whether a record waits for a reviewer and equals the file."""
    return state == "unchanged" and is_pending(reason)


def _find(name: str) -> Path:
    """Return the path of a dataset in fixtures/, or of another file."""
    shipped = settings.ROOT / "fixtures" / f"{name}.yaml"
    try:
        return shipped if shipped.is_file() else Path(name)
    except (OSError, ValueError):
        return Path(name)


def _read(path: Path) -> str:
    """Return the text of a file. Raises CommandError."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise CommandError(f"{path} is too large: the most are {MAX_BYTES:,} bytes.")
        return content.decode()
    except UnicodeDecodeError:
        raise CommandError(f"{path} cannot be read: it is not UTF-8.") from None
    except (OSError, ValueError) as error:
        raise CommandError(
            f"{path} is not a dataset in fixtures/, nor a readable file: {error}"
        ) from None
