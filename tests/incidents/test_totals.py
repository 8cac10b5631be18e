"""Statistics of all incidents are read from totals, which are what the index entries add up to."""

from collections.abc import Callable
from itertools import combinations
from random import Random
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from actors.models import Actor
from editorial import merging, workflow
from editorial.models import User
from editorial.redaction.redact import redact
from incidents.filters.statistics import GroupBy
from incidents.models import Incident
from incidents.statistics import sources
from incidents.totals import ACTORS, COLUMNS, IncidentTotals, TotalsSnapshot
from places.models import Place
from publishing import publication
from publishing.models import Edition
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db

BY_DATE = (GroupBy.YEAR, GroupBy.QUARTER, GroupBy.MONTH, GroupBy.DATE_PRECISION)
GROUPINGS = [
    (),
    *((role,) for role in ACTORS),
    *(group for n in (1, 2, 3) for group in combinations((*COLUMNS, *BY_DATE), n)),
]
"""What totals answer: up to three of these properties, or an actor in a role."""
FEW = 1 + len(ACTORS) + len(COLUMNS) + len(BY_DATE)
"""The number of groupings by one property at most, which come first."""


@pytest.fixture
def answer(api: ContractClient) -> Callable[[str], Any]:
    """Return the answer to a request for statistics."""

    def ask(query: str) -> Any:
        return api.ask(f"statistics?{query}")

    return ask


def queries(number: int) -> list[str]:
    """Return some of the requests that totals answer, other ones for each number."""
    listed = []
    for grouping in [*GROUPINGS[:FEW], *Random(number).sample(GROUPINGS[FEW:], 6)]:
        query = "&".join(f"group_by={by}" for by in grouping)
        listed.append(query)
        if set(grouping) & {*BY_DATE[:3]}:
            listed.append(f"{query}&period_by=first_day")
        if grouping:
            listed.append(f"{query}&sort=incidents&limit=2")
    return listed


def read(query: str) -> bytes:
    """Return the text of an answer."""
    response = Client(SERVER_NAME="localhost").get(f"/api/v1/statistics?{query}", secure=True)
    assert response.status_code == 200, response.content
    return bytes(response.content)


def assert_totals_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare answers from totals with those from entries."""
    seq = Edition.objects.newest_snapshot().seq
    assert TotalsSnapshot.objects.get().seq == seq
    kept = {query: read(query) for query in queries(seq)}
    with monkeypatch.context() as patch:
        patch.setattr(sources, "read_totals", lambda filters: None)
        for query, text in kept.items():
            assert text == read(query), query


@pytest.fixture
def world(iraq: Place, pmf: Actor, kataib: Actor, publish: Any) -> dict[str, Any]:
    """Incidents by several actors, on days of any precision, with and without figures."""
    syria = Place.objects.create(name="Syria", kind="country", country="SY", slug="syria")
    twin = Actor.objects.create(name="Kataib", slug="twin", kind="armed_organisation")
    rows: list[tuple[str, str, list[tuple[str, Actor]], Place | None, dict[str, int]]] = [
        ("2014-06-10", "battle", [("perpetrator", kataib), ("target", pmf)], iraq, {"best": 5}),
        ("2014-06", "battle", [("perpetrator", kataib), ("perpetrator", twin)], syria, {"low": 2}),
        ("2014", "protest", [("perpetrator", twin), ("co_perpetrator", twin)], iraq, {}),
        ("2016-01-04/2016-01-10", "battle", [("party", pmf)], None, {"best": 1, "high": 4}),
        ("", "riot", [], iraq, {"low": 9, "best": 3, "high": 7}),
        ("0001-01-09", "riot", [], syria, {"high": 8}),
        ("2019/2020", "battle", [("perpetrator", kataib)], iraq, {"best": 100}),
    ]
    attacks = []
    for number, (day, event_type, involved, place, killed) in enumerate(rows):
        attack = Incident.objects.create(
            title=f"Attack {number}",
            date=day,
            event_type=event_type,
            violence="state_based" if number % 2 else "unknown",
            granularity="series" if day == "2019/2020" else "single_event",
        )
        for role, actor in involved:
            attack.involvements.create(role=role, actor=actor, certainty="probable")
        if place:
            attack.locations.create(
                place=place, primary=True, precision="country", public_precision="country"
            )
        for measure in ("killed", "displaced") if number == 0 else ("killed",):
            if killed:
                attack.casualties.create(
                    measure=measure,
                    role="recommended",
                    population="total",
                    quantifier="unspecified",
                    **killed,
                )
        attacks.append(attack)
    return {"syria": syria, "twin": twin, "attacks": attacks}


def test_totals_are_those_of_the_entries_after_every_publication(
    world: dict[str, Any],
    iraq: Place,
    pmf: Actor,
    kataib: Actor,
    publish: Any,
    reviewer: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    syria, twin, attacks = world["syria"], world["twin"], world["attacks"]

    def correct() -> None:
        attacks[0].date, attacks[0].event_type = "2015-02", "riot"
        attacks[0].save()
        attacks[0].involvements.all().delete()
        publish(attacks[0])

    def move() -> None:
        syria.country = "LB"
        syria.save()
        publish(syria)

    def count_a_series() -> None:
        attacks[6].granularity = "aggregate"
        attacks[6].save()
        publish(attacks[6])

    def rename() -> None:
        kataib.name = "Kataib Hezbollah in Iraq"
        kataib.save()
        publish(kataib)

    steps: list[Callable[[], Any]] = [
        lambda: publish(iraq, syria, pmf, kataib, twin, *attacks[:4]),
        lambda: publish(*attacks[4:]),
        correct,
        move,
        rename,
        count_a_series,
        lambda: merging.merge(twin, kataib, reviewer, "One group."),
        lambda: merging.unmerge(twin, reviewer, "Two groups."),
        lambda: merging.merge(attacks[4], attacks[5], reviewer, "One riot."),
        lambda: merging.unmerge(attacks[4], reviewer, "Two riots."),
        lambda: redact(attacks[1], reviewer, "Asked.", fields=["date", "involvements[0]"]),
        lambda: redact(syria, reviewer, "A slip.", fields=["country"]),
        lambda: redact(attacks[2], reviewer, "Asked.", whole=True),
        lambda: workflow.withdraw(attacks[3], reviewer, "It did not happen."),
        lambda: publish(attacks[3]),
        lambda: redact(kataib, reviewer, "Asked.", whole=True),
        lambda: call_command("rebuild_entries", verbosity=0),
    ]
    for step in steps:
        step()
        assert_totals_follow(monkeypatch)


def test_totals_follow_publications_in_several_chunks(
    world: dict[str, Any],
    iraq: Place,
    pmf: Actor,
    kataib: Actor,
    publish: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(publication, "_CHUNK", 2)
    publish(iraq, pmf, kataib, world["syria"], world["twin"], *world["attacks"])
    assert_totals_follow(monkeypatch)


def tamper() -> None:
    """Give totals numbers that no entries have, to see who reads them."""
    IncidentTotals.objects.update(incidents=1000)


def test_totals_answer_nothing_but_what_they_stand_for(
    world: dict[str, Any],
    iraq: Place,
    pmf: Actor,
    kataib: Actor,
    publish: Any,
    answer: Callable[[str], Any],
) -> None:
    attacks = world["attacks"]
    publish(iraq, pmf, kataib, world["syria"], world["twin"], *attacks[:3])
    past = Edition.objects.newest_snapshot()
    publish(attacks[3])
    now = Edition.objects.newest_snapshot()
    tamper()
    assert answer("group_by=perpetrator")["groups"][0]["incidents"] == 1000
    assert answer(f"group_by=perpetrator&snapshot={now}")["groups"][0]["incidents"] == 1000
    for query, number in (
        (f"snapshot={past}", 3),
        ("country=IQ", 2),
        ("granularity=single_event", 4),
        ("group_by=week", 4),
        ("group_by=year&group_by=perpetrator", 4),
        ("perpetrator=kataib&perpetrator_scope=all", 2),
        ("certainty_min=probable", 4),
    ):
        assert answer(query)["total"] == number, query


def test_without_totals_entries_answer_until_they_are_rebuilt(
    world: dict[str, Any],
    iraq: Place,
    pmf: Actor,
    kataib: Actor,
    publish: Any,
    answer: Callable[[str], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish(iraq, pmf, kataib, world["syria"], world["twin"], *world["attacks"][:3])
    IncidentTotals.objects.all().delete()
    TotalsSnapshot.objects.all().delete()
    publish(*world["attacks"][3:])
    assert not IncidentTotals.objects.exists()
    assert answer("")["total"] == 6
    call_command("rebuild_entries", totals=True, verbosity=0)
    assert_totals_follow(monkeypatch)


def test_totals_that_missed_a_publication_answer_nothing(
    world: dict[str, Any],
    iraq: Place,
    pmf: Actor,
    kataib: Actor,
    publish: Any,
    answer: Callable[[str], Any],
) -> None:
    publish(iraq, pmf, kataib, world["syria"], world["twin"], *world["attacks"][:3])
    TotalsSnapshot.objects.update(seq=1)
    publish(*world["attacks"][3:])
    assert TotalsSnapshot.objects.get().seq == 1
    assert answer("")["total"] == 6


def test_a_publication_between_two_statements_is_noticed(
    world: dict[str, Any],
    iraq: Place,
    pmf: Actor,
    kataib: Actor,
    publish: Any,
    answer: Callable[[str], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish(iraq, pmf, kataib, world["syria"], world["twin"], *world["attacks"][:3])
    stands = iter([True, False])
    monkeypatch.setattr(sources, "stand_at", lambda seq: next(stands))
    tamper()
    assert answer("group_by=country")["total"] == 3
