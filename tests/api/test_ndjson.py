"""Streams: everything that matches, line by line, from one snapshot."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors.entries import ActorEntry
from actors.models import Actor
from api import exports
from api.pagination import BY_NAME
from api.selections import Selection
from publishing.registry import record_types
from publishing.snapshots import START
from tests.contract.client import API, OF_PAGES, ContractClient, links

pytestmark = pytest.mark.django_db
TYPE = "application/x-ndjson"
TRICKY = [
    '"Quoted"',
    "back\\slash \\. \\n",
    "no tab here",
    "two lines",
    "كتائب",
    "zero\u200cwidth",
    "%s %%",
]


@pytest.fixture
def units(publish: Any) -> list[Actor]:
    """Units with names that formats stumble over."""
    made = [
        Actor.objects.create(name=f"{n} {text}", kind="unit", slug=f"unit-{n}", description=text)
        for n, text in enumerate(TRICKY)
    ]
    publish(*made)
    return made


@pytest.mark.parametrize("detail", ["true", "false"])
@pytest.mark.parametrize("sort", ["name", "recently_edited"])
def test_a_stream_has_the_results_of_all_pages(
    api: ContractClient, units: list[Actor], detail: str, sort: str
) -> None:
    lines = api.lines(f"actors?detail={detail}&sort={sort}&format=ndjson")
    path = "actors/documents" if detail == "true" else "actors"
    pages = api.results(f"{path}?sort={sort}&limit=2")
    assert lines == [{k: v for k, v in row.items() if k not in OF_PAGES} for row in pages]
    assert len(lines) == len(TRICKY)


def test_documents_pass_through_to_the_byte(api: ContractClient, units: list[Actor]) -> None:
    response: Any = api.get(API + "actors?format=ndjson&detail=true", secure=True)
    first = b"".join(response.streaming_content).splitlines()[0]
    assert first == api.get(API + "actors/unit-0", secure=True).content


def test_an_empty_result_has_no_line(api: ContractClient, units: list[Actor]) -> None:
    assert api.lines("incidents?format=ndjson") == []
    assert api.lines("actors?format=ndjson&kind=state") == []


@pytest.mark.parametrize(
    ("query", "count"), [("", len(TRICKY)), ("&kind=state", 0), ("&detail=true", len(TRICKY))]
)
def test_a_last_line_states_the_number_of_lines_on_request(
    api: ContractClient, units: list[Actor], query: str, count: int
) -> None:
    address = f"{API}actors?format=ndjson{query}"
    plain: Any = api.get(address, secure=True)
    ended: Any = api.get(f"{address}&end=true", secure=True)
    lines = b"".join(ended.streaming_content).splitlines(keepends=True)
    assert b"".join(lines[:-1]) == b"".join(plain.streaming_content)
    assert json.loads(lines[-1]) == {"end": {"count": count, "snapshot": ended["Muster-Snapshot"]}}
    assert ended["Muster-Count"] == plain["Muster-Count"] == str(count)
    assert ended["ETag"] != plain["ETag"]
    for format_ in ("csv", "json"):
        (fault,) = api.ask(f"actors?format={format_}&end=true", 400)["errors"]
        assert (fault["parameter"], fault["code"]) == ("end", "contradiction")


def test_filters_and_the_past_count_in_a_stream_too(
    api: ContractClient, units: list[Actor], publish: Any
) -> None:
    snapshot = api.ask("changes")["snapshot"]
    units[0].name = "0 changed"
    units[0].save()
    publish(units[0], Actor.objects.create(name="More", kind="state", slug="more"))
    assert len(api.lines("actors?format=ndjson")) == len(units) + 1
    assert len(api.lines("actors?format=ndjson&kind=state")) == 1
    then = api.lines(f"actors?format=ndjson&snapshot={snapshot}")
    assert [row["name"] for row in then] == [f"{n} {text}" for n, text in enumerate(TRICKY)]


def test_the_parameter_wins_over_accept(api: ContractClient, units: list[Actor]) -> None:
    assert api.lines("actors", Accept=TYPE) == api.lines("actors?format=ndjson", Accept="text/html")
    assert api.lines("actors", Accept=f"{TYPE}, */*;q=0.1")
    for accept in (TYPE, "text/html", "*/*"):
        assert api.ask("actors?format=json", Accept=accept)["next"] is None
    assert api.ask("actors", Accept="*/*")["next"] is None


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("format=csvx", "format", "invalid"),
        ("format=NDJSON", "format", "invalid"),
        ("format=", "format", "empty"),
        ("format=json&format=ndjson", "format", "repeated"),
        ("format=ndjson&limit=10", "limit", "contradiction"),
        ("format=ndjson&cursor=abc", "cursor", "invalid"),
    ],
)
def test_parameters_of_pages_are_refused_for_a_stream(
    api: ContractClient, query: str, parameter: str, code: str
) -> None:
    for accept in ("*/*", "text/html"):
        problem = api.ask(f"actors?{query}", 400, Accept=accept)
        assert (parameter, code) in {(e["parameter"], e["code"]) for e in problem["errors"]}


def test_a_page_cannot_continue_as_a_stream(api: ContractClient, units: list[Actor]) -> None:
    address = api.ask("actors?limit=2")["next"]
    for given in (f"{address}&format=ndjson", address.replace("limit=2&", "") + "&format=ndjson"):
        assert "cursor" in {error["parameter"] for error in api.ask(given, 400)["errors"]}
    problem = api.ask("actors?limit=2", 400, Accept=TYPE)
    assert problem["errors"][0]["parameter"] == "limit"


def test_a_detail_is_no_stream(api: ContractClient, units: list[Actor]) -> None:
    api.ask("actors/unit-0", 406, Accept=TYPE)
    assert api.ask("actors/unit-0?format=ndjson", 400)["errors"][0]["code"] == "unknown"


def test_head_and_304_do_not_start_the_stream(
    api: ContractClient, units: list[Actor], django_assert_num_queries: Any
) -> None:
    response = api.get(API + "actors?format=ndjson", secure=True)
    b"".join(response.streaming_content)  # type: ignore[attr-defined]
    with django_assert_num_queries(2):  # the snapshot, and the number of results
        head: Any = api.head(API + "actors?format=ndjson", secure=True)
        assert b"".join(head.streaming_content) == b""
    assert (head.status_code, head["ETag"]) == (200, response["ETag"])
    assert head["Content-Type"] == TYPE
    assert head["Muster-Count"] == response["Muster-Count"] == str(len(units))
    with django_assert_num_queries(1):
        headers = {"If-None-Match": response["ETag"]}
        again = api.get(API + "actors?format=ndjson", headers=headers, secure=True)
    assert again.status_code == 304
    page = api.get(API + "actors?format=json", secure=True)
    assert page["ETag"] != response["ETag"]


def test_headers_are_those_of_every_answer(api: ContractClient, units: list[Actor]) -> None:
    snapshot = api.ask("changes")["snapshot"]
    response = api.get(f"{API}actors?format=ndjson&snapshot={snapshot}", secure=True)
    b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert response["Muster-Snapshot"] == snapshot
    assert response["Cache-Control"] == "public, max-age=3600, s-maxage=10"
    assert response["Vary"] == "Accept, Accept-Encoding"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert links(response)["cite-as"].endswith(f"?format=ndjson&snapshot={snapshot}")


def test_one_statement_reads_it_all_and_sorts_no_texts(
    api: ContractClient, units: list[Actor], monkeypatch: Any
) -> None:
    monkeypatch.setattr(exports, "_BLOCK", 1)
    with CaptureQueriesContext(connection) as queries:
        response: Any = api.get(API + "actors?format=ndjson&detail=true", secure=True)
        blocks = list(response.streaming_content)
    assert len(blocks) == len(units)
    (copy,) = (query["sql"] for query in queries if query["sql"].startswith("COPY ("))
    inner = copy[len("COPY (") : copy.rindex(") TO STDOUT")]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + inner)
        ((explained,),) = cursor.fetchall()
    plan = (explained if isinstance(explained, list) else json.loads(explained))[0]["Plan"]
    assert "Sort" not in plan["Node Type"]


def test_a_stream_that_breaks_off_has_no_last_line(
    api: ContractClient, units: list[Actor], monkeypatch: Any
) -> None:
    whole = exports._lines

    def broken(*args: Any) -> Iterator[bytes]:
        lines = whole(*args)
        yield next(lines)
        yield next(lines)
        raise ConnectionError("the database went away")

    monkeypatch.setattr(exports, "_lines", broken)
    monkeypatch.setattr(exports, "_BLOCK", 1)
    response: Any = api.get(API + "actors?format=ndjson&end=true", secure=True)
    sent = []
    with pytest.raises(ConnectionError):
        sent.extend(response.streaming_content)
    assert not any(b'{"end"' in block for block in sent)


def test_a_stream_that_cannot_begin_is_a_problem(
    api: ContractClient, units: list[Actor], monkeypatch: Any
) -> None:
    from django.db import OperationalError

    def away(*args: Any) -> Iterator[bytes]:
        raise OperationalError

    monkeypatch.setattr(exports, "_lines", away)
    assert api.ask("actors?format=ndjson", 503)["type"].endswith("/unavailable")


def test_who_stops_reading_frees_the_connection(units: list[Actor], monkeypatch: Any) -> None:
    monkeypatch.setattr(exports, "_BLOCK", 1)
    results = exports.Results(ActorEntry.objects.at(100), BY_NAME, START)
    stream = exports.ndjson(results, Selection(record_types()["actor"]))
    next(stream)
    stream.close()
    assert Actor.objects.count() == len(units)
