"""`manage.py api_diff`: name what of one description of the API breaks the clients of another."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import CommandError

from api.compatibility import breaks
from publishing import commands

HELP = """\
Compare two OpenAPI 3.1 descriptions, in YAML or JSON, and name every change that breaks a client
which was written for, or generated from, the older one.

  manage.py api_diff tests/contract/previous.yaml tests/contract/openapi.yaml

Within v1 the API only grows. Nothing is said of: new endpoints, optional parameters and properties
of answers; new words that a parameter takes, or of a growing vocabulary (x-extensible-enum);
wider bounds of parameters; texts. All else breaks clients, and is v2:

  a path, operation, parameter, answer, header, property, component or word that is gone
  another operationId or component name: generated clients are written in them
  a new parameter that is required; a parameter that takes less, or has another default
  a property of another type or notation, that may be null or absent and could not before
  a new word of a closed list (enum) in an answer

The exit code is 0 if no change breaks clients, 1 if one does, 2 if a file cannot be read.
"""


class Command(commands.Command):
    """Read both and print one change a line."""

    help = HELP
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("old", type=Path, help="the description that clients were made from")
        parser.add_argument("new", type=Path, help="the description as it is to be")

    def handle(self, *, old: Path, new: Path, **options: Any) -> None:
        found = breaks(_read(old), _read(new))
        for each in found:
            self.stdout.write(str(each))
        if found:
            count = f"{len(found)} changes break" if len(found) > 1 else "1 change breaks"
            raise CommandError(f"{count} clients of {old}.", returncode=1)
        self.stdout.write(f"No change breaks clients of {old}.")


def _read(file: Path) -> dict[str, Any]:
    try:
        told = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CommandError(f"{file} cannot be read: {error}", returncode=2) from None
    if not (isinstance(told, dict) and str(told.get("openapi", "")).startswith("3.1")):
        raise CommandError(f"{file} is no OpenAPI 3.1 description.", returncode=2)
    return told
