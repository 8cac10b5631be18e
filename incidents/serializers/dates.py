"""The bounds and the precision of a date, for incidents and statements."""

from datetime import date
from typing import Any

from dates import derive_occurrence


def derive_days(values: dict[str, Any], *, single: bool) -> None:
    """Set `date_start`, `date_end` and `date_precision` from `date` and `as_of` in `values`."""
    as_of = values["as_of"] and date.fromisoformat(values["as_of"])
    bounds = derive_occurrence(values["date"] or "", single=single, as_of=as_of)
    values["date_start"] = bounds.start and bounds.start.isoformat()
    values["date_end"] = bounds.end and bounds.end.isoformat()
    values["date_precision"] = bounds.precision.value
