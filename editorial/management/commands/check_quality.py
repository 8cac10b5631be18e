"""The command `manage.py check_quality`, which reports working rows that are probably wrong."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.urls import reverse

from editorial.quality import Rule, RuleFindings, Severity, all_rules
from editorial.redaction.guards import find_foreign_guards
from publishing import commands
from publishing.registry import record_types

MAX_ROWS = 20

HELP = f"""\
Find working rows that are allowed but probably wrong. Nothing is changed. The page of a record in
the admin shows the findings of that record.

  manage.py check_quality                        every rule; up to {MAX_ROWS} findings of each
  manage.py check_quality --all                  every finding
  manage.py check_quality --rule possible-duplicate --rule uncited
  manage.py check_quality --type incident        only incidents and their parts
  manage.py check_quality --list                 the rules and their meanings

Each finding names the record, the row and the page of the admin on which to fix it. An error
cannot be right, a warning is probably not right, a hint may be right. The exit code is 1 if there
are errors, or warnings with --strict, else 0.
"""


class Command(commands.Command):
    """Report the rows that break each rule."""

    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--rule",
            action="append",
            choices=list(all_rules()),
            metavar="ID",
            help="only this rule",
        )
        parser.add_argument(
            "--type", action="append", choices=list(record_types()), help="only this type"
        )
        parser.add_argument("--all", action="store_true", help="report every finding")
        parser.add_argument("--strict", action="store_true", help="fail if there are warnings")
        parser.add_argument("--list", action="store_true", help="list the rules")

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
        rules = [each for each in all_rules().values() if not rule or each.id in rule]
        if list:
            for each in rules:
                self.stdout.write(f"{each.id} ({each.severity}): {each.meaning}")
            return
        counts: dict[str, int] = dict.fromkeys(Severity.values, 0)
        if not rule and not type and (number := find_foreign_guards().count()):
            self.stdout.write(f"redaction-guards (error): {number:,} were made with another key")
            self.stdout.write("  Restore MUSTER_GUARD_KEY: docs/operating.md explains how.")
            counts[Severity.ERROR] += number
        with self.progress.phase("rules", len(rules)) as step:
            for each in rules:
                counts[each.severity] += self._report(each, type or (), every=all)
                step()
        total = ", ".join(f"{number:,} {severity}s" for severity, number in counts.items())
        self.stdout.write(f"found: {total}")
        if counts[Severity.ERROR] or (strict and counts[Severity.WARNING]):
            raise CommandError("Fix the findings above.")

    def _report(self, rule: Rule, types: Any, *, every: bool) -> int:
        """Report the rows that break a rule, and return their number."""
        total = 0
        for findings in rule.find(types=types):
            if not (count := findings.rows.count()):
                continue
            if not total:
                self.stdout.write(f"{rule.id} ({rule.severity}): {rule.meaning}")
            for row in findings.rows.iterator(1000) if every else findings.rows[:MAX_ROWS]:
                self.stdout.write(f"  {_describe(findings, row)}")
            if not every and count > MAX_ROWS:
                self.stdout.write(f"  and {count - MAX_ROWS:,} more {findings.rows.model.__name__}")
            total += count
        return total


def _describe(findings: RuleFindings, row: Any) -> str:
    record = findings.get_record(row)
    meta = record._meta
    page = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])
    text = f"{record.type_name} {record.public_id} {page}"
    return text if record is row else f"{text}: {row._meta.verbose_name} {row.pk}"
