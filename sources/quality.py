"""The quality rules of citations, assertions, figures and validities."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from editorial.quality import Rule, Severity, path_to_record, working_models
from publishing.codes import EndKind
from publishing.models import Edition, Validity
from sources.codes import Assessment
from sources.models import Assertion, Citation, Figure

MAX_AGE = timedelta(days=548)
"""Eighteen months: how long an ongoing row may stay unverified."""


def _find_uncited() -> Iterator[QuerySet[Any]]:
    """Yield public rows without citations."""
    for model in working_models(part="citations"):
        path, _ = path_to_record(model)
        public_id = f"{path}__public_id" if path else "public_id"
        newest = Edition.objects.filter(record=OuterRef(public_id)).order_by("-seq")
        rows = model._default_manager.filter(citations__isnull=True)
        yield rows.alias(public=Subquery(newest.values("public")[:1])).filter(public=True)


def _find_unexplained() -> Iterator[QuerySet[Any]]:
    for model in working_models(Assertion):
        doubted = Q(assessment__in=[Assessment.DISPUTED, Assessment.REJECTED])
        yield model._default_manager.filter(doubted, note__regex=r"^\s*$")


def _find_unverified() -> Iterator[QuerySet[Any]]:
    for model in working_models(Validity):
        unverified = Q(last_verified=None) | Q(last_verified__lt=date.today() - MAX_AGE)
        yield model._default_manager.filter(unverified, end_kind=EndKind.ONGOING)


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
        "It is public and has no citation.",
        Severity.WARNING,
        _find_uncited,
        field="citations",
    ),
    Rule(
        "doubted-without-note",
        "It is disputed or rejected, and its note gives no reason.",
        Severity.ERROR,
        _find_unexplained,
        "note",
    ),
    Rule(
        "ongoing-unverified",
        "It is ongoing, and nobody has verified that for eighteen months.",
        Severity.HINT,
        _find_unverified,
        "last_verified",
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
