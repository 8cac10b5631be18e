"""The bounds and the precision of a date, for incidents and statements."""

from datetime import date
from typing import Any

from dates import occurrence


def derive_days(shown: dict[str, Any], *, single: bool) -> None:
    """Set `date_start`, `date_end` and `date_precision` from `date` and `as_of` in `shown`."""
    as_of = shown["as_of"] and date.fromisoformat(shown["as_of"])
    bounds = occurrence(shown["date"] or "", single=single, as_of=as_of)
    shown["date_start"] = bounds.start and bounds.start.isoformat()
    shown["date_end"] = bounds.end and bounds.end.isoformat()
    shown["date_precision"] = bounds.precision.value
