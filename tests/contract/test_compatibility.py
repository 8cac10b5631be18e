"""`manage.py api_diff`: every kind of change that breaks clients, and those that do not."""

import copy
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from api.compatibility import find_breaks
from tests.contract.client import description

Schema = dict[str, Any]


def described() -> Schema:
    """Return a small description with one of everything."""
    thing = {
        "type": "object",
        "description": "A thing.",
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "kind": {"$ref": "#/components/schemas/Kind"},
            "sub_type": {"type": "string", "x-extensible-enum": ["raid", "ambush"]},
            "count": {"type": ["integer", "null"], "minimum": 0},
            "part_of": {"anyOf": [{"$ref": "#/components/schemas/Thing"}, {"type": "null"}]},
            "notes": {"type": "array", "items": {"type": "object", "properties": {"a": {}}}},
        },
        "required": ["id", "kind", "sub_type", "count", "part_of", "notes"],
    }
    kinds = {"type": "array", "items": {"type": "string", "enum": ["one", "two"]}, "maxItems": 9}
    operation = {
        "operationId": "things_list",
        "parameters": [
            {"in": "query", "name": "kind", "schema": kinds, "explode": True, "style": "form"},
            {"in": "query", "name": "limit", "schema": {"type": "integer", "default": 5}},
            {"in": "query", "name": "at", "schema": {"type": "string", "maxLength": 9}},
        ],
        "responses": {
            "200": {
                "description": "OK",
                "headers": {"ETag": {"schema": {"type": "string"}}},
                "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}},
                    "text/csv": {"schema": {"type": "string"}},
                },
                "x-formats": {"ndjson": {"mediaType": "application/x-ndjson"}},
            },
            "410": {"description": "Gone"},
        },
    }
    return {
        "openapi": "3.1.0",
        "paths": {"/things": {"get": operation}, "/others": {"get": {"responses": {}}}},
        "components": {
            "schemas": {"Thing": thing, "Kind": {"type": "string", "enum": ["one", "two"]}}
        },
    }


def get(new: Schema) -> Schema:
    return new["paths"]["/things"]["get"]


def parameter(new: Schema, number: int) -> Schema:
    return get(new)["parameters"][number]


def ok(new: Schema) -> Schema:
    return get(new)["responses"]["200"]


def properties(new: Schema) -> Schema:
    return new["components"]["schemas"]["Thing"]["properties"]


def required(new: Schema) -> list[str]:
    return new["components"]["schemas"]["Thing"]["required"]


def kind(new: Schema) -> Schema:
    return new["components"]["schemas"]["Kind"]


def rename(new: Schema) -> None:
    new["components"]["schemas"]["Sort"] = new["components"]["schemas"].pop("Kind")
    properties(new)["kind"] = {"$ref": "#/components/schemas/Sort"}


def with_new(name: str, **more: Any) -> Callable[[Schema], None]:
    """Return what adds a parameter."""
    added = {"in": "query", "name": name, "schema": {"type": "string"}, **more}
    return lambda new: get(new)["parameters"].append(added)


BREAKING: list[tuple[str, Callable[[Schema], Any]]] = [
    ("/others: the path was removed", lambda new: new["paths"].pop("/others")),
    ("GET /things: the operation was removed", lambda new: new["paths"]["/things"].pop("get")),
    (
        "GET /things: operationId was things_list, is list_things",
        lambda new: get(new).update(operationId="list_things"),
    ),
    (
        "things_list: it requires authentication",
        lambda new: new.update(security=[{"key": []}]),
    ),
    ("things_list: it requires a body", lambda n: get(n).update(requestBody={"required": True})),
    (
        "things_list: the query parameter `at` was removed",
        lambda new: get(new)["parameters"].pop(),
    ),
    (
        "things_list: the query parameter `by` is new and required",
        with_new("by", required=True),
    ),
    (
        "things_list: the query parameter `at` is required",
        lambda new: parameter(new, 2).update(required=True),
    ),
    (
        "things_list: the query parameter `kind`: explode was True, is False",
        lambda new: parameter(new, 0).update(explode=False),
    ),
    (
        "things_list, the query parameter `kind`[]: the word `two` was removed",
        lambda new: parameter(new, 0)["schema"]["items"]["enum"].pop(),
    ),
    (
        "things_list, the query parameter `kind`: its maxItems was 9, is 3",
        lambda new: parameter(new, 0)["schema"].update(maxItems=3),
    ),
    (
        "things_list, the query parameter `limit`: its default was 5, is 6",
        lambda new: parameter(new, 1)["schema"].update(default=6),
    ),
    (
        "things_list, the query parameter `limit`: its maximum is new: 9",
        lambda new: parameter(new, 1)["schema"].update(maximum=9),
    ),
    (
        "things_list, the query parameter `limit`: its type was integer, is string",
        lambda new: parameter(new, 1)["schema"].update(type="string"),
    ),
    (
        "things_list, the query parameter `at`: its pattern is new: ^a$",
        lambda new: parameter(new, 2)["schema"].update(pattern="^a$"),
    ),
    (
        "things_list, the query parameter `at`: it is a closed list of words",
        lambda new: parameter(new, 2)["schema"].update(enum=["a"]),
    ),
    ("things_list: the answer 410 was removed", lambda new: get(new)["responses"].pop("410")),
    (
        "things_list: the answer 202 is new",
        lambda new: get(new)["responses"].update({"202": {"description": "Later"}}),
    ),
    ("things_list: the header ETag of 200 was removed", lambda new: ok(new)["headers"].clear()),
    (
        "things_list: 200 no longer has text/csv",
        lambda new: ok(new)["content"].pop("text/csv"),
    ),
    (
        "things_list: 200 no longer has the format ndjson",
        lambda new: ok(new)["x-formats"].pop("ndjson"),
    ),
    (
        "things_list, 200 application/json: it is Kind instead of Thing",
        lambda new: ok(new)["content"]["application/json"].update(
            schema={"$ref": "#/components/schemas/Kind"}
        ),
    ),
    ("Thing.count: the property was removed", lambda new: properties(new).pop("count")),
    ("Thing.count: it may be absent", lambda new: required(new).remove("count")),
    (
        "Thing.count: its type was integer, is string",
        lambda new: properties(new)["count"].update(type=["string", "null"]),
    ),
    (
        "Thing.count: it can no longer be null",
        lambda new: properties(new)["count"].update(type="integer"),
    ),
    ("Thing.count: its minimum 0 was removed", lambda new: properties(new)["count"].pop("minimum")),
    (
        "Thing.id: it can be null",
        lambda new: properties(new)["id"].update(type=["string", "null"]),
    ),
    (
        "Thing.id: its format was uuid, is uri",
        lambda new: properties(new)["id"].update(format="uri"),
    ),
    (
        "Thing.part_of: it can no longer be null",
        lambda new: properties(new).update(part_of={"$ref": "#/components/schemas/Thing"}),
    ),
    (
        "Thing.part_of: it can be integer",
        lambda new: properties(new)["part_of"]["anyOf"].append({"type": "integer"}),
    ),
    (
        "Thing.notes[].a: the property was removed",
        lambda new: properties(new)["notes"]["items"]["properties"].pop("a"),
    ),
    ("Kind: the word `two` was removed", lambda new: kind(new)["enum"].remove("two")),
    (
        "Kind: the word `three` is new in a closed list of words",
        lambda new: kind(new)["enum"].append("three"),
    ),
    ("Kind: it is no longer a closed list of words", lambda new: kind(new).pop("enum")),
    (
        "Thing.sub_type: the word `raid` was removed",
        lambda new: properties(new)["sub_type"]["x-extensible-enum"].remove("raid"),
    ),
    ("Kind: the component was removed or renamed", rename),
    ("Thing.kind: it is Sort instead of Kind", rename),
]

HARMLESS: list[tuple[str, Callable[[Schema], Any]]] = [
    ("nothing", lambda new: None),
    ("a path", lambda new: new["paths"].update({"/new": {"get": {"responses": {}}}})),
    ("an operation", lambda new: new["paths"]["/things"].update(head={"responses": {}})),
    ("an optional parameter", with_new("by")),
    ("a word that is taken", lambda n: parameter(n, 0)["schema"]["items"]["enum"].append("x")),
    ("more values", lambda new: parameter(new, 0)["schema"].update(maxItems=10)),
    ("longer values", lambda new: parameter(new, 2)["schema"].pop("maxLength")),
    ("another format", lambda new: ok(new)["content"].update({"text/xml": {}})),
    ("a refusal", lambda new: get(new)["responses"].update({"429": {"description": "Slow"}})),
    ("a header", lambda new: ok(new)["headers"].update(Link={})),
    ("a property", lambda new: properties(new).update(new={"type": "string"})),
    ("a property that is always there", lambda new: required(new).append("new")),
    ("a growing word", lambda n: properties(n)["sub_type"]["x-extensible-enum"].append("x")),
    ("a component", lambda new: new["components"]["schemas"].update(New={"type": "object"})),
    ("another text", lambda new: new["components"]["schemas"]["Thing"].update(description="X")),
    ("another example", lambda new: properties(new)["id"].update(examples=["x"])),
]


def changed(change: Callable[[Schema], Any]) -> Schema:
    new = copy.deepcopy(described())
    change(new)
    return new


@pytest.mark.parametrize(("text", "change"), BREAKING, ids=[text for text, _ in BREAKING])
def test_breaking(text: str, change: Callable[[Schema], Any]) -> None:
    assert text in map(str, find_breaks(described(), changed(change)))


@pytest.mark.parametrize(("text", "change"), HARMLESS, ids=[text for text, _ in HARMLESS])
def test_growing(text: str, change: Callable[[Schema], Any]) -> None:
    assert find_breaks(described(), changed(change)) == []


def test_null_is_said_in_two_ways_that_are_one() -> None:
    new = changed(
        lambda new: properties(new).update(
            count={"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]}
        )
    )
    assert find_breaks(described(), new) == []


def test_each_change_is_named_once_however_often_its_component_is_used() -> None:
    new = changed(lambda new: properties(new).pop("count"))
    assert len(find_breaks(described(), new)) == 1


def test_the_whole_description_breaks_nothing_of_itself() -> None:
    assert find_breaks(description(), copy.deepcopy(description())) == []


def run(*files: Path) -> str:
    out = StringIO()
    call_command("api_diff", *map(str, files), stdout=out)
    return out.getvalue()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    file = tmp_path / "old.yaml"
    file.write_text(yaml.safe_dump(described()))
    return file


def test_the_command_is_content_with_growth(old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.json"
    new.write_text(json.dumps(changed(with_new("by"))))
    assert run(old, new) == f"No change breaks clients of {old}.\n"


def test_the_command_lists_breaking_changes_and_fails(old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.yaml"
    new.write_text(yaml.safe_dump(changed(lambda new: properties(new).pop("count"))))
    with pytest.raises(CommandError, match="1 change breaks clients of") as refusal:
        run(old, new)
    assert refusal.value.returncode == 1


@pytest.mark.parametrize("text", [None, "[", "openapi: 3.0.0", "- 1", "\x00"])
def test_the_command_says_which_file_cannot_be_read(
    old: Path, tmp_path: Path, text: str | None
) -> None:
    new = tmp_path / "new.yaml"
    if text is not None:
        new.write_text(text)
    with pytest.raises(CommandError, match=r"new\.yaml") as refusal:
        run(old, new)
    assert refusal.value.returncode == 2
