"""`manage.py account`: invite people, and help those who cannot sign in."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction

from curation.accounts import deactivation, links
from curation.accounts.sessions import end_sessions
from curation.models import AccountEvent, AccountEventKind
from editorial import two_factor
from editorial.models import User
from editorial.permissions import GROUPS
from publishing import commands

HELP = """\
Manage the accounts of people. Whatever is done here is in the log of the admin.

  manage.py account invite NAME --group reviewer   make an account, and print a one-time link with
                                                   which its owner chooses the password
  manage.py account link NAME                      print such a link for an account, for example
                                                   after a password was forgotten
  manage.py account reset-two-factor NAME          remove the second factor of somebody who lost the
                                                   phone and the recovery codes
  manage.py account end-sessions NAME              sign somebody out everywhere
  manage.py account deactivate NAME --to OTHER     deactivate an account; OTHER continues the open
                                                   submissions

A link is valid once, for three days. The groups are editor, reviewer, coordinator and
administrator; a person can be in several. --site is the address of this server, if it is not the
first one in MUSTER_HOSTS.
"""


class Command(commands.Command):
    """Run one of the verbs."""

    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        for verb in ("invite", "link", "reset-two-factor", "end-sessions", "deactivate"):
            one = verbs.add_parser(verb)
            one.add_argument("name", metavar="NAME", help="the user name")
            if verb in ("invite", "link"):
                one.add_argument("--site", default="", help="such as https://muster.example.org")
            if verb == "invite":
                one.add_argument("--group", action="append", choices=GROUPS, default=[])
                one.add_argument("--email", default="", help="the e-mail address of the person")
            if verb == "deactivate":
                one.add_argument("--to", metavar="OTHER", help="who continues the open work")

    @transaction.atomic
    def handle(self, *, verb: str, name: str, **options: Any) -> None:
        if verb == "invite":
            person = _invite(name, options["email"], options["group"])
        else:
            person = _find(name)
        if verb in ("invite", "link"):
            if not person.is_active:
                raise CommandError(f"The account {name} is deactivated.")
            site = (options["site"] or links.find_site()).rstrip("/")
            AccountEvent.objects.note(
                AccountEventKind.LINK_MADE, person, detail="on the command line"
            )
            self.stdout.write(links.make_link(person, site))
        elif verb == "reset-two-factor":
            if not two_factor.reset(person):
                raise CommandError(f"{name} has not set up two-factor sign-in.")
            end_sessions(person)
            AccountEvent.objects.note(AccountEventKind.TWO_FACTOR_RESET, person)
            self.stdout.write(f"Reset. The password of {name} is enough to sign in now.")
        elif verb == "end-sessions":
            number = end_sessions(person)
            AccountEvent.objects.note(
                AccountEventKind.SESSION_ENDED, person, detail=f"{number} sessions"
            )
            self.stdout.write(f"Ended: {number}")
        else:
            self._deactivate(person, options["to"])

    def _deactivate(self, person: User, other: str | None) -> None:
        to = _find(other) if other else None
        try:
            number = deactivation.deactivate(person, to)
        except ValidationError as error:
            raise CommandError(error.messages[0]) from None
        detail = f"{number} open submissions handed over to {to}" if to else ""
        AccountEvent.objects.note(AccountEventKind.DEACTIVATED, person, detail=detail)
        self.stdout.write(f"Deactivated: {person}. {detail}".strip())


def _find(name: str) -> User:
    person = User.objects.filter(username=name).first()
    if person is None:
        raise CommandError(f"There is no account {name}.")
    return person


def _invite(name: str, email: str, groups: list[str]) -> User:
    """Make an account without a password. Raises CommandError if the name is taken or invalid."""
    person = User(username=name, email=email, is_staff=True)
    person.set_unusable_password()
    try:
        person.full_clean()
    except ValidationError as error:
        raise CommandError("\n".join(error.messages)) from None
    person.save()
    person.groups.set([Group.objects.get_or_create(name=group)[0] for group in groups])
    AccountEvent.objects.note(AccountEventKind.INVITED, person, detail=", ".join(sorted(groups)))
    return person
