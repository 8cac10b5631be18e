"""Reading UCDP's Georeferenced Event Dataset: its rows, checked, and what is odd about them."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from exchange import cells
from exchange.tables import Row, Table, UnreadableError

COLUMNS = (
    *("id", "type_of_violence", "side_a_new_id", "side_a", "side_b_new_id", "side_b"),
    *("where_prec", "where_coordinates", "adm_1", "latitude", "longitude", "country_id"),
    *("event_clarity", "date_prec", "date_start", "date_end"),
    *("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "low", "best", "high"),
)
"""The columns without which a file is not GED."""
TABLE = Table("UCDP GED", COLUMNS, {"low_est": "low", "best_est": "best", "high_est": "high"})
UNIDENTIFIED = re.compile(r"XXX(\d{1,9})", re.ASCII)
"""How UCDP writes an actor that it could not identify, with the number of the country."""
_PARTS = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")


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


def read(row: Row) -> Event:
    """Return what a row says. Raises UnreadableError with all its faults."""
    faults: dict[str, str] = {}

    def take(column: str, convert: Any, *args: Any) -> Any:
        try:
            return convert(row.get(column), *args)
        except ValueError as fault:
            faults[column] = str(fault)
            return None

    start, end = take("date_start", cells.day), take("date_end", cells.day)
    if start and end and end < start:
        faults["date_end"] = f"{end} is before the start, {start}"
    low, best, high = (take(column, cells.number) for column in ("low", "best", "high"))
    parts = tuple(take(column, cells.number) for column in _PARTS)
    latitude, longitude = take("latitude", cells.degrees, 90), take("longitude", cells.degrees, 180)
    if (latitude is None) != (longitude is None) and not {"latitude", "longitude"} & set(faults):
        faults["longitude"] = "latitude and longitude belong together"
    violence = take("type_of_violence", cells.one_of, (1, 2, 3))
    where_prec, date_prec = take("where_prec", cells.number), take("date_prec", cells.number)
    clarity = take("event_clarity", cells.number)
    key = take("id", cells.number)
    a, b = (
        Side(
            key=str(take(f"side_{side}_new_id", cells.number)),
            name=take(f"side_{side}", cells.text),
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


def _gw(row: Row, column: str) -> int | None:
    """Return the number of one country; None where there is none, or a list of them."""
    try:
        return cells.number(row.get(column))
    except ValueError:
        return None
