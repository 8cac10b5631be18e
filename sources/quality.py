"""The quality rules of citations, assertions, figures and validities."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from editorial.models import Record
from editorial.quality import Rule, Severity, path_to_record, working_models
from publishing.codes import EndKind
from publishing.fields import EdtfField
from publishing.models import Edition, Validity
from sources.models import Citation, Figure

MAX_AGE = timedelta(days=548)
"""Eighteen months: how long an ongoing row may stay unverified."""


def _find_uncited() -> Iterator[QuerySet[Any]]:
    """Yield public records that lack a citation, or have a part that lacks one."""
    uncited: dict[type[Record], Q] = {}
    for part in working_models(part="citations"):
        path, model = path_to_record(part)
        rows = part._default_manager.filter(**{path or "pk": OuterRef("pk")}, citations=None)
        uncited[model] = uncited.get(model, Q()) | Q(Exists(rows))
    newest = Edition.objects.filter(record=OuterRef("public_id")).order_by("-seq")
    for model, condition in uncited.items():
        records = model.objects.alias(public=Subquery(newest.values("public")[:1]))
        yield records.filter(condition, public=True)


def _find_unverified() -> Iterator[QuerySet[Any]]:
    for model in working_models(Validity):
        unverified = Q(last_verified=None) | Q(last_verified__lt=date.today() - MAX_AGE)
        yield model._default_manager.filter(unverified, end_kind=EndKind.ONGOING)


def _find_implausible_years() -> Iterator[QuerySet[Any]]:
    late = date.today().year + 2
    for model in working_models(models.Model):
        texts = _list_dates(model, EdtfField)
        days = _list_dates(model, models.DateField)
        years = Q(_connector=Q.OR)
        for name in texts:
            years |= Q(**{f"{name}__regex": f"{_YEAR}(0|1[0-4]|{'|'.join(_prefixes(late))})"})
        for name in days:
            years |= Q(**{f"{name}__year__lt": 1500}) | Q(**{f"{name}__year__gte": late})
        if texts or days:
            yield model._default_manager.filter(years)


def _find_future_dates() -> Iterator[QuerySet[Any]]:
    today = date.today()
    pattern = f"{_YEAR}({'|'.join(_future_prefixes(today))})"
    for model in working_models(models.Model):
        future = Q(_connector=Q.OR)
        for name in _list_dates(model, EdtfField):
            future |= Q(**{f"{name}__regex": pattern})
        for name in _list_dates(model, models.DateField):
            future |= Q(**{f"{name}__gt": today})
        if future:
            yield model._default_manager.filter(future)


_YEAR = r"(^|[[,./])"
"""What stands before a year in the text of a date."""


def _list_dates(model: Any, kind: type[models.Field]) -> list[str]:
    """Return the columns of a kind in which editors enter dates."""
    fields = [field for field in model._meta.concrete_fields if field.editable]
    return [
        field.attname
        for field in fields
        if isinstance(field, kind) and not isinstance(field, models.DateTimeField)
    ]


def _prefixes(year: int) -> Iterator[str]:
    """Yield patterns of the beginning of each year from `year` on; later digits may be X."""
    text = f"{year:04}"
    yield text
    for place, digit in enumerate(text):
        if digit != "9":
            yield f"{text[:place]}[{int(digit) + 1}-9]"


def _future_prefixes(today: date) -> Iterator[str]:
    """Yield patterns of the beginning of each date whose first day is later than today."""
    yield from _prefixes(today.year + 1)
    seasons = {3: "21", 6: "22", 9: "23", 12: "24"}
    for month in range(today.month + 1, 13):
        yield f"{today.year:04}-{month:02}"
        if month in seasons:
            yield f"{today.year:04}-{seasons[month]}"
    for day in range(today.day + 1, 32):
        yield f"{today.year:04}-{today.month:02}-{day:02}"


def _find_confidential_quotes() -> Iterator[QuerySet[Any]]:
    for model in working_models(Citation):
        yield model._default_manager.filter(source__confidential=True).exclude(
            quote="", translation=""
        )


def _find_unordered() -> Iterator[QuerySet[Any]]:
    for model in working_models(Figure):
        yield model._default_manager.filter(
            Q(low__gt=F("best")) | Q(best__gt=F("high")) | Q(low__gt=F("high"))
        )


RULES = [
    Rule(
        "uncited",
        "It is public, and it or a part of it has no citation.",
        Severity.WARNING,
        _find_uncited,
    ),
    Rule(
        "ongoing-unverified",
        "It is ongoing, and nobody has verified that for eighteen months.",
        Severity.HINT,
        _find_unverified,
        "last_verified",
    ),
    Rule(
        "implausible-year",
        "A date lies before the year 1500 or after next year.",
        Severity.WARNING,
        _find_implausible_years,
    ),
    Rule(
        "date-in-future",
        "A date lies in the future.",
        Severity.WARNING,
        _find_future_dates,
    ),
    Rule(
        "confidential-quoted",
        "It quotes a confidential source: readers never see the quote, but backups contain it.",
        Severity.WARNING,
        _find_confidential_quotes,
        "quote",
    ),
    Rule(
        "numbers-out-of-order",
        "Its low, best and high numbers are not in ascending order.",
        Severity.WARNING,
        _find_unordered,
        "best",
    ),
]
