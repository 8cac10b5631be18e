"""When something happened, derived from the date that a document has."""

from datetime import date
from typing import Any

from dates import derive_occurrence


def derive_days(shown: dict[str, Any], *, single: bool) -> None:
    """Put the bounds and the precision that follow from `date` and `as_of` into `shown`."""
    as_of = shown["as_of"] and date.fromisoformat(shown["as_of"])
    bounds = derive_occurrence(shown["date"] or "", single=single, as_of=as_of)
    shown["date_start"] = bounds.start and bounds.start.isoformat()
    shown["date_end"] = bounds.end and bounds.end.isoformat()
    shown["date_precision"] = bounds.precision.value
