"""Rules of quality for what spans the rows of an incident, or several incidents.

What is submitted is held to most of them: here is found what was written by other ways.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from editorial.quality import Rule, Severity
from incidents.codes import Frequency, Granularity, LinkKind, Precision
from incidents.models import IncidentLink, IncidentLocation, ResponsibilityStatement, WeaponUse
from incidents.models.location import FINENESS
from places.codes import PlaceKind

_CYCLES = """
WITH RECURSIVE up AS (
    SELECT id AS first, incident_id AS part, to_id AS whole
    FROM incidents_incidentlink WHERE kind = %s
UNION
    SELECT up.first, up.part, link.to_id
    FROM up JOIN incidents_incidentlink AS link ON link.incident_id = up.whole
    WHERE link.kind = %s AND up.part <> up.whole
)
SELECT first FROM up WHERE part = whole
"""


def _cycles() -> Iterator[QuerySet[Any]]:
    kind = str(LinkKind.PART_OF)
    circling = RawSQL(_CYCLES, [kind, kind])  # noqa: S611 - our own text
    yield IncidentLink.objects.filter(pk__in=circling)


def _withdrawn_by_none() -> Iterator[QuerySet[Any]]:
    number = ResponsibilityStatement.objects.filter(
        incident=OuterRef("incident"), number=OuterRef("withdrawn_by")
    )
    withdrawn = ResponsibilityStatement.objects.filter(withdrawn_by__isnull=False)
    yield withdrawn.exclude(Exists(number))


def _often_alone() -> Iterator[QuerySet[Any]]:
    often = WeaponUse.objects.exclude(frequency=Frequency.UNKNOWN)
    yield often.exclude(incident__granularity=Granularity.SERIES)


def _too_fine() -> Iterator[QuerySet[Any]]:
    """Yield locations whose public place says more than their public precision."""
    finer = Q()
    for told in Precision:
        kinds = [kind for kind in PlaceKind if FINENESS[kind] > FINENESS[told]]
        finer |= Q(public_precision=told, place__kind__in=kinds)
    yield IncidentLocation.objects.filter(finer)


RULES = [
    Rule(
        "part-of-itself",
        "By way of other links, the incident is part of itself.",
        Severity.ERROR,
        _cycles,
        "to",
    ),
    Rule(
        "withdrawn-by-none",
        "It is withdrawn by a number that no statement of the incident has.",
        Severity.ERROR,
        _withdrawn_by_none,
        "withdrawn_by",
    ),
    Rule(
        "frequency-of-one",
        "How often a weapon was used is told of a series alone.",
        Severity.ERROR,
        _often_alone,
        "frequency",
    ),
    Rule(
        "place-too-fine",
        "The public place is finer than the public precision: readers are told more than is meant.",
        Severity.ERROR,
        _too_fine,
        "place",
    ),
]
