"""The declared coverage of a file, and the rows of earlier releases that it lacks."""

import csv
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from exchange.commands import InputError

ALL = "all"
"""The word for all countries."""
UNDECLARED = (
    "missing rows: not checked; to check, declare which countries and days the file covers "
    "completely, with --covers-countries, --covers-from and --covers-to"
)


class MissingRow(NamedTuple):
    """A row of an earlier release that a file lacks."""

    key: str
    record: UUID
    release: str


class Coverage(NamedTuple):
    """The countries and days that a file covers completely."""

    countries: frozenset[str] | None
    """ISO 3166-1 alpha-2 codes; None for all countries."""
    start: date
    end: date

    def has_dates(self) -> bool:
        """Whether a first or a last day was declared."""
        return (self.start, self.end) != (date.min, date.max)

    def has_country(self, codes: Iterable[str]) -> bool:
        """Whether some countries, at least one, are all covered."""
        named = set(codes)
        return self.countries is None or (bool(named) and named <= self.countries)


def declare_coverage(
    countries: list[str] | None, start: str | None, end: str | None, known: Iterable[str]
) -> Coverage | None:
    """Return the coverage that options declare, or None without any. Raises InputError."""
    if not (countries or start or end):
        return None
    codes = {code.upper() for code in countries or [ALL]}
    named = None if codes == {ALL.upper()} else frozenset(codes)
    if named and (unknown := sorted(named - set(known))):
        raise InputError(
            f"Invalid value for --covers-countries: {', '.join(unknown)}. Use ISO 3166-1 alpha-2 "
            f"codes of countries in the dataset, such as IQ SY, or {ALL}."
        )
    return Coverage(
        named,
        _parse_day("--covers-from", start or "0001", "01-01"),
        _parse_day("--covers-to", end or "9999", "12-31"),
    )


def _parse_day(option: str, value: str, rest: str) -> date:
    """Return a day; of a year, the day that `rest` names, as in 12-31. Raises InputError."""
    text = f"{value}-{rest}" if re.fullmatch(r"\d{4}", value, re.ASCII) else value
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"Invalid value for {option}: use a year or a day, such as 2021 or 2021-06-30."
        ) from None


def write_missing(rows: Iterable[MissingRow], path: Path) -> None:
    """Write missing rows to a CSV file. Raises InputError."""
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(MissingRow._fields)
            writer.writerows(rows)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from None
