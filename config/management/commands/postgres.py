"""`manage.py postgres`: start, stop and look into the database."""

import os
import subprocess
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from config import postgres

HELP = """\
The database of this installation.

  manage.py postgres start      start the embedded PostgreSQL, making it the first time
  manage.py postgres stop       stop it; nothing committed is lost
  manage.py postgres status     say whether it runs and where its files are
  manage.py postgres psql       open PostgreSQL's own prompt on the database
  manage.py postgres dump FILE  write all of it to FILE, as pg_restore reads it

The embedded PostgreSQL lives in the data folder (MUSTER_DATA, or .muster) and is reached through a
file there, not through the network. `dump` holds everything, drafts and confidential sources too:
FILE is made readable for you alone.

With DATABASE_URL set the server is your own: start and stop are yours, psql and dump work. These
two speak no TLS; for a server that demands it use the psql and pg_dump that came with it.
"""
OWN = "The database is that of DATABASE_URL, a server of your own: "


class Command(BaseCommand):
    """One verb a call."""

    help = HELP
    requires_system_checks = []

    def create_parser(self, *args: Any, **options: Any) -> Any:
        """Keep the lines of the help as they are written."""
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        for verb in ("start", "stop", "status", "psql"):
            verbs.add_parser(verb)
        dump = verbs.add_parser("dump")
        dump.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *, verb: str, **options: Any) -> None:
        try:
            if verb == "psql":
                command, environ = _client("psql")
                os.execve(command[0], command, environ)  # noqa: S606 - its terminal is ours
            elif verb == "dump":
                _dump(options["file"])
                self.stdout.write(f"Written: {options['file']}")
            elif os.environ.get("DATABASE_URL"):
                self._own(verb)
            else:
                self.stdout.write(_embedded(verb))
        except postgres.PostgresError as error:
            raise CommandError(str(error)) from None

    def _own(self, verb: str) -> None:
        if verb != "status":
            raise CommandError(f"{OWN}{verb} it with its own tools.")
        self.stdout.write(f"{OWN}{connection.settings_dict['HOST'] or 'on this machine'}")


def _embedded(verb: str) -> str:
    """Do the verb to the embedded server; what there is to say."""
    if verb == "stop":
        return "Stopped" if postgres.stop(settings.DATA) else "Was not running"
    if verb == "start":
        state = "Started" if postgres.start(settings.DATA) else "Was running"
    else:
        state = "Running" if postgres.running(settings.DATA) else "Not running"
    return f"{state}: {(settings.DATA / 'postgres').resolve()}"


def _client(program: str) -> tuple[list[str], dict[str, str]]:
    """Return how to call a client program on the database; the password is in no argument."""
    arguments, environ = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    return [str(postgres.programs() / program), *arguments[1:]], os.environ | (environ or {})


def _dump(file: Path) -> None:
    """Write the database to `file`, whole or not at all."""
    draft = file.with_name(f"{file.name}.part")
    command, environ = _client("pg_dump")
    command[1:1] = ["--format=custom", f"--file={draft}"]
    done = subprocess.run(command, env=environ, umask=0o077, check=False)  # noqa: S603
    if done.returncode:
        draft.unlink(missing_ok=True)
        raise CommandError(f"Nothing was written to {file}: pg_dump says why above.")
    draft.replace(file)
