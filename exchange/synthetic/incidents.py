"""Synthetic incidents, each made from its number alone."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from exchange.synthetic.cast import Cast
from exchange.synthetic.documents import (
    SUFFIX,
    Json,
    SyntheticRecord,
    make_body,
    make_citations,
    make_public_id,
    make_random,
    make_row,
)
from exchange.synthetic.names import SCRIPTS
from exchange.synthetic.places import COUNTRIES, Town, wrap_longitude
from exchange.synthetic.plan import PlannedEdition, PublicationPlan, decide_fate
from incidents.casualties import RARE_MEASURES
from incidents.codes import (
    Authenticity,
    CasualtyMeasure,
    Certainty,
    Granularity,
    InvolvementRole,
    LinkKind,
    LocationRole,
    Outcome,
    Population,
    Precision,
    Side,
    SpeakerType,
    StatementKind,
    Tag,
    TargetType,
    Violence,
)
from incidents.models import Incident
from incidents.serializers.casualties import CasualtiesSerializer, CasualtyFigureSerializer
from incidents.serializers.involvements import InvolvementSerializer
from incidents.serializers.links import IncidentLinkSerializer
from incidents.serializers.locations import IncidentLocationSerializer
from incidents.serializers.statements import (
    ResponsibilityStatementSerializer,
    StatementResponsibleSerializer,
)
from incidents.serializers.targets import TargetSerializer
from incidents.serializers.weapons import (
    WeaponCountSerializer,
    WeaponInterceptedSerializer,
    WeaponUseSerializer,
)
from publishing import documents
from publishing.codes import EditionKind
from publishing.publication import PublicChange
from sources.codes import Assessment, FigureRole, Quantifier

_FIRST = date(2003, 1, 1)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_EVENTS = (
    ("explosion_remote_violence", "drone_strike", "Drone strike", "one_way_attack_drone"),
    ("explosion_remote_violence", "rocket_attack", "Rocket attack", "rocket"),
    ("explosion_remote_violence", "ied", "Roadside bomb", "ied"),
    ("explosion_remote_violence", "mortar_attack", "Mortar fire", "mortar"),
    ("battle", "battle_armed_clash", "Armed clash", "small_arms"),
    ("battle", "ambush", "Ambush", "machine_gun"),
    ("violence_against_civilians", "targeted_killing", "Assassination", "sniper"),
    ("violence_against_civilians", "abduction", "Abduction", ""),
    ("protest", "peaceful_protest", "Protest", ""),
    ("strategic_development", "weapons_seizure", "Seizure of weapons", ""),
)
_RARE_EVENT = ("explosion_remote_violence", "chemical_weapon", "Chemical attack", "chemical")
_ATTACK_NEAR = {"ar": "هجوم قرب", "ru": "Нападение у", "he": "תקיפה ליד"}
_ACCEPTED = {"assessment": Assessment.ACCEPTED.value}
_VIOLENCE, _TAGS, _TARGETS, _CERTAINTY = (
    list(words.values) for words in (Violence, Tag, TargetType, Certainty)
)
_ROLE, _KIND = InvolvementRole, StatementKind


class IncidentHead(NamedTuple):
    """The properties of an incident that others reference, with its event, town and day."""

    id: str
    slug: str
    title: str
    event: tuple[str, str, str, str]
    """Event type, sub-type, title and weapon."""
    town: Town
    day: date | None

    @property
    def published_reference(self) -> bytes:
        """The reference in a document."""
        return SyntheticRecord(
            self.id, PublicChange("incident", self.id, None, documents.dump(self._referenced), "")
        ).published_reference

    @property
    def _referenced(self) -> Json:
        return {"title": self.title, "slug": self.slug, "event_type": self.event[0]}


class SyntheticIncidents:
    """All incidents."""

    def __init__(self, seed: int, plan: PublicationPlan, cast: Cast) -> None:
        self.seed, self.plan, self.cast = seed, plan, cast

    def act(self, step: PlannedEdition) -> PublicChange:
        """Return the act of publication for an edition of the plan."""
        if step.kind == EditionKind.WITHDRAW:
            id_, note = make_public_id(self.seed, "incident", step.number), "Synthetic withdrawal."
            return PublicChange("incident", id_, step.kind, None, note)
        random = make_random(self.seed, "incident", step.number)
        head = self._head(step.number, random)
        body = documents.dump(self._body(step, head, random))
        note = "Synthetic correction." if step.version > 1 else ""
        return PublicChange("incident", head.id, None, body, note)

    def other(self, number: int) -> int | None:
        """Return the earlier incident that one retaliates for, if any: never a withdrawn one."""
        if number % 10 != 3:
            return None
        other = number - 1 - number % 7
        return None if other < 0 or decide_fate(other) == EditionKind.WITHDRAW else other

    def head(self, number: int) -> IncidentHead:
        """Return the head of an incident."""
        return self._head(number, make_random(self.seed, "incident", number))

    def _head(self, number: int, random: Random) -> IncidentHead:
        event = _RARE_EVENT if random.random() < 0.0005 else random.choice(_EVENTS)
        town = random.choice(self.cast.places.towns)
        day, today = None, self.plan.published(number).date()
        if random.random() >= 0.03:
            span = (today - _FIRST).days
            past = (
                random.randrange(span) if random.random() < 0.3 else int(random.expovariate(1 / 20))
            )
            day = today - timedelta(days=min(past, span))
        year = day.year if day else 0
        title = f"{event[2]} near {town.name.english} {SUFFIX}"
        if random.random() < 0.15:
            language = random.choice(list(SCRIPTS))
            title = f"{_ATTACK_NEAR[language]} {town.name.others[language]} {SUFFIX}"
        slug = f"{COUNTRIES[town.code]}-{year:04}-{_make_code(number)}"
        id_ = make_public_id(self.seed, "incident", number)
        return IncidentHead(id_, slug, title, event, town, day)

    def _body(self, step: PlannedEdition, head: IncidentHead, random: Random) -> Json:
        killed = _draw_count(random) if random.random() < 0.6 else None
        injured = _draw_count(random) if random.random() < 0.4 else None
        if step.version > 1 and killed is not None:
            killed += 1
        granularity = Granularity.AGGREGATE if random.random() < 0.02 else Granularity.SINGLE_EVENT
        doer, other = self.cast.actors.draw_group(random), self.cast.actors.draw_group(random)
        source = random.choice(self.cast.sources).reference
        linked = self.other(step.number)
        return make_body(
            Incident,
            id=head.id,
            slug=head.slug,
            title=head.title,
            summary="Synthetic data: this never happened.",
            event_type=head.event[0],
            sub_type=head.event[1],
            violence=random.choice(_VIOLENCE),
            outcome=random.choice((Outcome.COMPLETED, Outcome.FAILED, Outcome.INTERCEPTED)).value,
            granularity=granularity.value,
            date=_draw_date(head.day, random),
            suicide=random.random() < 0.02,
            civilians_targeted=random.choice((True, False, None)),
            tags=[random.choice(_TAGS)] if random.random() < 0.1 else [],
            **{measure: _make_casualties(None) for measure in RARE_MEASURES},
            killed=_make_casualties(killed),
            injured=_make_casualties(injured),
            locations=[_make_location(head.town, random)],
            involvements=list(_make_involvements(doer, other, random)),
            statements=list(_make_statements((doer, other), head, random, source)),
            weapons=list(_make_weapons(head, random)),
            target_objects=[
                make_row(TargetSerializer, type=random.choice(_TARGETS), hit=True, intended=True)
            ]
            if random.random() < 0.4
            else [],
            casualties=[
                _make_figure(measure, count)
                for measure, count in (
                    (CasualtyMeasure.INJURED, injured),
                    (CasualtyMeasure.KILLED, killed),
                )
                if count is not None
            ],
            links=[
                make_row(
                    IncidentLinkSerializer,
                    kind=LinkKind.RETALIATION_FOR.value,
                    to={"id": make_public_id(self.seed, "incident", linked)},
                )
            ]
            if linked is not None
            else [],
            citations=make_citations(source)
            + make_citations(random.choice(self.cast.sources).reference),
        )


def _draw_date(day: date | None, random: Random) -> str | None:
    """Return EDTF: mostly a day, sometimes a month, a year, several days or an uncertain day."""
    if day is None:
        return None
    kind = random.random()
    if kind < 0.08:
        return f"{day:%Y-%m}"
    if kind < 0.1:
        return f"{day:%Y}"
    if kind < 0.17:
        last = day + timedelta(days=random.randint(1, 9))
        return f"{day}/{last}" if kind < 0.14 else f"[{day}..{last}]"
    return f"{day}?" if kind < 0.19 else f"{day}"


def _make_location(town: Town, random: Random) -> Json:
    kind = random.random()
    place, precision, point = town.place, Precision.SETTLEMENT, None
    if kind < 0.6:
        precision = Precision.EXACT
        point = {
            "latitude": round(town.point["latitude"] + random.gauss(0, 0.05), 4),
            "longitude": wrap_longitude(town.point["longitude"] + random.gauss(0, 0.05)),
        }
    elif kind < 0.75:
        place, precision = town.division, Precision.ADMIN1
    elif kind < 0.78:
        place, precision = town.country, Precision.COUNTRY
    return make_row(
        IncidentLocationSerializer,
        role=LocationRole.IMPACT.value,
        primary=True,
        place=place.reference,
        point=point,
        precision=precision.value,
    )


def _make_involvements(
    doer: SyntheticRecord, other: SyntheticRecord, random: Random
) -> Iterator[Json]:
    sure = random.choice(_CERTAINTY)
    base = {"primary": True, "side": Side.A.value, "certainty": sure, **_ACCEPTED}
    if random.random() < 0.1:
        yield _make_involvement(base, _ROLE.PERPETRATOR, label="Unidentified men (synthetic)")
    else:
        yield _make_involvement(base, _ROLE.PERPETRATOR, actor=doer.reference)
    if random.random() < 0.7 and other != doer:
        yield _make_involvement(base | {"side": Side.B.value}, _ROLE.TARGET, actor=other.reference)


def _make_involvement(base: Json, role: InvolvementRole, **values: Any) -> Json:
    return make_row(InvolvementSerializer, role=role.value, **base, **values)


def _make_statements(
    sides: tuple[SyntheticRecord, SyntheticRecord],
    head: IncidentHead,
    random: Random,
    source: dict[str, str],
) -> Iterator[Json]:
    (doer, other), kind = sides, random.random()
    if kind >= 0.25:
        return
    day = head.day and f"{head.day}"
    base = {
        "speaker_type": SpeakerType.ARMED_GROUP.value,
        "date": day,
        "text": "Synthetic statement: nobody ever said this.",
        "language": "en",
        "authenticity": Authenticity.VERIFIED.value,
        "citations": make_citations(source),
        **_ACCEPTED,
    }
    yield _make_statement(1, _KIND.CLAIM, doer, **base)
    if kind < 0.03:
        named = [make_row(StatementResponsibleSerializer, actor=doer.reference)]
        yield _make_statement(2, _KIND.ACCUSATION, other, responsible=named, **base)
    elif kind < 0.04:
        yield _make_statement(2, _KIND.DENIAL, doer, **base)


def _make_statement(
    number: int, kind: StatementKind, speaker: SyntheticRecord, **values: Any
) -> Json:
    statement = make_row(
        ResponsibilityStatementSerializer,
        number=number,
        kind=kind.value,
        speaker=speaker.reference,
        **values,
    )
    _STATEMENT.derive(statement)
    return statement


_STATEMENT = ResponsibilityStatementSerializer()


def _make_weapons(head: IncidentHead, random: Random) -> Iterator[Json]:
    weapon = head.event[3]
    if not weapon or random.random() < 0.2:
        return
    count = random.randint(1, 12)
    yield make_row(
        WeaponUseSerializer,
        weapon=weapon,
        calibre_mm=random.choice((107.0, 122.0, 240.0)) if weapon == "rocket" else None,
        count=make_row(WeaponCountSerializer, best=count),
        intercepted=make_row(WeaponInterceptedSerializer),
    )


def _draw_count(random: Random) -> int:
    return min(int(random.expovariate(0.3)), 400)


def _make_casualties(count: int | None) -> Json:
    return make_row(CasualtiesSerializer, low=count, best=count, high=count)


def _make_figure(measure: CasualtyMeasure, count: int) -> Json:
    return make_row(
        CasualtyFigureSerializer,
        measure=measure.value,
        population=Population.TOTAL.value,
        quantifier=Quantifier.EXACT.value,
        role=FigureRole.RECOMMENDED.value,
        **_make_casualties(count),
    )


def _make_code(number: int) -> str:
    """Return the end of a slug: a code that no other number has."""
    size = 4 if number < len(_LETTERS) ** 4 else 5
    code, rest = "", number * 400_009 % len(_LETTERS) ** size
    for _ in range(size):
        rest, at = divmod(rest, len(_LETTERS))
        code += _LETTERS[at]
    return code
