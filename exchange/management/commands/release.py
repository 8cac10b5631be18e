"""`manage.py release`: name the newest state of the public record."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from editorial import commands
from editorial.models import Edition, Release, record_types

HELP = """\
Name the newest state of the public record, so that it can be cited, asked for and checked.

  manage.py release 2026-q1
  manage.py release 2026-q1 --note "Adds the incidents of 2025."

Every list and detail of the API then takes release=2026-q1, for good, and /api/v1/releases/2026-q1
tells its date, licence and citation, what changed since the release before, and of each resource
the count of documents with the size and the SHA-256 of its export, so that whoever fetches one can
check it:

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
        seq = Edition.objects.newest_mark().seq
        models = record_types().values()
        total = sum(model.entries().objects.at(seq).count() for model in models)
        try:
            with self.progress.phase("documents", total) as step:
                release = Release.objects.make(name, note, step)
        except ValidationError as error:
            raise CommandError("\n".join(["Nothing was written.", *error.messages])) from None
        for resource, export in release.exports.items():
            counts = f"{export['count']:,}, {export['size']:,} bytes"
            self.stdout.write(f"{resource}: {counts}, {export['sha256']}")
        self.stdout.write(f"release {release}: horizon {release.mark}, {release.licence}")
