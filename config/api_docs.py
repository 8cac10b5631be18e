"""The pages about the API: its operations by topic, and each with its parameters, to try it."""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from actors.filters import affiliations as affiliation_filters
from actors.filters.actor import (
    ActorAffiliationFilters,
    ActorFilters,
    NameFilters,
    PresenceFilters,
)
from actors.filters.explanations import ExplanationFilters
from actors.filters.network import NetworkFilters
from actors.filters.scopes import ScopeFilters
from actors.filters.validity import DatedFilters
from api.changes import ChangeFilters
from api.editions import EditionFilters
from api.filters import DateFilters, FormatFilters, PageFilters, RecordFilters, SnapshotFilters
from api.filtersets import FilterGroup
from config.pages import describe_api
from explorer.markdown import render_fragment
from explorer.views import site_context
from incidents.fictional import find_notice
from incidents.filters.absence import AbsenceFilters
from incidents.filters.casualties import CasualtyFilters
from incidents.filters.citations import CitationFilters
from incidents.filters.incident import EventFilters
from incidents.filters.involvements import InvolvementFilters
from incidents.filters.links import LinkFilters
from incidents.filters.locations import LocationFilters
from incidents.filters.statements import StatementFilters
from incidents.filters.weapons import TargetFilters, WeaponFilters
from places.filters import CountryFilters, PlaceFilters, PointFilters
from sources.filters import (
    ExternalIdFilters,
    PublisherFilters,
    SourceFilters,
    SourcePropertyFilters,
    TopicFilters,
)

Schema = dict[str, Any]

TOPICS = (
    ("Records", ("incidents", "actors", "affiliations", "places", "sources", "publishers")),
    ("Questions", ()),
    ("Changes and releases", ("changes", "releases")),
    ("Descriptions", ("directory", "vocabularies", "codebook", "datapackage")),
)
"""The tags of operations, by topic; all others are questions."""

SUBJECTS: dict[str, tuple[type[FilterGroup], ...]] = {
    "Address": (),
    "Question": (NetworkFilters,),
    "When": (DateFilters,),
    "Who": (
        *(InvolvementFilters, ScopeFilters, affiliation_filters.AffiliationActorFilters),
        *(ActorFilters, NameFilters, ActorAffiliationFilters),
    ),
    "Claims and attribution": (StatementFilters,),
    "What": (EventFilters, WeaponFilters, TargetFilters, LinkFilters, AbsenceFilters, DatedFilters),
    "Where": (CountryFilters, PointFilters, LocationFilters, PlaceFilters, PresenceFilters),
    "Casualties": (CasualtyFilters,),
    "Sources": (CitationFilters, SourceFilters, PublisherFilters, SourcePropertyFilters),
    "Text, ids and edits": (RecordFilters, ExternalIdFilters, TopicFilters, ChangeFilters),
    "State of the record": (SnapshotFilters, EditionFilters),
    "Pages and order": (PageFilters, ExplanationFilters),
    "Format": (FormatFilters,),
}
"""The subjects of parameters, in the order of pages, with the groups that are about them.

All other groups belong to one operation, whose question they are."""
_SUBJECT_OF = {group: subject for subject, groups in SUBJECTS.items() for group in groups}


_SHORT = {
    "": "list",
    "documents": "list of documents",
    "lookup": "many by id",
    "{key}": "one",
    "{key}/editions": "its editions",
    "{key}/editions/{version}": "one edition",
    "{key}/outline": "its outline",
}


class Parameter(NamedTuple):
    """A parameter of an operation."""

    name: str
    place: str
    """Where it goes: path or query."""
    required: bool
    repeatable: bool
    kind: str
    """What a value is, in words."""
    words: list[str]
    """All values, if they are words of a list."""
    default: str
    example: str
    about: SafeString


class Property(NamedTuple):
    """A property of an answer."""

    name: str
    kind: str
    about: SafeString


class Operation(NamedTuple):
    """An operation of the API."""

    id: str
    method: str
    path: str
    topic: str
    tag: str
    summary: str
    subjects: list[tuple[str, list[Parameter]]]
    body: str
    """An example of the body, as JSON; empty if it takes none."""
    answers: list[tuple[str, str]]
    properties: list[tuple[str, list[Property]]]
    """The properties of the answer, and of each of its results."""
    example: str
    """An example of the answer, as JSON."""

    @property
    def short(self) -> str:
        """What it does with the records of its topic, in a few words."""
        rest = self.path.removeprefix(f"/api/v1/{self.tag}").strip("/")
        return _SHORT.get(rest, rest)

    @property
    def parameters(self) -> list[Parameter]:
        """All parameters."""
        return [parameter for _, parameters in self.subjects for parameter in parameters]


@cache
def list_operations() -> dict[str, Operation]:
    """Return all operations by id, in the order of topics."""
    described = describe_api()
    found = [
        _describe(path, method.upper(), operation, described["components"]["schemas"])
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    topics = [topic for topic, _ in TOPICS]
    tags = [tag for _, tags in TOPICS for tag in tags]
    found.sort(key=lambda each: (topics.index(each.topic), (*tags, each.tag).index(each.tag)))
    return {operation.id: operation for operation in found}


def _describe(path: str, method: str, operation: Schema, components: Schema) -> Operation:
    tag = operation["tags"][0]
    topics = (topic for topic, tags in TOPICS if tag in tags)
    content = operation["responses"]["200"]["content"]["application/json"]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return Operation(
        operation["operationId"],
        method,
        path,
        next(topics, "Questions"),
        tag,
        operation["summary"],
        list(_sort_by_subject(path, method, operation.get("parameters", []))),
        _to_text(body["example"]) if "example" in body else "{}" if body else "",
        [(status, answer["description"]) for status, answer in operation["responses"].items()],
        list(_list_properties(content["schema"], components)),
        _to_text(content["example"]) if "example" in content else "",
    )


def _to_text(example: Any) -> str:
    return json.dumps(example, ensure_ascii=False, indent=2)


def _sort_by_subject(
    path: str, method: str, parameters: Iterable[Schema]
) -> Iterator[tuple[str, list[Parameter]]]:
    """Yield the parameters of an operation by their subject."""
    subjects = _find_subjects(path, method)
    by_subject: dict[str, list[Parameter]] = {subject: [] for subject in SUBJECTS}
    for described in parameters:
        is_path = described["in"] == "path"
        subject = "Address" if is_path else subjects.get(described["name"], "Pages and order")
        by_subject[subject].append(_describe_parameter(described))
    yield from ((subject, each) for subject, each in by_subject.items() if each)


def _find_subjects(path: str, method: str) -> dict[str, str]:
    """Return the subject of each parameter of an operation, from the group that declares it."""
    function: Any = resolve(path.replace("{", "").replace("}", "")).func
    view = function.cls(**function.initkwargs)
    view.action = (getattr(function, "actions", None) or {}).get(method.lower())
    groups: Iterable[type[FilterGroup]] = view.parameters.groups
    return {
        name: next((_SUBJECT_OF[base] for base in group.__mro__ if base in _SUBJECT_OF), "Question")
        for group in groups
        for name in group.base_filters
    }


def _describe_parameter(described: Schema) -> Parameter:
    schema = described["schema"]
    repeatable = schema["type"] == "array"
    item = schema["items"] if repeatable else schema
    words = item.get("enum") or item.get("x-extensible-enum") or []
    examples = [described["example"]] if "example" in described else schema.get("examples", [""])
    example = examples[0]
    example = example[0] if isinstance(example, list) else example
    default = schema.get("default", "")
    return Parameter(
        described["name"],
        described["in"],
        described.get("required", False),
        repeatable,
        _name_kind(item),
        ["true", "false"] if item["type"] == "boolean" else words,
        _to_word(default),
        _to_word(example),
        render_fragment(described["description"]),
    )


def _to_word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _name_kind(schema: Schema) -> str:
    """Return what a value is, in words."""
    if reference := schema.get("$ref"):
        return str(reference).rsplit("/", 1)[-1]
    if "enum" in schema or "x-extensible-enum" in schema:
        return "word"
    kinds = schema.get("type", "any")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    named = " or ".join(_KINDS.get(str(kind), str(kind)) for kind in kinds)
    if "array" in kinds:
        named = named.replace("list", f"list of {_name_kind(schema.get('items', {}))}")
    if "anyOf" in schema or "oneOf" in schema or "allOf" in schema:
        parts = [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]
        return " or ".join(_name_kind(part) for part in parts)
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        named += f" from {low} to {high}"
    if "format" in schema:
        named += f" ({schema['format']})"
    return named


_KINDS = {
    "array": "list",
    "boolean": "true or false",
    "integer": "whole number",
    "number": "number",
    "object": "object",
    "string": "text",
}


def _list_properties(schema: Schema, components: Schema) -> Iterator[tuple[str, list[Property]]]:
    """Yield the names and the properties of the object that answers, and of its results."""
    name = schema.get("$ref", "").rsplit("/", 1)[-1]
    properties = components.get(name, schema).get("properties", {})
    if properties:
        yield (
            name,
            [
                Property(key, _name_kind(each), render_fragment(each.get("description", "")))
                for key, each in properties.items()
            ],
        )
    results = properties.get("results", {}).get("items")
    if results:
        yield from _list_properties(results, components)


def search_parameters(query: str) -> list[tuple[Parameter, list[Operation]]]:
    """Return the parameters whose name or description has all words, with their operations."""
    words = query.lower().split()
    found: dict[str, tuple[Parameter, list[Operation]]] = {}
    for operation in list_operations().values():
        for parameter in operation.parameters:
            text = f"{parameter.name} {parameter.name.replace('_', ' ')} {parameter.about}".lower()
            if parameter.place == "query" and all(word in text for word in words):
                found.setdefault(parameter.name, (parameter, []))[1].append(operation)
    in_name = [name for name in found if all(word in name for word in words)]
    return [found[name] for name in (*in_name, *(found.keys() - set(in_name)))]


@csrf_exempt
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the operations by topic, or the parameters that a search finds."""
    query = request.GET.get("q", "")[:100]
    topics: dict[str, list[Operation]] = {}
    for operation in list_operations().values():
        topics.setdefault(operation.topic, []).append(operation)
    found = search_parameters(query) if query.strip() else None
    return _render(request, "docs.html", query=query, found=found, topics=topics)


@csrf_exempt
@require_safe
def operation(request: HttpRequest, name: str) -> HttpResponse:
    """Show an operation, and let readers try it."""
    described = list_operations().get(name)
    if described is None:
        return _render(request, "no_operation.html", 404)
    return _render(request, "operation.html", operation=described)


def _render(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    shown = site_context(request) | {"is_fictional": _has_notice()} | context
    return render(request, template, shown, status=status)


def _has_notice() -> bool:
    """Return whether fictional records are public; no without a database, which pages can lack."""
    try:
        return find_notice() is not None
    except DatabaseError:
        return False
