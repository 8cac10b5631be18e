"""Rules of quality for incidents and their parts."""

from collections.abc import Iterator
from typing import Any

import pycountry
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Left

from editorial.quality import Rule, Severity
from incidents.codes import (
    CasualtyMeasure,
    Certainty,
    Frequency,
    Granularity,
    InvolvementRole,
    LinkKind,
    Population,
    Precision,
    StatementKind,
    SubType,
    Weapon,
)
from incidents.models import (
    CasualtyFigure,
    Incident,
    IncidentLink,
    IncidentLocation,
    Involvement,
    ResponsibilityStatement,
    WeaponUse,
)
from incidents.models.locations import FINENESS
from places.codes import PlaceKind
from sources.codes import Assessment, FigureRole, Scheme

_DID = [InvolvementRole.PERPETRATOR, InvolvementRole.CO_PERPETRATOR]
_PARTS = [Population.SIDE_A, Population.SIDE_B, Population.CIVILIANS, Population.UNKNOWN]
_ALIKE = """
SELECT one.id
FROM incidents_incident AS one
CROSS JOIN generate_series(-1, 1) AS days
JOIN incidents_incident AS two ON two.id <> one.id
    AND two.date_start = one.date_start + days
    AND similarity(one.title, two.title) > 0.45
WHERE NOT EXISTS (
    SELECT FROM incidents_incidentexternalid AS mine
    JOIN incidents_incidentexternalid AS theirs USING (scheme)
    WHERE mine.incident_id = one.id AND theirs.incident_id = two.id
) AND EXISTS (
    SELECT FROM incidents_involvement AS mine
    JOIN incidents_involvement AS theirs ON theirs.actor_id = mine.actor_id
    WHERE mine.incident_id = one.id AND theirs.incident_id = two.id
        AND 'ruled_out' NOT IN (mine.certainty, theirs.certainty)
        AND 'rejected' NOT IN (mine.assessment, theirs.assessment)
) AND EXISTS (
    SELECT FROM incidents_incidentlocation AS here
    JOIN incidents_incidentlocation AS there ON there.primary AND there.incident_id = two.id
    WHERE here.primary AND here.incident_id = one.id AND CASE
        WHEN here.latitude IS NULL OR there.latitude IS NULL THEN here.place_id = there.place_id
        ELSE abs(here.latitude - there.latitude) < 0.09
            AND abs(here.longitude - there.longitude) * cos(radians(here.latitude)) < 0.09
    END
)
"""
"""0.09 degrees of latitude are 10 km; 0.45 is how alike two titles of one event are (pg_trgm).

What another system knows by two ids it has told apart already.
"""


def _before_perpetrator() -> Iterator[QuerySet[Any]]:
    yield _held(Involvement.objects.filter(role__in=_DID)).filter(
        actor__possible__startswith__gt=F("incident__date_end")
    )


def _outside_sources() -> Iterator[QuerySet[Any]]:
    """Yield recommended tolls that no source comes near, in either direction."""
    same = CasualtyFigure.objects.filter(
        incident=OuterRef("incident"),
        measure=OuterRef("measure"),
        population=OuterRef("population"),
        nationality=OuterRef("nationality"),
        role=FigureRole.SUPPORTING,
    )
    whose = Coalesce(OuterRef("actor_id"), 0)  # nobody is the same as nobody
    same = same.alias(whose=Coalesce("actor_id", 0)).filter(whose=whose).order_by()
    ours = Coalesce("best", "low", "high")
    lowest = same.values("incident").annotate(of=Min(Coalesce("low", "best", "high")))
    highest = same.values("incident").annotate(of=Max(Coalesce("high", "best", "low")))
    yield (
        CasualtyFigure.objects.filter(role=FigureRole.RECOMMENDED)
        .alias(ours=ours, lowest=Subquery(lowest.values("of")))
        .alias(highest=Subquery(highest.values("of")))
        .filter(Q(ours__lt=F("lowest")) | Q(ours__gt=F("highest")))
    )


def _no_total() -> Iterator[QuerySet[Any]]:
    """Yield incidents with figures of a measure whose total is recommended nowhere."""
    total = CasualtyFigure.objects.filter(
        incident=OuterRef("incident"),
        measure=OuterRef("measure"),
        role=FigureRole.RECOMMENDED,
        population=Population.TOTAL,
        actor=None,
        nationality="",
    )
    figures = CasualtyFigure.objects.filter(incident=OuterRef("pk")).exclude(Exists(total))
    yield Incident.objects.filter(Exists(figures))


def _not_the_sum() -> Iterator[QuerySet[Any]]:
    """Yield UCDP's best totals that are not the sum of the deaths of its parts."""
    parts = CasualtyFigure.objects.filter(
        incident=OuterRef("incident"),
        measure=CasualtyMeasure.KILLED,
        population__in=_PARTS,
        role=OuterRef("role"),
        actor=None,
        nationality="",
    )
    summed = parts.order_by().values("incident").annotate(of=Sum("best")).values("of")
    totals = CasualtyFigure.objects.filter(
        measure=CasualtyMeasure.KILLED, population=Population.TOTAL, best__isnull=False
    )
    of_ucdp = totals.filter(
        incident__external_ids__scheme=Scheme.UCDP_EVENT, actor=None, nationality=""
    )
    yield of_ucdp.alias(summed=Subquery(summed)).exclude(summed=None).exclude(summed=F("best"))


def _competing() -> Iterator[QuerySet[Any]]:
    """Yield primary perpetrators beside another, where no row says that one acts for the other."""
    primary = _held(Involvement.objects.filter(role=InvolvementRole.PERPETRATOR, primary=True))
    primary = primary.exclude(actor=None)
    mine = Involvement.objects.filter(
        incident=OuterRef("incident"),
        actor=OuterRef(OuterRef("actor")),
        on_behalf_of=OuterRef("actor"),
    )
    theirs = Involvement.objects.filter(
        incident=OuterRef("incident"),
        actor=OuterRef("actor"),
        on_behalf_of=OuterRef(OuterRef("actor")),
    )
    beside = primary.filter(incident=OuterRef("incident"), side=OuterRef("side"))
    other = beside.exclude(actor=OuterRef("actor"))
    yield primary.filter(Exists(other.exclude(Exists(mine)).exclude(Exists(theirs))))


def _nowhere() -> Iterator[QuerySet[Any]]:
    primary = IncidentLocation.objects.filter(incident=OuterRef("pk"), primary=True)
    yield Incident.objects.exclude(Exists(primary.filter(place__isnull=False)))


def _elsewhere() -> Iterator[QuerySet[Any]]:
    """Yield primary locations in another country than the one that the code names."""
    codes = [
        When(place__country=country.alpha_2, then=Value(country.alpha_3.lower()))
        for country in pycountry.countries
    ]
    yield (
        IncidentLocation.objects.filter(primary=True, incident__slug__isnull=False)
        .exclude(place__country="")
        .exclude(place=None)
        .alias(code=Left("incident__slug", 3), is_in=Case(*codes, output_field=CharField()))
        .exclude(code="xxx")
        .exclude(code=F("is_in"))
    )


def _duplicates() -> Iterator[QuerySet[Any]]:
    """Yield incidents that have another within a day and 10 km, with an actor and a like title."""
    yield Incident.objects.filter(pk__in=RawSQL(_ALIKE, []))  # noqa: S611 - our own text


def _held(involvements: QuerySet[Any]) -> QuerySet[Any]:
    """Return those that the desk holds to be so, disputed ones among them."""
    return involvements.exclude(certainty=Certainty.RULED_OUT).exclude(
        assessment=Assessment.REJECTED
    )


def _claimed_before() -> Iterator[QuerySet[Any]]:
    yield ResponsibilityStatement.objects.filter(
        kind=StatementKind.CLAIM, date_end__lt=F("incident__date_start")
    ).exclude(assessment=Assessment.REJECTED)


def _without_rocket() -> Iterator[QuerySet[Any]]:
    rockets = WeaponUse.objects.filter(
        incident=OuterRef("pk"), weapon__in=[Weapon.ROCKET, Weapon.IRAM]
    )
    yield Incident.objects.filter(sub_type=SubType.ROCKET_ATTACK).exclude(Exists(rockets))


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
        "before-perpetrator",
        "It happened before its perpetrator existed, by the dates of that actor.",
        Severity.WARNING,
        _before_perpetrator,
        "actor",
    ),
    Rule(
        "toll-outside-sources",
        "The recommended toll lies outside the range of what the sources say.",
        Severity.WARNING,
        _outside_sources,
        "best",
    ),
    Rule(
        "no-recommended-total",
        "It has figures of a measure and no recommended total: readers see no number.",
        Severity.WARNING,
        _no_total,
        "casualties",
    ),
    Rule(
        "ucdp-sum",
        "UCDP's best total is not the sum of the deaths that it gives by side.",
        Severity.HINT,
        _not_the_sum,
        "best",
    ),
    Rule(
        "claim-before-attack",
        "It is a claim, and older than the attack.",
        Severity.WARNING,
        _claimed_before,
        "date",
    ),
    Rule(
        "competing-perpetrators",
        "Another actor is a primary perpetrator too, and no row says that one acts for the other.",
        Severity.WARNING,
        _competing,
        "actor",
    ),
    Rule(
        "no-primary-place",
        "It has no primary location with a place.",
        Severity.WARNING,
        _nowhere,
        "locations",
    ),
    Rule(
        "primary-place-abroad",
        "The primary place lies in another country than the code of the incident names.",
        Severity.WARNING,
        _elsewhere,
        "place",
    ),
    Rule(
        "possible-duplicate",
        "Another incident within a day and 10 km has an actor in common and a similar title.",
        Severity.HINT,
        _duplicates,
        "title",
    ),
    Rule(
        "rocket-without-rocket",
        "It is a rocket attack, and none of its weapons is a rocket.",
        Severity.HINT,
        _without_rocket,
        "sub_type",
    ),
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
