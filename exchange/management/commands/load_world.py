"""`manage.py load_world`: the countries and first-level divisions of the world, as places."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from exchange.commands import FOUR_EYES, PublishingCommand, WriteResult
from exchange.report import list_set_aside
from exchange.world import COMMAND, ListedPlace, WorldImport, list_places

HELP = f"""\
Write the world's countries and first-level divisions (ISO 3166) as places, with their points and
their names in other languages. A place that exists already, by its code, keeps what it has; only
blanks are filled, so a second run changes nothing. Nothing is renamed or removed. A place with
unpublished changes of a person, or in a pending submission, is set aside and listed.

  manage.py load_world                      write all of the world, and publish nothing
  manage.py load_world --countries IQ SY    write these countries and their divisions
  manage.py load_world --submit-as editor   write it as the user editor, and submit the places
                                            that were written or were never public, in one
                                            submission
  manage.py load_world --submit-as editor --approve-as reviewer
                                            also approve and publish them at once

{FOUR_EYES}
fixtures/world/README.md describes the origin of the data and what is left out.
"""


class Command(PublishingCommand):
    """Write the world."""

    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--countries", nargs="+", metavar="CODE", help="ISO 3166-1 alpha-2 codes: IQ SY"
        )
        super().add_arguments(parser)

    def title(self, **options: Any) -> str:
        return COMMAND

    def write(self, *, countries: list[str] | None, **options: Any) -> WriteResult:
        places = _select_places(countries)
        with self.progress.phase("write", len(places)) as step:
            shipment = WorldImport(places)
            shipment.write()
            step(len(places))
        created, completed = len(shipment.created), len(shipment.completed)
        unchanged = len(places) - created - completed
        self.stdout.write(
            f"places: {created:,} created, {completed:,} completed, {unchanged:,} unchanged"
        )
        records = shipment.records()
        for line in list_set_aside(shipment.set_aside):
            self.stdout.write(line)
        return WriteResult(records, len(records))


def _select_places(countries: list[str] | None) -> list[ListedPlace]:
    """Return the listed places of the given countries, or all. Raises CommandError."""
    codes = {code.upper() for code in countries or []}
    if unknown := sorted(codes - {place.country for place in list_places()}):
        raise CommandError(
            f"Invalid value for --countries: {', '.join(unknown)}. Use ISO 3166-1 alpha-2 codes, "
            "such as IQ SY."
        )
    return [place for place in list_places() if not codes or place.country in codes]
