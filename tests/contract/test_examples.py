"""The examples of the description: answers to the demo's data, and a value for every parameter.

With WRITE_EXAMPLES set, as `make schema` does, they are written anew.
"""

import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.core.management import call_command
from django.http import QueryDict
from jsonschema_rs import Draft202012Validator

from api.pagination import Cursor
from api.releases import make_release
from config import description as description_module
from editorial.permissions import create_demo_users
from editorial.redaction.validation import check_note
from places.models import Place
from publishing import publication
from publishing.models import Edition
from publishing.snapshots import Snapshot
from sources.models import Publisher
from tests.contract.client import API, ContractClient, description, validator

pytestmark = pytest.mark.django_db

KEYS = {
    "actors": "kataib-hezbollah",
    "affiliations": "e011710b-b261-456e-a95c-ea37b95b9a6e",
    "incidents": "irq-2014-233a",
    "sources": "0b7c1f0a-5a7e-4b53-8d0e-3c1f6b2a9e84",
    "publishers": "5f0b6f3e-6c1e-4a55-9a43-2f9f6a1f1c11",
    "places": "iraq",
}
PARAMETERS = {
    "linked_to": "xxx-2019-ahqq",
    "changed_by": "xxx-2014-kqbf",
    "source": KEYS["sources"],
    "publisher": KEYS["publishers"],
    "releases.name": "2026-1",
    "vocabularies.name": "weapon",
    "places_outline.key": "talassia",
}
WITH = {
    "link_kind": "linked_to=xxx-2019-ahqq",
    "link_direction": "linked_to=xxx-2019-ahqq",
    "centroids": "format=geojson&bbox=42.5,33,45,36.7",
    "certainty_min": "perpetrator=iran",
    "cite": "format=csv&part=nodes",
    "count_limit": "count=true",
    "dates": "occurred_from=2014&at=2014&source_date_from=2014",
    "depth": "actor=iran",
    "detail": "format=ndjson",
    "end": "format=ndjson",
    "escape": "format=csv&part=nodes",
    "explain": "affiliated_to=iran&affiliated_to_scope=all&participant=iran&participant_scope=all&"
    "subject=iran&subject_scope=all",
    "fields": "format=csv&group_by=year",
    "fill": "group_by=year",
    "part": "format=csv",
    "period_by": "starts_in=2014",
    "radius_km": "near=44.36,33.31",
    "scope_at": "perpetrator=iran&perpetrator_scope=all",
    "sponsor_support_type": "affiliated_to=iran&affiliated_to_scope=sponsored&"
    "participant=iran&participant_scope=sponsored&subject=iran&subject_scope=sponsored",
}
"""What a parameter is used with where it has no effect alone."""
UNKNOWN = "00000000-0000-4000-8000-000000000000"
"""A public id of nothing."""
ITEMS, LENGTH = 2, 300
"""The most items of a list, and characters of a text, in an example."""
Operation = dict[str, Any]


def operations() -> Iterator[tuple[str, Operation]]:
    """Yield the path and the description of every operation."""
    for path, methods in description()["paths"].items():
        for operation in methods.values():
            yield path, operation


@pytest.fixture
def demo(monkeypatch: Any, db: None, publish: Any) -> str:
    """The data of the demo, at moments that are always the same, with a publisher and releases.

    An invented place has an outline. Returns the snapshot of the data without what follows it.
    """
    ticks = count()
    start = datetime(2026, 1, 15, 9, tzinfo=UTC)
    monkeypatch.setattr(publication, "read_clock", lambda: start + timedelta(minutes=next(ticks)))
    create_demo_users()
    call_command("load", "seed", submit_as="editor", approve_as="reviewer", verbosity=0)
    publish(
        Place.objects.create(
            name="Talassia (fictional)",
            slug=PARAMETERS["places_outline.key"],
            kind="country",
            country="XT",
            public_id=KEYS["publishers"][:-1] + "3",
        )
    )
    snapshot = str(Edition.objects.newest_snapshot())
    publish(
        Publisher.objects.create(name="Shafaq News", public_id=KEYS["publishers"]),
        Publisher.objects.create(name="Al-Sumaria", public_id=KEYS["publishers"][:-1] + "2"),
    )
    for name in ("2026-1", "2026-2"):
        make_release(name, "", check_note)
    return snapshot


def shorten(value: Any) -> Any:
    """Return an answer with shorter lists and texts."""
    if isinstance(value, list) and all(isinstance(item, float) for item in value):
        return value
    if isinstance(value, list):
        return [shorten(item) for item in value[:ITEMS]]
    if isinstance(value, dict):
        return {key: shorten(item) for key, item in value.items()}
    if isinstance(value, str) and len(value) > LENGTH and "://" not in value:
        return value[: LENGTH - 1] + "…"
    if isinstance(value, str):
        return value.replace("https://localhost", "http://localhost:8000")
    return value


def to_query(name: str, value: Any) -> str:
    """Return a parameter as clients write it."""
    if isinstance(value, bool):
        value = str(value).lower()
    return urlencode({name: value}, doseq=True)


def fill(path: str, examples: dict[str, Any]) -> str:
    """Return a path with the examples of its parameters."""
    resource, key = path.split("/")[3:][0:1], {"version": "1"}
    if path.endswith("/outline"):
        key["key"] = examples["parameters"]["places_outline.key"]
    elif resource:
        key |= examples["keys"].get(resource[0], {})
        key["name"] = examples["parameters"].get(f"{resource[0]}.name", "")
    return re.sub(r"\{(\w+)\}", lambda match: key[match[1]], path)


def make_query(operation: Operation, *, short: bool = True) -> dict[str, str]:
    """Return the required parameters, and those that make a `short` page with something in it."""
    query = {
        parameter["name"]: to_query(parameter["name"], parameter["example"])
        for parameter in operation.get("parameters", [])
        if parameter.get("required") and parameter["in"] == "query"
    }
    names = {parameter["name"] for parameter in operation.get("parameters", [])}
    more = {"group_by": "group_by=year"} | ({"limit": "limit=2"} if short else {})
    return query | {name: more[name] for name in more if name in names}


def make_examples(api: ContractClient, snapshot: str) -> dict[str, Any]:
    """Return all examples that depend on the data."""
    keys = {name: {"key": key, "id": api.ask(f"{name}/{key}")["id"]} for name, key in KEYS.items()}
    positions = dict.fromkeys(("snapshot", "after", "before", "until"), snapshot)
    examples: dict[str, Any] = {
        "keys": keys,
        "parameters": PARAMETERS | positions,
        "cursors": {},
        "bodies": {},
        "answers": {},
    }
    for path, operation in operations():
        filled = fill(path, examples)
        if "requestBody" in operation:
            name, body = operation["operationId"], make_body(api, path, keys)
            examples["bodies"][name] = body
            address = filled.removeprefix(API)
            examples["answers"][name] = shorten(api.look_up(address, body))
            continue
        address = "?".join(filter(None, [filled, "&".join(make_query(operation).values())]))
        name = operation["operationId"]
        examples["answers"][name] = shorten(api.ask(address))
        if "cursor" in {parameter["name"] for parameter in operation.get("parameters", [])}:
            examples["cursors"][name] = make_cursor(api, filled)
    return examples


def make_body(api: ContractClient, path: str, keys: dict[str, Any]) -> dict[str, list[str]]:
    """Return the keys of a lookup: of the example of the type, and of nothing."""
    resource = path.split("/")[3]
    body = {"ids": [keys[resource]["key"], UNKNOWN]}
    documents = api.results(f"{resource}/documents")
    external = [row for document in documents for row in document.get("external_ids", ())][:1]
    if external:
        body["external_ids"] = [f"{row['scheme']}:{row['value']}" for row in external]
    return body


def make_cursor(api: ContractClient, path: str) -> str:
    """Return the cursor of the second page of a list, or of the only one."""
    page = api.ask(f"{path}?limit=1")
    if page["next"]:
        return parse_qs(urlsplit(page["next"]).query)["cursor"][0]
    digest = Cursor.digest_of(path, QueryDict())
    return str(Cursor(Snapshot.parse(page["snapshot"]), [0], digest))  # behind version 0


def test_the_examples_are_answers_to_the_data_of_the_demo(api: ContractClient, demo: str) -> None:
    examples = make_examples(api, demo)
    if os.environ.get("WRITE_EXAMPLES"):
        text = json.dumps(examples, ensure_ascii=False, indent=1)
        description_module.EXAMPLES.write_text(f"{text}\n", encoding="utf-8")
        return
    assert examples == description_module.read_examples(), "run: make schema"


def test_every_operation_has_an_example_that_fits_its_description() -> None:
    for path, operation in operations():
        content = operation["responses"]["200"]["content"]["application/json"]
        method = "post" if "requestBody" in operation else "get"
        validator(path, 200, "application/json", method).validate(content["example"])
        if method == "post":
            sent = operation["requestBody"]["content"]["application/json"]
            schema = {**sent["schema"], "components": description()["components"]}
            Draft202012Validator(schema).validate(sent["example"])


def test_the_example_of_every_parameter_is_accepted(api: ContractClient, demo: str) -> None:
    refused = {}
    for path, operation in operations():
        filled = fill(path, description_module.read_examples())
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                assert parameter["example"] in filled.split("/")
                continue
            schema, name = parameter["schema"], parameter["name"]
            value = parameter["example"] if "example" in parameter else schema["examples"][0]
            Draft202012Validator(schema).validate(value)
            query = {name: to_query(name, value)} | make_companions(name, operation)
            query = make_query(operation, short=not {"format", "fill"} & query.keys()) | query
            address = f"{filled}?{'&'.join(query.values())}"
            response: Any
            if "requestBody" in operation:
                response = api.post(address, "{}", content_type="application/json", secure=True)
            else:
                response = api.get(address, secure=True)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            # The demo has no publishers.
            absent = name == "snapshot" and path.startswith("/api/v1/publishers/{key}")
            if response.status_code != (404 if absent else 200):
                refused[operation["operationId"], name] = json.loads(body)["detail"]
    assert not refused, "\n".join(map(str, refused.items()))


def make_companions(name: str, operation: Operation) -> dict[str, str]:
    """Return what a parameter is used with where it has no effect alone, by name."""
    schemas = {parameter["name"]: parameter["schema"] for parameter in operation["parameters"]}
    scoped = name.removesuffix("_scope")
    if scoped != name:
        return {scoped: to_query(scoped, schemas[scoped]["examples"][0])}
    pairs = [pair.split("=") for pair in filter(None, WITH.get(name, "").split("&"))]
    return {
        other: f"{other}={value}"
        for other, value in pairs
        if other in schemas and value in schemas[other].get("enum", [value])
    }
