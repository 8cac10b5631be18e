"""A client that holds every answer of the API to its OpenAPI description."""

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from drf_spectacular.generators import SchemaGenerator
from jsonschema_rs import Draft202012Validator

from publishing.models import Edition, EntryRow, Release
from publishing.totals import TotalsTable

API = "/api/v1/"
_LINK = re.compile(r'<([^>]*)>; rel="([^"]*)"')
_TABLES = re.compile(r'(?:FROM|JOIN|UPDATE|INTO) "?([a-z]+_[a-z_]+)')


@cache
def description() -> dict[str, Any]:
    """Return the OpenAPI description, as it is served."""
    return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True)))


def components() -> dict[str, Any]:
    """Return what the description refers to."""
    return description()["components"]


@cache
def validator(path: str, status: int, media_type: str, method: str = "get") -> Draft202012Validator:
    """Return what holds the answers of a path with a status to the description."""
    answers = description()["paths"][path][method]["responses"]
    schema = {**answers[str(status)]["content"][media_type]["schema"], "components": components()}
    return Draft202012Validator(_closed(schema), validate_formats=True)


def _closed(schema: Any) -> Any:
    """Close every object, so that a property which is not described is found out."""
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    if closed.get("type") == "object" and "properties" in closed:
        closed.setdefault("additionalProperties", False)
    return closed


def links(answer: Any) -> dict[str, str]:
    """Return the addresses in the header `Link` of an answer by their relation (RFC 8288)."""
    return {relation: address for address, relation in _LINK.findall(answer.get("Link", ""))}


@cache
def public_tables() -> set[str]:
    """Return the tables that the public API may read: those of Editions, entries and totals."""
    return {
        model._meta.db_table
        for model in apps.get_models()
        if model in (Edition, Release) or issubclass(model, EntryRow | TotalsTable)
    }


OF_PAGES = ("matched", "explanation")
"""The properties of results that only pages of JSON have."""


class ContractClient(Client):
    """Django's test client for the public API, which must read public tables alone."""

    def __init__(self) -> None:
        super().__init__(SERVER_NAME="localhost")

    def ask(self, address: str, status: int = 200, **headers: str) -> Any:
        """Return the JSON of an answer, after holding it to the status and the description."""
        path = address if address.startswith(("/", "http")) else API + address
        return self._check(address, status, lambda: self.get(path, headers=headers, secure=True))

    def look_up(self, address: str, body: Any, status: int = 200, **headers: str) -> Any:
        """Send a body to a lookup, and return the JSON of the answer, after the same checks."""
        content = body if isinstance(body, str | bytes) else json.dumps(body)
        media_type = headers.pop("content_type", "application/json")
        return self._check(
            address,
            status,
            lambda: self.post(
                API + address, content, content_type=media_type, headers=headers, secure=True
            ),
        )

    def _check(self, address: str, status: int, send: Callable[[], Any]) -> Any:
        with CaptureQueriesContext(connection) as queries:
            response = send()
        for query in queries:
            touched = set(_TABLES.findall(query["sql"]))
            assert touched <= public_tables(), f"{address} reads {touched - public_tables()}"
        assert response.status_code == status, (response.status_code, response.content[:600])
        answer = json.loads(response.content)
        if template := _template(response.request["PATH_INFO"]):
            method = response.request["REQUEST_METHOD"].lower()
            operation = description()["paths"][template].get(method)
            if operation and str(status) in operation["responses"]:
                validator(template, status, response["Content-Type"], method).validate(answer)
        return answer

    def lines(self, address: str, **headers: str) -> list[Any]:
        """Return the results of a stream of NDJSON, after holding each line to the description."""
        with CaptureQueriesContext(connection) as queries:
            response: Any = self.get(API + address, headers=headers, secure=True)
            sent = b"".join(response.streaming_content)
        for query in queries:
            assert set(_TABLES.findall(query["sql"])) <= public_tables(), query["sql"]
        assert (response.status_code, response["Content-Type"]) == (200, "application/x-ndjson")
        results = [json.loads(line) for line in sent.splitlines()]
        assert sent.endswith(b"\n") or not results
        assert response["Muster-Count"] == str(len(results))
        documents = "/documents" * ("detail=true" in address)
        path = _template(response.request["PATH_INFO"] + documents)
        assert path
        page = {"next": None, "count": None, "warnings": []}
        page["snapshot"] = response["Muster-Snapshot"]
        explained = path.split("/")[3] in ("actors", "affiliations", "incidents")
        names = OF_PAGES if explained else ("matched",)
        page["results"] = [result | dict.fromkeys(names) for result in results]
        validator(path, 200, "application/json").validate(page)
        return results

    def results(self, address: str) -> list[Any]:
        """Return all results of a list, walked to its end."""
        results, answer = [], self.ask(address)
        while True:
            results += answer["results"]
            if not answer["next"]:
                return results
            answer = self.ask(answer["next"])

    def names(self, address: str) -> list[str]:
        """Return the names or titles of all results of a list."""
        return [row.get("name") or row["title"] for row in self.results(address)]


def _template(path: str) -> str | None:
    """Return the path of the description that an address belongs to."""
    given = path.split("/")
    for template in sorted(description()["paths"], key=lambda each: each.count("{")):
        parts = template.split("/")
        pairs = zip(parts, given, strict=False)
        if len(parts) == len(given) and all(p == g or p.startswith("{") for p, g in pairs):
            return template
    return None
