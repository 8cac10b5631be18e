"""Quality rules for incidents and their parts."""

from collections.abc import Iterator
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    Max,
    Min,
    Model,
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
    FINENESS,
    CasualtyMeasure,
    InvolvementRole,
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
    StatementResponsible,
    WeaponUse,
)
from incidents.models.rules import (
    filter_frequencies_outside_series,
    filter_missing_withdrawals,
    select_working_links,
)
from incidents.responsibility import filter_counted_involvements, filter_counted_statements
from places.boxes import OutsideCountry
from places.codes import PlaceKind
from places.quality import AT_ZERO
from publishing.countries import list_countries
from publishing.cycles import find_cycles
from sources.codes import FigureRole, Scheme

_PERPETRATORS = [InvolvementRole.PERPETRATOR, InvolvementRole.CO_PERPETRATOR]
_PARTS = [Population.SIDE_A, Population.SIDE_B, Population.CIVILIANS, Population.UNKNOWN]
# 0.09 degrees of latitude are 10 km. 0.45 is how similar (pg_trgm) two titles of one event are.
# Two incidents with different ids in the same external system are not duplicates.
_DUPLICATES = """
WITH involvement AS NOT MATERIALIZED ({involvements})
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
    SELECT FROM involvement AS mine
    JOIN involvement AS theirs ON theirs.actor_id = mine.actor_id
    WHERE mine.incident_id = one.id AND theirs.incident_id = two.id
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


def _find_before_perpetrator() -> Iterator[QuerySet[Any]]:
    perpetrators = filter_counted_involvements(Involvement.objects.filter(role__in=_PERPETRATORS))
    yield perpetrators.filter(actor__possible__startswith__gt=F("incident__date_end"))


def _find_casualties_outside_sources() -> Iterator[QuerySet[Any]]:
    """Yield recommended figures below the lowest or above the highest figure of a source."""
    same = CasualtyFigure.objects.filter(
        incident=OuterRef("incident"),
        measure=OuterRef("measure"),
        population=OuterRef("population"),
        nationality=OuterRef("nationality"),
        role=FigureRole.SUPPORTING,
    )
    whose = Coalesce(OuterRef("actor_id"), 0)  # no actor equals no actor
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


def _find_no_recommended_total() -> Iterator[QuerySet[Any]]:
    """Yield incidents with figures of a measure of which no total is recommended."""
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


def _find_wrong_sums() -> Iterator[QuerySet[Any]]:
    """Yield the best totals of UCDP that are not the sum of the deaths by side."""
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


def _find_competing_perpetrators() -> Iterator[QuerySet[Any]]:
    """Yield primary perpetrators of one side, neither of which acts on behalf of the other."""
    perpetrators = Involvement.objects.filter(role=InvolvementRole.PERPETRATOR, primary=True)
    primary = filter_counted_involvements(perpetrators).exclude(actor=None)
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
    same_side = primary.filter(incident=OuterRef("incident"), side=OuterRef("side"))
    other = same_side.exclude(actor=OuterRef("actor"))
    yield primary.filter(Exists(other.exclude(Exists(mine)).exclude(Exists(theirs))))


def _find_no_primary_place() -> Iterator[QuerySet[Any]]:
    primary = IncidentLocation.objects.filter(incident=OuterRef("pk"), primary=True)
    yield Incident.objects.exclude(Exists(primary.filter(place__isnull=False)))


def _find_primary_places_abroad() -> Iterator[QuerySet[Any]]:
    """Yield primary locations outside the country that the code of the incident names."""
    codes = [
        When(place__country=country.alpha_2, then=Value(country.alpha_3.lower()))
        for country in list_countries()
    ]
    yield (
        IncidentLocation.objects.filter(primary=True, incident__slug__isnull=False)
        .exclude(place__country="")
        .exclude(place=None)
        .alias(code=Left("incident__slug", 3), is_in=Case(*codes, output_field=CharField()))
        .exclude(code="xxx")
        .exclude(code=F("is_in"))
    )


def _find_points_abroad() -> Iterator[QuerySet[Any]]:
    """Yield locations on land with a point outside of the country of their place."""
    on_land = IncidentLocation.objects.exclude(precision=Precision.WATER_OR_AIRSPACE)
    outside = OutsideCountry("place__country", "latitude", "longitude")
    yield on_land.exclude(AT_ZERO).filter(outside, latitude__isnull=False, place__isnull=False)


def _find_duplicates() -> Iterator[QuerySet[Any]]:
    """Yield incidents within a day and 10 km of another one with an actor in common."""
    counted = filter_counted_involvements(Involvement.objects.order_by())
    sql, params = counted.values("incident_id", "actor_id").query.sql_with_params()
    duplicates = RawSQL(_DUPLICATES.format(involvements=sql), params)  # noqa: S611 - our own text
    yield Incident.objects.filter(pk__in=duplicates)


def _find_early_claims() -> Iterator[QuerySet[Any]]:
    claims = ResponsibilityStatement.objects.filter(kind=StatementKind.CLAIM)
    early = claims.filter(date_end__lt=F("incident__date_start"))
    yield filter_counted_statements(early)


def _find_unused_retractions() -> Iterator[QuerySet[Any]]:
    """Yield retractions that withdraw no statement."""
    withdrawn = ResponsibilityStatement.objects.filter(
        incident=OuterRef("incident"), withdrawn_by=OuterRef("number")
    )
    retractions = ResponsibilityStatement.objects.filter(kind=StatementKind.RETRACTION)
    yield filter_counted_statements(retractions).exclude(Exists(withdrawn))


def _find_accusations_of_nobody() -> Iterator[QuerySet[Any]]:
    accusations = ResponsibilityStatement.objects.filter(kind=StatementKind.ACCUSATION)
    yield filter_counted_statements(accusations.filter(responsible=None))


def _find_denials_of_nobody() -> Iterator[QuerySet[Any]]:
    """Yield denials that name nobody, whose speaker is no actor that they could be about."""
    denials = ResponsibilityStatement.objects.filter(kind=StatementKind.DENIAL, speaker=None)
    yield filter_counted_statements(denials.filter(responsible=None))


def _find_labels_of_named_actors() -> Iterator[QuerySet[Any]]:
    """Yield parties given as a label that is a name of an actor of the same incident."""
    parties: list[tuple[type[Model], str, str, str]] = [
        (Involvement, "incident", "actor", "label_key"),
        (ResponsibilityStatement, "incident", "speaker", "speaker_key"),
        (StatementResponsible, "statement__incident", "actor", "label_key"),
    ]
    for model, incident, actor, key in parties:
        named = Q()
        for other, its_incident, its_actor, _ in parties:
            same = other._default_manager.filter(**{its_incident: OuterRef(incident)})
            for name in ("search_key", "names__search_key"):
                named |= Q(Exists(same.filter(**{f"{its_actor}__{name}": OuterRef(key)})))
        yield model._default_manager.filter(named, **{actor: None})


def _find_rocket_attacks_without_rocket() -> Iterator[QuerySet[Any]]:
    rockets = WeaponUse.objects.filter(
        incident=OuterRef("pk"), weapon__in=[Weapon.ROCKET, Weapon.IRAM]
    )
    yield Incident.objects.filter(sub_type=SubType.ROCKET_ATTACK).exclude(Exists(rockets))


def _find_cycles() -> Iterator[QuerySet[Any]]:
    links = select_working_links(IncidentLink.objects.all(), "pk")
    yield IncidentLink.objects.filter(pk__in=find_cycles(links))


def _find_missing_withdrawals() -> Iterator[QuerySet[Any]]:
    yield filter_missing_withdrawals(ResponsibilityStatement.objects.all())


def _find_frequencies_outside_series() -> Iterator[QuerySet[Any]]:
    yield filter_frequencies_outside_series(WeaponUse.objects.all())


def _find_too_fine() -> Iterator[QuerySet[Any]]:
    """Yield locations whose public place is finer than their public precision."""
    finer = Q()
    for precision in Precision:
        kinds = [kind for kind in PlaceKind if FINENESS[kind] > FINENESS[precision]]
        finer |= Q(public_precision=precision, place__kind__in=kinds)
    yield IncidentLocation.objects.filter(finer)


RULES = [
    Rule(
        "before-perpetrator",
        "The incident ends before its perpetrator existed, by the dates of that actor.",
        Severity.WARNING,
        _find_before_perpetrator,
        "actor",
    ),
    Rule(
        "casualties-outside-sources",
        "The recommended figure lies outside the range of the figures of the sources.",
        Severity.WARNING,
        _find_casualties_outside_sources,
        "best",
    ),
    Rule(
        "no-recommended-total",
        "The incident has figures of a measure, but no recommended total for lists to show.",
        Severity.WARNING,
        _find_no_recommended_total,
        "casualties",
    ),
    Rule(
        "ucdp-sum",
        "The best total of UCDP is not the sum of the deaths that it reports by side.",
        Severity.HINT,
        _find_wrong_sums,
        "best",
    ),
    Rule(
        "claim-before-attack",
        "The claim is older than the incident.",
        Severity.WARNING,
        _find_early_claims,
        "date",
    ),
    Rule(
        "retraction-of-nothing",
        "The retraction has no effect: enter its number as “withdrawn by” of what it takes back.",
        Severity.WARNING,
        _find_unused_retractions,
        "kind",
    ),
    Rule(
        "accusation-of-nobody",
        "The accusation names nobody: enter the actors that it names.",
        Severity.WARNING,
        _find_accusations_of_nobody,
        "kind",
    ),
    Rule(
        "denial-of-nobody",
        "The denial names nobody, and its speaker is only described: enter whom it is about.",
        Severity.WARNING,
        _find_denials_of_nobody,
        "kind",
    ),
    Rule(
        "label-of-named-actor",
        "The label is a name of an actor of this incident, but counts as another party.",
        Severity.WARNING,
        _find_labels_of_named_actors,
    ),
    Rule(
        "competing-perpetrators",
        "Another actor is also a primary perpetrator, and neither acts on behalf of the other.",
        Severity.WARNING,
        _find_competing_perpetrators,
        "actor",
    ),
    Rule(
        "no-primary-place",
        "The incident has no primary location with a place.",
        Severity.WARNING,
        _find_no_primary_place,
        "locations",
    ),
    Rule(
        "primary-place-abroad",
        "The primary place is outside the country that the code of the incident names.",
        Severity.WARNING,
        _find_primary_places_abroad,
        "place",
    ),
    Rule(
        "point-outside-country",
        "The point lies outside of the country of the place; latitude and longitude may be "
        "exchanged.",
        Severity.WARNING,
        _find_points_abroad,
        "latitude",
    ),
    Rule(
        "possible-duplicate",
        "Another incident within a day and 10 km has an actor in common and a similar title.",
        Severity.HINT,
        _find_duplicates,
        "title",
    ),
    Rule(
        "rocket-without-rocket",
        "The incident is a rocket attack, but none of its weapons is a rocket.",
        Severity.HINT,
        _find_rocket_attacks_without_rocket,
        "sub_type",
    ),
    Rule(
        "part-of-itself",
        "Other links make the incident a part of itself.",
        Severity.ERROR,
        _find_cycles,
        "to",
    ),
    Rule(
        "withdrawn-by-missing",
        "The statement is withdrawn by a number that no statement of the incident has.",
        Severity.ERROR,
        _find_missing_withdrawals,
        "withdrawn_by",
    ),
    Rule(
        "frequency-outside-series",
        "Only the weapons of a series have a frequency.",
        Severity.ERROR,
        _find_frequencies_outside_series,
        "frequency",
    ),
    Rule(
        "place-too-fine",
        "The public place is finer than the public precision, so it reveals too much.",
        Severity.ERROR,
        _find_too_fine,
        "place",
    ),
]
