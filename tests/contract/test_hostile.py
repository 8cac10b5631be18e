"""Hostile requests: each is refused with a problem and never causes a failure.

`REFUSED` is a table of addresses, statuses and headers. `garbage` adds requests from the OpenAPI
description: every parameter of every endpoint, with values that its type does not allow.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from psycopg.errors import QueryCanceled

from actors.models import Actor
from api import snapshots
from api.problems import BASE, PROBLEMS
from tests.contract.client import API, ContractClient, description

pytestmark = pytest.mark.django_db

LEAKS = re.compile(
    r"Traceback|SELECT |psycopg|[Dd]jango|editorial_|incidents_|actors_|\.py\b|QuerySet|ORM"
    r"|relation \"|column \"|/home|/usr|/work"
)
LONG = "x" * 60_000
FORGED = "AAAAAFsiMC0wMDAwMDAwMCIsW10sIiJd"
UUIDS = "&".join(f"id=00000000-0000-4000-8000-{n:012}" for n in range(101))
UNREADABLE = ("%00", "a%00b", "%ff", "%c0%af", "%ed%a0%80", "%f5%80%80%80", "%e2%82")

REFUSED: list[tuple[str, int, dict[str, str]]] = [
    *((f"{name}?{one}", 400, {}) for name in ("actors", "changes", "releases") for one in (
        "nonsense=1", "limit=", "limit=0", "limit=-1", "limit=1001", "limit=1e2", "limit=NaN",
        "limit=inf", "limit=٣", "limit=0x10", "limit=1_0", "limit=1.0", "limit=%2B1",
        "limit=" + "9" * 5000, "limit=1&limit=1", "LIMIT=1", "limit[]=1", "limit=1;limit=2",
    )),
    *((f"{name}?{one}", 400, {}) for name in ("incidents", "actors", "places") for one in (
        "cursor=a", "cursor=" + FORGED, "cursor=" + FORGED[:-4], "cursor=é", "cursor=====",
        "cursor=" + "A" * 5000, "cursor=%00", "cursor=AAAA&cursor=AAAA", "snapshot=1",
        "snapshot=1-xyz", "snapshot=-1-00000000", "snapshot=01-00000000", "snapshot=٣-00000000",
        "snapshot=99999999999999999999999999-00000000", "known_at=2020", "known_at=yesterday",
        "known_at=2020-01-01T00:00:00", "known_at=2020-13-01T00:00:00Z",
        "known_at=9999-01-01T00:00:00Z", "known_at=2020-01-01T00:00:00%2B99:00",
        "known_at=0000-00-00T00:00:00Z", "release=nothing", "release=No%20Name",
        "release=a&release=b", "release=%00", "known_at=2020-01-01T00:00:00Z&release=a",
        "snapshot=0-00000000&release=a", "snapshot=0-00000000&known_at=2020-01-01T00:00:00Z",
        "sort=", "sort=id", "sort=-name", "sort=name,id", "sort=name%27", "count=1", "count=TRUE",
        "detail=yes", "format=xml", "format=CSV", "format=csv&limit=1", "format=ndjson&cursor=a",
        "format=csv&detail=true", "format=csv&escape=excel", "escape=spreadsheet",
        "format=json&format=csv", "id=1", "id=nobody", UUIDS,
        "id=00000000-0000-4000-8000-00000000000g", "id=%7B00000000-0000-4000-8000-000000000000%7D",
        "edited_from=2021-01-01T00:00:00Z&edited_to=2020-01-01T00:00:00Z",
        "external_id=nothing", "external_id=wikidata:", "external_id=wikidata:" + "Q" * 201,
        "country=iq%27--", "country=" + "a" * 121, "%00=1", "a%ff=1", "=1", "&&=&",
    )),
    *((f"incidents?{one}", 400, {}) for one in (
        "occurred_from=2020-02-30", "occurred_from=20200101", "occurred_from=2020-1-1",
        "occurred_from=02/03/2020", "occurred_from=0000", "occurred_from=-0001",
        "occurred_from=10000", "occurred_from=2020-00", "occurred_from=2020-12-32",
        "occurred_from=２０２０", "occurred_from=2020~", "occurred_from=today",
        "occurred_from=2021&occurred_to=2020", "occurred_from=2020&occurred_from=2020",
        "event_type=attack%20", "event_type=", "event_type=ATTACK", "dates=maybe",
        "perpetrator=%2e%2e", "perpetrator=A%20B", "perpetrator=" + "a" * 121,
        "perpetrator=" + "&perpetrator=".join(map(str, range(101))), "perpetrator=-",
        "centroids=true", "format=geojson&escape=spreadsheet", "format=geojson&limit=5",
        "perpetrator='%20OR%201=1--", "event_type[]=attack", "occurred_from__gte=2020",
        "title__icontains=a", "ordering=title", "page=2", "offset=10", "fields=id",
    )),
    *((f"incidents?{one}", 414, {}) for one in ("perpetrator=" + LONG, LONG, "cursor=" + LONG)),
    *((f"{name}{one}", 404, {}) for name in ("actors", "incidents", "releases") for one in (
        "/..", "/%2e%2e", "/a%2Fb", "/A", "/-",
        "/" + "a" * 999,
        "/nobody", "/00000000-0000-4000-8000-000000000000", "/'%20OR%201=1--", "/٣", "/a%0d%0aX:y",
    )),
    *((f"actors/nobody/editions{one}", 404, {}) for one in (
        "/0", "/-1", "/1.0", "/٣", "/99999999999999999999", "/x", "/1/2", "",
    )),
    *((f"places/{one}/outline", 404, {}) for one in (
        "A", "-", "nobody", "%2e%2e", "a%2Fb", "٣", "' OR 1=1--", "a" * 999,
        "00000000-0000-4000-8000-000000000000",
    )),
    *((f"places/x/outline?{one}", 400, {}) for one in ("x=1", "limit=1", "snapshot=1", "release=")),
    *((f"{name}/{one}", 400, {}) for one in UNREADABLE
        for name in ("actors", "incidents", "releases", "actors/nobody/editions")),
    *((one, 404, {}) for one in (
        "/api/v2/actors", "/api/v2", "/api/v1/actorsx", "/api/v1/actors%00", "/apiary",
        "/api/v1/%ff", "/api/v1/schema/more", "/api/v1/docs/problemsx", "/api/%0d%0a",
    )),
    *((f"actors?{one}", 406, {"Accept": accept}) for one in ("", "sort=name") for accept in (
        "text/html", "application/xml", "application/geo+json", "image/*", "garbage", "a/b/c", "/",
        "text/csv2;q=1", "application/jsonx",
    )),
    ("actors/nobody", 406, {"Accept": "text/csv"}),
    ("schema", 406, {"Accept": "text/html"}),
    *((f"{one}?x=1", 400, {}) for one in ("/api", "/api/v1", "/api/v1/")),
    ("/api", 406, {"Accept": "text/html"}),
    ("schema?format=xml", 400, {}), ("codebook?x=1", 400, {}), ("datapackage.json?x=1", 400, {}),
    ("datapackage.json?snapshot=x", 400, {}),
    ("changes?after=x", 400, {}), ("changes?type=nothing", 400, {}), ("changes?refresh=1", 400, {}),
    ("changes?after=5-00000000&until=4-00000000", 400, {}),
    ("actors?snapshot=5-00000000", 410, {}), ("changes?after=5-00000000", 410, {}),
    ("actors?limit=a", 400, {"Accept": "text/csv"}),
    ("actors?limit=a", 400, {"If-None-Match": "*"}),
    ("actors/nobody", 404, {"If-None-Match": '"\xe9", W/"'}),
    ("actors", 400, {"Host": "evil.example"}), ("actors", 400, {"Host": "a b"}),
    ("actors", 400, {"Host": ""}), ("nothing", 400, {"Host": "evil.example"}),
]  # fmt: skip


def garbage(schema: dict[str, Any]) -> Iterator[str]:
    """Yield what a parameter of such a schema cannot be, still to be encoded."""
    yield from ("", *UNREADABLE)
    many = schema.get("type") == "array"
    one = schema["items"] if many else schema
    kind = one.get("type")
    if kind in ("integer", "number"):
        yield from ("abc", "NaN", "inf", "-inf", "1e999", "٣", "1%20", "0x10", "1,5", "9" * 400)
    elif kind == "boolean":
        yield from ("1", "TRUE", "yes", "null")
    elif words := one.get("enum", one.get("x-extensible-enum")):
        yield from ("nonsense", f"{words[0]}%20", f"{words[0]},{words[0]}", "é")
    elif "pattern" in one or one.get("format") in ("uuid", "date", "date-time"):
        yield from ("%27;--", "é%20é", "%7B%7D", "a" * 5000, "%0a", "null%20")


def parameters() -> list[tuple[str, str, dict[str, Any]]]:
    """Return an address for every parameter in the description, with its schema."""
    seen = {}
    for path, methods in description()["paths"].items():
        address = re.sub(r"\{version\}", "1", path)
        address = re.sub(r"\{\w+\}", "nobody", address)
        for one in methods.get("get", {}).get("parameters", []):
            if one["in"] == "query":
                key = (one["name"], json.dumps(one["schema"], sort_keys=True))
                seen.setdefault(key, (address, one["name"], one["schema"]))
    return list(seen.values())


def faults_of(
    api: ContractClient, address: str, status: int | None = None, **headers: str
) -> str | None:
    """Ask, and return what is wrong with the refusal; None where nothing is."""
    path = address if address.startswith("/") else API + address
    response: Any = api.get(path, headers=headers, secure=True)
    summary = f"{address[:120]} {headers}: {response.status_code}"
    if not 400 <= response.status_code < 500:
        return summary
    if response["Content-Type"] != "application/problem+json":
        return f"{summary} is {response['Content-Type']}"
    body = json.loads(response.content)
    if LEAKS.search(response.content.decode()):
        return f"{summary} reveals internals: {response.content.decode()[:300]}"
    if status and response.status_code != status:
        return f"{summary}, not {status}"
    code = body["type"].removeprefix(BASE)
    if code not in PROBLEMS or body["status"] != response.status_code:
        return f"{summary} is {body}"
    if response["Access-Control-Allow-Origin"] != "*" or "Accept" not in response["Vary"]:
        return f"{summary} is closed"
    return None


def test_the_catalogue_is_refused_to_the_last(api: ContractClient) -> None:
    assert len(REFUSED) > 300
    faults = [faults_of(api, address, status, **headers) for address, status, headers in REFUSED]
    assert not list(filter(None, faults)), "\n".join(filter(None, faults))


def test_every_parameter_refuses_values_of_another_type(api: ContractClient) -> None:
    faults = []
    every = list(parameters())
    for address, name, schema in every:
        values = [f"{name}={value}" for value in garbage(schema)]
        if schema.get("type") == "array":
            values.append("&".join([f"{name}=a"] * (schema["maxItems"] + 1)))
        else:
            good = str(schema.get("default", schema.get("enum", ["a"])[0])).lower()
            values.append(f"{name}={good}&{name}={good}")
        faults += [faults_of(api, f"{address}?{value}", 400) for value in values]
    assert len(every) > 30
    assert not list(filter(None, faults)), "\n".join(filter(None, faults))


def test_all_faults_are_reported_at_once(api: ContractClient) -> None:
    body = api.ask("incidents?limit=0&sort=x&nonsense=1&occurred_from=2020-02-30&q1=%00", 400)
    named = {error["parameter"] for error in body["errors"]}
    assert {"limit", "sort", "nonsense", "occurred_from", None} <= named


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_only_reading_is_allowed(api: ContractClient, method: str) -> None:
    api.handler.enforce_csrf_checks = True
    paths = description()["paths"]
    for path in (*paths, f"{API}schema", f"{API}docs/problems/not-found"):
        if method in paths.get(path, {}):  # a lookup
            continue
        address = path.replace("{version}", "1").replace("{key}", "a").replace("{name}", "a")
        response = getattr(api, method)(address, secure=True)
        assert response.status_code == 405, (method, address)
        reads = "POST, OPTIONS" if path.endswith("/lookup") else "GET, HEAD, OPTIONS"
        assert response["Allow"] == reads
        assert response["Content-Type"] == "application/problem+json"
    assert getattr(api, method)("/api/v1/nothing", secure=True).status_code == 404


def test_a_trailing_slash_moves_for_good(api: ContractClient) -> None:
    for address, location in (
        ("actors/?limit=1", "actors?limit=1"),
        ("actors/a/", "actors/a"),
        ("releases//", "releases"),
        ("é%20%0d%0a/?q=%C3%A9", "%C3%A9%20%0D%0A?q=%C3%A9"),
    ):
        response = api.get(API + address, secure=True)
        assert (response.status_code, response["Location"]) == (308, API + location)
        assert response["Cache-Control"] == "public, no-cache"
        assert response["Access-Control-Allow-Origin"] == "*"


def test_head_and_options_are_answered_everywhere(api: ContractClient, kataib: Actor) -> None:
    for path in description()["paths"]:
        address = path.replace("{version}", "1").replace("{key}", "a").replace("{name}", "a")
        got: Any = api.get(address, secure=True)
        head: Any = api.head(address, secure=True)
        assert (head.status_code, head.content) == (got.status_code, b"")
        assert head["Content-Type"] == got["Content-Type"]
        options = api.options(address, secure=True)
        assert options.status_code == 204
        reads = "POST, OPTIONS" if path.endswith("/lookup") else "GET, HEAD, OPTIONS"
        assert options["Allow"] == reads
        assert options["Access-Control-Allow-Origin"] == "*"
        assert "If-None-Match" in options["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    ("cause", "code"), [(QueryCanceled(), "timeout"), (ImproperlyConfigured(), "unavailable")]
)
def test_a_failure_of_the_database_is_a_503(
    api: ContractClient, monkeypatch: Any, cause: Exception, code: str
) -> None:
    def away(*args: Any) -> Any:
        raise OperationalError("FATAL: relation publishing_edition") from cause

    monkeypatch.setattr(snapshots, "resolve", away)
    for address in ("actors", "incidents?format=csv", "changes", "releases", "codebook"):
        response = api.get(API + address, secure=True)
        assert response.status_code == 503, address
        assert response["Retry-After"]
        assert response.json()["type"] == BASE + code
        assert not LEAKS.search(response.content.decode())


def test_a_query_past_its_time_is_a_503(api: ContractClient, kataib: Actor, publish: Any) -> None:
    publish(kataib)

    def sleep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        return execute("SELECT pg_sleep(5)", (), many, context)

    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before; SET LOCAL statement_timeout = 20")
    with connection.execute_wrapper(sleep):
        response = api.get(API + "actors", secure=True)
    with connection.cursor() as cursor:
        cursor.execute("ROLLBACK TO before")
    assert (response.status_code, response.json()["type"]) == (503, BASE + "timeout")
