"""`manage.py postgres`: start, stop and look into the database."""

import os
import subprocess
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, ProgrammingError, connection
from django.db.backends.postgresql.client import DatabaseClient

from config import fingerprints, postgres
from publishing import commands

HELP = """\
The database of this installation.

  manage.py postgres start      start the embedded PostgreSQL, making it the first time
  manage.py postgres stop       stop it; nothing committed is lost
  manage.py postgres status     say whether it runs and where its files are
  manage.py postgres psql       open PostgreSQL's own prompt on the database
  manage.py postgres dump FILE  write all of it to FILE, as pg_restore reads it
  manage.py postgres restore FILE
                                set all of it back to such a FILE, in one transaction. What was
                                done since is lost, so a database that holds records is replaced
                                with --replace alone: dump it first

The embedded PostgreSQL lives in the data folder (MUSTER_DATA, or .muster) and is reached through a
file there, not through the network. `dump` holds everything, drafts and confidential sources too:
FILE is made readable for you alone. `restore` lets the public record go on with a refresh of one
record. By it whoever holds a position, a cursor or an ETag of what was lost is told so; after
going back by any other way (pg_restore, a snapshot) nobody is, if the same is published again.

With DATABASE_URL set the server is your own: start and stop are yours, psql and dump work. These
speak no TLS; for a server that demands it use the psql and pg_dump that came with it.
"""
OTHER = (
    "Nothing was restored: the database holds tables of another version, which would be lost. Dump "
    "them first, then say --replace."
)
OWN = "The database is that of DATABASE_URL, a server of your own: "


class Command(commands.Command):
    """One verb a call."""

    help = HELP
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        for verb in ("start", "stop", "status", "psql"):
            verbs.add_parser(verb)
        dump = verbs.add_parser("dump")
        dump.add_argument("file", metavar="FILE", type=Path)
        restore = verbs.add_parser("restore")
        restore.add_argument("file", metavar="FILE", type=Path)
        restore.add_argument("--replace", action="store_true", help="lose what there is")

    def handle(self, *, verb: str, **options: Any) -> None:
        try:
            if verb == "psql":
                command, environ = _client("psql")
                os.execve(command[0], command, environ)  # noqa: S606 - its terminal is ours
            elif verb == "dump":
                _dump(options["file"])
                self.stdout.write(f"Written: {options['file']}")
            elif verb == "restore":
                self._restore(options["file"], options["replace"])
            elif os.environ.get("DATABASE_URL"):
                self._own(verb)
            else:
                self.stdout.write(_embedded(verb))
        except postgres.PostgresError as error:
            raise CommandError(str(error)) from None

    def _restore(self, file: Path, replace: bool) -> None:
        """Set the database back, and let the public record part from what is lost."""
        from publishing import restore as restoring
        from publishing.codes import EditionKind
        from publishing.models import Edition

        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        lost, redactions = set[tuple[int, str]](), list[Edition]()
        if "publishing_edition" in connection.introspection.table_names():
            try:
                if not replace:
                    _refuse_full()
                snapshots = Edition.objects.values_list("seq", "hash")
                lost = set(snapshots.filter(kind=EditionKind.REFRESH, note=restoring.NOTE))
                redactions = list(Edition.objects.filter(kind=EditionKind.REDACT).order_by("seq"))
            except ProgrammingError:
                if not replace:
                    raise CommandError(OTHER) from None
                self.stdout.write(
                    "The replaced tables are of another version: redactions in them that the dump "
                    "lacks cannot be listed, and positions in its feed are not recognised."
                )
        connection.close()
        command, environ = _client("psql")
        try:
            postgres.restore(
                file,
                postgres.programs() / "pg_restore",
                command,
                environ,
                fingerprints.CATALOG,
                fingerprints.require,
            )
        except fingerprints.SchemaError as error:
            raise CommandError(f"Nothing was restored. {error}") from None
        call_command("migrate", verbosity=0, interactive=False)
        snapshot = restoring.diverge_from(lost)
        self.stdout.write(f"Restored: {file}, with the public record as it was at {snapshot}")
        kept = set(Edition.objects.filter(kind=EditionKind.REDACT).values_list("seq", "hash"))
        for edition in redactions:
            if (edition.seq, edition.hash) not in kept:
                paths = ", ".join(edition.redacted or [])
                self.stdout.write(f"Redact again, it was redacted since: {edition}: {paths}")

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
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = postgres.explain(error, settings.DATA, os.environ)
        raise CommandError(reason or str(error)) from None
    connection.close()
    arguments, environ = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    return [str(postgres.programs() / program), *arguments[1:]], os.environ | (environ or {})


def _refuse_full() -> None:
    from editorial.models import record_models
    from publishing.models import Edition

    editions = Edition.objects.count()
    drafts = sum(model.objects.count() for model in record_models().values())
    if editions or drafts:
        raise CommandError(
            f"Nothing was restored: the database holds {drafts} records and {editions} editions, "
            "which would be lost. Dump them first, then say --replace."
        )


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
