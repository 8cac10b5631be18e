"""`manage.py load_island`: the invented island that shows what Muster can do."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import CommandError

from editorial.permissions import EDITOR, REVIEWER
from editorial.redaction.guards import require_key
from exchange.commands import find_user
from exchange.island.loading import RELEASES, load_island
from publishing import commands

HELP = f"""\
Write and publish an invented island state in the open Atlantic, with actors, affiliations, sources
and four years of incidents. Nothing of it exists: its places and sources say “(fictional)”, its
incidents have the tag “fictional”, and while they are public the API and the pages show a notice.
Do not load it into a database of real incidents: published records can be withdrawn, but their
editions stay readable.

  manage.py load_island                     publish it as the users editor and reviewer

After its first publication, one incident each is corrected, withdrawn, merged and redacted. The
releases {RELEASES[0]} and {RELEASES[1]} name the states before and after. If the island is there
already, nothing is written. fixtures/island/README.md describes it.
"""


class Command(commands.Command):
    """Write and publish the island."""

    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--submit-as", metavar="USER", default=EDITOR, help="default: %(default)s"
        )
        parser.add_argument(
            "--approve-as", metavar="USER", default=REVIEWER, help="default: %(default)s"
        )

    def handle(self, *, submit_as: str, approve_as: str, **options: Any) -> None:
        began = time.monotonic()
        try:
            require_key()
            number = load_island(find_user(submit_as), find_user(approve_as))
        except (ValidationError, PermissionDenied) as error:
            messages = error.messages if isinstance(error, ValidationError) else [str(error)]
            raise CommandError("\n".join(["Nothing was written.", *messages])) from None
        if number:
            seconds = time.monotonic() - began
            self.stdout.write(f"published {number:,} fictional records in {seconds:.1f} s")
        else:
            self.stdout.write("The island is there already: nothing was written.")
