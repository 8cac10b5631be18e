"""Name resolution: a name in any script leads to the actor, with a score and a reason."""

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.codes import MatchReason
from actors.entries import ActorNameEntry
from actors.models import Actor
from actors.resolution import MAX_CANDIDATES, ComparableName, find_candidates, resolve, score_name
from editorial import workflow
from tests.contract.client import API, ContractClient

NAMES = Path(__file__).resolve().parents[3] / "shared" / "data" / "names"
VARIANTS, EXPECTED = NAMES / "actor_name_variants.csv", NAMES / "search_expectations.csv"
PAIRS = NAMES / "nomenklatura_name_bench_cases.csv"
db = pytest.mark.django_db


def rows(file: Path) -> list[dict[str, str]]:
    """Return the rows of a shared file of names."""
    if not file.exists():
        pytest.skip(f"the shared data is not beside the checkout: {file.name}")
    with file.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture
def hezbollah(kataib: Actor, publish: Any) -> Actor:
    """A militia with names in several scripts, made public."""
    kataib.names.create(text="كتائب حزب الله", language="ar", kind="official")
    kataib.names.create(text="Hezbollah Brigades", language="en", kind="translation")
    kataib.names.create(text="Saraya of old", kind="former", end="2010", end_kind="actual")
    publish(kataib)
    return kataib


def first(api: ContractClient, name: str) -> tuple[str, str]:
    """Return the name that matched best, and why."""
    best = api.ask(f"resolve?name={name}")["results"][0]
    return best["name"]["text"], best["reason"]


@db
@pytest.mark.parametrize(
    ("requested", "name", "reason"),
    [
        ("Kataib Hezbollah", "Kataib Hezbollah", "exact"),
        ("KATÂ'IB hezbollah", "Kataib Hezbollah", "folded"),
        ("كتـايب حزب‌الله", "كتائب حزب الله", "folded"),
        ("Kata ib Hezbollah", "Kataib Hezbollah", "spacing"),
        ("Hezbollah Kataib", "Kataib Hezbollah", "word_order"),
        ("the al-Saraya of old", "Saraya of old", "words"),
        ("al-Kataib al-Hezbollah", "Kataib Hezbollah", "article"),
        ("KH", "Kataib Hezbollah", "initials"),
        ("Катаиб Хизбалла", "Kataib Hezbollah", "consonants"),
        ("hezbollah", "Kataib Hezbollah", "words"),
        ("Katab Hezbolah", "Kataib Hezbollah", "consonants"),
    ],
)
def test_the_response_has_the_name_that_matches_and_the_reason(
    api: ContractClient, hezbollah: Actor, requested: str, name: str, reason: str
) -> None:
    assert first(api, requested) == (name, reason)


@db
def test_a_match_has_the_actor_and_the_name_with_its_kind_and_language(
    api: ContractClient, hezbollah: Actor
) -> None:
    (match,) = api.ask("resolve?name=كتائب حزب الله")["results"]
    assert match["actor"]["slug"] == "kataib"
    assert match["name"] == {"text": "كتائب حزب الله", "kind": "official", "language": "ar"}
    assert match["score"] == 1
    (match,) = api.ask("resolve?name=kataib hezbollah")["results"]
    assert match["name"] == {"text": "Kataib Hezbollah", "kind": None, "language": None}
    assert match["score"] == 0.99


@db
def test_each_actor_is_in_the_response_once_and_the_likeliest_is_first(
    api: ContractClient, hezbollah: Actor, publish: Any
) -> None:
    party = Actor.objects.create(name="Hezbollah", slug="party", kind="armed_organisation")
    publish(party)
    results = api.ask("resolve?name=Hizbullah")["results"]
    assert [match["actor"]["slug"] for match in results] == ["party", "kataib"]
    assert results[0]["score"] > results[1]["score"]
    assert len(api.ask("resolve?name=Hizbullah&limit=1")["results"]) == 1
    least = results[0]["score"]
    assert len(api.ask(f"resolve?name=Hizbullah&min_score={least}")["results"]) == 1
    assert api.ask("resolve?name=Hizbullah&kind=individual")["results"] == []


@db
def test_the_response_is_empty_if_no_name_is_similar(api: ContractClient, hezbollah: Actor) -> None:
    assert api.ask("resolve?name=Zzyzx")["results"] == []


@db
def test_names_are_resolved_at_a_snapshot(
    api: ContractClient, hezbollah: Actor, publish: Any
) -> None:
    before = api.ask("resolve?name=Sunflower")
    hezbollah.name = "Sunflower"
    hezbollah.save()
    publish(hezbollah)
    assert len(api.ask("resolve?name=Sunflower")["results"]) == 1
    assert api.ask(f"resolve?name=Sunflower&snapshot={before['snapshot']}") == before
    hezbollah.names.create(text="Moonflower")
    assert api.ask("resolve?name=Moonflower&min_score=0.9")["results"] == [], "not published"


@db
def test_a_withdrawn_actor_is_not_found(
    api: ContractClient, hezbollah: Actor, reviewer: Any
) -> None:
    workflow.withdraw(hezbollah, reviewer, "Not one group.")
    assert api.ask("resolve?name=Kataib Hezbollah")["results"] == []


@db
@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("", "name", "missing"),
        ("name=", "name", "empty"),
        ("name=%20", "name", "invalid"),
        ("name=—", "name", "invalid"),
        (f"name={'a' * 301}", "name", "invalid"),
        ("name=a&name=b", "name", "repeated"),
        ("name=a&limit=0", "limit", "invalid"),
        ("name=a&limit=101", "limit", "invalid"),
        ("name=a&min_score=1.1", "min_score", "invalid"),
        ("name=a&min_score=nan", "min_score", "invalid"),
        ("name=a&kind=gang", "kind", "invalid"),
        ("name=a&nam=b", "nam", "unknown"),
        ("name=a&snapshot=1", "snapshot", "invalid"),
        ("name=a%00", None, "nul"),
    ],
)
def test_invalid_parameters_are_refused(
    api: ContractClient, query: str, parameter: str | None, code: str
) -> None:
    errors = api.ask(f"resolve?{query}", 400)["errors"]
    assert (code, parameter) in {(error["code"], error["parameter"]) for error in errors}


@db
def test_a_response_takes_three_queries(
    api: ContractClient, hezbollah: Actor, pmf: Actor, publish: Any, django_assert_num_queries: Any
) -> None:
    publish(pmf)
    with django_assert_num_queries(3):
        answer = api.get(f"{API}resolve?name=hezbollah&min_score=0", secure=True)
    with django_assert_num_queries(1):
        api.get(
            f"{API}resolve?name=hezbollah&min_score=0",
            headers={"If-None-Match": answer["ETag"]},
            secure=True,
        )


@db
def test_actors_are_filtered_by_any_of_their_names(
    api: ContractClient, hezbollah: Actor, pmf: Actor, publish: Any
) -> None:
    publish(pmf)
    for name in ("kataib hezbollah", "كتایب حزب الله", "HEZBOLLAH BRIGADES", "saraya of old"):
        assert api.names(f"actors?name={name}") == ["Kataib Hezbollah"]
    assert api.names("actors?name=hezbollah") == []
    assert api.names("actors?name=saraya of old&at=2008") == ["Kataib Hezbollah"]
    assert api.names("actors?name=saraya of old&at=2015") == []


@given(st.text(max_size=30), st.text(max_size=30))
def test_scores_are_between_0_and_1_and_an_equal_name_scores_1(one: str, other: str) -> None:
    requested, name = ComparableName.from_text(one), ComparableName.from_text(other)
    score, reason = score_name(requested, name)
    assert 0 <= score <= 1
    assert reason in MatchReason.values
    assert score_name(requested, requested) == (1, "exact")


def test_matching_pairs_score_higher_than_others() -> None:
    scores: dict[str, list[float]] = {"true": [], "false": []}
    for row in rows(PAIRS):
        one, other = ComparableName.from_text(row["name1"]), ComparableName.from_text(row["name2"])
        scores[row["is_match"]].append(max(score_name(one, other)[0], score_name(other, one)[0]))
    pairs = [(yes > no) + (yes == no) / 2 for yes in scores["true"] for no in scores["false"]]
    assert sum(pairs) / len(pairs) > 0.84, "a true pair scores higher than a false one"


@pytest.fixture
def variants(publish: Any, db: None) -> dict[Any, str]:
    """The actors of the shared list, published with all their names; their keys by public id."""
    actors: dict[str, Actor] = {}
    for row in rows(VARIANTS):
        kind = "individual" if row["type"] == "person" else "armed_organisation"
        if row["key"] not in actors:
            actors[row["key"]] = Actor.objects.create(name=row["canonical"], kind=kind)
        if row["name"] != row["canonical"]:
            actors[row["key"]].names.create(text=row["name"], language=row["lang"])
    publish(*actors.values())
    return {actor.public_id: key for key, actor in actors.items()}


def test_queries_find_the_intended_actor(variants: dict[Any, str]) -> None:
    missed = []
    for row in rows(EXPECTED):
        matched = resolve(ActorNameEntry.objects.at(2**40), row["query"], 0.5)
        keys = [variants[match.name.record] for match in matched]
        assert row["expected_key"] in keys[:3], row
        if keys[0] != row["expected_key"]:
            missed.append(row["query"])
        below = keys[keys.index(row["expected_key"]) :]
        assert not row["must_not_outrank"] or row["must_not_outrank"] not in set(keys) - set(below)
    assert not missed


def test_the_indexes_find_the_most_similar_names(variants: dict[Any, str]) -> None:
    """Leave each name out in turn: what scores well of the rest is among the candidates."""
    names = [(name, ComparableName.from_text(name.text)) for name in ActorNameEntry.objects.all()]
    wanted = matched = 0
    for one, requested in names[::7]:
        likely = {
            other.pk
            for other, read in names
            if read.key != requested.key and score_name(requested, read)[0] > 0.75
        }
        candidates = {name.pk for name in find_candidates(ActorNameEntry.objects.all(), requested)}
        wanted, matched = wanted + len(likely), matched + len(likely & candidates)
        assert one.pk in candidates
        assert len(candidates) <= MAX_CANDIDATES
    assert matched > 0.95 * wanted > 50
