"""Coverage: what a file claims to hold all of, and the records that it then lacks."""

import csv
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from exchange.commands import UnusableError

ALL = "all"
"""What is said for every country."""
UNDECLARED = (
    "gone from the dataset: not looked for, as nothing says what the file holds all of; declare "
    "it with --covers-countries, --covers-from and --covers-to"
)


class Missing(NamedTuple):
    """A row of an earlier release that a file lacks."""

    key: str
    record: UUID
    release: str


class Coverage(NamedTuple):
    """Of which countries and days a file has all that there is."""

    countries: frozenset[str] | None
    """ISO 3166-1 alpha-2 codes; None for all countries."""
    start: date
    end: date

    def has_dates(self) -> bool:
        """Whether a first or a last day was declared."""
        return (self.start, self.end) != (date.min, date.max)

    def has_country(self, codes: Iterable[str]) -> bool:
        """Whether all of some countries, at least one, are covered."""
        named = set(codes)
        return self.countries is None or (bool(named) and named <= self.countries)


def declare_coverage(
    countries: list[str] | None, start: str | None, end: str | None, known: Iterable[str]
) -> Coverage | None:
    """Return what is declared in words, or None for nothing. Raises UnusableError."""
    if not (countries or start or end):
        return None
    codes = {code.upper() for code in countries or [ALL]}
    named = None if codes == {ALL.upper()} else frozenset(codes)
    if named and (unknown := sorted(named - set(known))):
        raise UnusableError(
            f"--covers-countries: {', '.join(unknown)} is no country of the dataset: give ISO "
            f"3166-1 alpha-2 codes, as in IQ SY, or {ALL}."
        )
    return Coverage(
        named,
        _parse_day("--covers-from", start or "0001", "01-01"),
        _parse_day("--covers-to", end or "9999", "12-31"),
    )


def _parse_day(option: str, told: str, rest: str) -> date:
    """Return a day, or the first or last one of a year. Raises UnusableError."""
    written = f"{told}-{rest}" if re.fullmatch(r"\d{4}", told, re.ASCII) else told
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UnusableError(f"{option}: give a year or a day, as in 2021 or 2021-06-30.") from None


def write_missing(rows: Iterable[Missing], path: Path) -> None:
    """List missing rows in a CSV file. Raises UnusableError."""
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(Missing._fields)
            writer.writerows(rows)
    except OSError as error:
        raise UnusableError(f"{path} cannot be written: {error.strerror}.") from None
