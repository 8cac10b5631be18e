"""Dates as researchers know them: imprecise, doubted, open, and never guessed."""

from dates.description import in_words
from dates.edtf import DateError, Edtf, EdtfDate, Form, Unit, day_range, parse
from dates.occurrences import Occurrence, Precision, occurrence
from dates.spans import Span
from dates.validities import END_KINDS, START_KINDS, Validity, validity

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
