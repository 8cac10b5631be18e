"""Reading UCDP's Georeferenced Event Dataset: its rows, checked, and what is odd about them."""

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from editorial import bodies

COLUMNS = (
    *("id", "type_of_violence", "side_a_new_id", "side_a", "side_b_new_id", "side_b"),
    *("where_prec", "where_coordinates", "adm_1", "latitude", "longitude", "country_id"),
    *("event_clarity", "date_prec", "date_start", "date_end"),
    *("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "low", "best", "high"),
)
"""The columns without which a file is not GED; those of old releases are renamed to these."""
OLD_NAMES = {"low_est": "low", "best_est": "best", "high_est": "high"}
UNIDENTIFIED = re.compile(r"XXX(\d+)")
"""How UCDP writes an actor that it could not identify, with the number of the country."""
_NOTHING = {"", "NULL", "NA", "N/A"}
_PARTS = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")

Row = dict[str, str | None]


class NotGedError(Exception):
    """The file is not UCDP GED at all, in words for who gave it."""


class UnreadableError(Exception):
    """A row that cannot be read, with its faults by column."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__("; ".join(f"{column}: {fault}" for column, fault in faults.items()))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an event, as the row tells it."""

    key: str
    name: str
    country: int | None
    """The Gleditsch-Ward number, for a government."""


@dataclass(frozen=True, slots=True)
class Event:
    """What a row says, in types that can be trusted."""

    key: str
    violence: int
    a: Side
    b: Side
    start: date
    end: date
    where_prec: int
    where: str
    division: str
    country: int | None
    country_name: str
    latitude: Decimal | None
    longitude: Decimal | None
    clear: bool
    doubted: bool
    """Whether UCDP itself still doubts who the sides were."""
    low: int
    best: int
    high: int
    parts: tuple[int, ...]
    """The dead of side a, of side b, civilians, and of unknown status."""
    quote: str
    flags: tuple[str, ...]


def rows(path: Path) -> Iterator[tuple[int, Row | UnreadableError]]:
    """Yield the rows of a file by their line among all rows, empty cells as None.

    The row of HXL tags that humanitarian exchanges put below the header is left out. Raises
    NotGedError where the file cannot be read, or has not the columns of GED.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            delimiter = max(",;\t", key=first.count)
            reader = csv.reader(file, delimiter=delimiter)
            header = [OLD_NAMES.get(name.strip(), name.strip()) for name in next(reader, [])]
            _require(header)
            for number, cells in enumerate(reader, start=2):
                if all(not cell or cell.startswith("#") for cell in cells):
                    continue
                if len(cells) != len(header):
                    fault = f"it has {len(cells)} cells, the header {len(header)}"
                    yield number, UnreadableError({"the row": fault})
                    continue
                told = (None if cell.strip() in _NOTHING else cell for cell in cells)
                yield number, dict(zip(header, told, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise NotGedError(f"The file cannot be read as CSV in UTF-8: {error}") from None


def _require(header: list[str]) -> None:
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise NotGedError(
            "This is not UCDP GED, of which the header is the first row. "
            f"Missing: {', '.join(missing)}. There are: {', '.join(header)[:300] or 'none'}."
        )


def digest(row: Row) -> str:
    """Return the SHA-256 of a row, whatever the order of its columns."""
    return hashlib.sha256(bodies.dump(dict(sorted(row.items())))).hexdigest()


def read(row: Row) -> Event:
    """Return what a row says. Raises UnreadableError with all its faults."""
    faults: dict[str, str] = {}

    def take(column: str, convert: Any, *args: Any) -> Any:
        try:
            return convert(row.get(column), *args)
        except ValueError as fault:
            faults[column] = str(fault)
            return None

    start, end = take("date_start", _day), take("date_end", _day)
    if start and end and end < start:
        faults["date_end"] = f"{end} is before the start, {start}"
    low, best, high = (take(column, _number) for column in ("low", "best", "high"))
    parts = tuple(take(column, _number) for column in _PARTS)
    latitude, longitude = take("latitude", _degrees, 90), take("longitude", _degrees, 180)
    if (latitude is None) != (longitude is None) and not {"latitude", "longitude"} & set(faults):
        faults["longitude"] = "latitude and longitude belong together"
    violence = take("type_of_violence", _one_of, (1, 2, 3))
    where_prec, date_prec = take("where_prec", _number), take("date_prec", _number)
    clarity = take("event_clarity", _number)
    key = take("id", _number)
    a, b = (
        Side(
            key=str(take(f"side_{side}_new_id", _number)),
            name=take(f"side_{side}", _text),
            country=_gw(row, f"gwno{side}"),
        )
        for side in "ab"
    )
    if faults:
        raise UnreadableError(faults)
    flags = {
        "low above best": low > best,
        "high below best": high < best,
        "low above high": low > high,
        "deaths do not add up to best": sum(parts) != best,
        "date_prec outside 1 to 5": not 1 <= date_prec <= 5,
        "event_clarity outside 1 to 2": not 1 <= clarity <= 2,
        "where_prec outside 1 to 7": not 1 <= where_prec <= 7,
        "unidentified actor": any(UNIDENTIFIED.fullmatch(side.name) for side in (a, b)),
        "compound side": any(", " in side.name for side in (a, b)),
        "no coordinates": latitude is None,
    }
    return Event(
        key=str(key),
        a=a,
        b=b,
        violence=violence,
        start=start,
        end=end,
        where_prec=where_prec,
        where=(row["where_coordinates"] or row.get("where_description") or "").strip(),
        division=" ".join((row["adm_1"] or "").split()),
        country=_gw(row, "country_id"),
        country_name=(row.get("country") or "").strip(),
        latitude=latitude,
        longitude=longitude,
        clear=clarity == 1,
        doubted=row.get("code_status") == "Check dyad",
        low=low,
        best=best,
        high=high,
        parts=parts,
        quote=row.get("source_article") or row.get("source_headline") or "",
        flags=tuple(flag for flag, raised in flags.items() if raised),
    )


def _text(told: str | None) -> str:
    if told is None:
        raise ValueError("it is empty")
    return " ".join(told.split())


def _number(told: str | None) -> int:
    if told is None:
        raise ValueError("it is empty")
    if not re.fullmatch(r"\d{1,9}(\.0+)?", told.strip(), re.ASCII):
        raise ValueError(f"“{told[:40]}” is not a whole number")
    return int(told.strip().split(".")[0])


def _one_of(told: str | None, numbers: tuple[int, ...]) -> int:
    number = _number(told)
    if number not in numbers:
        raise ValueError(f"{number} is none of {', '.join(map(str, numbers))}")
    return number


def _gw(row: Row, column: str) -> int | None:
    """Return the number of one country; None where there is none, or a list of them."""
    try:
        return _number(row.get(column))
    except ValueError:
        return None


def _day(told: str | None) -> date:
    try:
        return date.fromisoformat((told or "").strip()[:10])
    except ValueError:
        raise ValueError(f"“{(told or '')[:40]}” is not a day, as in 2014-06-10") from None


def _degrees(told: str | None, most: int) -> Decimal | None:
    if told is None:
        return None
    try:
        degrees = Decimal(told.strip())
    except InvalidOperation:
        raise ValueError(f"“{told[:40]}” is not a number of degrees") from None
    if not -most <= degrees <= most:
        raise ValueError(f"{told[:40]} is not between -{most} and {most}")
    return degrees.quantize(Decimal("0.000001"))
