"""Imprecise, uncertain and open dates, written as EDTF, and the days that follow from them."""

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
from dates.edtf import (
    DateError,
    DateForm,
    DateUnit,
    Edtf,
    EdtfDate,
    explain_day,
    parse,
    parse_day_range,
)

__all__ = [
    "END_KINDS",
    "START_KINDS",
    "DateError",
    "DateForm",
    "DateUnit",
    "Edtf",
    "EdtfDate",
    "OccurrenceBounds",
    "OccurrencePrecision",
    "Span",
    "ValidityRanges",
    "derive_occurrence",
    "derive_validity",
    "describe_date",
    "explain_day",
    "parse",
    "parse_day_range",
]
