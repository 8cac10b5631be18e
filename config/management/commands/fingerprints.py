"""`manage.py fingerprints`: record how each migration changes the tables."""

import json
from typing import Any

from django.db import connection

from config.fingerprints import FILE
from config.fingerprints.recording import record
from publishing import commands

HELP = """\
For developers. Run this after you add or change a migration: it migrates an empty database on this
server step by step, and writes how each migration changes the tables to config/fingerprints/.
"""


class Command(commands.Command):
    """Migrate an empty database step by step, and record what each migration changes."""

    help = HELP
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        # A pool would keep connections to the old database.
        connection.settings_dict["OPTIONS"].pop("pool", None)
        deltas = record()
        FILE.write_text(json.dumps(deltas, indent=1) + "\n", encoding="utf-8")
        self.stdout.write(f"Written: {FILE.name}, {len(deltas)} migrations")
