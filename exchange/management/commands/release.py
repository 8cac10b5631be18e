"""`manage.py release`: give the newest snapshot of the public record a name."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from api import exports
from api.releases import make_release
from editorial.redaction.validation import check_note
from publishing import commands
from publishing.models import Edition
from publishing.registry import record_types

HELP = """\
Give the newest snapshot of the public record a name, so that it can be cited, requested and
verified.

  manage.py release 2026-q1
  manage.py release 2026-q1 --note "Adds the incidents of 2025."

Every list and detail of the API then accepts release=2026-q1, for ever. The address
/api/v1/releases/2026-q1 states its date, licence and citation, the changes since the previous
release, and for each resource the number of records, with the size and the SHA-256 of its export in
each format (NDJSON, CSV, and GeoJSON for records with a location), so that a download can be
verified:

  curl "$ADDRESS" | sha256sum

The command writes one row; exports are made again for each request. A release never changes, and
its name cannot be used again. The settings MUSTER_LICENCE and MUSTER_NAME are the licence of the
data and the name of the database in citations.
"""


class Command(commands.Command):
    """Make every export once, and store the counts, sizes and hashes as a release."""

    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="lowercase letters, digits, hyphens and dots: 2026-q1")
        parser.add_argument("--note", default="", help="public note about the release")

    def handle(self, *, name: str, note: str, **options: Any) -> None:
        seq = Edition.objects.newest_snapshot().seq
        total = sum(
            type_.entry.objects.at(seq).count() * len(exports.formats(type_.serializer))
            for type_ in record_types().values()
        )
        try:
            with self.progress.phase("exported records", total) as step:
                release = make_release(name, note, check_note, step)
        except ValidationError as error:
            raise CommandError("\n".join(["Nothing was written.", *error.messages])) from None
        for resource, exported in release.exports.items():
            self.stdout.write(f"{resource}: {exported['count']:,}")
            for format_, file in exported["formats"].items():
                self.stdout.write(f"  {format_:<8}{file['size']:,} bytes, {file['sha256']}")
        self.stdout.write(f"release {release}: snapshot {release.snapshot}, {release.licence}")
