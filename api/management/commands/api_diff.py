"""`manage.py api_diff`: list the changes between two descriptions that break clients."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import CommandError

from api.compatibility import find_breaks
from publishing import commands

HELP = """\
Compare two OpenAPI 3.1 descriptions, in YAML or JSON, and list every change that breaks a client
which was written for the older one or generated from it.

  manage.py api_diff tests/contract/previous.yaml tests/contract/openapi.yaml

Within v1 the API only grows. These changes break nothing: new endpoints, optional parameters and
properties of answers; new words of a parameter or of a growing vocabulary (x-extensible-enum);
wider bounds of parameters; changed texts. All other changes break clients and need v2:

  a path, operation, parameter, answer, header, property, component or word was removed
  an operationId or the name of a component changed, which generated clients use
  a new parameter is required; a parameter accepts less, or has another default
  a property has another type or notation, or can be null or absent and could not before
  a closed list of words (enum) in an answer has a new word

The exit code is 0 if no change breaks clients, 1 if one does, 2 if a file cannot be read.
"""


class Command(commands.Command):
    """A command that prints one change per line."""

    help = HELP
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("old", type=Path, help="the older description, which clients use")
        parser.add_argument("new", type=Path, help="the newer description")

    def handle(self, *, old: Path, new: Path, **options: Any) -> None:
        breaks = find_breaks(_read(old), _read(new))
        for each in breaks:
            self.stdout.write(str(each))
        if breaks:
            count = f"{len(breaks)} changes break" if len(breaks) > 1 else "1 change breaks"
            raise CommandError(f"{count} clients of {old}.", returncode=1)
        self.stdout.write(f"No change breaks clients of {old}.")


def _read(file: Path) -> dict[str, Any]:
    try:
        description = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CommandError(f"{file} cannot be read: {error}", returncode=2) from None
    if not (
        isinstance(description, dict) and str(description.get("openapi", "")).startswith("3.1")
    ):
        raise CommandError(f"{file} is not an OpenAPI 3.1 description.", returncode=2)
    return dict(description)
