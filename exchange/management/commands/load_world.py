"""`manage.py load_world`: the countries and first-level divisions of the world, as places."""

import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from editorial.models import Submission, User
from exchange.people import named
from exchange.shipping import Shipment
from exchange.world import Listed, listed

HELP = """\
Write the world's countries and first-level divisions (ISO 3166) as places, with their points and
their names in other languages. What is there already, by its code, is left as it is but for what
is blank in it, so a second run changes nothing. Nothing is ever renamed or removed.

  manage.py load_world                      write all of the world, and publish nothing
  manage.py load_world --countries IQ SY    write these countries and what lies in them
  manage.py load_world --submit-as editor   write it in the name of editor, then submit what was
                                            written or never was public, as one submission
  manage.py load_world --submit-as editor --approve-as reviewer
                                            also approve and publish it at once

Four eyes: who approves is a reviewer, did not submit and edited none of the places since they
were last published. fixtures/world/README.md tells where the data are from and what is left out.
"""


class Command(BaseCommand):
    """Write the world, then submit, approve and publish it by the verbs that people use."""

    help = HELP

    def create_parser(self, *args: Any, **options: Any) -> Any:
        """Keep the lines of the help as they are written."""
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--countries", nargs="+", metavar="CODE", help="ISO 3166-1 alpha-2 codes: IQ SY"
        )
        parser.add_argument("--submit-as", metavar="USER", help="who edits and submits")
        parser.add_argument("--approve-as", metavar="USER", help="who approves and publishes")
        parser.add_argument("--note", default="", help="the reason, which readers are told")

    def handle(self, **options: Any) -> None:
        try:
            with transaction.atomic():
                self._handle(**options)
        except ValidationError as error:
            raise CommandError("Nothing was written.\n" + "\n".join(error.messages)) from None
        except PermissionDenied as error:
            raise CommandError(f"Nothing was written. {error}") from None

    def _handle(
        self,
        *,
        countries: list[str] | None,
        submit_as: str | None,
        approve_as: str | None,
        note: str,
        **options: Any,
    ) -> None:
        if approve_as and not submit_as:
            raise CommandError("Say with --submit-as in whose name it is submitted.")
        if approve_as and approve_as == submit_as:
            raise CommandError("Four eyes: name another user to approve than to submit.")
        places = _asked(countries)
        editor = named(submit_as) if submit_as else None
        reviewer = named(approve_as) if approve_as else None
        who = {"user": editor.pk} if editor else {}
        with pghistory.context(command="load_world", **who):
            with self._step(f"writing {len(places):,} places", len(places)):
                shipment = Shipment(places)
                shipment.write()
            created, completed = len(shipment.created), len(shipment.completed)
            unchanged = len(places) - created - completed
            self.stdout.write(
                f"places: {created:,} created, {completed:,} completed, {unchanged:,} unchanged"
            )
            if editor:
                self._publish(shipment, editor, reviewer, note)

    def _publish(self, shipment: Shipment, editor: User, reviewer: User | None, note: str) -> None:
        records = shipment.records()
        if not records:
            self.stdout.write("Everything is public: nothing to submit.")
            return
        number = len(records)
        with self._step(f"submitting {number:,} records", number):
            submission = Submission.objects.freeze(records, editor, note)
        if reviewer is None:
            self.stdout.write(f"submitted {number:,} records, as submission {submission.pk}")
            return
        with self._step(f"approving {number:,} records", number):
            submission.approve(reviewer)
        with self._step(f"publishing {number:,} records", number):
            submission.publish(reviewer)
        self.stdout.write(f"published {number:,} records")

    @contextmanager
    def _step(self, what: str, number: int) -> Iterator[None]:
        """Say what begins, then how long it took."""
        self.stdout.write(f"{what} ... ", ending="")
        self.stdout.flush()
        begun = time.monotonic()
        yield
        took = max(time.monotonic() - begun, 0.001)
        self.stdout.write(f"{took:.1f} s, {number / took:,.0f} a second")


def _asked(countries: list[str] | None) -> list[Listed]:
    """Return the listed places of some countries, or all."""
    codes = {code.upper() for code in countries or []}
    if unknown := sorted(codes - {place.country for place in listed()}):
        raise CommandError(
            f"ISO 3166-1 has no country {', '.join(unknown)}: give alpha-2 codes, as in IQ SY."
        )
    return [place for place in listed() if not codes or place.country in codes]
