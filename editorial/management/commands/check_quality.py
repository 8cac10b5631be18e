"""`manage.py check_quality`: what is allowed in the working rows, and should be looked at."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.urls import reverse

from editorial.quality import Rule, RuleFindings, Severity, all_rules
from editorial.redaction.guards import find_foreign_guards
from publishing import commands
from publishing.registry import record_types

SHOWN = 20

HELP = f"""\
Look for what is allowed and yet is probably not right, over all that the desk works on. Nothing
is changed. The page of each record in the admin tells the same of that record alone.

  manage.py check_quality                        every rule; up to {SHOWN} findings of each
  manage.py check_quality --all                  every finding
  manage.py check_quality --rule possible-duplicate --rule uncited
  manage.py check_quality --type incident        what concerns incidents
  manage.py check_quality --list                 the rules and what they mean

Each finding tells the record, the row and the address of the page to mend it on. An error cannot
be right, a warning is probably not right, a hint may be. The exit code is 1 where there are
errors, with --strict where there are warnings too, else 0.
"""


class Command(commands.Command):
    """Ask each rule for the rows that break it."""

    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        known = list(all_rules())
        parser.add_argument(
            "--rule", action="append", choices=known, metavar="ID", help="only this rule"
        )
        parser.add_argument(
            "--type", action="append", choices=list(record_types()), help="only this type"
        )
        parser.add_argument("--all", action="store_true", help="tell every finding")
        parser.add_argument("--strict", action="store_true", help="let warnings fail too")
        parser.add_argument("--list", action="store_true", help="tell the rules")

    def handle(
        self,
        *,
        rule: list[str] | None,
        type: list[str] | None,
        all: bool,
        strict: bool,
        list: bool,
        **options: Any,
    ) -> None:
        asked = [one for one in all_rules().values() if not rule or one.id in rule]
        if list:
            for one in asked:
                self.stdout.write(f"{one.id} ({one.severity}): {one.meaning}")
            return
        found: dict[str, int] = dict.fromkeys(Severity.values, 0)
        if not rule and not type and (number := find_foreign_guards().count()):
            self.stdout.write(f"redaction-guards (error): {number:,} were made with another key")
            self.stdout.write("  Restore MUSTER_GUARD_KEY: docs/production.md says how.")
            found[Severity.ERROR] += number
        with self.progress.phase("rules", len(asked)) as step:
            for one in asked:
                found[one.severity] += self._tell(one, type or (), every=all)
                step()
        counts = ", ".join(f"{number:,} {severity}s" for severity, number in found.items())
        self.stdout.write(f"found: {counts}")
        if found[Severity.ERROR] or (strict and found[Severity.WARNING]):
            raise CommandError("The errors above should be mended.")

    def _tell(self, rule: Rule, types: Any, *, every: bool) -> int:
        """Tell what breaks a rule, and return how much that is."""
        number = 0
        for found in rule.find(types=types):
            if not (count := found.rows.count()):
                continue
            if not number:
                self.stdout.write(f"{rule.id} ({rule.severity}): {rule.meaning}")
            rows = found.rows.iterator(1000) if every else found.rows[:SHOWN]
            for row in rows:
                self.stdout.write(f"  {_told(found, row)}")
            if not every and count > SHOWN:
                self.stdout.write(f"  and {count - SHOWN:,} more {found.rows.model.__name__}")
            number += count
        return number


def _told(found: RuleFindings, row: Any) -> str:
    record = found.get_record(row)
    meta = record._meta
    page = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])
    what = f"{record.type_name} {record.public_id} {page}"
    return what if record is row else f"{what}: {row._meta.verbose_name} {row.pk}"
