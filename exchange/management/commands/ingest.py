"""`manage.py ingest`: bring in a dataset by its codebook, and publish it under four eyes."""

from argparse import ArgumentParser
from pathlib import Path
from textwrap import indent
from typing import Any

from django.core.management.base import CommandError

from exchange.commands import EXIT_STATUS, FOUR_EYES, PublishingCommand, UnusableError, WriteResult
from exchange.coverage import ALL, declare_coverage, write_missing
from exchange.importing import Import, lock_imports
from exchange.ucdp.actors import ActorsImport
from exchange.ucdp.countries import ISO
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
                        with the release said

Codebooks:
{"".join(_TOLD)}
Without --release the release is taken from the file's name, as in GEDEvent_v24_1.csv, ged241.csv or
GEDEvent_v24_0_3.csv; where that tells none, --release is required.

All or nothing: a run that fails or is killed has changed nothing, and can be repeated. A second
run with the same file changes nothing. A newer release changes what it states otherwise, except
what an editor has corrected since: both values are listed. A record that has unpublished changes of
a person, or waits in a submission, is set aside and listed with the person's name; the next run
takes it up. An older release is refused, unless with --force.

A row that cannot be read is reported, with its column and value, and left out. Rows that contradict
themselves, such as a lowest number above the best one, are kept as they are and counted in the
report. Rows are read without what redactions removed from the actors that they name; where a row
cannot be written without that, it is set aside. What earlier releases have and the file lacks is
reported for the countries and days of which the file has all, and withdrawn by nobody:

  manage.py ingest ucdp-ged GEDEvent_v24_1.csv --submit-as editor \\
      --covers-countries MM TH --covers-from 2021 --covers-to 2023

{EXIT_STATUS}
{FOUR_EYES}"""


class Command(PublishingCommand):
    """Bring in a file."""

    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("codebook", choices=CODEBOOKS, help="what kind of file it is")
        parser.add_argument("file", type=Path, help="path of the file")
        parser.add_argument("--release", default="", help="release of the dataset, as in 24.1")
        parser.add_argument(
            "--force", action="store_true", help="write an older release over a newer one"
        )
        parser.add_argument(
            "--covers-countries",
            nargs="+",
            metavar="CODE",
            help=f"the countries of which the file has all: IQ SY, or {ALL}",
        )
        parser.add_argument(
            "--covers-from", metavar="DAY", help="since when it has all of them: 2021"
        )
        parser.add_argument(
            "--covers-to", metavar="DAY", help="until when it has all of them: 2021-06-30"
        )
        parser.add_argument(
            "--missing-to",
            type=Path,
            metavar="FILE",
            help="where to list what it lacks all the same, as CSV (FILE-missing.csv, here)",
        )
        super().add_arguments(parser)

    def title(self, *, codebook: str, file: Path, **options: Any) -> str:
        return f"ingest {codebook} {file.name}"

    def write(
        self,
        *,
        codebook: str,
        file: Path,
        release: str,
        force: bool,
        submit_as: str | None,
        dry_run: bool,
        covers_countries: list[str] | None,
        covers_from: str | None,
        covers_to: str | None,
        missing_to: Path | None,
        **options: Any,
    ) -> WriteResult:
        if not submit_as and not dry_run:
            raise CommandError("Say with --submit-as in whose name it is written and submitted.")
        coverage = declare_coverage(covers_countries, covers_from, covers_to, {*ISO.values(), "PS"})
        run = CODEBOOKS[codebook](file, release, self.progress, force=force, coverage=coverage)
        if not file.is_file():
            raise UnusableError(f"The file {file} cannot be read: there is none.")
        if not run.release and not dry_run:
            raise UnusableError(
                f"The name {file.name} tells no release: say with --release which it is, as in "
                "24.1, 24.0.3 or 24.01.24.03."
            )
        lock_imports()
        run.write()
        report = run.report
        if report.gone:
            report.gone_to = missing_to or Path(f"{file.stem}-missing.csv")
            write_missing(report.gone, report.gone_to)
        for line in report.lines():
            self.stdout.write(line)
        number = report.created + report.changed
        # Each record is found, then rendered.
        return WriteResult(run.records(), 2 * number, run.title, report.refused)
