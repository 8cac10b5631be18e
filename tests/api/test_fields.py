"""Fields: streams with only the properties that the request names."""

import csv
import json
from io import StringIO
from typing import Any

import pytest

from actors.models import Actor
from api.selections import Selection, _list_names
from incidents.models import Incident
from publishing.registry import record_types
from tests.contract.client import API, ContractClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def attack(publish: Any, kataib: Actor, pmf: Actor) -> Incident:
    """An incident with parts."""
    attack = Incident.objects.create(title="Attack", date="2019-12-27", description="At night.")
    attack.involvements.create(role="perpetrator", actor=kataib, certainty="confirmed")
    attack.involvements.create(role="perpetrator", actor=pmf, certainty="possible")
    attack.casualties.create(measure="killed", best=3, role="recommended")
    Incident.objects.create(title="Earlier", date="2018", slug="earlier")
    publish(kataib, pmf, attack, Incident.objects.get(slug="earlier"))
    return attack


def fetch(api: ContractClient, address: str) -> str:
    response: Any = api.get(f"{API}{address}", secure=True)
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content).decode()


def lines(api: ContractClient, fields: str) -> list[Any]:
    return list(map(json.loads, fetch(api, f"incidents?format=ndjson&{fields}").splitlines()))


def table(api: ContractClient, query: str) -> list[list[str]]:
    return list(csv.reader(StringIO(fetch(api, f"incidents?format=csv&{query}"), newline="")))


def test_ndjson_is_cut_down_to_the_named_paths(api: ContractClient, attack: Incident) -> None:
    for fields in ("fields=title,killed.best,perpetrators.slug", "fields=title&fields=killed.best,"
                   "perpetrators.slug", "fields=perpetrators_slug,killed_best,title"):  # fmt: skip
        assert lines(api, fields) == [
            {
                "title": "Attack",
                "perpetrators": [{"slug": "kataib"}, {"slug": "pmf"}],
                "killed": {"best": 3},
            },
            {"title": "Earlier", "perpetrators": [], "killed": {"best": None}},
        ]


def test_the_name_of_an_object_means_all_of_it(api: ContractClient, attack: Incident) -> None:
    killed = {"low": None, "best": 3, "high": None}
    assert lines(api, "fields=killed")[0] == {"killed": killed}
    assert lines(api, "fields=killed.best,killed")[0] == {"killed": killed}
    assert table(api, "fields=killed") == [
        ["killed_low", "killed_best", "killed_high"],
        ["", "3", ""],
        ["", "", ""],
    ]


def test_a_table_has_the_named_columns_in_the_order_of_the_file(
    api: ContractClient, attack: Incident
) -> None:
    assert table(api, "fields=killed.best,date_start,perpetrators.name,place.name,id") == [
        ["id", "date_start", "place_name", "perpetrators_name", "killed_best"],
        [
            str(attack.public_id),
            "2019-12-27",
            "",
            "Kataib Hezbollah|Popular Mobilization Forces",
            "3",
        ],
        [str(Incident.objects.get(slug="earlier").public_id), "2018-01-01", "", "", ""],
    ]


def test_a_map_has_the_named_columns_and_its_geometry(
    api: ContractClient, attack: Incident
) -> None:
    layer = json.loads(fetch(api, "incidents?format=geojson&fields=killed.best,perpetrators"))
    first, second = layer["features"]
    assert first["id"] == str(attack.public_id)
    assert first["geometry"] is None
    assert first["properties"]["killed_best"] == 3
    assert first["properties"]["perpetrators_name"] == [
        "Kataib Hezbollah",
        "Popular Mobilization Forces",
    ]
    assert next(iter(second["properties"])) == "is_centroid"
    assert set(second["properties"]) == {
        "is_centroid",
        "killed_best",
        *(f"perpetrators_{name}" for name in ("id", "type", "kind", "name", "slug", "withdrawn")),
    }


def test_names_that_only_documents_have_are_read_from_them(
    api: ContractClient, attack: Incident
) -> None:
    assert lines(api, "fields=id,description,involvements.role,sources")[0] == {
        "id": str(attack.public_id),
        "description": "At night.",
        "involvements": [{"role": "perpetrator"}, {"role": "perpetrator"}],
        "sources": [],
    }
    assert table(api, "fields=title,involvements.certainty")[:2] == [
        ["title", "involvements_certainty"],
        ["Attack", "confirmed|possible"],
    ]


def test_a_list_within_a_list_is_cut_down_too(
    api: ContractClient, attack: Incident, publish: Any
) -> None:
    statement = attack.statements.create(kind="claim", speaker_label="A voice")
    statement.responsible.create(label="The masked men")
    publish(attack)
    assert table(api, "fields=statements.responsible.label")[1] == ['[{"label":"The masked men"}]']


def test_filters_order_and_snapshot_stay_the_same(
    api: ContractClient, attack: Incident, publish: Any
) -> None:
    snapshot = api.ask("changes")["snapshot"]
    attack.title = "Another title"
    attack.save()
    publish(attack)
    titles = [line["title"] for line in lines(api, f"fields=title&sort=oldest&snapshot={snapshot}")]
    assert titles == ["Earlier", "Attack"]
    response: Any = api.get(
        f"{API}incidents?format=csv&fields=title&occurred_from=2019&snapshot={snapshot}",
        secure=True,
    )
    assert response["Muster-Snapshot"] == snapshot
    assert response["Muster-Count"] == "1"
    assert "fields=title" in response["Link"]
    assert b"".join(response.streaming_content) == b"title\r\nAttack\r\n"


@pytest.mark.parametrize("format_", ["csv", "ndjson", "geojson"])
@pytest.mark.parametrize(
    ("fields", "nearest"),
    [
        ("titel", "title"),
        ("killed.bst", "killed.best"),
        ("place.nam", "place.name"),
        ("involvement.role", "involvements.role"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(
    api: ContractClient, format_: str, fields: str, nearest: str
) -> None:
    (fault,) = api.ask(f"incidents?format={format_}&fields=id,{fields}", 400)["errors"]
    assert (fault["parameter"], fault["code"]) == ("fields", "invalid")
    assert f"There is no property “{fields}”. Did you mean “{nearest}”?" in fault["detail"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("format=csv&fields=", "empty"),
        ("format=csv&fields=id,,title", "invalid"),
        ("format=csv&fields=id,", "invalid"),
        ("format=csv&fields=id%20,title", "invalid"),
        ("format=ndjson&detail=true&fields=id", "contradiction"),
    ],
)
def test_malformed_lists_of_names_are_refused(api: ContractClient, query: str, code: str) -> None:
    (fault,) = api.ask(f"incidents?{query}", 400)["errors"]
    assert fault["code"] == code


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("incidents?fields=id", "contradiction"),
        ("incidents?format=json&fields=id", "contradiction"),
        ("incidents/documents?fields=id", "unknown"),
        ("actors/kataib?fields=id", "unknown"),
    ],
)
def test_json_has_every_property(
    api: ContractClient, attack: Incident, address: str, code: str
) -> None:
    (fault,) = api.ask(address, 400)["errors"]
    assert (fault["parameter"], fault["code"]) == ("fields", code)
    assert "format=ndjson" in fault["detail"]
    if "documents" not in address:
        assert "generated clients require them" in fault["detail"]


@pytest.mark.parametrize("name", record_types())
def test_every_name_of_a_property_or_a_column_selects_something(name: str) -> None:
    registration = record_types()[name]
    names = _list_names(registration, None)
    every = Selection(registration, names=list(names))
    columns = [column.name for column in every.columns]
    assert len(columns) == len(set(columns))
    assert set(columns) <= names.keys()
    for one in names:
        selection = Selection(registration, names=[one])
        assert selection.columns, one
        assert {column.name for column in selection.columns} <= set(columns)


@pytest.mark.parametrize("name", record_types())
def test_the_order_of_summaries_is_that_of_documents(name: str) -> None:
    registration = record_types()[name]
    listed = list(Selection(registration).tree)
    assert list(Selection(registration, names=listed).tree) == listed
