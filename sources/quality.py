"""Rules of quality for what claims are made with: citations, assertions, figures, validities."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from editorial.quality import Rule, Severity, way_to_record, working
from publishing.codes import EndKind
from publishing.models import Edition, Validity
from sources.codes import Assessment
from sources.models import Assertion, Citation, Figure

STALE = timedelta(days=548)
"""Eighteen months: how long what goes on may stay unverified."""


def _uncited() -> Iterator[QuerySet[Any]]:
    """Yield rows that are public and that no passage is cited for."""
    for model in working(part="citations"):
        way, _ = way_to_record(model)
        public_id = f"{way}__public_id" if way else "public_id"
        newest = Edition.objects.filter(record=OuterRef(public_id)).order_by("-seq")
        rows = model._default_manager.filter(citations__isnull=True)
        yield rows.alias(public=Subquery(newest.values("public")[:1])).filter(public=True)


def _unexplained() -> Iterator[QuerySet[Any]]:
    for model in working(Assertion):
        doubted = Q(assessment__in=[Assessment.DISPUTED, Assessment.REJECTED])
        yield model._default_manager.filter(doubted, note__regex=r"^\s*$")


def _stale() -> Iterator[QuerySet[Any]]:
    for model in working(Validity):
        unverified = Q(last_verified=None) | Q(last_verified__lt=date.today() - STALE)
        yield model._default_manager.filter(unverified, end_kind=EndKind.ONGOING)


def _quoted() -> Iterator[QuerySet[Any]]:
    for model in working(Citation):
        yield model._default_manager.filter(source__confidential=True).exclude(
            quote="", translation=""
        )


def _disordered() -> Iterator[QuerySet[Any]]:
    for model in working(Figure):
        yield model._default_manager.filter(
            Q(low__gt=F("best")) | Q(best__gt=F("high")) | Q(low__gt=F("high"))
        )


RULES = [
    Rule(
        "uncited",
        "It is public, and no passage is cited for it.",
        Severity.WARNING,
        _uncited,
        field="citations",
    ),
    Rule(
        "doubted-without-note",
        "It is disputed or rejected, and the note tells readers no reason.",
        Severity.ERROR,
        _unexplained,
        "note",
    ),
    Rule(
        "ongoing-unverified",
        "It is said to go on, and nobody has verified that for eighteen months.",
        Severity.HINT,
        _stale,
        "last_verified",
    ),
    Rule(
        "confidential-quoted",
        "A passage of a confidential source is kept here: readers never see it, backups hold it.",
        Severity.WARNING,
        _quoted,
        "quote",
    ),
    Rule(
        "numbers-out-of-order",
        "Its low, best and high numbers do not rise.",
        Severity.WARNING,
        _disordered,
        "best",
    ),
]
