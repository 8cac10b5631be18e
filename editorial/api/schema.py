"""The OpenAPI description, from the same filters and serializers that answer."""

from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework import serializers

from editorial.api.documents import (
    ENVELOPE,
    DocumentSerializer,
    EnvelopeSerializer,
    MovedSerializer,
)
from editorial.api.problems import PROBLEMS, ProblemSerializer
from editorial.models import record_types

_HEADERS = {
    "ETag": "A weak tag: send it as If-None-Match, and 304 says that nothing has changed.",
    "Muster-Horizon": "The mark of the state of the public record that was answered from.",
}
_NEXT = {
    "type": ["string", "null"],
    "format": "uri",
    "description": "The address of the next page; null on the last one.",
}
_HORIZON = {
    "type": "string",
    "description": "The mark of the state of the public record that all pages of this walk show.",
}


@cache
def described(document: type[DocumentSerializer], summary: bool) -> type[serializers.Serializer]:
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

    target_class = "editorial.api.documents.GrowingWordField"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """Return the schema of the field."""
        return {"type": "string", "x-extensible-enum": list(self.target.choices)}


class PublicSchema(AutoSchema):
    """Describes a public endpoint: its parameters from the filter set, its answers by name."""

    view: Any

    def get_operation_id(self) -> str:
        """Name the operation, for good: `actors_list`, `actors_get`, `changes`."""
        resource = self.path.split("/")[3]
        if "{key}" in self.path:
            return f"{resource}_get"
        return f"{resource}_list" if hasattr(self.view, "entry") else resource

    def get_tags(self) -> list[str]:
        """Group by resource."""
        return [self.path.split("/")[3]]

    def get_auth(self) -> list[dict[str, Any]]:
        """Say that everything is anonymous."""
        return []

    def get_summary(self) -> str:
        """Name the operation in words."""
        return self.get_operation_id().replace("_", " ").capitalize()

    def _get_parameters(self) -> list[dict[str, Any]]:
        if "{key}" in self.path:
            return [
                {
                    "in": "path",
                    "name": "key",
                    "required": True,
                    "schema": {"type": "string"},
                    "description": "Public id, or slug where the type has one.",
                }
            ]
        return [
            {
                "in": "query",
                "name": name,
                "schema": parameter.described(),
                "description": parameter.description,
            }
            | ({"explode": True, "style": "form"} if parameter.repeatable else {})
            for name, parameter in self.view.filterset_class.base_filters.items()
        ]

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        answers = {"200": self._ok()}
        problem = self.resolve_serializer(ProblemSerializer, direction).ref
        codes = ["invalid-parameters", "not-acceptable", "unavailable"]
        codes += ["not-found", "withdrawn"] if "{key}" in self.path else ["reset"]
        for code in sorted(codes, key=lambda code: PROBLEMS[code][0]):
            status, title, _ = PROBLEMS[code]
            answers[str(status)] = {
                "description": title,
                "content": {"application/problem+json": {"schema": problem}},
            }
        if "{key}" in self.path:
            moved = self.resolve_serializer(MovedSerializer, direction).ref
            answers["308"] = {
                "description": "It has become another record, at `Location`",
                "content": {"application/json": {"schema": moved}},
            }
        answers["304"] = {"description": "Nothing has changed"}
        return dict(sorted(answers.items()))

    def _ok(self) -> dict[str, Any]:
        return {
            "description": "OK",
            "headers": {
                name: {"description": text, "schema": {"type": "string"}}
                for name, text in _HEADERS.items()
            },
            "content": {"application/json": {"schema": self._answer()}},
        }

    def _answer(self) -> dict[str, Any]:
        if not hasattr(self.view, "entry"):
            return self._feed()
        document = self.resolve_serializer(described(self.view.document, False), "response")
        if "{key}" in self.path:
            return document.ref
        summary = self.resolve_serializer(described(self.view.document, True), "response")
        return self._component(
            f"{document.name}Page",
            f"A page of {self.path.split('/')[3]}.",
            {
                "results": {
                    "type": "array",
                    "items": {"anyOf": [document.ref, summary.ref]},
                    "description": "Summaries, or documents with `detail=true`.",
                },
                "next": _NEXT,
                "horizon": _HORIZON,
                "count": {
                    "type": ["integer", "null"],
                    "description": "All matches; null unless `count=true`.",
                },
            },
        )

    def _feed(self) -> dict[str, Any]:
        change = self.resolve_serializer(self.view.serializer_class, "response")
        documents = {
            word: {
                "anyOf": [
                    self.resolve_serializer(
                        described(model.serializer_class(), False), "response"
                    ).ref,
                    {"type": "null"},
                ],
                "description": "The document, with `documents=true`, if it is of this type.",
            }
            for word, model in record_types().items()
        }
        change.schema["properties"] |= documents
        change.schema["required"] = list(change.schema["properties"])
        return self._component(
            "ChangePage",
            "A page of the feed.",
            {
                "results": {
                    "type": "array",
                    "items": change.ref,
                    "description": "Editions, in commit order.",
                },
                "next": _NEXT,
                "horizon": _HORIZON,
            },
        )

    def _component(self, name: str, text: str, properties: dict[str, Any]) -> dict[str, Any]:
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
