"""Exports: every list whole, as a table that reads back without loss, and as a map."""

import csv
import json
from io import StringIO
from typing import Any

import pytest

from actors.models import Actor
from api import exports
from api.pagination import NEWEST
from api.selections import Selection
from editorial import workflow
from editorial.models import Submission, User, record_models
from incidents.entries import IncidentEntry
from incidents.models import Incident, IncidentLocation
from places.models import Place
from publishing import completion, documents
from publishing.models import Edition
from publishing.registry import record_types
from tests.contract.client import API, OF_PAGES, ContractClient, links
from tests.tables import read

pytestmark = pytest.mark.django_db
TRICKY = [
    '"Quoted"',
    "back\\slash \\. \\n |bar|",
    "no tab here",
    "two lines",
    "كتائب",
    "zero\u200cwidth",
    "%s",
    "=1+1",
    "'quoted",
    "-5",
]
RESOURCES = {f"{word}s": model for word, model in record_models().items()}


def list_names(resource: str) -> list[str]:
    """Return the names of the columns of a resource."""
    registration = record_types()[resource.removesuffix("s")]
    return [column.name for column in Selection(registration).columns]


def fetch(api: ContractClient, address: str, **headers: str) -> tuple[Any, bytes]:
    """Return a stream and all that it sent."""
    response: Any = api.get(API + address, headers=headers, secure=True)
    assert response.status_code == 200, response.content
    return response, b"".join(response.streaming_content)


@pytest.fixture
def whole(publish: Any, one_of_each: Any, editor: User) -> Any:
    """One record of each type with all its parts, and names that tables stumble over."""
    units = [
        Actor.objects.create(name=f"{text}{n}", kind="unit", slug=f"unit-{n}")
        for n, text in enumerate(TRICKY)
    ]
    for unit in units:
        for text in TRICKY:
            unit.names.create(text=text, language="ar")
    workflow.recall(one_of_each[Submission], editor)
    publish(*(record for model in RESOURCES.values() for record in model.objects.all()))
    return units


def test_a_table_says_how_many_rows_it_has(api: ContractClient, whole: Any) -> None:
    for listing in ("actors", "actors?kind=unit", "actors?kind=company"):
        joint = "&" if "?" in listing else "?"
        response, sent = fetch(api, f"{listing}{joint}format=csv")
        rows = list(csv.reader(StringIO(sent.decode(), newline="")))
        assert response["Muster-Count"] == str(len(rows) - 1)
        assert api.head(f"{API}{listing}{joint}format=csv", secure=True)["Muster-Count"] == str(
            len(rows) - 1
        )


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_table_reads_back_without_loss(api: ContractClient, whole: Any, resource: str) -> None:
    package = {table["name"]: table for table in api.ask("datapackage.json")["resources"]}
    _, sent = fetch(api, package[resource]["path"].split(API, 1)[1])
    fields = package[resource]["schema"]["fields"]
    summaries = read(sent.decode(), fields, RESOURCES[resource].serializer())
    listed = api.results(f"{resource}?sort=recently_edited")
    for summary in listed:
        for name in OF_PAGES:
            assert summary.pop(name, None) is None
    assert summaries == listed
    assert summaries


def test_heads_are_unique_and_there_without_rows(api: ContractClient) -> None:
    for resource in RESOURCES:
        _, sent = fetch(api, f"{resource}?format=csv")
        (head,) = csv.reader(StringIO(sent.decode()))
        assert head == list_names(resource)
        assert len(head) == len(set(head))
        assert sent.endswith(b"\r\n")


def test_the_columns_are_those_of_the_documentation(api: ContractClient) -> None:
    names = list_names("incidents")
    for name in ("id", "place_id", "place_name", "killed_low", "perpetrators_name", "version"):
        assert name in names


def test_filters_order_and_the_past_count_in_a_table(
    api: ContractClient, whole: Any, publish: Any
) -> None:
    snapshot = api.ask("changes")["snapshot"]
    publish(Actor.objects.create(name="More", kind="unit", slug="more"))
    for query, more in (
        ("kind=unit", 1),
        (f"kind=unit&snapshot={snapshot}", 0),
        ("kind=company", 0),
    ):
        response, sent = fetch(api, f"actors?format=csv&{query}")
        names = [row["name"] for row in csv.DictReader(StringIO(sent.decode(), newline=""))]
        assert names == api.names(f"actors?{query}")
        assert len(names) == ("unit" in query) * len(TRICKY) + more
        assert response["Muster-Snapshot"] in response["Content-Disposition"]


def test_a_spreadsheet_takes_nothing_for_a_formula(api: ContractClient, whole: Any) -> None:
    _, plain = fetch(api, "actors?format=csv")
    _, sent = fetch(api, "actors?format=csv&escape=spreadsheet")
    assert sent.startswith(b"\xef\xbb\xbf")
    assert not plain.startswith(b"\xef\xbb\xbf")
    pairs = zip(
        csv.reader(StringIO(plain.decode(), newline="")),
        csv.reader(StringIO(sent.decode("utf-8-sig"), newline="")),
        strict=True,
    )
    marked = 0
    for row, safe in pairs:
        for cell, protected in zip(row, safe, strict=True):
            marked += cell != protected
            assert not protected.startswith(("=", "+", "-", "@", "\t", "\r"))
            assert protected.removeprefix("'") == cell if cell != protected else True
    assert marked >= 3


def test_numbers_are_never_escaped(api: ContractClient, publish: Any) -> None:
    south = Place.objects.create(
        name="South", kind="settlement", slug="south", latitude="-33.5", longitude="-70.25"
    )
    publish(south)
    _, sent = fetch(api, "places?format=csv&escape=spreadsheet")
    (row,) = csv.DictReader(StringIO(sent.decode("utf-8-sig")))
    assert (row["point_latitude"], row["point_longitude"]) == ("-33.5", "-70.25")


@pytest.fixture
def mapped(publish: Any, iraq: Place) -> dict[str, Incident]:
    """An incident with a point of its own, one at a place with a centroid, one nowhere."""
    iraq.latitude, iraq.longitude = "33", "44"  # type: ignore[assignment]
    iraq.save()
    made = {
        name: Incident.objects.create(title=name, date="2020")
        for name in ("exact", "central", "nowhere")
    }
    for name, precision in (("exact", "exact"), ("central", "country")):
        IncidentLocation.objects.create(
            incident=made[name],
            place=iraq,
            primary=True,
            precision=precision,
            public_precision=precision,
            latitude="36.335" if name == "exact" else None,
            longitude="43.119" if name == "exact" else None,
        )
    publish(iraq, *made.values())
    return made


def features(api: ContractClient, query: str) -> dict[str, Any]:
    """Return the features of an export by title, after holding it to RFC 7946 and its end."""
    response, sent = fetch(api, query)
    assert response["Content-Type"] == "application/geo+json"
    collection = json.loads(sent)
    assert list(collection) == ["type", "features", "end"]
    assert collection["type"] == "FeatureCollection"
    for feature in collection["features"]:
        assert list(feature) == ["type", "id", "geometry", "properties"]
        assert feature["id"] == feature["properties"]["id"]
        assert (feature["type"], (feature["geometry"] or {}).get("type", "Point")) == (
            "Feature",
            "Point",
        )
    assert collection["end"] == {
        "count": len(collection["features"]),
        "without_point": sum(feature["geometry"] is None for feature in collection["features"]),
        "snapshot": response["Muster-Snapshot"],
    }
    names = ("title", "name")
    return {
        next(f["properties"][name] for name in names if name in f["properties"]): f
        for f in collection["features"]
    }


def test_a_map_shows_public_points_alone(api: ContractClient, mapped: Any) -> None:
    by_title = features(api, "incidents?format=geojson")
    points = {
        title: f["geometry"] and f["geometry"]["coordinates"] for title, f in by_title.items()
    }
    assert points == {"exact": [43.119, 36.335], "central": None, "nowhere": None}
    assert not any(f["properties"]["is_centroid"] for f in by_title.values())


def test_centroids_are_shown_on_request_and_marked(api: ContractClient, mapped: Any) -> None:
    by_title = features(api, "incidents?format=geojson&centroids=true")
    collection = {
        title: (f["geometry"] and f["geometry"]["coordinates"], f["properties"]["is_centroid"])
        for title, f in by_title.items()
    }
    assert collection == {
        "exact": ([43.119, 36.335], False),
        "central": ([44.0, 33.0], True),
        "nowhere": (None, False),
    }


def test_places_are_shown_at_their_centroids(api: ContractClient, mapped: Any) -> None:
    iraq = features(api, "places?format=geojson")["Iraq"]
    assert iraq["geometry"]["coordinates"] == [44.0, 33.0]
    assert iraq["properties"]["is_centroid"]
    assert features(api, "places?format=geojson&centroids=false")["Iraq"]["geometry"] is None


def test_properties_of_a_map_are_the_columns_with_json_values(
    api: ContractClient, mapped: Any
) -> None:
    _, sent = fetch(api, "incidents?format=csv")
    rows = {row["title"]: row for row in csv.DictReader(StringIO(sent.decode(), newline=""))}
    for title, feature in features(api, "incidents?format=geojson").items():
        flat = feature["properties"]
        assert list(flat) == ["is_centroid", *rows[title]]
        assert not any(isinstance(value, dict) for value in flat.values())
        for name, cell in rows[title].items():
            value = flat[name]
            if isinstance(value, list):
                assert "|".join(map(str, value)) == cell
            elif value is None:
                assert cell == ""
            else:
                text = value if isinstance(value, str) else documents.dump(value).decode()
                assert text == cell


def test_a_map_of_documents_is_flat_too(
    api: ContractClient, mapped: Any, kataib: Actor, publish: Any
) -> None:
    exact = mapped["exact"]
    exact.involvements.create(role="perpetrator", actor=kataib, certainty="confirmed")
    exact.involvements.create(role="target", label="A convoy", certainty="confirmed")
    exact.suicide = False
    exact.save()
    publish(kataib, exact)
    flat = features(api, "incidents?format=geojson&detail=true")["exact"]["properties"]
    assert flat["involvements_role"] == ["perpetrator", "target"]
    assert flat["involvements_actor_name"] == ["Kataib Hezbollah", None]
    assert flat["involvements_citations"] == [[], []]
    assert (flat["suicide"], flat["point_latitude"], flat["tags"]) == (False, 36.335, [])
    assert "sources_id" not in flat, "documents are not computed"


def test_an_empty_map_is_whole(api: ContractClient, mapped: Any) -> None:
    assert features(api, "incidents?format=geojson&occurred_from=2021") == {}


@pytest.mark.parametrize(
    ("address", "parameter", "code"),
    [
        ("actors?format=geojson", "format", "invalid"),
        ("actors?format=csv&centroids=true", "centroids", "unknown"),
        ("incidents?centroids=true", "centroids", "contradiction"),
        ("incidents?format=csv&centroids=true", "centroids", "contradiction"),
        ("actors?escape=spreadsheet", "escape", "contradiction"),
        ("incidents?format=geojson&escape=spreadsheet", "escape", "contradiction"),
        ("actors?format=csv&escape=excel", "escape", "invalid"),
        ("actors?format=csv&detail=true", "detail", "contradiction"),
        ("actors?format=csv&limit=10", "limit", "contradiction"),
        ("incidents?format=geojson&limit=10", "limit", "contradiction"),
    ],
)
def test_parameters_of_another_format_are_refused(
    api: ContractClient, address: str, parameter: str, code: str
) -> None:
    problem = api.ask(address, 400)
    assert (parameter, code) in {(e["parameter"], e["code"]) for e in problem["errors"]}


def test_accept_chooses_too(api: ContractClient, mapped: Any) -> None:
    for accept, format_ in (("text/csv", "csv"), ("application/geo+json", "geojson")):
        _, listing = fetch(api, "incidents", Accept=accept)
        assert listing == fetch(api, f"incidents?format={format_}", Accept="text/html")[1]
    api.ask("actors", 406, Accept="application/geo+json")
    api.ask("incidents?escape=spreadsheet", 400, Accept="application/json")
    fetch(api, "incidents?escape=spreadsheet", Accept="text/csv")


@pytest.mark.parametrize("format_", ["csv", "ndjson", "geojson"])
def test_headers_of_an_export(api: ContractClient, mapped: Any, format_: str) -> None:
    snapshot = api.ask("changes")["snapshot"]
    address = f"incidents?format={format_}&snapshot={snapshot}"
    response, _ = fetch(api, address)
    assert response["Content-Disposition"] == (
        f'attachment; filename="muster-incidents-{snapshot}.{format_}"'
    )
    cited = f"https://localhost{API}incidents?format={format_}&snapshot={snapshot}"
    assert links(response)["cite-as"] == cited
    assert response["Muster-Snapshot"] == snapshot
    assert response["Vary"] == "Accept, Accept-Encoding"
    head: Any = api.head(API + address, secure=True)
    assert b"".join(head.streaming_content) == b""
    for name in ("ETag", "Content-Type", "Content-Disposition", "Cache-Control"):
        assert head[name] == response[name]
    again = api.get(API + address, headers={"If-None-Match": response["ETag"]}, secure=True)
    assert again.status_code == 304


@pytest.mark.parametrize("format_", ["csv", "geojson"])
def test_older_texts_are_completed_in_every_format(
    api: ContractClient, mapped: Any, monkeypatch: Any, format_: str
) -> None:
    before = fetch(api, f"incidents?format={format_}")[1]
    monkeypatch.setattr(completion, "fingerprint", lambda serializer: "another")
    assert fetch(api, f"incidents?format={format_}")[1] == before


def test_blocks_do_not_grow(mapped: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(exports, "_BLOCK", 1)
    snapshot = Edition.objects.newest_snapshot()
    results = exports.Results(IncidentEntry.objects.at(snapshot.seq), NEWEST, snapshot)
    selection = Selection(record_types()["incident"])
    assert len(list(exports.csv(results, selection, spreadsheet=False))) == 4
    assert len(list(exports.geojson(results, selection, centroids=False))) == 4
