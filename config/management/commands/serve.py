"""`manage.py serve`: run the server in production."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError

from config import fingerprints
from config.serving.launch import replace_process
from publishing import commands

HELP = """\
Run the server in production, until SIGTERM or SIGINT. A proxy that terminates TLS has to be in
front of it: deploy/nginx.conf is one. docs/operating.md explains the whole installation.

The settings MUSTER_WORKERS and MUSTER_THREADS say how many processes it runs, with how many threads
each. After SIGTERM, it accepts nothing more and completes within 20 seconds what it has begun.
SIGINT stops it at once.

It checks the settings and the tables first, and collects the static files. If the database does not
answer yet, it starts anyway, and /readyz says so.
"""


class Command(commands.Command):
    """Check what the server needs, then become the server."""

    help = HELP
    requires_system_checks = []  # some of them need the database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--bind",
            action="append",
            default=[],
            metavar="ADDRESS",
            help="HOST:PORT or unix:FILE; may be repeated (default: 127.0.0.1:8000)",
        )

    def handle(self, *, bind: list[str], **options: Any) -> None:
        try:
            fingerprints.require_current()
            self.check()
        except fingerprints.SchemaError as error:
            raise CommandError(str(error)) from None
        except OperationalError as error:
            self.stderr.write(f"The database does not answer yet: {str(error).strip()}")
        try:
            call_command("collectstatic", verbosity=0, interactive=False)
        except OSError as error:
            raise CommandError(
                f"The static files cannot be written to {settings.STATIC_ROOT}: {error}. Make that "
                "folder writable for this user, or choose another one with MUSTER_DATA."
            ) from None
        addresses = [word for address in bind for word in ("--bind", address)]
        replace_process("config/gunicorn.py", *addresses, environ=os.environ)
