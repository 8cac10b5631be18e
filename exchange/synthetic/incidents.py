"""What never happened: the bodies of the incidents."""

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
from incidents.serializers.casualties import CasualtyFigureSerializer, TollSerializer
from incidents.serializers.involvements import InvolvementSerializer, TargetSerializer
from incidents.serializers.links import IncidentLinkSerializer
from incidents.serializers.locations import IncidentLocationSerializer
from incidents.serializers.statements import (
    ResponsibilityStatementSerializer,
    StatementResponsibleSerializer,
)
from incidents.serializers.weapons import (
    WeaponCountSerializer,
    WeaponInterceptedSerializer,
    WeaponUseSerializer,
)
from publishing import documents
from publishing.codes import EditionKind
from publishing.publication import Act
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
    """What other incidents quote of one, and where and when it was."""

    id: str
    slug: str
    title: str
    what: tuple[str, str, str, str]
    town: Town
    day: date | None

    @property
    def ref(self) -> bytes:
        """What stands in a document that quotes it."""
        return SyntheticRecord(
            self.id, Act("incident", self.id, None, documents.dump(self._told), "")
        ).ref

    @property
    def _told(self) -> Json:
        return {"title": self.title, "slug": self.slug, "event_type": self.what[0]}


class SyntheticIncidents:
    """All incidents; each is decided by its number alone."""

    def __init__(self, seed: int, plan: PublicationPlan, cast: Cast) -> None:
        self.seed, self.plan, self.cast = seed, plan, cast

    def act(self, step: PlannedEdition) -> Act:
        """Return what is done with an incident at a step of the plan."""
        if step.kind == EditionKind.WITHDRAW:
            id_, note = make_public_id(self.seed, "incident", step.number), "Synthetic withdrawal."
            return Act("incident", id_, step.kind, None, note)
        luck = make_random(self.seed, "incident", step.number)
        head = self._head(step.number, luck)
        body = documents.dump(self._body(step, head, luck))
        note = "Synthetic correction." if step.version > 1 else ""
        return Act("incident", head.id, None, body, note)

    def other(self, number: int) -> int | None:
        """Return the earlier incident that one answers, if it does: never one withdrawn."""
        if number % 10 != 3:
            return None
        other = number - 1 - number % 7
        return None if other < 0 or decide_fate(other) == EditionKind.WITHDRAW else other

    def head(self, number: int) -> IncidentHead:
        """Return what other incidents quote of one."""
        return self._head(number, make_random(self.seed, "incident", number))

    def _head(self, number: int, luck: Random) -> IncidentHead:
        what = _RARE_EVENT if luck.random() < 0.0005 else luck.choice(_EVENTS)
        town = luck.choice(self.cast.ground.towns)
        day, today = None, self.plan.published(number).date()
        if luck.random() >= 0.03:
            span = (today - _FIRST).days
            past = luck.randrange(span) if luck.random() < 0.3 else int(luck.expovariate(1 / 20))
            day = today - timedelta(days=min(past, span))
        year = day.year if day else 0
        title = f"{what[2]} near {town.name.english} {SUFFIX}"
        if luck.random() < 0.15:
            language = luck.choice(list(SCRIPTS))
            title = f"{_ATTACK_NEAR[language]} {town.name.others[language]} {SUFFIX}"
        slug = f"{COUNTRIES[town.code]}-{year:04}-{_make_code(number)}"
        id_ = make_public_id(self.seed, "incident", number)
        return IncidentHead(id_, slug, title, what, town, day)

    def _body(self, step: PlannedEdition, head: IncidentHead, luck: Random) -> Json:
        killed = _draw_count(luck) if luck.random() < 0.6 else None
        injured = _draw_count(luck) if luck.random() < 0.4 else None
        if step.version > 1 and killed is not None:
            killed += 1
        granularity = Granularity.AGGREGATE if luck.random() < 0.02 else Granularity.SINGLE_EVENT
        doer, other = self.cast.sides.one(luck), self.cast.sides.one(luck)
        source = luck.choice(self.cast.sources).quote
        linked = self.other(step.number)
        return make_body(
            Incident,
            id=head.id,
            slug=head.slug,
            title=head.title,
            summary="Synthetic data: this never happened.",
            event_type=head.what[0],
            sub_type=head.what[1],
            violence=luck.choice(_VIOLENCE),
            outcome=luck.choice((Outcome.COMPLETED, Outcome.FAILED, Outcome.INTERCEPTED)).value,
            granularity=granularity.value,
            date=_draw_date(head.day, luck),
            suicide=luck.random() < 0.02,
            civilians_targeted=luck.choice((True, False, None)),
            tags=[luck.choice(_TAGS)] if luck.random() < 0.1 else [],
            killed=_make_casualties(killed),
            injured=_make_casualties(injured),
            locations=[_make_location(head.town, luck)],
            involvements=list(_make_involvements(doer, other, luck)),
            statements=list(_make_statements((doer, other), head, luck, source)),
            weapons=list(_make_weapons(head, luck)),
            target_objects=[
                make_row(TargetSerializer, type=luck.choice(_TARGETS), hit=True, intended=True)
            ]
            if luck.random() < 0.4
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
            citations=make_citations(source) + make_citations(luck.choice(self.cast.sources).quote),
        )


def _draw_date(day: date | None, luck: Random) -> str | None:
    """Return EDTF: mostly a day, sometimes a month, a year, several days or a doubtful one."""
    if day is None:
        return None
    kind = luck.random()
    if kind < 0.08:
        return f"{day:%Y-%m}"
    if kind < 0.1:
        return f"{day:%Y}"
    if kind < 0.17:
        last = day + timedelta(days=luck.randint(1, 9))
        return f"{day}/{last}" if kind < 0.14 else f"[{day}..{last}]"
    return f"{day}?" if kind < 0.19 else f"{day}"


def _make_location(town: Town, luck: Random) -> Json:
    kind = luck.random()
    place, precision, point = town.place, Precision.SETTLEMENT, None
    if kind < 0.6:
        precision = Precision.EXACT
        point = {
            "latitude": round(town.point["latitude"] + luck.gauss(0, 0.05), 4),
            "longitude": wrap_longitude(town.point["longitude"] + luck.gauss(0, 0.05)),
        }
    elif kind < 0.75:
        place, precision = town.division, Precision.ADMIN1
    elif kind < 0.78:
        place, precision = town.country, Precision.COUNTRY
    return make_row(
        IncidentLocationSerializer,
        role=LocationRole.IMPACT.value,
        primary=True,
        place=place.quote,
        point=point,
        precision=precision.value,
    )


def _make_involvements(
    doer: SyntheticRecord, other: SyntheticRecord, luck: Random
) -> Iterator[Json]:
    sure = luck.choice(_CERTAINTY)
    base = {"primary": True, "side": Side.A.value, "certainty": sure, **_ACCEPTED}
    if luck.random() < 0.1:
        yield _make_involvement(base, _ROLE.PERPETRATOR, label="Unidentified men (synthetic)")
    else:
        yield _make_involvement(base, _ROLE.PERPETRATOR, actor=doer.quote)
    if luck.random() < 0.7 and other != doer:
        yield _make_involvement(base | {"side": Side.B.value}, _ROLE.TARGET, actor=other.quote)


def _make_involvement(base: Json, role: InvolvementRole, **values: Any) -> Json:
    return make_row(InvolvementSerializer, role=role.value, **base, **values)


def _make_statements(
    sides: tuple[SyntheticRecord, SyntheticRecord],
    head: IncidentHead,
    luck: Random,
    source: dict[str, str],
) -> Iterator[Json]:
    (doer, other), kind = sides, luck.random()
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
        named = [make_row(StatementResponsibleSerializer, actor=doer.quote)]
        yield _make_statement(2, _KIND.ACCUSATION, other, responsible=named, **base)
    elif kind < 0.04:
        yield _make_statement(2, _KIND.DENIAL, doer, **base)


def _make_statement(
    number: int, kind: StatementKind, speaker: SyntheticRecord, **values: Any
) -> Json:
    shown = make_row(
        ResponsibilityStatementSerializer,
        number=number,
        kind=kind.value,
        speaker=speaker.quote,
        **values,
    )
    _STATEMENT.derive(shown)
    return shown


_STATEMENT = ResponsibilityStatementSerializer()


def _make_weapons(head: IncidentHead, luck: Random) -> Iterator[Json]:
    weapon = head.what[3]
    if not weapon or luck.random() < 0.2:
        return
    count = luck.randint(1, 12)
    yield make_row(
        WeaponUseSerializer,
        weapon=weapon,
        calibre_mm=luck.choice((107.0, 122.0, 240.0)) if weapon == "rocket" else None,
        count=make_row(WeaponCountSerializer, best=count),
        intercepted=make_row(WeaponInterceptedSerializer),
    )


def _draw_count(luck: Random) -> int:
    return min(int(luck.expovariate(0.3)), 400)


def _make_casualties(count: int | None) -> Json:
    return make_row(TollSerializer, low=count, best=count, high=count)


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
    told, rest = "", number * 400_009 % len(_LETTERS) ** size
    for _ in range(size):
        rest, at = divmod(rest, len(_LETTERS))
        told += _LETTERS[at]
    return told
