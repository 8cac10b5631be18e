"""`manage.py ingest`: import a file of a dataset, and submit or publish its records."""

from argparse import ArgumentParser
from pathlib import Path
from textwrap import indent
from typing import Any

from django.core.management.base import CommandError

from exchange.commands import EXIT_STATUS, FOUR_EYES, InputError, PublishingCommand, WriteResult
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
"""The imports by the word for their codebook."""

_CODEBOOK_HELP = [f"  {word}\n{indent(run.help, '    ')}" for word, run in CODEBOOKS.items()]
HELP = f"""\
Import a file of a dataset. Its rows become records that cite the dataset, in one submission.

  manage.py ingest ucdp-ged GEDEvent_v24_1.csv --dry-run
                        report what would be done, and write nothing
  manage.py ingest ucdp-ged GEDEvent_v24_1.csv --submit-as editor
                        write the records as the user editor, and submit them for review in the
                        admin
  manage.py ingest ucdp-ged GEDEvent_v24_1.csv --submit-as editor --approve-as reviewer
                        also approve and publish them at once, as the user reviewer
  manage.py ingest ucdp-external-support esd_ay_181.csv --release 18.1 --submit-as editor
                        state the release, since the name of the file does not

Codebooks:
{"".join(_CODEBOOK_HELP)}
The release is taken from the name of the file, such as GEDEvent_v24_1.csv, ged241.csv or
GEDEvent_v24_0_3.csv. If the name does not state it, --release is required.

All or nothing: a run that fails or is killed has changed nothing, and can be repeated. A second run
with the same file changes nothing. A newer release changes the records whose rows differ. It does
not change what an editor has corrected since; the report lists both values. A record with
unpublished changes of a person, or in a pending submission, is set aside and listed with the name
of the person; the next run tries it again. An older release is refused, except with --force.

An unreadable row is reported, with the column and its value, and left out. A row that contradicts
itself, such as one with a low estimate above the best one, is imported as it is and counted in the
report. Text that a redaction removed from an actor is also removed from the rows that name the
actor; a row that cannot be imported without it is set aside.

Nothing is withdrawn because a newer file lacks it. To list what it lacks, and to mark the ids of
these events for readers (`dropped_in`), declare which countries and days the file covers
completely:

  manage.py ingest ucdp-ged GEDEvent_v24_1.csv --submit-as editor \\
      --covers-countries MM TH --covers-from 2021 --covers-to 2023

{EXIT_STATUS}
{FOUR_EYES}"""


class Command(PublishingCommand):
    """Import one file."""

    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("codebook", choices=CODEBOOKS, help="the kind of file")
        parser.add_argument("file", type=Path, help="path of the file")
        parser.add_argument("--release", default="", help="release of the dataset, such as 24.1")
        parser.add_argument(
            "--force", action="store_true", help="allow an older release to overwrite a newer one"
        )
        parser.add_argument(
            "--covers-countries",
            nargs="+",
            metavar="CODE",
            help=f"countries that the file covers completely: IQ SY, or {ALL}",
        )
        parser.add_argument(
            "--covers-from", metavar="DAY", help="first day or year that it covers: 2021"
        )
        parser.add_argument(
            "--covers-to", metavar="DAY", help="last day or year that it covers: 2021-06-30"
        )
        parser.add_argument(
            "--missing-to",
            type=Path,
            metavar="FILE",
            help="CSV file for the list of missing rows (default: FILE-missing.csv)",
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
            raise CommandError("Add --submit-as: the user who edits and submits the records.")
        coverage = declare_coverage(covers_countries, covers_from, covers_to, {*ISO.values(), "PS"})
        run = CODEBOOKS[codebook](file, release, self.progress, force=force, coverage=coverage)
        if not file.is_file():
            raise InputError(f"{file} is not a file, or does not exist.")
        if not run.release and not dry_run:
            raise InputError(
                f"The name {file.name} does not state a release: add --release with a number such "
                "as 24.1, 24.0.3 or 24.01.24.03."
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
