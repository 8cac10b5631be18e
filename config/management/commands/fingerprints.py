"""`manage.py fingerprints`: write what each migration makes of the tables."""

import json
from typing import Any

from django.db import connection

from config.fingerprints import FILE
from config.fingerprints.recording import record
from publishing import commands

HELP = """\
For developers, after a migration was made or changed: migrate an empty database of this server
step by step, and write what each migration makes of the tables to config/fingerprints/.
"""


class Command(commands.Command):
    """Migrate an empty database step by step, and write down what each migration changed."""

    help = HELP
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        connection.settings_dict["OPTIONS"].pop("pool", None)  # it would hold the old database
        deltas = record()
        FILE.write_text(json.dumps(deltas, indent=1) + "\n", encoding="utf-8")
        self.stdout.write(f"Written: {FILE.name}, {len(deltas)} migrations")
