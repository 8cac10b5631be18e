"""A value equal to its declared default is the same as an absent one, for every parameter.

Generated clients and the documentation page send every default that the description declares.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from api.filtersets import StrictFilterSet
from api.formats import Format
from api.parameters import MultipleChoiceParameter
from api.problems import Problem
from tests.contract.calls import Call, calls
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db
CALLS = [call for call in calls() if call.body is None]


def written(schema: dict[str, Any]) -> list[str]:
    """Return how clients write a default: 10 is also 10.0 where it is any number."""
    default = schema["default"]
    text = default if isinstance(default, str) else json.dumps(default)
    return [text, str(float(default))] if schema["type"] == "number" else [text]


def defaults(call: Call) -> dict[str, list[str]]:
    """Return the parameters of an operation that declare a default, with what clients send."""
    return {
        name: written(schema) for name, schema in call.parameters.items() if "default" in schema
    }


def bases(call: Call) -> Iterator[dict[str, Any]]:
    """Yield what defaults are added to: nothing, each format, and what makes links to pages."""
    yield {}
    for word in call.parameters.get("format", {}).get("enum", ()):
        parts = call.parameters.get("part", {}).get("enum", ()) if word == "csv" else ()
        if "nodes" not in parts:  # a network has no table of all
            yield {"format": word}
        yield from ({"format": word, "part": part} for part in parts[:1])
    if "cursor" in call.parameters or "after" in call.parameters:
        yield {"limit": 1}


def body(api: ContractClient, address: str, tags: set[str] | None = None) -> bytes:
    """Return the whole body of an answer, which must be a 200; add its tag to `tags`."""
    response: Any = api.get(address, secure=True)
    if tags is not None:
        tags.add(response.get("ETag", ""))
    streamed = response.streaming
    sent: bytes = b"".join(response.streaming_content) if streamed else response.content
    assert response.status_code == 200, (address, sent)
    return sent


def test_a_default_is_the_same_as_nothing(api: ContractClient, findable: None) -> None:
    for call in CALLS:
        for base in bases(call):
            sent = {name: texts for name, texts in defaults(call).items() if name not in base}
            tags = set[str]()
            plain = body(api, call.address(**base), tags)
            together = {name: texts[-1] for name, texts in sent.items()}
            for more in (
                *({name: text} for name, texts in sent.items() for text in texts),
                together,
            ):
                address = call.address(**base, **more)
                assert body(api, address, tags) == plain, address
            assert len(tags) == 1, "who has it without its defaults has it with them"


def test_a_cursor_does_not_mind_defaults(api: ContractClient, findable: None) -> None:
    walked = set()
    for call in CALLS:
        if "cursor" not in call.parameters:
            continue
        sent = {name: texts[0] for name, texts in defaults(call).items() if name != "limit"}
        for first, second in (({}, sent), (sent, {})):
            page = json.loads(body(api, call.address(limit=1, **first)))
            if page["next"] is None:  # a record that was published once
                continue
            query = parse_qs(urlsplit(page["next"]).query)
            assert not query.keys() & sent.keys(), "links repeat no defaults"
            (cursor,) = query["cursor"]
            later = body(api, call.address(limit=100, cursor=cursor, **second))
            assert later == body(api, call.address(cursor=cursor))
            assert json.loads(later)["results"] not in ([], page["results"])
            walked.add(call.operation)
    assert len(walked) == 13


def test_the_links_of_statistics_repeat_no_defaults(api: ContractClient, findable: None) -> None:
    plain = api.ask("statistics?group_by=year&near=44,33")
    answer = api.ask("statistics?group_by=year&near=44,33&radius_km=10&dates=possible&fill=false")
    assert answer == plain


def test_a_format_that_is_named_wins_over_accept_and_has_no_default(
    api: ContractClient, findable: None
) -> None:
    """Without it `Accept` chooses, so no word would be the same as an absent one."""
    for call in CALLS:
        assert "default" not in call.parameters.get("format", {})
    csv = api.get("/api/v1/actors", headers={"Accept": "text/csv"}, secure=True)
    assert csv["Content-Type"].startswith("text/csv")
    named: Any = api.get("/api/v1/actors?format=json", headers={"Accept": "text/csv"}, secure=True)
    assert named["Content-Type"] == "application/json"
    page = api.ask("actors?format=json&limit=1")
    assert api.ask("actors?limit=1&cursor=" + parse_qs(urlsplit(page["next"]).query)["cursor"][0])


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        ("incidents?radius_km=11", "radius_km"),
        ("incidents?radius_km=10&radius_km=10", "radius_km"),
        ("incidents?radius_km=", "radius_km"),
        ("incidents?centroids=true", "centroids"),
        ("incidents?centroids=False", "centroids"),
        ("places?centroids=false", "centroids"),
        ("actors?format=csv&limit=99", "limit"),
        ("actors?format=csv&limit=100&limit=100", "limit"),
        ("actors?count=False", "count"),
        ("actors?sort=Name", "sort"),
        ("incidents?dates=POSSIBLE", "dates"),
        ("incidents?scope_at=any", "scope_at"),
    ],
)
def test_anything_but_the_default_is_still_refused_where_it_does_not_belong(
    api: ContractClient, address: str, parameter: str
) -> None:
    assert {fault["parameter"] for fault in api.ask(address, 400)["errors"]} == {parameter}


class Repeatable(StrictFilterSet):
    """A parameter with several values by default."""

    format = MultipleChoiceParameter(Format, "Which.", default=[Format.CSV, Format.JSON])


@pytest.mark.parametrize(
    ("query", "remaining"),
    [
        ("", ""),
        ("format=csv&format=json", ""),
        ("format=json&format=csv", ""),
        ("format=csv", "format=csv"),
        ("format=csv&format=json&format=ndjson", "format=csv&format=json&format=ndjson"),
    ],
)
def test_several_values_are_the_default_together(query: str, remaining: str) -> None:
    request = Request(APIRequestFactory().get(f"/?{query}"))
    filters = Repeatable(request)
    assert filters.data.urlencode() == remaining
    assert Repeatable.base_filters["format"].openapi_schema()["default"] == ["csv", "json"]
    if not remaining:
        assert filters.params["format"] == ["csv", "json"]


def test_a_default_that_is_repeated_beyond_measure_is_refused() -> None:
    query = "&".join(["format=csv", "format=json"] * 51)
    with pytest.raises(Problem) as refusal:
        Repeatable(Request(APIRequestFactory().get(f"/?{query}")))
    assert refusal.value.faults[0].code == "too_many"
