"""Scopes are what a plain search of the histories finds, day by day."""

from datetime import date, timedelta
from itertools import count, pairwise
from typing import Any
from uuid import UUID, uuid5

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actors.codes import AffiliationKind, Scope
from actors.entries import ActorEntry, AffiliationEntry
from actors.rollup import KINDS_BY_SCOPE

SPACE = UUID("6d757374-6572-4000-8000-000000000000")
ACTORS = [uuid5(SPACE, str(n)) for n in range(7)]
START = date(2020, 1, 1)
SPAN = 12
ASSESSMENTS = ["accepted", "accepted", "disputed", "rejected"]
KINDS = sorted({kind for pair in KINDS_BY_SCOPE.values() for kinds in pair for kind in kinds})


def day(number: int) -> date:
    """Return one of the days of the histories."""
    return START + timedelta(days=number)


@st.composite
def validities(draw: Any) -> dict[str, DateRange | None]:
    """Draw a validity: possible on some days, open at either end or not, certain within them."""
    first, last = sorted(draw(st.tuples(st.integers(0, SPAN), st.integers(0, SPAN))))
    lower = None if draw(st.integers(0, 3)) == 0 else day(first)
    upper = None if draw(st.integers(0, 3)) == 0 else day(last + 1)
    possible = DateRange(lower, upper, "[)")
    shrunk = st.tuples(st.integers(first, last), st.integers(first, last))
    sure = None if draw(st.integers(0, 3)) == 0 else sorted(draw(shrunk))
    certain = sure and DateRange(day(sure[0]), day(sure[1] + 1), "[)")
    return {"possible": possible, "certain": certain}


@st.composite
def affiliations(draw: Any) -> dict[str, Any]:
    """Draw an affiliation between two actors, of a kind that a scope follows or does not.

    A sponsorship may have support, which may be rejected.
    """
    subject, object_ = draw(st.permutations(ACTORS))[:2]
    kind = draw(st.sampled_from([*KINDS, AffiliationKind.ALLIED_WITH]))
    number = draw(st.integers(0, 3)) if kind == AffiliationKind.SPONSORED_BY else 0
    return {
        "subject": subject,
        "object": object_,
        "kind": kind,
        "assessment": draw(st.sampled_from(ASSESSMENTS)),
        "support": [
            {"assessment": draw(st.sampled_from(ASSESSMENTS)), **draw(validities())}
            for _ in range(number)
        ],
        **draw(validities()),
    }


def holds(row: dict[str, Any], dates: str, on: date) -> bool:
    """Return whether something holds on a day; a sponsorship with support holds when that does."""
    support = [each for each in row.get("support", []) if each["assessment"] != "rejected"]
    if support:
        return on in row["possible"] and any(holds(each, dates, on) for each in support)
    return row[dates] is not None and on in row[dates]


def search(
    actors: dict[UUID, dict[str, Any]],
    history: list[dict[str, Any]],
    root: UUID,
    scope: str,
    dates: str,
    on: date,
) -> set[UUID]:
    """Return the actors below an actor on a day, by every path that visits no actor twice."""
    found = set()

    def walk(path: list[UUID]) -> None:
        above = actors[path[-1]]
        ended = len(path) > 1 and above["kind"] == "individual"
        if len(path) > 8 or ended or not holds(above, "possible", on):
            return
        kinds = KINDS_BY_SCOPE[scope][len(path) > 1]
        for affiliation in history:
            below = affiliation["subject"]
            if (
                affiliation["object"] == path[-1]
                and affiliation["kind"] in kinds
                and affiliation["assessment"] != "rejected"
                and below not in path
                and holds(affiliation, dates, on)
                and below in actors
                and holds(actors[below], "possible", on)
            ):
                found.add(below)
                walk([*path, below])

    if root in actors:
        walk([root])
    return found


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    existences=st.lists(validities(), min_size=len(ACTORS), max_size=len(ACTORS)),
    kinds=st.lists(
        st.sampled_from(["unit", "unit", "individual"]),
        min_size=len(ACTORS),
        max_size=len(ACTORS),
    ),
    unpublished=st.sets(st.sampled_from(ACTORS), max_size=1),
    history=st.lists(affiliations(), max_size=16),
)
def test_a_scope_includes_what_a_plain_search_finds(
    existences: list[dict[str, Any]],
    kinds: list[str],
    unpublished: set[UUID],
    history: list[dict[str, Any]],
) -> None:
    actors = {
        actor: {"kind": kind, **existence}
        for actor, kind, existence in zip(ACTORS, kinds, existences, strict=True)
        if actor not in unpublished
    }
    with transaction.atomic():
        publish(actors, history)
        for scope in Scope.values:
            for dates in ("possible", "certain"):
                compare(actors, history, scope, dates)
        transaction.set_rollback(True)


def publish(actors: dict[UUID, dict[str, Any]], history: list[dict[str, Any]]) -> None:
    """Create the index entries that publication would create."""
    seqs = count(1)
    common = {"edited_at": timezone.now()}
    ActorEntry.objects.bulk_create(
        ActorEntry(seq=next(seqs), record=actor, external_ids=[], topics=[], **common, **columns)
        for actor, columns in actors.items()
    )
    for affiliation in history:
        for row in AffiliationEntry.from_document(make_document(affiliation, next(seqs))):
            row.save(force_insert=True)


def make_document(affiliation: dict[str, Any], seq: int) -> dict[str, Any]:
    """Return the document of an affiliation, as far as its entries depend on it."""
    words = dict.fromkeys(("basis", "closeness", "confidence", "title", "rank", "type"), "unknown")

    def make_row(row: dict[str, Any]) -> dict[str, Any]:
        days = {
            dates: row[dates]
            and {
                "first": row[dates].lower and row[dates].lower.isoformat(),
                "last": row[dates].upper and (row[dates].upper - timedelta(days=1)).isoformat(),
            }
            for dates in ("possible", "certain")
        }
        return words | {"assessment": row["assessment"], "validity": days, "against": None}

    return make_row(affiliation) | {
        "id": uuid5(SPACE, f"t{seq}"),
        "seq": seq,
        "edited_at": timezone.now(),
        "kind": affiliation["kind"],
        "subject": {"id": affiliation["subject"], "name": ""},
        "object": {"id": affiliation["object"], "name": ""},
        "support": [make_row(row) for row in affiliation.get("support", [])],
    }


def compare(
    actors: dict[UUID, dict[str, Any]], history: list[dict[str, Any]], scope: str, dates: str
) -> None:
    """Compare the scope of each actor with the plain search, on every day and beyond both ends."""
    for root in ACTORS[:3]:
        members = AffiliationEntry.objects.find_scope_members([root], scope, dates, 1000)
        assert members[0].actor == root
        assert members[0].days == DateRange(None, None, "()")
        others = members[1:]
        for number in range(-1, SPAN + 2):
            on = day(number)
            found = {member.actor for member in others if on in member.days}
            assert found == search(actors, history, root, scope, dates, on), (scope, dates, on)
        for member in others:
            near = [x for x in others if x.actor == member.actor and x is not member]
            assert not any(
                x.days.upper is not None
                and member.days.lower is not None
                and x.days.lower is not None
                and x.days.lower <= member.days.lower <= x.days.upper
                for x in near
            ), "periods of one actor neither overlap nor touch"


@pytest.mark.django_db
@pytest.mark.parametrize("scope", ["command", "all"])
@pytest.mark.parametrize("dates", ["possible", "certain"])
def test_a_scope_reaches_eight_affiliations_down(scope: str, dates: str) -> None:
    chain = [uuid5(SPACE, f"chain {number}") for number in range(11)]
    always = {"possible": DateRange(START, None, "[)"), "certain": DateRange(START, None, "[)")}
    history = [
        {"subject": below, "object": above, "kind": "subordinate_of", "assessment": "accepted"}
        | always
        for above, below in pairwise(chain)
    ]
    publish({actor: {"kind": "unit"} | always for actor in chain}, history)
    members = AffiliationEntry.objects.find_scope_members(chain[:1], scope, dates, 1000)
    assert {member.actor for member in members} == {*chain[:9]}


ALWAYS = {"possible": DateRange(START, None, "[)"), "certain": DateRange(START, None, "[)")}


def relate(below: UUID, kind: str, above: UUID) -> dict[str, Any]:
    """Return an affiliation that is always valid."""
    return {"subject": below, "object": above, "kind": kind, "assessment": "accepted"} | ALWAYS


@pytest.mark.django_db
def test_a_path_ends_at_an_individual() -> None:
    umbrella, leader, unit = ACTORS[:3]
    kinds = {umbrella: "coalition", leader: "individual", unit: "unit"}
    publish(
        {actor: {"kind": kind} | ALWAYS for actor, kind in kinds.items()},
        [relate(leader, "member_of", umbrella), relate(unit, "subordinate_of", leader)],
    )
    members = AffiliationEntry.objects.find_scope_members([umbrella], "all", "possible", 1000)
    assert [member.actor for member in members] == [umbrella, leader]


@pytest.mark.django_db
def test_a_path_does_not_return_to_its_root_and_go_on_as_a_later_link() -> None:
    sponsor, client, member = ACTORS[:3]
    publish(
        {actor: {"kind": "unit"} | ALWAYS for actor in (sponsor, client, member)},
        [
            relate(client, "sponsored_by", sponsor),
            relate(sponsor, "member_of", client),
            relate(member, "member_of", sponsor),
        ],
    )
    members = AffiliationEntry.objects.find_scope_members([sponsor], "sponsored", "possible", 1000)
    assert [member.actor for member in members] == [sponsor, client], "its own member is no client"


@pytest.mark.django_db
def test_a_root_below_another_root_is_included_once_and_always() -> None:
    above, below = ACTORS[:2]
    publish(
        {actor: {"kind": "unit"} | ALWAYS for actor in (above, below)},
        [relate(below, "member_of", above)],
    )
    members = AffiliationEntry.objects.find_scope_members([above, below], "all", "possible", 1000)
    assert [(m.actor, m.days) for m in members] == [
        (actor, DateRange(None, None, "()")) for actor in (above, below)
    ]
