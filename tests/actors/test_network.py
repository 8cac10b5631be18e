"""Networks: an actor, the actors around it, and the affiliations between them."""

import csv
import random
from io import BytesIO, StringIO
from typing import Any

import networkx
import pytest

from actors.affiliation_kinds import SYMMETRIC
from actors.models import Actor, Affiliation
from editorial import merging, workflow
from editorial.models import User
from tests.actors.test_scopes import make_affiliation, valid_between
from tests.contract.client import API, ContractClient

pytestmark = pytest.mark.django_db
ARABIC = "كتائب حزب الله"


@pytest.fixture
def cast(publish: Any) -> dict[str, Actor]:
    """A chain: Iran sponsors PMF, of which Kataib is a member, which has a facade, with a rival.

    Kataib left PMF in 2018. The facade came in 2016. Iran is allied with the facade.
    """
    kinds = {
        "iran": "state",
        "pmf": "coalition",
        "kataib": "armed_organisation",
        "facade": "armed_organisation",
        "rival": "armed_organisation",
    }
    cast = {
        name: Actor.objects.create(name=name, slug=name, kind=kind, **valid_between("2000"))
        for name, kind in kinds.items()
    }
    affiliations = (
        make_affiliation(cast["pmf"], "sponsored_by", cast["iran"], "2014"),
        make_affiliation(cast["kataib"], "member_of", cast["pmf"], "2014", "2018"),
        make_affiliation(cast["facade"], "facade_of", cast["kataib"], "2016"),
        make_affiliation(cast["facade"], "rival_of", cast["rival"], "2017"),
        make_affiliation(cast["facade"], "allied_with", cast["iran"], "2020"),
        make_affiliation(
            cast["rival"], "member_of", cast["pmf"], "2014", assessment="rejected", note="No."
        ),
    )
    publish(*cast.values(), *affiliations)
    return cast


def summarize(network: dict[str, Any]) -> tuple[dict[str, int], set[str]]:
    """Return the distance of each node by name, and the edges in words."""
    affiliations = [edge["affiliation"] for edge in network["edges"]]
    return (
        {node["actor"]["name"]: node["distance"] for node in network["nodes"]},
        {f"{one['subject']['name']} {one['kind']} {one['object']['name']}" for one in affiliations},
    )


def test_a_network_follows_affiliations_in_both_directions_to_a_depth(
    api: ContractClient, cast: dict[str, Actor]
) -> None:
    near, affiliations = summarize(api.ask("network?actor=pmf"))
    assert near == {"pmf": 0, "iran": 1, "kataib": 1}
    assert affiliations == {"pmf sponsored_by iran", "kataib member_of pmf"}
    near, affiliations = summarize(api.ask("network?actor=pmf&depth=2"))
    assert near == {"pmf": 0, "iran": 1, "kataib": 1, "facade": 2}
    assert "facade allied_with iran" in affiliations, "affiliations of neighbours are included"
    near, _ = summarize(api.ask("network?actor=pmf&depth=3"))
    assert near["rival"] == 3


def test_a_rejected_affiliation_does_not_count(api: ContractClient, cast: dict[str, Actor]) -> None:
    _, affiliations = summarize(api.ask("network?actor=rival&depth=4"))
    assert "rival member_of pmf" not in affiliations


def test_affiliations_are_filtered_by_day_and_kind(
    api: ContractClient, cast: dict[str, Actor]
) -> None:
    assert summarize(api.ask("network?actor=pmf&at=2019"))[0] == {"pmf": 0, "iran": 1}
    near, _ = summarize(api.ask("network?actor=pmf&kind=member_of&kind=facade_of&depth=4"))
    assert near == {"pmf": 0, "kataib": 1, "facade": 2}
    near, _ = summarize(api.ask("network?actor=pmf&at=2015&depth=4"))
    assert near == {"pmf": 0, "iran": 1, "kataib": 1}


def test_an_affiliation_counts_while_both_actors_exist(
    api: ContractClient, cast: dict[str, Actor], publish: Any
) -> None:
    kataib = cast["kataib"]
    kataib.end, kataib.end_kind, kataib.last_verified = "2015", "actual", None
    kataib.save()
    publish(kataib)
    assert summarize(api.ask("network?actor=pmf&at=2016"))[0] == {"pmf": 0, "iran": 1}
    assert summarize(api.ask("network?actor=kataib&at=2016")) == ({}, set()), "it was no more"
    assert summarize(api.ask("network?actor=kataib&at=2015"))[0] == {"kataib": 0, "pmf": 1}


def test_merely_possible_affiliations_are_not_certain(
    api: ContractClient, cast: dict[str, Actor], publish: Any
) -> None:
    doubtful = Affiliation.objects.create(
        subject=cast["rival"], kind="splinter_of", object=cast["iran"]
    )
    publish(doubtful)
    assert "iran" in summarize(api.ask("network?actor=rival&at=2010"))[0]
    assert summarize(api.ask("network?actor=rival&at=2010&dates=certain"))[0] == {"rival": 0}


def test_an_actor_without_affiliations_is_alone_in_its_network(
    api: ContractClient, kataib: Actor, publish: Any
) -> None:
    publish(kataib)
    network = api.ask("network?actor=kataib&depth=4")
    assert summarize(network) == ({"Kataib Hezbollah": 0}, set())
    assert network["truncated"] is False


def test_an_actor_that_is_not_public_has_no_network(
    api: ContractClient, cast: dict[str, Actor], reviewer: User
) -> None:
    draft = Actor.objects.create(name="Draft", slug="draft", kind="state")
    for unknown in ("nobody", "draft", draft.public_id, "0" * 8 + "-0000-4000-8000-" + "0" * 12):
        network = api.ask(f"network?actor={unknown}")
        assert (network["nodes"], network["edges"], network["truncated"]) == ([], [], False)
    before = api.ask("network?actor=pmf")
    workflow.withdraw(cast["kataib"], reviewer, "Not one group.")
    assert "kataib" not in summarize(api.ask("network?actor=pmf&depth=4"))[0]
    assert api.ask(f"network?actor=pmf&snapshot={before['snapshot']}") == before


def test_an_id_a_slug_and_a_merged_actor_lead_to_the_same_network(
    api: ContractClient, cast: dict[str, Actor], reviewer: User, publish: Any
) -> None:
    twin = Actor.objects.create(name="PMF", slug="twin", kind="coalition")
    publish(twin)
    merging.merge(twin, cast["pmf"], reviewer, "The same.")
    network = api.ask("network?actor=pmf")
    assert api.ask(f"network?actor={cast['pmf'].public_id}") == network
    assert api.ask("network?actor=twin") == network


def test_a_limit_keeps_the_nearest_actors_and_then_the_first_by_name(
    api: ContractClient, cast: dict[str, Actor]
) -> None:
    network = api.ask("network?actor=pmf&depth=4&limit=2")
    assert summarize(network) == ({"pmf": 0, "iran": 1}, {"pmf sponsored_by iran"})
    assert network["truncated"] is True
    assert api.ask("network?actor=pmf&depth=4&limit=1")["truncated"] is True
    assert api.ask("network?actor=pmf&depth=4&limit=5")["truncated"] is False
    assert api.ask("network?actor=pmf&limit=3")["truncated"] is False, "no more at this depth"


def test_graph_programs_can_read_the_graphml(
    api: ContractClient, cast: dict[str, Actor], publish: Any
) -> None:
    kataib = cast["kataib"]
    kataib.name = f"{ARABIC} <&\x0b>"
    kataib.save()
    publish(kataib)
    answer: Any = api.get(f"{API}network?actor=pmf&depth=4&format=graphml", secure=True)
    assert answer["Content-Type"] == "application/graphml+xml"
    assert answer["Muster-Truncated"] == "false"
    assert answer["Content-Disposition"].endswith('.graphml"')
    graph = networkx.read_graphml(BytesIO(b"".join(answer.streaming_content)))
    network = api.ask("network?actor=pmf&depth=4")
    assert (graph.graph["snapshot"], graph.graph["truncated"]) == (network["snapshot"], False)
    assert set(graph) == {node["actor"]["id"] for node in network["nodes"]}
    for node in network["nodes"]:
        read = graph.nodes[node["actor"]["id"]]
        assert (read["slug"], read["kind"]) == (node["actor"]["slug"], node["actor"]["kind"])
        assert read["distance"] == node["distance"]
    assert graph.nodes[str(kataib.public_id)]["name"] == f"{ARABIC} <& >"
    ends = {(a, b, tie["kind"], tie["symmetric"]) for a, b, tie in graph.edges(data=True)}
    assert ends == {
        (
            edge["affiliation"]["subject"]["id"],
            edge["affiliation"]["object"]["id"],
            edge["affiliation"]["kind"],
            edge["symmetric"],
        )
        for edge in network["edges"]
    }


def rows(api: ContractClient, query: str) -> tuple[list[dict[str, str]], Any]:
    """Return the rows of a table, and its answer."""
    answer: Any = api.get(API + query, secure=True)
    assert answer["Content-Type"] == "text/csv; charset=utf-8; header=present"
    text = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(StringIO(text, newline=""))), answer


def test_tables_have_the_columns_of_the_lists_and_those_of_graph_programs(
    api: ContractClient, cast: dict[str, Actor]
) -> None:
    network = api.ask("network?actor=pmf&depth=4")
    nodes, answer = rows(api, "network?actor=pmf&depth=4&format=csv&part=nodes")
    assert [(row["id"], int(row["distance"])) for row in nodes] == [
        (node["actor"]["id"], node["distance"]) for node in network["nodes"]
    ]
    assert (answer["Muster-Count"], answer["Muster-Truncated"]) == ("5", "false")
    listed, _ = rows(api, "actors?format=csv")
    assert {row.pop("distance") for row in nodes} <= set("01234")
    assert sorted(nodes, key=str) == sorted(listed, key=str)
    edges, answer = rows(api, "network?actor=pmf&depth=4&format=csv&part=edges")
    assert list(edges[0])[:3] == ["source", "target", "symmetric"]
    assert answer["Muster-Count"] == str(len(network["edges"])) == str(len(edges))
    symmetric = {row["kind"] for row in edges if row["symmetric"] == "true"}
    assert symmetric == {"rival_of", "allied_with"}
    assert all(
        (row["source"], row["target"]) == (row["subject_id"], row["object_id"]) for row in edges
    )


def test_an_empty_table_has_a_head(api: ContractClient, cast: dict[str, Actor]) -> None:
    answer: Any = api.get(f"{API}network?actor=nobody&format=csv&part=edges", secure=True)
    assert b"".join(answer.streaming_content).startswith(b"source,target,symmetric,id,")


def test_cells_are_protected_from_spreadsheets(api: ContractClient, publish: Any, db: None) -> None:
    publish(Actor.objects.create(name="=1+1", slug="sum", kind="state"))
    (row,), _ = rows(api, "network?actor=sum&format=csv&part=nodes&escape=spreadsheet")
    assert (row["name"], row["distance"]) == ("'=1+1", "0")


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("actor=", "actor", "empty"),
        ("actor=A", "actor", "invalid"),
        ("actor=a&actor=b", "actor", "repeated"),
        ("actor=a&depth=0", "depth", "invalid"),
        ("actor=a&depth=5", "depth", "invalid"),
        ("actor=a&limit=0", "limit", "invalid"),
        ("actor=a&limit=1001", "limit", "invalid"),
        ("actor=a&kind=friend_of", "kind", "invalid"),
        ("actor=a&at=2015-02-30", "at", "invalid"),
        ("actor=a&dates=maybe", "dates", "invalid"),
        ("actor=a&format=geojson", "format", "invalid"),
        ("actor=a&format=csv", "part", "contradiction"),
        ("actor=a&format=csv&part=all", "part", "invalid"),
        ("actor=a&part=nodes", "part", "contradiction"),
        ("actor=a&format=graphml&part=nodes", "part", "contradiction"),
        ("actor=a&escape=spreadsheet", "escape", "contradiction"),
        ("actor=a&actor_scope=all", "actor_scope", "unknown"),
        ("actor=a&snapshot=0-00000000&known_at=2020-01-01T00:00:00Z", "known_at", "contradiction"),
    ],
)
def test_invalid_parameters_are_refused(
    api: ContractClient, query: str, parameter: str, code: str
) -> None:
    errors = api.ask(f"network?{query}", 400)["errors"]
    assert (code, parameter) in {(error["code"], error["parameter"]) for error in errors}


def test_an_unchanged_response_is_not_sent_again_and_a_pinned_one_can_be_cited(
    api: ContractClient, cast: dict[str, Actor]
) -> None:
    first = api.get(f"{API}network?actor=pmf", secure=True)
    again = {"If-None-Match": first["ETag"]}
    assert api.get(f"{API}network?actor=pmf", secure=True, headers=again).status_code == 304
    pinned = api.get(f"{API}network?actor=pmf&snapshot={first['Muster-Snapshot']}", secure=True)
    assert 'rel="cite-as"' in pinned["Link"]
    assert api.head(f"{API}network?actor=pmf&format=graphml", secure=True).status_code == 200


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_a_response_takes_four_queries_and_one_for_each_step(
    api: ContractClient, cast: dict[str, Actor], depth: int, django_assert_num_queries: Any
) -> None:
    for name in "abcdefgh":
        Actor.objects.create(name=name, slug=name, kind="state")
    api.ask("network?actor=facade&depth=4")
    with django_assert_num_queries(2 + 1 + min(depth, 4) + 2):
        api.ask(f"network?actor=pmf&depth={depth}")


def test_a_network_is_what_a_plain_search_finds(api: ContractClient, publish: Any) -> None:
    chance = random.Random(7)
    actors = [
        Actor.objects.create(name=f"n{number}", slug=f"n{number}", kind="armed_organisation")
        for number in range(14)
    ]
    kinds = ("allied_with", "sponsored_by", "member_of", "rival_of")
    pairs = {tuple(sorted(chance.sample(range(14), 2))) for _ in range(22)}
    affiliations = [
        make_affiliation(
            actors[later],
            chance.choice(kinds),
            actors[earlier],
            str(chance.randrange(2000, 2010)),
            str(chance.randrange(2010, 2020)),
        )
        for earlier, later in sorted(pairs)
    ]
    publish(*actors, *affiliations)
    listed = api.results("affiliations?limit=1000")
    for _ in range(60):
        ego, depth = f"n{chance.randrange(14)}", chance.randint(1, 4)
        year, kind = chance.choice([None, *range(1999, 2022)]), chance.choice([None, *kinds])
        query = "".join([f"&at={year}"] * bool(year) + [f"&kind={kind}"] * bool(kind))
        network = api.ask(f"network?actor={ego}&depth={depth}{query}")
        expected = [
            row
            for row in listed
            if (kind in (None, row["kind"]))
            and (
                year is None
                or int(row["validity"]["possible"]["first"][:4])
                <= year
                <= int(row["validity"]["possible"]["last"][:4])
            )
        ]
        near = {ego: 0}
        for distance in range(1, depth + 1):
            for row in expected:
                ends = row["subject"]["slug"], row["object"]["slug"]
                for one, other in (ends, ends[::-1]):
                    if near.get(one) == distance - 1:
                        near.setdefault(other, distance)
        within = [
            row["id"]
            for row in expected
            if row["subject"]["slug"] in near and row["object"]["slug"] in near
        ]
        assert summarize(network)[0] == near, query
        assert [edge["affiliation"]["id"] for edge in network["edges"]] == within, query
        assert all(
            edge["symmetric"] == (edge["affiliation"]["kind"] in SYMMETRIC)
            for edge in network["edges"]
        )


def test_without_an_actor_the_network_has_all_affiliations(
    api: ContractClient, cast: dict[str, Actor]
) -> None:
    distances, affiliations = summarize(api.ask("network?at=2015"))
    assert distances == {"iran": None, "kataib": None, "pmf": None}
    assert affiliations == {"pmf sponsored_by iran", "kataib member_of pmf"}
    distances, affiliations = summarize(api.ask("network"))
    assert list(distances) == ["facade", "iran", "kataib", "pmf", "rival"]
    assert len(affiliations) == 5, "all but the rejected one"
    network = api.ask("network?at=2018&kind=rival_of&kind=facade_of&limit=2")
    assert network["truncated"]
    assert summarize(network) == ({"facade": None, "kataib": None}, {"facade facade_of kataib"})
    assert api.ask("network?at=1990&dates=certain")["nodes"] == []
    (fault,) = api.ask("network?at=2015&depth=2", 400)["errors"]
    assert (fault["code"], fault["parameter"]) == ("contradiction", "depth")


def test_files_of_networks_have_labels_and_the_classification_of_the_day(
    api: ContractClient, cast: dict[str, Actor], publish: Any
) -> None:
    pmf = cast["pmf"]
    for word, days in (("rebel_group", ("2014", "2015")), ("state_paramilitary", ("2017", "2020"))):
        pmf.classifications.create(classification=word, primary=True, **valid_between(*days))
    publish(pmf)
    for day, word in (
        ("2015", "rebel_group"),
        ("2018", "state_paramilitary"),
        ("2016-06", "unknown"),
    ):
        answer: Any = api.get(f"{API}network?at={day}&format=graphml", secure=True)
        graph = networkx.read_graphml(BytesIO(b"".join(answer.streaming_content)))
        node = graph.nodes[str(pmf.public_id)]
        assert (node["label"], node["classification"]) == ("pmf", word)
        assert "distance" not in node
        assert {edge["label"] for *_, edge in graph.edges(data=True)} >= {"member of"}
        answer = api.get(f"{API}network?actor=pmf&at={day}&format=csv&part=nodes", secure=True)
        rows = csv.DictReader(StringIO(b"".join(answer.streaming_content).decode()))
        assert {row["name"]: row["classification"] for row in rows}["pmf"] == word


def test_each_affiliation_says_on_which_days_it_counts(
    api: ContractClient, cast: dict[str, Actor], publish: Any
) -> None:
    kataib = cast["kataib"]
    kataib.end, kataib.end_kind, kataib.last_verified = "2015-06-30", "actual", None
    kataib.save()
    publish(kataib)
    backing = Affiliation.objects.get(subject=cast["pmf"], kind="sponsored_by")
    for type_, start, end in (
        ("weapons", "2016", "2016-05-31"),
        ("funding", "2019-01-01", "2019-12-31"),
    ):
        backing.support.create(
            type=type_, start=start, start_kind="actual", end=end, end_kind="actual"
        )
    publish(backing)
    edges = {
        edge["affiliation"]["kind"]: (edge["possible"], edge["certain"])
        for edge in api.ask("network?actor=pmf")["edges"]
    }
    while_both_exist = [{"first": "2014-01-01", "last": "2015-06-30"}]
    certain = [{"first": "2014-12-31", "last": "2015-06-30"}]
    assert edges["member_of"] == (while_both_exist, certain)
    possible, certain = edges["sponsored_by"]
    assert possible == [
        {"first": "2016-01-01", "last": "2016-05-31"},
        {"first": "2019-01-01", "last": "2019-12-31"},
    ]
    assert certain == [{"first": "2019-01-01", "last": "2019-12-31"}]
    for day in ("2013-12-31", "2014-01-01", "2015-06-30", "2015-07-01", "2018-06-01"):
        for name, number in (("possible", 0), ("certain", 1)):
            at = api.ask(f"network?actor=pmf&at={day}&dates={name}")
            counted = {
                kind
                for kind, both in edges.items()
                if any(
                    (days["first"] or "") <= day <= (days["last"] or "9999")
                    for days in both[number]
                )
            }
            assert {edge["affiliation"]["kind"] for edge in at["edges"]} == counted, (day, name)
