"""Dates as researchers know them: imprecise, doubted, open, and never guessed."""

from dates.bounds import (
    END_KINDS,
    START_KINDS,
    OccurrenceBounds,
    OccurrencePrecision,
    Span,
    ValidityRanges,
    derive_occurrence,
    derive_validity,
)
from dates.description import describe_date
from dates.edtf import DateError, DateForm, DateUnit, Edtf, EdtfDate, parse, parse_day_range

__all__ = [
    "END_KINDS",
    "START_KINDS",
    "DateError",
    "Edtf",
    "EdtfDate",
    "Form",
    "Occurrence",
    "Precision",
    "Span",
    "Unit",
    "Validity",
    "day_range",
    "in_words",
    "occurrence",
    "parse",
    "validity",
]
