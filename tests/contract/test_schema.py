"""The OpenAPI description: valid, without warnings, the same as the committed one."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from openapi_spec_validator import OpenAPIV31SpecValidator

from config import pages
from config.operator import describe_contact, describe_licence
from publishing import documents
from tests.contract.client import API, ContractClient, description, validator

SNAPSHOT = Path(__file__).parent / "openapi.yaml"


def test_the_description_is_valid_openapi_3_1() -> None:
    assert description()["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(description()).validate()


def test_the_description_is_the_committed_one() -> None:
    assert description() == yaml.safe_load(SNAPSHOT.read_text()), "run: make schema"


def test_it_is_made_without_a_warning(tmp_path: Path) -> None:
    file = str(tmp_path / "openapi.yaml")
    call_command("spectacular", file=file, validate=True, fail_on_warn=True)


def test_it_is_served(api: ContractClient) -> None:
    assert api.get(API + "schema", secure=True).json() == description()


def test_it_is_made_once_for_concurrent_requests() -> None:
    pages._described.cache_clear()
    with ThreadPoolExecutor(8) as together:
        answers = [*together.map(lambda _: Client().get(f"{API}schema", secure=True), range(8))]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.content for answer in answers} == {documents.dump(description())}
    assert pages._described.cache_info().misses == 1


def test_operation_ids_are_part_of_the_contract() -> None:
    paths = description()["paths"].values()
    ids = {operation["operationId"] for path in paths for operation in path.values()}
    resources = ("actors", "affiliations", "incidents", "places", "publishers", "sources")
    verbs = ("list", "documents", "lookup", "get", "editions_list", "editions_get")
    records = {f"{resource}_{verb}" for resource in resources for verb in verbs}
    assert ids == records | {
        "directory",
        "borders",
        "changes",
        "releases_list",
        "releases_get",
        "datapackage",
        "codebook",
        "facets",
        "grid",
        "hierarchy",
        "network",
        "places_outline",
        "resolve",
        "series",
        "statistics",
        "suggest",
        "vocabularies",
        "vocabularies_get",
    }


def every(schema: Any) -> list[dict[str, Any]]:
    """Return every schema object below this one."""
    if isinstance(schema, list):
        return [inner for item in schema for inner in every(item)]
    if not isinstance(schema, dict):
        return []
    return [schema, *(inner for item in schema.values() for inner in every(item))]


def test_every_property_is_required_and_described() -> None:
    for name, component in description()["components"]["schemas"].items():
        if component.get("type") == "object":
            is_sent = name.endswith("LookupKeys")
            required = set() if is_sent else set(component["properties"])
            assert set(component["required"]) == required, name
            assert component["description"], name
            for key, described in component["properties"].items():
                assert described.get("description"), f"{name}.{key}"


def test_no_enumeration_has_null_or_blank() -> None:
    for schema in every(description()):
        assert not {None, ""} & set(schema.get("enum", []))


def test_every_parameter_is_described() -> None:
    for path in description()["paths"].values():
        for operation in path.values():
            assert all(parameter["description"] for parameter in operation.get("parameters", []))


@pytest.mark.parametrize("word", ["NullEnum", "BlankEnum", "Enum2"])
def test_no_component_is_made_up_by_the_generator(word: str) -> None:
    assert not [name for name in description()["components"]["schemas"] if word in name]


def test_no_component_has_a_property_of_its_own_name() -> None:
    """Generators write both as one variable."""
    for name, component in description()["components"]["schemas"].items():
        assert re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() not in component.get("properties", {})


@pytest.mark.django_db
def test_the_page_to_try_it_loads_nothing_from_elsewhere(api: ContractClient) -> None:
    page = api.get(API + "docs/operations/actors_list", secure=True).content.decode()
    loaded = re.findall(r'(?:src|href|url)\s*[=:(]\s*["\']([^"\']+)', page)
    assert loaded
    assert all(re.match("/(?!/)|#|data:", address) for address in loaded), loaded


def test_it_says_who_answers_for_the_data(settings: Any) -> None:
    info = description()["info"]
    assert info["license"] == {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"}
    assert info["contact"] == {"name": "The editors of Muster"}
    assert description()["servers"] == [{"url": "/", "description": "This server."}]
    assert description()["security"] == []
    assert describe_licence("My own licence") == {"name": "My own licence"}
    assert describe_licence("odbl 1.0") == {"name": "odbl 1.0", "identifier": "ODbL-1.0"}
    assert describe_contact("A", "a@example.org")["email"] == "a@example.org"
    assert describe_contact("A", "https://example.org/@a")["url"] == "https://example.org/@a"


def test_every_operation_has_a_sentence_and_a_declared_tag() -> None:
    tags = {tag["name"] for tag in description()["tags"]}
    assert all(tag["description"].endswith(".") for tag in description()["tags"])
    sentences = set()
    for methods in description()["paths"].values():
        for operation in methods.values():
            assert re.fullmatch(r"[A-Z][^\n]+ [^\n]+\.", operation["summary"])
            assert set(operation["tags"]) <= tags
            sentences.add(operation["summary"])
    assert len(sentences) == sum(map(len, description()["paths"].values()))


def test_every_refusal_has_an_example() -> None:
    examples = description()["components"]["examples"]
    for path, methods in description()["paths"].items():
        for method, operation in methods.items():
            for status, answer in operation["responses"].items():
                if content := answer.get("content", {}).get("application/problem+json"):
                    ((code, reference),) = content["examples"].items()
                    assert reference == {"$ref": f"#/components/examples/{code}"}
                    assert examples[code]["value"]["status"] == int(status)
                    validator(path, int(status), "application/problem+json", method).validate(
                        examples[code]["value"]
                    )
