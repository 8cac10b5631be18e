"""`manage.py postgres`: start, stop, open, back up and restore the database."""

import os
import subprocess
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

from config import fingerprints, postgres
from publishing import commands

HELP = """\
Manage the database of this installation.

  manage.py postgres start         start the embedded PostgreSQL; create it the first time
  manage.py postgres stop          stop it
  manage.py postgres status        show whether it runs and where its files are
  manage.py postgres psql          open psql on the database
  manage.py postgres dump FILE     back up the whole database to FILE, in the format of pg_restore
  manage.py postgres restore FILE  restore the whole database from FILE, in one transaction

The embedded PostgreSQL stores its data in the data folder (MUSTER_DATA, or .muster). It accepts
connections through a socket there, not through the network.

A dump contains everything, drafts and confidential sources included. Only you can read FILE.

A restore loses everything that was done after the dump. If the database contains records, it needs
--replace: make a dump first. After a restore, Muster publishes one record again, so that clients
that hold a snapshot, a cursor or an ETag of the lost time get an error instead of wrong data. If
you restore in another way (pg_restore, a disk snapshot), they may not notice.

If DATABASE_URL is set, start and stop do not apply. psql, dump and restore do not support TLS: if
your server requires it, use its own programs.
"""
OTHER = (
    "Nothing was restored: the database contains tables of another version, which would be lost. "
    "Make a dump first, then add --replace."
)
OWN = "The database is on your own server (DATABASE_URL): "


class Command(commands.Command):
    """Run one of the verbs."""

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
        restore.add_argument(
            "--replace", action="store_true", help="replace a database that contains records"
        )

    def handle(self, *, verb: str, **options: Any) -> None:
        try:
            if verb == "psql":
                command, environ = _client_command("psql")
                os.execve(command[0], command, environ)  # noqa: S606 - it takes over the terminal
            elif verb == "dump":
                _dump(options["file"])
                _note_dump(options["file"])
                self.stdout.write(f"Written: {options['file']}")
            elif verb == "restore":
                self._restore(options["file"], options["replace"])
            elif os.environ.get("DATABASE_URL"):
                self._own(verb)
            else:
                self.stdout.write(_run_embedded(verb))
        except postgres.PostgresError as error:
            raise CommandError(str(error)) from None

    def _restore(self, file: Path, replace: bool) -> None:
        """Restore a dump, then continue the public record on a branch of its own."""
        from publishing import restore as restoring
        from publishing.codes import EditionKind
        from publishing.models import Edition

        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        lost, redactions = set[tuple[int, str]](), list[Edition]()
        if "publishing_edition" in connection.introspection.table_names():
            try:
                if not replace:
                    _require_empty()
                snapshots = Edition.objects.values_list("seq", "hash")
                lost = set(snapshots.filter(kind=EditionKind.REFRESH, note=restoring.NOTE))
                redactions = Edition.objects.redactions_in_force()
            except ProgrammingError:
                if not replace:
                    raise CommandError(OTHER) from None
                self.stdout.write(
                    "The replaced tables are of another version: redactions after the dump cannot "
                    "be listed, and lost snapshots cannot be recognised."
                )
        connection.close()
        command, environ = _client_command("psql")
        try:
            postgres.restore(
                file,
                postgres.find_programs() / "pg_restore",
                command,
                environ,
                fingerprints.CATALOG,
                fingerprints.require_match,
            )
        except fingerprints.SchemaError as error:
            raise CommandError(f"Nothing was restored. {error}") from None
        call_command("migrate", verbosity=0, interactive=False)
        snapshot = restoring.diverge_from(lost)
        self.stdout.write(f"Restored: {file}. The public record is at snapshot {snapshot}.")
        remaining = set(Edition.objects.filter(kind=EditionKind.REDACT).values_list("seq", "hash"))
        for edition in redactions:
            if (edition.seq, edition.hash) not in remaining:
                paths = ", ".join(edition.redacted or [])
                self.stdout.write(
                    f"Redact again, this was redacted after the dump: {edition}: {paths}"
                )

    def _own(self, verb: str) -> None:
        if verb != "status":
            raise CommandError(f"{OWN}{verb} it with its own tools.")
        self.stdout.write(f"{OWN}{connection.settings_dict['HOST'] or 'on this machine'}")


def _run_embedded(verb: str) -> str:
    """Run a verb on the embedded server, and return its result in words."""
    if verb == "stop":
        return "Stopped" if postgres.stop(settings.DATA) else "It was not running"
    if verb == "start":
        state = "Started" if postgres.start(settings.DATA) else "It was running already"
    else:
        state = "Running" if postgres.is_running(settings.DATA) else "Not running"
    return f"{state}: {(settings.DATA / 'postgres').resolve()}"


def _client_command(program: str) -> tuple[list[str], dict[str, str]]:
    """Return the command and environment of a client program; no argument has the password."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = postgres.explain_failure(error, settings.DATA, os.environ)
        raise CommandError(reason or str(error)) from None
    connection.close()
    arguments, environ = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    return [str(postgres.find_programs() / program), *arguments[1:]], os.environ | (environ or {})


def _require_empty() -> None:
    from editorial.models import record_models
    from publishing.models import Edition

    editions = Edition.objects.count()
    drafts = sum(model.objects.count() for model in record_models().values())
    if editions or drafts:
        raise CommandError(
            f"Nothing was restored: the database contains {drafts} records and {editions} "
            "editions, which would be lost. Make a dump first, then add --replace."
        )


def _dump(file: Path) -> None:
    """Write the database to `file`, completely or not at all."""
    draft = file.with_name(f"{file.name}.part")
    command, environ = _client_command("pg_dump")
    command[1:1] = ["--format=custom", f"--file={draft}"]
    done = subprocess.run(command, env=environ, umask=0o077, check=False)  # noqa: S603
    if done.returncode:
        draft.unlink(missing_ok=True)
        raise CommandError(f"Nothing was written to {file}. See the message of pg_dump above.")
    draft.replace(file)


def _note_dump(file: Path) -> None:
    """Note in the log of the admin that everything was written to a file."""
    from curation.models import AccountEvent, AccountEventKind

    with suppress(ProgrammingError), transaction.atomic():  # the tables may be of an older version
        AccountEvent.objects.note(AccountEventKind.EXPORTED, None, detail=f"dump: {file.name}")
