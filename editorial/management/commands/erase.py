"""`manage.py erase`: destroy what redactions removed, once its time is over."""

from typing import Any

from editorial.redaction.restoring import destroy_expired
from publishing import commands

HELP = """\
Destroy what redactions removed more than MUSTER_ERASE_AFTER days ago (14).

  manage.py erase

Until then, two reviewers together can restore it. Run this every day, for example by cron, where
the server does not clean up by itself. Each sign-in to the admin does the same.
"""


class Command(commands.Command):
    """Destroy what has expired."""

    help = HELP

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"Destroyed: what {destroy_expired()} redactions removed")
