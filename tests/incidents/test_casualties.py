"""Casualty figures: recommended and supporting ones, where unknown is never 0."""

import csv
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from actors.models import Actor
from editorial.models import User
from editorial.redaction.redact import redact
from incidents.casualties import derive_casualties, derive_sides
from incidents.codes import CasualtyMeasure, Population
from incidents.models import CasualtyFigure, Incident
from publishing import documents
from publishing.models import Edition
from publishing.triggers import allow
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


KILLED = CasualtyMeasure.KILLED
UNKNOWN = {"low": None, "best": None, "high": None}


def make_figure(**columns: Any) -> dict[str, Any]:
    """Return a recommended figure of a document, of everyone killed."""
    whose = {"population": "total", "actor": None, "nationality": None}
    row = {"measure": "killed", "role": "recommended", "quantifier": "exact"}
    return row | whose | UNKNOWN | columns


def test_the_summary_shows_the_recommended_total(
    api: ContractClient, attack: Incident, kataib: Actor, publish: Any
) -> None:
    figures = attack.casualties
    figures.create(measure="killed", best=4)
    figures.create(measure="killed", best=3, low=2, role="recommended", quantifier="at_least")
    figures.create(measure="killed", best=1, role="recommended", population="civilians")
    figures.create(measure="killed", best=2, role="recommended", actor=kataib)
    figures.create(measure="killed", best=1, role="recommended", nationality="US")
    publish(kataib, attack)
    (summary,) = api.results("incidents")
    assert summary["killed"] == {"low": 2, "best": 3, "high": None}, "figures are not added"
    assert summary["injured"] == UNKNOWN
    rows = api.ask(f"incidents/{attack.public_id}")["casualties"]
    assert [row["best"] for row in rows if row["role"] == "supporting"] == [4]
    assert [row["actor"]["name"] for row in rows if row["actor"]] == [kataib.name]


def test_deaths_of_civilians_and_by_side_are_those_of_their_own_figures(
    api: ContractClient, attack: Incident, kataib: Actor, publish: Any
) -> None:
    recommended = {"measure": "killed", "role": "recommended"}
    for columns in (
        {"population": "total", "best": 9},
        {"population": "civilians", "best": 3, "low": 2, "quantifier": "at_least"},
        {"population": "civilians", "best": 1, "actor": kataib},
        {"population": "side_a", "best": 1},
        {"population": "side_b", "quantifier": "dozens"},
        {"population": "security_forces", "nationality": "IQ", "low": 4},
        {"population": "total", "actor": kataib, "best": 2, "high": 3, "quantifier": "at_most"},
        {"population": "women", "best": 1},
        {"population": "total", "nationality": "US", "best": 1},
    ):
        attack.casualties.create(**recommended, **columns)
    attack.casualties.create(measure="killed", population="side_a", best=7)
    attack.casualties.create(measure="injured", population="side_a", best=8, role="recommended")
    publish(kataib, attack)
    (summary,) = api.results("incidents")
    document = api.ask(f"incidents/{attack.public_id}")
    reference = summary["killed_by_side"][-1]["actor"]
    assert reference["slug"] == "kataib"
    for shown in (summary, document):
        assert shown["killed_civilians"] == UNKNOWN | {"low": 2, "best": 3}
        assert shown["killed_by_side"] == [
            {"population": population, "actor": actor, "nationality": nationality}
            | UNKNOWN
            | numbers
            for population, actor, nationality, numbers in (
                ("security_forces", None, "IQ", {"low": 4}),
                ("side_a", None, None, {"best": 1}),
                ("side_b", None, None, {"low": 12}),
                ("total", reference, None, {"best": 2, "high": 3}),
            )
        ]


def test_deaths_of_some_civilians_are_a_lower_bound_of_those_of_all() -> None:
    some = [
        make_figure(population="civilians", nationality="IQ", best=4),
        make_figure(population="civilians", nationality="SY", low=2),
        make_figure(population="women", best=9),
    ]
    assert derive_casualties(some, KILLED, Population.CIVILIANS) == UNKNOWN | {"low": 4}
    everyone = [make_figure(best=9)]
    assert derive_casualties(everyone, KILLED, Population.CIVILIANS) == UNKNOWN
    assert derive_sides(everyone, KILLED) == []


def test_documents_from_before_have_deaths_of_civilians_and_by_side(
    api: ContractClient, attack: Incident, publish: Any, monkeypatch: Any
) -> None:
    attack.casualties.create(measure="killed", population="civilians", best=3, role="recommended")
    attack.casualties.create(measure="killed", population="side_a", best=1, role="recommended")
    publish(attack)
    now = api.ask(f"incidents/{attack.public_id}")
    edition = Edition.objects.get(record=attack.public_id)
    older = {
        name: value
        for name, value in now.items()
        if name not in ("killed_civilians", "killed_by_side")
    }
    with allow("redact"):
        text = documents.dump(older).decode()
        Edition.objects.filter(pk=edition.pk).update(document=text, summary=text, shape="")
    assert api.ask(f"incidents/{attack.public_id}") == now
    (summary,) = api.results("incidents")
    assert summary["killed_civilians"]["best"] == 3
    assert [side["best"] for side in summary["killed_by_side"]] == [1]


def test_a_redaction_of_a_figure_reaches_what_follows_from_it(
    api: ContractClient, attack: Incident, publish: Any, reviewer: User
) -> None:
    attack.casualties.create(
        measure="killed", population="side_a", best=7, role="recommended", note="Named: X. Y."
    )
    publish(attack)
    redact(attack, reviewer, "Private.", fields=["casualties"])
    document = api.ask(f"incidents/{attack.public_id}")
    assert (document["killed_by_side"], document["killed_civilians"]) == ([], UNKNOWN)


@pytest.mark.parametrize("measure", CasualtyMeasure.values)
def test_every_measure_is_in_summaries_and_csv(
    api: ContractClient, attack: Incident, publish: Any, measure: str
) -> None:
    figure = {"low": 2, "best": 3, "high": 5, "quantifier": "between"}
    attack.casualties.create(measure=measure, role="recommended", **figure)
    publish(attack)
    (summary,) = api.results("incidents")
    document = api.ask(f"incidents/{attack.public_id}")
    for shown in (summary, document):
        numbers = {name: shown[name] for name in CasualtyMeasure.values}
        rest = dict.fromkeys(set(numbers) - {measure}, UNKNOWN)
        assert numbers == rest | {measure: {"low": 2, "best": 3, "high": 5}}
    sent = b"".join(api.get("/api/v1/incidents?format=csv", secure=True)).decode()
    (row,) = csv.DictReader(sent.lstrip("\ufeff").splitlines())
    columns = [row[f"{measure}_{bound}"] for bound in ("low", "best", "high")]
    assert columns == ["2", "3", "5"]


def test_zero_is_not_the_same_as_not_known(
    api: ContractClient, attack: Incident, publish: Any
) -> None:
    attack.casualties.create(measure="killed", low=0, best=0, high=0, role="recommended")
    attack.casualties.create(measure="injured", quantifier="dozens", role="recommended")
    publish(attack)
    document = api.ask(f"incidents/{attack.public_id}")
    assert document["killed"] == {"low": 0, "best": 0, "high": 0}
    assert document["injured"] == {"low": 12, "best": None, "high": None}


@pytest.mark.parametrize(
    ("quantifier", "low"),
    [
        ("several", 3),
        ("few", 3),
        ("many", 10),
        ("dozens", 12),
        ("hundreds", 100),
        ("thousands", 1000),
        ("tens_of_thousands", 10_000),
        ("unspecified", None),
    ],
)
def test_a_vague_word_alone_counts_as_its_lowest_number(quantifier: str, low: int | None) -> None:
    word = make_figure(quantifier=quantifier)
    assert derive_casualties([word], KILLED) == UNKNOWN | {"low": low}
    assert derive_casualties([word | {"high": 50}], KILLED) == UNKNOWN | {"high": 50}
    assert derive_casualties([word | {"best": 30}], KILLED) == UNKNOWN | {"best": 30}


@pytest.mark.parametrize("measure", CasualtyMeasure)
def test_without_a_total_the_largest_of_single_populations_is_the_lowest_number(
    measure: CasualtyMeasure,
) -> None:
    def derive(*figures: dict[str, Any]) -> dict[str, int | None]:
        return derive_casualties([row | {"measure": measure} for row in figures], measure)

    civilians = make_figure(population="civilians", low=5, best=5, high=5)
    attackers = make_figure(population="attackers", low=7, best=8, high=9)
    assert derive(civilians, attackers) == UNKNOWN | {"low": 7}
    assert derive(make_figure(nationality="US", best=5)) == UNKNOWN | {"low": 5}
    assert derive(make_figure(actor={"id": "x"}, low=2)) == UNKNOWN | {"low": 2}
    assert derive(make_figure(population="women", quantifier="dozens")) == UNKNOWN | {"low": 12}
    assert derive(make_figure(population="women", high=4)) == UNKNOWN, "it may be none"
    assert derive(civilians | {"role": "supporting"}) == UNKNOWN
    assert derive(make_figure(high=3), civilians) == UNKNOWN | {"high": 3}, "there is a total"
    assert derive(make_figure(quantifier="unspecified"), civilians) == UNKNOWN | {"low": 5}
    assert derive_casualties([civilians | {"measure": "other"}], measure) == UNKNOWN


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("killed_min=3", {"3 to 9", "at least 12"}),
        ("killed_min=6", {"at least 12"}),
        ("killed_max=0", {"nobody"}),
        ("killed_max=5", {"nobody", "3 to 9", "at most 4"}),
        ("killed_max=4", {"nobody", "at most 4"}),
        ("killed_min=1&killed_max=11", {"3 to 9"}),
        ("injured_min=0", {"nobody", "at least 12"}),
        ("injured_min=1", {"at least 12"}),
        ("injured_max=6", {"nobody", "3 to 9"}),
        ("injured_max=2147483647", {"nobody", "3 to 9"}),
        ("killed_max=4&injured_max=0", {"nobody"}),
        ("missing=known", {"3 to 9"}),
        ("missing_min=2&missing_max=2", {"3 to 9"}),
        ("abducted=unknown", {"nobody", "3 to 9", "at most 4", "not known"}),
        ("abducted_min=100", {"at least 12"}),
        ("abducted_max=100", set()),
        ("detained=known&detained_min=1", set()),
        ("detained_max=3", {"at most 4"}),
        ("displaced=known", {"nobody"}),
        ("displaced_min=1", set()),
        ("displaced_max=0", {"nobody"}),
    ],
)
def test_lists_compare_the_best_or_else_the_next_number(
    api: ContractClient, publish: Any, query: str, titles: set[str]
) -> None:
    between, at_least, at_most = (
        {"quantifier": word, "role": "recommended"} for word in ("between", "at_least", "at_most")
    )
    figures: dict[str, list[dict[str, Any]]] = {
        "nobody": [
            {"measure": "killed", "best": 0, "role": "recommended"},
            {"measure": "injured", "best": 0, "role": "recommended"},
            {"measure": "displaced", "best": 0, "role": "recommended"},
        ],
        "3 to 9": [
            {"measure": "killed", "low": 3, "best": 5, "high": 9} | between,
            {"measure": "injured", "high": 6} | at_most,
            {"measure": "missing", "best": 2, "role": "recommended"},
        ],
        "at least 12": [
            {"measure": "killed", "low": 12} | at_least,
            {"measure": "injured", "low": 7} | at_least,
            {"measure": "abducted", "quantifier": "hundreds", "role": "recommended"},
        ],
        "at most 4": [
            {"measure": "killed", "high": 4} | at_most,
            {"measure": "detained", "high": 3} | at_most,
        ],
        "not known": [{"measure": "killed", "best": 5}],  # it is supporting
    }
    incidents = [Incident.objects.create(title=title) for title in figures]
    for incident in incidents:
        for row in figures[incident.title]:
            incident.casualties.create(**row)
    publish(*incidents)
    assert set(api.names(f"incidents?{query}")) == titles
    assert api.ask(f"statistics?group_by=year&{query}")["total"] == len(titles)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("killed_max=-1", "killed_max"),
        ("injured_min=few", "injured_min"),
        ("injured_max=2147483648", "injured_max"),
        ("killed_min=3&killed_max=2", "killed_min"),
        ("injured_min=3&injured_max=2", "injured_min"),
        ("killed=unknown&killed_max=2", "killed_max"),
        ("injured=unknown&injured_min=2", "injured_min"),
        ("injured=12", "injured"),
    ],
)
def test_numbers_that_match_nothing_are_refused(
    api: ContractClient, query: str, parameter: str
) -> None:
    for address in ("incidents?", "statistics?group_by=year&"):
        (fault,) = api.ask(address + query, 400)["errors"]
        assert fault["parameter"] == parameter


def test_numbers_out_of_order_are_accepted(attack: Incident) -> None:
    figure = CasualtyFigure(incident=attack, measure="killed", low=9, best=8, high=3)
    figure.quantifier = "between"
    figure.full_clean()
    figure.save()


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"measure": "killed"}, "casualtyfigure_number_or_word"),
        ({"measure": "annoyed", "best": 1}, "check"),
        ({"measure": "injured", "low": 1, "best": 2}, "casualtyfigure_exact_is_one_number"),
        ({"measure": "injured", "low": 1, "high": 2}, "casualtyfigure_exact_is_one_number"),
        (
            {"measure": "injured", "quantifier": "at_least", "best": 2},
            "casualtyfigure_at_least_has_low",
        ),
        (
            {"measure": "injured", "quantifier": "at_least", "low": 2, "high": 3},
            "casualtyfigure_at_least_has_low",
        ),
        (
            {"measure": "injured", "quantifier": "at_most", "low": 2},
            "casualtyfigure_at_most_has_high",
        ),
        (
            {"measure": "injured", "quantifier": "between", "low": 2},
            "casualtyfigure_between_has_both",
        ),
        ({"measure": "killed", "best": 1, "nationality": "us"}, "casualtyfigure_nationality_code"),
        ({"measure": "killed", "best": 1, "role": "recommended"}, "casualtyfigure_one_recommend"),
    ],
)
def test_the_database_refuses_invalid_figures(
    attack: Incident, columns: dict[str, Any], constraint: str
) -> None:
    attack.casualties.create(measure="killed", best=2, role="recommended")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        attack.casualties.create(**columns)


def test_the_deadliest_come_first_and_unknown_deaths_last(
    api: ContractClient, publish: Any
) -> None:
    numbers: dict[str, dict[str, Any]] = {
        "best": {"best": 5, "low": 4, "high": 90, "quantifier": "between"},
        "low": {"low": 7, "quantifier": "at_least"},
        "high": {"high": 6, "quantifier": "at_most"},
        "none": {"best": 0},
        "unknown": {},
    }
    for title, columns in numbers.items():
        incident = Incident.objects.create(title=title, date="2016")
        if columns:
            incident.casualties.create(
                measure="killed", population="total", role="recommended", **columns
            )
        publish(incident)
    order = ["low", "high", "best", "none", "unknown"]
    assert api.names("incidents?sort=deadliest") == order
    assert api.names("incidents?sort=deadliest&limit=1") == order
    stream = api.get("/api/v1/incidents?sort=deadliest&format=csv", secure=True)
    lines = b"".join(stream.streaming_content).decode().splitlines()
    column = lines[0].split(",").index("title")
    assert [line.split(",")[column] for line in lines[1:]] == order
    api.ask("affiliations?sort=deadliest", 400)
