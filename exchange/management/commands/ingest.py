"""`manage.py ingest`: bring in a dataset by its codebook, and publish it under four eyes."""

from argparse import ArgumentParser
from pathlib import Path
from textwrap import indent
from typing import Any

from django.core.management.base import CommandError

from exchange.importing import Import
from exchange.publishing import FOUR_EYES, PublishingCommand, Written
from exchange.ucdp.actors import ActorsImport
from exchange.ucdp.ged import GedImport
from exchange.ucdp.support import SupportImport

CODEBOOKS: dict[str, type[Import]] = {
    "ucdp-ged": GedImport,
    "ucdp-actors": ActorsImport,
    "ucdp-external-support": SupportImport,
}
"""By the word for it, what brings in the files of a codebook."""

_TOLD = [f"  {word}\n{indent(run.help, '    ')}" for word, run in CODEBOOKS.items()]
HELP = f"""\
Bring in a dataset. Its rows become records that cite it, and are submitted as one.

  manage.py ingest ucdp-ged GEDEvent_v24_1.csv --dry-run
                        say what would be done; write nothing
  manage.py ingest ucdp-ged GEDEvent_v24_1.csv --submit-as editor
                        write it in the name of editor and submit it, to be decided on in the admin
  manage.py ingest ucdp-ged GEDEvent_v24_1.csv --submit-as editor --approve-as reviewer
                        also approve and publish it at once
  manage.py ingest ucdp-external-support esd_ay_181.csv --release 18.1 --submit-as editor
                        with the release said, where the file's name does not tell it

Codebooks:
{"".join(_TOLD)}
Without --release the release is taken from the file's name, as in GEDEvent_v24_1.csv.

All or nothing: a run that fails or is killed has changed nothing, and can be repeated. A second
run with the same file changes nothing. A newer release changes what it tells otherwise, except
what an editor has corrected since; what it no longer has is reported, and withdrawn by nobody.
A row that cannot be read is reported and left out. Rows that contradict themselves, such as a
lowest toll above the best one, are kept as they are and counted in the report.

{FOUR_EYES}"""


class Command(PublishingCommand):
    """Bring in a file."""

    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("codebook", choices=CODEBOOKS, help="what kind of file it is")
        parser.add_argument("file", type=Path, help="path of the file")
        parser.add_argument("--release", default="", help="release of the dataset, as in 24.1")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done")
        super().add_arguments(parser)

    def title(self, *, codebook: str, file: Path, **options: Any) -> str:
        return f"ingest {codebook} {file.name}"

    def write(
        self,
        *,
        codebook: str,
        file: Path,
        release: str,
        submit_as: str | None,
        dry_run: bool,
        **options: Any,
    ) -> Written | None:
        if not submit_as and not dry_run:
            raise CommandError("Say with --submit-as in whose name it is written and submitted.")
        run = CODEBOOKS[codebook](file, release, self.progress)
        run.write()
        for line in run.report.lines():
            self.stdout.write(line)
        if dry_run:
            self.stdout.write("This was a dry run: nothing was written.")
            return None
        number = run.report.created + run.report.changed
        return Written(run.records(), 2 * number, run.title)  # each is found, then rendered
