"""Reading the cells of a table. Each raises ValueError, in words that tell the fault."""

import re
from datetime import date
from decimal import Decimal

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""What no text of the database can hold: NUL, and what was no UTF-8."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?=[ T]|$)", re.ASCII)
_DEGREES = re.compile(r"[-+]?(\d{1,30}\.?\d{0,30}|\.\d{1,30})([eE][-+]?\d{1,3})?", re.ASCII)
_SHOWN = 40


def quote_value(value: object) -> str:
    """Return a value for a message: short, in quotation marks where it is a text."""
    if not isinstance(value, str):
        if isinstance(value, int) and abs(value) > 1 << 64:
            return "a number that is too long"  # Python refuses to write the longest
        return "nothing" if value is None else str(value)[:_SHOWN]
    short = value if len(value) <= _SHOWN else f"{value[: _SHOWN - 1]}…"
    return f"“{''.join(c if c.isprintable() else ascii(c)[1:-1] for c in short)}”"


def is_storable(value: str) -> bool:
    """Whether the database can hold a text."""
    return not _UNSTORABLE.search(value)


def parse_text(told: str | None) -> str:
    """Return a text that must be there, its blanks single."""
    if told is None:
        raise ValueError("it is empty")
    return " ".join(told.split())


def parse_number(told: str | None) -> int:
    """Return a whole number that must be there; 7.0 is one."""
    if told is None:
        raise ValueError("it is empty")
    if not re.fullmatch(r"\d{1,9}(\.0{1,30})?", told.strip(), re.ASCII):
        raise ValueError(f"{quote_value(told)} is not a whole number")
    return int(told.strip().split(".")[0])


def is_number(told: str) -> bool:
    """Whether a text is a whole number that `number` would read as it is written."""
    return re.fullmatch(r"[0-9]{1,9}", told) is not None


def parse_choice(told: str | None, numbers: tuple[int, ...]) -> int:
    """Return a number of those that the codebook has."""
    found = parse_number(told)
    if found not in numbers:
        raise ValueError(f"{found} is none of {', '.join(map(str, numbers))}")
    return found


def parse_day(told: str | None) -> date:
    """Return a day; a time behind it is left out."""
    found = _DAY.match((told or "").strip())
    try:
        return date.fromisoformat(found[0] if found else "")
    except ValueError:
        raise ValueError(f"{quote_value(told or '')} is not a day, as in 2014-06-10") from None


def parse_degrees(told: str | None, most: int) -> Decimal | None:
    """Return a latitude or longitude, up to `most` either way."""
    if told is None:
        return None
    if not _DEGREES.fullmatch(told.strip()):
        raise ValueError(f"{quote_value(told)} is not a number of degrees")
    found = Decimal(told.strip())
    if not -most <= found <= most:
        raise ValueError(f"{told.strip()[:_SHOWN]} is not between -{most} and {most}")
    return found.quantize(Decimal("0.000001"))
