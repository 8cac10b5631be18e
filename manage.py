#!/usr/bin/env python3
"""Run Muster's commands: `manage.py help` lists them."""

import os
import sys

WITHOUT_MODELS = ("start", "stop", "status", "psql", "dump")
"""The verbs of `manage.py postgres` that need none: they start in a fifth of the time."""


def main() -> None:
    """Run the command that the arguments name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    from config import postgres

    try:
        if sys.argv[1:2] == ["postgres"] and sys.argv[2:3] and sys.argv[2] in WITHOUT_MODELS:
            from config.management.commands.postgres import Command

            Command().run_from_argv(sys.argv)
        else:
            execute_from_command_line(sys.argv)
    except OperationalError as error:
        if reason := postgres.explain_failure(error, settings.DATA, os.environ):
            sys.exit(reason)
        raise


if __name__ == "__main__":
    main()
