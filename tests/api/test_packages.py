"""The data package and the codebook, compared with the columns that they describe."""

import csv
from io import StringIO
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from actors.models import Actor
from editorial import workflow
from editorial.models import Submission, User, record_models
from incidents.models import Incident, ResponsibilityStatement
from publishing.registry import record_types
from sources.models import Source
from tests.contract.client import API, ContractClient, description

pytestmark = pytest.mark.django_db

_NAME = {"type": "string", "pattern": r"^[-a-z0-9._/]+$"}
_TYPES = ["string", "number", "integer", "boolean", "date", "datetime"]
_REFERENCE = ["resource", "fields"]
PROFILE = {
    "type": "object",
    "required": ["name", "profile", "licenses", "resources"],
    "properties": {
        "name": _NAME,
        "profile": {"const": "tabular-data-package"},
        "licenses": {
            "type": "array",
            "minItems": 1,
            "items": {
                "required": ["name"],
                "properties": {"name": {"pattern": r"^[-a-zA-Z0-9._]+$"}},
            },
        },
        "resources": {
            "type": "array",
            "minItems": 1,
            "items": {
                "required": ["name", "path", "schema", "profile"],
                "properties": {
                    "name": _NAME,
                    "path": {"type": "string", "pattern": "^https?://"},
                    "profile": {"const": "tabular-data-resource"},
                    "encoding": {"const": "utf-8"},
                    "schema": {
                        "required": ["fields", "primaryKey", "foreignKeys", "missingValues"],
                        "properties": {
                            "primaryKey": {"type": "array", "minItems": 1},
                            "foreignKeys": {
                                "type": "array",
                                "items": {
                                    "required": ["fields", "reference"],
                                    "properties": {"reference": {"required": _REFERENCE}},
                                },
                            },
                            "missingValues": {"const": [""]},
                            "fields": {
                                "type": "array",
                                "items": {
                                    "required": ["name", "type", "title", "description"],
                                    "properties": {
                                        "type": {"enum": _TYPES},
                                        "description": {"type": "string", "minLength": 5},
                                        "constraints": {
                                            "propertyNames": {
                                                "enum": ["required", "unique", "enum"]
                                            }
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}
"""The requirements of the Frictionless profile for a tabular data package."""


def test_the_package_is_one_of_frictionless_data(api: ContractClient) -> None:
    package = api.ask("datapackage.json")
    Draft202012Validator(PROFILE).validate(package)
    names = {table["name"] for table in package["resources"]}
    assert {name for name in names if "-" not in name} == {f"{w}s" for w in record_types()}
    assert package["licenses"] == [{"name": "CC-BY-4.0", "title": "CC BY 4.0"}]


def test_the_package_describes_the_tables_of_its_snapshot(
    api: ContractClient, publish: Any, kataib: Actor, pmf: Actor
) -> None:
    publish(kataib)
    snapshot = api.ask("datapackage.json")["version"]
    publish(pmf)
    for pin, names in ((f"?snapshot={snapshot}", [kataib.name]), ("", [pmf.name, kataib.name])):
        package = api.ask(f"datapackage.json{pin}")
        (table,) = (one for one in package["resources"] if one["name"] == "actors")
        sent: Any = api.get(table["path"], secure=True)
        text = b"".join(sent.streaming_content).decode()
        head, *rows = csv.reader(StringIO(text, newline=""))
        fields = table["schema"]["fields"]
        assert head == [field["name"] for field in fields]
        assert [row[head.index("name")] for row in rows] == names
        for row in rows:
            for field, cell in zip(fields, row, strict=True):
                constraints = field["constraints"]
                assert cell or not constraints["required"], field
                assert not cell or cell in constraints.get("enum", [cell]), field


def read(api: ContractClient, table: dict[str, Any]) -> list[dict[str, str]]:
    """Return the rows of a table of the package."""
    sent: Any = api.get(table["path"], secure=True)
    text = b"".join(sent.streaming_content).decode()
    return list(csv.DictReader(StringIO(text, newline="")))


def test_the_keys_of_all_tables_hold(
    api: ContractClient, publish: Any, one_of_each: Any, editor: User
) -> None:
    source, attack = one_of_each[Source], one_of_each[Incident]
    statement = one_of_each[ResponsibilityStatement]
    for number in range(2):
        statement.responsible.create(label=f"Number {number}")
        statement.citations.create(source=source)
    attack.citations.create(source=source)
    workflow.recall(one_of_each[Submission], editor)
    publish(*(record for model in record_models().values() for record in model.objects.all()))
    package = api.ask("datapackage.json")
    Draft202012Validator(PROFILE).validate(package)
    tables = {table["name"]: table for table in package["resources"]}
    rows = {name: read(api, table) for name, table in tables.items()}
    assert len(tables) == len(package["resources"])
    for name, table in tables.items():
        schema = table["schema"]
        columns = {field["name"] for field in schema["fields"]}
        keys = [tuple(row[key] for key in schema["primaryKey"]) for row in rows[name]]
        assert len(keys) == len(set(keys)), name
        assert all(field["constraints"]["required"] for field in schema["fields"]
                   if field["name"] in schema["primaryKey"])  # fmt: skip
        assert bool(schema["foreignKeys"]) is ("-" in name)
        for key in schema["foreignKeys"]:
            other, fields = key["reference"]["resource"], key["reference"]["fields"]
            assert set(fields) == set(tables[other]["schema"]["primaryKey"])
            assert set(key["fields"]) <= columns
            known = {tuple(row[field] for field in fields) for row in rows[other]}
            assert {tuple(row[field] for field in key["fields"]) for row in rows[name]} <= known
        for row in rows[name]:
            for field in schema["fields"]:
                assert row[field["name"]] or not field["constraints"]["required"], (name, field)
    assert tables["incidents-responsible"]["schema"]["foreignKeys"][1] == {
        "fields": ["incident_id", "part_row"],
        "reference": {"resource": "incidents-statements", "fields": ["incident_id", "row"]},
    }
    assert len(rows["incidents-responsible"]) == 2
    assert [row["part"] for row in rows["incidents-citations"]] == ["statements"] * 2 + [""]


def test_the_codebook_tells_of_every_property(api: ContractClient) -> None:
    rows = api.ask("codebook")["properties"]
    paths = {(row["resource"], row["path"]) for row in rows}
    assert len(paths) == len(rows)
    components = description()["components"]["schemas"]
    for word in record_types():
        for name in components[word.capitalize()]["properties"]:
            assert {(f"{word}s", name), (f"{word}s", f"{name}[]")} & paths, (word, name)
    assert all(row["meaning"] for row in rows)
    assert {"sources[]", "sources[].title"} <= {path for _, path in paths}
    kinds = {row["path"]: row for row in rows if row["resource"] == "actors"}
    assert "individual" in kinds["kind"]["words"]
    assert (kinds["names[].text"]["type"], kinds["names[].text"]["in_summary"]) == ("string", True)


def test_the_first_page_links_to_both(api: ContractClient) -> None:
    page = api.get("/", headers={"Accept": "text/html"}, secure=True).content.decode()
    for name in ("datapackage.json", "codebook"):
        assert f'"{API}{name}"' in page
