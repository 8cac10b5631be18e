"""The numbers of UCDP's releases: which one is newer, and which one a file name states.

UCDP numbers its releases in three ways (https://ucdp.uu.se/downloads/):

- final releases of a year: 24.1 covers the years up to 2023; 24.2 corrects it;
- candidate events of a month, which are preliminary: 24.0.3 covers March 2024;
- candidate events of several months: 24.01.24.03 covers January to March 2024, and revises these
  months.

A release is newer if the last month that it covers is later. Of releases with the same last month,
one of several months is newer than one of a single month, one that starts earlier is newer than one
that starts later, and the final release is newest.

Examples of file names: `GEDEvent_v24_1`, `ged241`, `GEDEvent_v24_0_3`, `GEDEvent_v24_01_24_03`,
`ucdp-actor-221`, `ucdp-esd-ay-181`, `Dyadic_v24_1`. Releases before 17.1 are
numbered from 1 on, such as 5.0; they are older than all others.
"""

import re
from dataclasses import dataclass, field

_MONTH, _MONTHS, _FINAL = range(3)
_CENTURY = 2000
_BY_YEAR = 17
"""The first release that is numbered by its year."""
_NUMBERED = re.compile(r"(?<![a-z])v(\d{1,2}(?:[._]\d{1,2}(?!\d)){0,3})(?!\d)", re.ASCII)
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2}(?:\.\d{1,2}){1,3})(?![\d.])", re.ASCII)
_COMPACT = re.compile(
    r"(?:acd|actor|ay|brd|dd|dy|dyadic|esd|ged|gedevent|nonstate|onesided|prio)[-_]?(\d{2,3})(?!\d)",
    re.ASCII,
)


@dataclass(frozen=True, order=True)
class ReleaseNumber:
    """The number of a release; a greater one is newer."""

    year: int
    month: int
    """The last month that it covers."""
    kind: int
    rank: int
    """The order among releases of one kind with the same last month."""
    text: str = field(compare=False)
    """The number as it is written."""

    def __str__(self) -> str:
        return self.text


def parse_release(text: str) -> ReleaseNumber:
    """Return the release that a number names. Raises ValueError."""
    if not re.fullmatch(r"\d{1,2}(\.\d{1,2}){0,3}", text, re.ASCII):
        raise ValueError(text)
    numbers = [int(part) for part in text.split(".")]
    first, *rest = numbers
    if len(rest) < 2:
        if first == 0 or rest > [9] or (rest == [0] and first >= _BY_YEAR):
            raise ValueError(text)
        written = ".".join(map(str, numbers))
        return ReleaseNumber(_CENTURY + first - 1, 12, _FINAL, rest[0] if rest else -1, written)
    if len(rest) == 2:
        _, month = rest
        if rest[0] != 0 or not 1 <= month <= 12:
            raise ValueError(text)
        return ReleaseNumber(_CENTURY + first, month, _MONTH, 0, f"{first}.0.{month}")
    start, year, month = rest
    if not (1 <= start <= 12 and 1 <= month <= 12 and (first, start) <= (year, month)):
        raise ValueError(text)
    written = ".".join(f"{number:02d}" for number in numbers)
    return ReleaseNumber(_CENTURY + year, month, _MONTHS, -(12 * first + start), written)


def find_release(name: str) -> str:
    """Return the release that a file name states; blank if it states none."""
    name = name.lower()
    for pattern in (_NUMBERED, _DOTTED):
        for match in pattern.finditer(name):
            try:
                return str(parse_release(match[1].replace("_", ".")))
            except ValueError:
                continue
    for match in _COMPACT.finditer(name):
        try:
            return str(parse_release(f"{match[1][:-1]}.{match[1][-1]}"))
        except ValueError:
            continue
    return ""
