"""Dates as researchers know them: imprecise, doubted, open, and never guessed."""

from dates.description import describe_date
from dates.edtf import DateError, DateForm, DateUnit, Edtf, EdtfDate, parse, parse_day_range
from dates.occurrences import OccurrenceBounds, OccurrencePrecision, derive_occurrence
from dates.spans import Span
from dates.validities import END_KINDS, START_KINDS, ValidityRanges, derive_validity

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
