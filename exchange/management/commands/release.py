"""`manage.py release`: name the newest state of the public record."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from api import exports
from api.releases import make_release
from editorial.redaction.refusals import refuse_note
from publishing import commands
from publishing.models import Edition
from publishing.registry import record_types

HELP = """\
Name the newest state of the public record, so that it can be cited, asked for and checked.

  manage.py release 2026-q1
  manage.py release 2026-q1 --note "Adds the incidents of 2025."

Every list and detail of the API then takes release=2026-q1, for good, and /api/v1/releases/2026-q1
tells its date, licence and citation, what changed since the release before, and of each resource
the count of records, with the size and the SHA-256 of its export in each format (NDJSON, CSV, and
GeoJSON of what lies somewhere), so that whoever fetches one can check it:

  curl "$ADDRESS" | sha256sum

Nothing is written but that one row: exports are made anew for whoever asks. A release never
changes and its name is never free again. MUSTER_LICENCE and MUSTER_NAME (see the settings) say
under which licence the data may be used, and what the database is called in citations.
"""


class Command(commands.Command):
    """Go through every export once, then write down what the release holds."""

    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="lowercase letters, digits, hyphens and dots: 2026-q1")
        parser.add_argument("--note", default="", help="what readers are told about it")

    def handle(self, *, name: str, note: str, **options: Any) -> None:
        seq = Edition.objects.newest_snapshot().seq
        total = sum(
            type_.entry.objects.at(seq).count() * len(exports.formats(type_.serializer))
            for type_ in record_types().values()
        )
        try:
            with self.progress.phase("exported records", total) as step:
                release = make_release(name, note, refuse_note, step)
        except ValidationError as error:
            raise CommandError("\n".join(["Nothing was written.", *error.messages])) from None
        for resource, held in release.exports.items():
            self.stdout.write(f"{resource}: {held['count']:,}")
            for format_, export in held["formats"].items():
                told = f"{export['size']:,} bytes, {export['sha256']}"
                self.stdout.write(f"  {format_:<8}{told}")
        self.stdout.write(f"release {release}: snapshot {release.snapshot}, {release.licence}")
