"""Releases: which of UCDP's files is newer, and what a file's name says of it.

UCDP numbers its releases in three ways (https://ucdp.uu.se/downloads/):

- yearly and final: 24.1 covers the years up to 2023; what is corrected later is 24.2;
- a month of candidate events, which are preliminary: 24.0.3 covers March 2024;
- candidate events of several months: 24.01.24.03 covers January to March 2024, and revises the
  months in it.

So a release is the newer, the later the last month is that it covers; of one last month, a revision
of several months is newer than the month, one that goes further back is newer than one that does
not, and the final release is newer than all candidates of the year that it covers.

Files are called `GEDEvent_v24_1`, `ged241`, `GEDEvent_v24_0_3`, `GEDEvent_v24_01_24_03`,
`ucdp-actor-221`, `ucdp-esd-ay-181`, `Dyadic_v24_1`. The releases before 17.1 are numbered from 1
on, as in 5.0; they are older than all that are numbered by the year.
"""

import re
from dataclasses import dataclass, field

_MONTH, _MONTHS, _FINAL = range(3)
_CENTURY = 2000
_BY_YEAR = 17
"""The first release that is called by its year."""
_NUMBERED = re.compile(r"(?<![a-z])v(\d{1,2}(?:[._]\d{1,2}(?!\d)){0,3})(?!\d)", re.ASCII)
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2}(?:\.\d{1,2}){1,3})(?![\d.])", re.ASCII)
_COMPACT = re.compile(
    r"(?:acd|actor|ay|brd|dd|dy|dyadic|esd|ged|gedevent|nonstate|onesided|prio)[-_]?(\d{2,3})(?!\d)",
    re.ASCII,
)


@dataclass(frozen=True, order=True)
class Release:
    """The number of a release; the greater is the newer."""

    year: int
    month: int
    """The last month that it covers."""
    kind: int
    rank: int
    """What is newer among releases of one kind up to one month."""
    text: str = field(compare=False)
    """How it is written."""

    def __str__(self) -> str:
        return self.text


def parse_release(text: str) -> Release:
    """Return the release that a number names. Raises ValueError."""
    if not re.fullmatch(r"\d{1,2}(\.\d{1,2}){0,3}", text, re.ASCII):
        raise ValueError(text)
    numbers = [int(part) for part in text.split(".")]
    first, *rest = numbers
    if len(rest) < 2:
        if first == 0 or rest > [9] or (rest == [0] and first >= _BY_YEAR):
            raise ValueError(text)
        written = ".".join(map(str, numbers))
        return Release(_CENTURY + first - 1, 12, _FINAL, rest[0] if rest else -1, written)
    if len(rest) == 2:
        _, month = rest
        if rest[0] != 0 or not 1 <= month <= 12:
            raise ValueError(text)
        return Release(_CENTURY + first, month, _MONTH, 0, f"{first}.0.{month}")
    start, year, month = rest
    if not (1 <= start <= 12 and 1 <= month <= 12 and (first, start) <= (year, month)):
        raise ValueError(text)
    written = ".".join(f"{number:02d}" for number in numbers)
    return Release(_CENTURY + year, month, _MONTHS, -(12 * first + start), written)


def find_release(name: str) -> str:
    """Return the release that the name of a file tells, as it is written; blank if none does."""
    name = name.lower()
    for pattern in (_NUMBERED, _DOTTED):
        for found in pattern.finditer(name):
            try:
                return str(parse_release(found[1].replace("_", ".")))
            except ValueError:
                continue
    for found in _COMPACT.finditer(name):
        try:
            return str(parse_release(f"{found[1][:-1]}.{found[1][-1]}"))
        except ValueError:
            continue
    return ""
