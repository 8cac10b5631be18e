"""The OpenAPI description, from the same filters and serializers that answer."""

from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework import serializers

from api.features import FeatureCollectionSerializer
from api.problems import PROBLEMS, ProblemSerializer
from publishing.registry import record_types
from publishing.serializers import ENVELOPE, DocumentSerializer, EnvelopeSerializer, MovedSerializer

_HEADERS = {
    "ETag": "A weak tag: send it as If-None-Match, and 304 says that nothing has changed.",
    "Muster-Snapshot": "The snapshot that was answered from.",
    "Link": "The address of the next page, as `next` (RFC 8288); absent on the last one.",
    "Location": "The address of the record that it has become.",
    "Retry-After": "After how many seconds to try again.",
}
_NEXT = {
    "type": ["string", "null"],
    "format": "uri",
    "description": "The address of the next page; null on the last one.",
}
_SNAPSHOT = {
    "type": "string",
    "description": "The snapshot that all pages of this walk show.",
}


def _headers(*names: str) -> dict[str, Any]:
    """Describe the headers of an answer."""
    told = {name: {"description": _HEADERS[name], "schema": {"type": "string"}} for name in names}
    return {"headers": told} if told else {}


PATH = {
    "{key}": "Public id, or slug where the type has one.",
    "{version}": "Which edition of the record, counted from 1.",
    "{name}": "Its name.",
}
"""What stands in a path for something."""


@cache
def described(document: type[DocumentSerializer], summary: bool, /) -> type[serializers.Serializer]:
    """Return the serializer that describes a document as it is public, or its summary."""
    name = document.__name__.removesuffix("Document") + ("Summary" if summary else "")
    fields = [f for f in document.Meta.fields if not summary or f in document.summary]
    attributes = {
        "__doc__": document.__doc__,
        "Meta": type("Meta", (), {"model": document.Meta.model, "fields": [*fields, *ENVELOPE]}),
    }
    envelope = {key: EnvelopeSerializer().fields[key] for key in ENVELOPE}
    return type(f"{name}Serializer", (document,), attributes | envelope)


class GrowingWordExtension(OpenApiSerializerFieldExtension):
    """Describes a word of a growing vocabulary as a string that may be a new word tomorrow."""

    target_class = "publishing.serializers.GrowingWordField"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """Return the schema of the field."""
        return {"type": "string", "x-extensible-enum": list(self.target.choices)}


class PublicSchema(AutoSchema):
    """Describes a public endpoint: its parameters from the filter set, its answers by name."""

    view: Any

    def get_operation_id(self) -> str:
        """Name the operation, for good: `actors_list`, `actors_editions_get`, `changes`."""
        parts = self.path.split("/")[3:] or ["directory"]
        words = [part for part in parts if part not in PATH]
        if parts[-1] in PATH:
            words.append("get")
        elif "cursor" in self.view.parameters.base_filters:
            words.append("list")
        return "_".join(words).removesuffix(".json")

    def get_tags(self) -> list[str]:
        """Group by resource."""
        first, *_ = self.path.split("/")[3:] or ["directory"]
        return [first.removesuffix(".json")]

    def get_auth(self) -> list[dict[str, Any]]:
        """Say that everything is anonymous."""
        return []

    def get_summary(self) -> str:
        """Name the operation in words."""
        return self.get_operation_id().replace("_", " ").capitalize()

    def _get_parameters(self) -> list[dict[str, Any]]:
        places = [
            {
                "in": "path",
                "name": part.strip("{}"),
                "required": True,
                "schema": {"type": "string"},
                "description": PATH[part],
            }
            for part in self.path.split("/")
            if part in PATH
        ]
        return places + [
            {
                "in": "query",
                "name": name,
                "schema": parameter.described(),
                "description": parameter.description,
            }
            | ({"explode": True, "style": "form"} if parameter.repeatable else {})
            | ({"required": True} if parameter.needed else {})
            for name, parameter in self.view.parameters.base_filters.items()
        ]

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        answers = {"200": self._ok()}
        problem = self.resolve_serializer(ProblemSerializer, direction).ref
        codes = ["invalid-parameters", "not-acceptable", "too-long", "unavailable"]
        if any(part in PATH for part in self.path.split("/")):
            codes += ["not-found"]
        if self.path.endswith(("{key}", "{version}")):
            codes += ["withdrawn"]
        elif {"cursor", "after", "snapshot"} & self.view.parameters.base_filters.keys():
            codes += ["reset"]
        if {"count", "format", "group_by"} & self.view.parameters.base_filters.keys():
            codes += ["too-many"]
        for code in sorted(codes, key=lambda code: PROBLEMS[code][0]):
            status, title, _ = PROBLEMS[code]
            answers[str(status)] = {
                "description": title,
                "content": {"application/problem+json": {"schema": problem}},
            } | _headers(*(["Retry-After"] if status in (429, 503) else []))
        if self.path.endswith("{key}"):
            moved = self.resolve_serializer(MovedSerializer, direction).ref
            answers["308"] = {
                "description": "It has become another record, at `Location`",
                "content": {"application/json": {"schema": moved}},
            } | _headers("Location")
        answers["304"] = {"description": "Nothing has changed"} | _headers("ETag")
        return dict(sorted(answers.items()))

    def _ok(self) -> dict[str, Any]:
        paged = {"cursor", "after"} & self.view.parameters.base_filters.keys()
        return {
            "description": "OK",
            "content": {"application/json": {"schema": self._answer()}} | self._streams(),
        } | _headers("ETag", "Muster-Snapshot", *(["Link"] if paged else []))

    def _streams(self) -> dict[str, Any]:
        streams = {
            renderer.media_type: {"schema": {"type": "string", "description": text}}
            for renderer in self.view.get_renderers()
            if (text := getattr(renderer, "description", None))
        }
        if features := streams.get("application/geo+json"):
            collection = self.resolve_serializer(FeatureCollectionSerializer, "response")
            features["schema"] = collection.ref | {"description": features["schema"]["description"]}
        return streams

    def _answer(self) -> dict[str, Any]:
        if hasattr(self.view, "described"):
            return self.view.described(self)
        if not hasattr(self.view, "entry"):
            return self._feed()
        document = self.resolve_serializer(described(self.view.document, False), "response")
        if "{key}" in self.path:
            return document.ref
        summary = self.resolve_serializer(described(self.view.document, True), "response")
        return self.page(
            f"{document.name}Page",
            f"A page of {self.path.split('/')[3]}.",
            {"anyOf": [document.ref, summary.ref]},
            "Summaries, or documents with `detail=true`.",
        )

    def page(
        self, name: str, text: str, items: dict[str, Any], told: str = "The results."
    ) -> dict[str, Any]:
        """Describe a page by a component of its own, and return the reference to it."""
        properties = {
            "results": {"type": "array", "items": items, "description": told},
            "next": _NEXT,
            "snapshot": _SNAPSHOT,
            "count": {
                "type": ["integer", "null"],
                "description": "All matches; null unless `count=true`.",
            },
        }
        return self.component(name, text, properties)

    def listed(self, name: str, text: str, items: dict[str, Any], told: str) -> dict[str, Any]:
        """Describe an answer that has no further pages by a component of its own."""
        results = {"type": "array", "items": items, "description": told}
        return self.component(name, text, {"results": results, "snapshot": _SNAPSHOT})

    def _feed(self) -> dict[str, Any]:
        change = self.resolve_serializer(self.view.serializer_class, "response")
        documents = {
            word: {
                "anyOf": [
                    self.resolve_serializer(
                        described(model.serializer_class, False), "response"
                    ).ref,
                    {"type": "null"},
                ],
                "description": "The document, with `documents=true`, if it is of this type.",
            }
            for word, model in record_types().items()
        }
        change.schema["properties"] |= documents
        change.schema["required"] = list(change.schema["properties"])
        return self.component(
            "ChangePage",
            "A page of the feed.",
            {
                "results": {
                    "type": "array",
                    "items": change.ref,
                    "description": "Editions, in commit order.",
                },
                "next": _NEXT,
                "snapshot": _SNAPSHOT,
            },
        )

    def component(self, name: str, text: str, properties: dict[str, Any]) -> dict[str, Any]:
        """Describe an object by a component of its own, and return the reference to it."""
        component = ResolvedComponent(
            name=name,
            type=ResolvedComponent.SCHEMA,
            object=name,
            schema={
                "type": "object",
                "description": text,
                "properties": properties,
                "required": list(properties),
            },
        )
        self.registry.register_on_missing(component)
        return component.ref
