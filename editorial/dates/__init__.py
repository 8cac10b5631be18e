"""Dates as researchers know them: imprecise, doubted, open, and never guessed."""

from editorial.dates.edtf import DateError, Edtf, EdtfDate, Form, Unit, day_range, parse
from editorial.dates.occurrences import Occurrence, Precision, occurrence
from editorial.dates.spans import Span
from editorial.dates.validities import END_KINDS, START_KINDS, Validity, validity
from editorial.dates.words import in_words

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
