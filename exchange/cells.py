"""Reading the cells of a table. Each raises ValueError, in words that tell the fault."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation


def text(told: str | None) -> str:
    """Return a text that must be there, its blanks single."""
    if told is None:
        raise ValueError("it is empty")
    return " ".join(told.split())


def number(told: str | None) -> int:
    """Return a whole number that must be there; 7.0 is one."""
    if told is None:
        raise ValueError("it is empty")
    if not re.fullmatch(r"\d{1,9}(\.0+)?", told.strip(), re.ASCII):
        raise ValueError(f"“{told[:40]}” is not a whole number")
    return int(told.strip().split(".")[0])


def one_of(told: str | None, numbers: tuple[int, ...]) -> int:
    """Return a number of those that the codebook has."""
    found = number(told)
    if found not in numbers:
        raise ValueError(f"{found} is none of {', '.join(map(str, numbers))}")
    return found


def day(told: str | None) -> date:
    """Return a day; a time behind it is left out."""
    try:
        return date.fromisoformat((told or "").strip()[:10])
    except ValueError:
        raise ValueError(f"“{(told or '')[:40]}” is not a day, as in 2014-06-10") from None


def degrees(told: str | None, most: int) -> Decimal | None:
    """Return a latitude or longitude, up to `most` either way."""
    if told is None:
        return None
    try:
        found = Decimal(told.strip())
    except InvalidOperation:
        raise ValueError(f"“{told[:40]}” is not a number of degrees") from None
    if not -most <= found <= most:
        raise ValueError(f"{told[:40]} is not between -{most} and {most}")
    return found.quantize(Decimal("0.000001"))
