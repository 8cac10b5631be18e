"""The OpenAPI description, made from the filter sets and serializers that answer requests."""

import inspect
from collections.abc import Iterable
from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework import serializers

from api.problems import PROBLEMS, WARNINGS, ProblemSerializer, WarningSerializer
from publishing.registry import record_types
from publishing.serializers import ENVELOPE, DocumentSerializer, EnvelopeSerializer, MovedSerializer

_HEADERS = {
    "ETag": "A weak ETag. Send it as `If-None-Match`: status 304 means that nothing has changed.",
    "Muster-Snapshot": "The snapshot of the answer.",
    "Muster-Published": "When the newest edition of the snapshot was published (RFC 3339); "
    "absent if it has none.",
    "Link": "`cite-as`: the address that always gives this answer (RFC 8574). On all pages but the "
    "last, also `next`: the address of the next page (RFC 8288). `help`: where to report an error "
    "or a danger in the answer; absent if the operator takes no reports.",
    "Location": "The address of the record that it was merged into.",
    "Retry-After": "The number of seconds after which to try again.",
}
_NEXT = {
    "type": ["string", "null"],
    "format": "uri",
    "description": "The address of the next page; null on the last page.",
}
_SNAPSHOT = {
    "type": "string",
    "description": "The snapshot of the answer; all later pages have the same.",
}


def _headers(*names: str) -> dict[str, Any]:
    """Describe the headers of an answer."""
    headers = {
        name: {"description": _HEADERS[name], "schema": {"type": "string"}} for name in names
    }
    return {"headers": headers} if headers else {}


_SUMMARIES = {
    "": "List {resource}, as summaries.",
    "documents": "List {resource}, as documents.",
    "lookup": "Return the summaries of many {resource}, by ids of any kind, in one answer.",
    "{key}": "Return the document of one {type}.",
    "{key}/editions": "List the editions of one {type}.",
    "{key}/editions/{version}": "Return one edition of one {type}.",
}
"""What the operations on records do, by the path below the name of the type."""

PATH = {
    "{key}": "The public id, or the slug if the type has one.",
    "{version}": "The number of the edition, from 1.",
    "{name}": "The name.",
}
"""The parameters of paths."""


class PointGeometrySerializer(serializers.Serializer):
    """A GeoJSON point."""

    type = serializers.CharField(read_only=True, help_text="Always `Point`.")
    coordinates = serializers.ListField(
        child=serializers.FloatField(),
        min_length=2,
        max_length=2,
        read_only=True,
        help_text="Longitude and latitude.",
    )


class FeatureSerializer(serializers.Serializer):
    """A GeoJSON feature: one result."""

    type = serializers.CharField(read_only=True, help_text="Always `Feature`.")
    id = serializers.UUIDField(read_only=True, help_text="The public id.")
    geometry = PointGeometrySerializer(
        read_only=True, allow_null=True, help_text="The point; null if no point is public."
    )
    properties = serializers.DictField(
        read_only=True,
        help_text="`is_centroid`, and the summary, the document with `detail=true` or the selected "
        "`fields`, under the names of the columns of CSV.",
    )


class FeatureEndSerializer(serializers.Serializer):
    """The end of a complete stream of GeoJSON."""

    count = serializers.IntegerField(read_only=True, help_text="The number of features.")
    without_point = serializers.IntegerField(
        read_only=True, help_text="The number of features without a geometry."
    )
    snapshot = serializers.CharField(read_only=True, help_text="The snapshot of the answer.")


class FeatureCollectionSerializer(serializers.Serializer):
    """All matching results, for a map."""

    type = serializers.CharField(read_only=True, help_text="Always `FeatureCollection`.")
    features = FeatureSerializer(many=True, read_only=True, help_text="The results.")
    end = FeatureEndSerializer(
        read_only=True, help_text="The end; a stream without it is incomplete."
    )


class MatchedTextSerializer(serializers.Serializer):
    """The text of a result that matches `q`."""

    property = serializers.CharField(
        read_only=True,
        help_text="Where it is in the document, such as `names.text`. For a name of another "
        "record, where that is referenced.",
    )
    text = serializers.CharField(read_only=True, help_text="The text, shortened to 200 characters.")


@cache
def describe_document(
    document: type[DocumentSerializer],
    *,
    summary: bool,
    result: bool = False,
    explanation: type[serializers.Serializer] | None = None,
) -> type[serializers.Serializer]:
    """Return the serializer that describes a public document, or its summary.

    As the `result` of a list, each says which of its texts matches the search, and in some lists
    why a scope has found it.
    """
    name = document.__name__.removesuffix("Document") + ("Summary" if summary else "")
    name += "Result" if result else ""
    fields = [f for f in document.Meta.fields if not summary or f in document.summary]
    computed = document.computed().get_fields() if summary else {}
    more = [*ENVELOPE, *computed, *["matched"] * result, *["explanation"] * bool(explanation)]
    attributes = {
        "__doc__": document.__doc__,
        "Meta": type(
            "Meta",
            (),
            {"model": document.Meta.model, "fields": [*fields, *more]},
        ),
    }
    envelope: dict[str, Any] = {
        key: EnvelopeSerializer().fields[key] for key in ENVELOPE
    } | computed
    if result:
        envelope["matched"] = MatchedTextSerializer(
            read_only=True, allow_null=True, help_text="What matches `q`; null without `q`."
        )
    if explanation:
        envelope["explanation"] = explanation(
            many=True,
            read_only=True,
            allow_null=True,
            help_text="The actors that scopes have found here; null without `explain=true`.",
        )
    return type(f"{name}Serializer", (document,), attributes | envelope)


class GrowingWordExtension(OpenApiSerializerFieldExtension):
    """Description of a word of a growing vocabulary: a string, since new words may be added."""

    target_class = "publishing.serializers.GrowingWordField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """Return the schema of the field."""
        return {"type": "string", "x-extensible-enum": list(self.target.choices)}


class PublicSchema(AutoSchema):
    """The description of a public endpoint: its parameters, its answers and its problems."""

    view: Any

    def get_operation_id(self) -> str:
        """Return the name of the operation, such as `actors_list`; it must never change."""
        parts = self.path.split("/")[3:] or ["directory"]
        words = [part for part in parts if part not in PATH]
        if parts[-1] in PATH:
            words.append("get")
        elif "cursor" in self.view.parameters.base_filters and parts[-1] != "documents":
            words.append("list")
        return "_".join(words).removesuffix(".json")

    def get_tags(self) -> list[str]:
        """Return the resource, by which operations are grouped."""
        first, *_ = self.path.split("/")[3:] or ["directory"]
        return [first.removesuffix(".json")]

    def get_auth(self) -> list[dict[str, Any]]:
        """Return no authentication, since all endpoints are anonymous."""
        return []

    def get_summary(self) -> str:
        """Return a sentence: what the operation does."""
        records = getattr(self.view, "records", None) or self.view
        type_name = getattr(records, "type_name", None)
        resource, _, rest = self.path.removeprefix("/api/v1").strip("/").partition("/")
        if type_name and rest in _SUMMARIES:
            return _SUMMARIES[rest].format(resource=resource, type=type_name)
        method = getattr(self.view, getattr(self.view, "action", None) or self.method.lower())
        paragraph, *_ = inspect.cleandoc(method.__doc__).split("\n\n")
        return " ".join(paragraph.split())

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
                "schema": parameter.openapi_schema(),
                "description": parameter.describe()
                + (self._describe_formats() if name == "format" else ""),
            }
            | ({"explode": True, "style": "form"} if parameter.repeatable else {})
            | ({"required": True} if parameter.required else {})
            for name, parameter in self.view.parameters.base_filters.items()
        ]

    def _describe_formats(self) -> str:
        """Return a list of the formats other than JSON, in Markdown."""
        return "".join(
            f"\n\n- `{word}` ({file['mediaType']}): {file['description']}"
            for word, file in self._files().items()
        )

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        answers = {"200": self._ok()}
        problem = self.resolve_serializer(ProblemSerializer, direction).ref
        codes = ["invalid-parameters", "not-acceptable", "too-long", "unavailable"]
        if any(part in PATH for part in self.path.split("/")):
            codes += ["not-found"]
        if self.path.endswith(("{key}", "{version}", "/outline")):
            codes += ["withdrawn"]
        elif {"cursor", "after", "snapshot"} & self.view.parameters.base_filters.keys():
            codes += ["reset"]  # or unknown-snapshot, with the same status
        if {"count", "format", "group_by"} & self.view.parameters.base_filters.keys():
            codes += ["too-many"]
        if self.method == "POST":
            codes += ["length-required", "too-large", "unsupported-media-type", "too-many"]
        for code in sorted(codes, key=lambda code: PROBLEMS[code][0]):
            status, title, _ = PROBLEMS[code]
            answers[str(status)] = {
                "description": title,
                "content": {
                    "application/problem+json": {
                        "schema": problem,
                        "examples": {code: {"$ref": f"#/components/examples/{code}"}},
                    }
                },
            } | _headers(*(["Retry-After"] if status in (429, 503) else []))
        if self.path.endswith(("{key}", "/outline")):
            moved = self.resolve_serializer(MovedSerializer, direction).ref
            answers["308"] = {
                "description": "Merged into another record, at `Location`",
                "content": {"application/json": {"schema": moved}},
            } | _headers("Location")
        if self.method == "GET":
            answers["304"] = {"description": "Nothing has changed"} | _headers("ETag")
        return dict(sorted(answers.items()))

    def _get_request_body(self, direction: Any = "request") -> dict[str, Any] | None:
        if self.method != "POST":
            return None
        content = {"application/json": {"schema": self.view.request_schema(self)}}
        return {"required": True, "content": content}

    def _ok(self) -> dict[str, Any]:
        headers = ["ETag", "Muster-Snapshot"]
        if self.method == "POST":
            headers = ["Muster-Snapshot", "Muster-Published"]
        elif {"cursor", "after", "snapshot"} & self.view.parameters.base_filters.keys():
            headers += ["Muster-Published", "Link"]
        else:
            headers += ["Link"]
        answer = {
            "description": "OK",
            "content": {"application/json": {"schema": self._answer()}},
        }
        if files := self._files():
            answer["description"] = "OK. With another `format`, the answer is a file: see there."
            answer["x-formats"] = files
        return answer | _headers(*headers)

    def _files(self) -> dict[str, Any]:
        """Describe the formats other than JSON, by the words of the parameter `format`.

        They are not further contents of the answer, because these are not typed by a parameter:
        typed clients would then have to take every page for a text as well.
        """
        files: dict[str, Any] = {
            renderer.format: {
                "mediaType": renderer.media_type,
                "description": text,
                "schema": {"type": "string"},
            }
            for renderer in self.view.get_renderers()
            if (text := getattr(renderer, "description", None))
        }
        if features := files.get("geojson"):
            collection = self.resolve_serializer(FeatureCollectionSerializer, "response")
            features["schema"] = collection.ref
        return files

    def _answer(self) -> dict[str, Any]:
        if hasattr(self.view, "response_schema"):
            return self.view.response_schema(self)
        if serializer := getattr(self.view, "serializer_class", None):
            return self.resolve_serializer(serializer, "response").ref
        serializer = describe_document(self.view.document, summary=False)
        document = self.resolve_serializer(serializer, "response")
        if "{key}" in self.path:
            return document.ref
        summary = not self.path.endswith("/documents")
        serializer = describe_document(
            self.view.document,
            summary=summary,
            result=True,
            explanation=self.view.explanation,
        )
        result = self.resolve_serializer(serializer, "response")
        return self.page(
            f"{document.name}Page" if summary else f"{document.name}DocumentPage",
            f"A page of {self.path.split('/')[3]}.",
            result.ref,
            "Summaries." if summary else "Documents.",
        )

    def page(
        self, name: str, text: str, items: dict[str, Any], description: str = "The results."
    ) -> dict[str, Any]:
        """Return the reference to a component that describes a page."""
        properties = {
            "results": {"type": "array", "items": items, "description": description},
            "next": _NEXT,
            "snapshot": _SNAPSHOT,
            "count": {
                "type": ["integer", "null"],
                "description": "The number of all matching results; null without `count=true`.",
            },
            "warnings": self._warnings(),
        }
        return self.component(name, text, properties)

    def _warnings(self) -> dict[str, Any]:
        warning = self.resolve_serializer(WarningSerializer, "response")
        return {"type": "array", "items": warning.ref, "description": WARNINGS}

    def lookup(
        self, name: str, text: str, summary: dict[str, Any], match: dict[str, Any]
    ) -> dict[str, Any]:
        """Return the reference to a component that describes the answer to a lookup."""
        properties = {
            "results": {
                "type": "array",
                "items": summary,
                "description": "Summaries, each once, in the order of the list by default.",
            },
            "matches": {
                "type": "array",
                "items": match,
                "description": "The records that keys lead to, in the order of the keys.",
            },
            "snapshot": _SNAPSHOT | {"description": "The snapshot of the answer."},
            "warnings": self._warnings(),
        }
        return self.component(name, text, properties)

    def list_of(
        self,
        name: str,
        text: str,
        items: dict[str, Any],
        description: str,
        *,
        warnings: bool = False,
    ) -> dict[str, Any]:
        """Return the reference to a component that describes an answer without further pages."""
        results = {"type": "array", "items": items, "description": description}
        properties = {"results": results, "snapshot": _SNAPSHOT}
        if warnings:
            properties["warnings"] = self._warnings()
        return self.component(name, text, properties)

    def feed(self, serializer: Any) -> dict[str, Any]:
        """Return the reference to a component that describes a page of changes."""
        change = self.resolve_serializer(serializer, "response")
        mapping = {}
        for word, registration in record_types().items():
            document = self.resolve_serializer(
                describe_document(registration.serializer_class, summary=False), "response"
            )
            text = "The document of this edition; null without `documents=true`, and if the "
            text += "record is not public after it."
            properties = change.schema["properties"] | {
                "type": {"type": "string", "enum": [word], "description": "The type."},
                "document": {"anyOf": [document.ref, {"type": "null"}], "description": text},
            }
            text = f"A change of one {word}: an edition."
            name = f"{document.name}Change"
            mapping[word] = self.component(name, text, properties)["$ref"]
        change.schema = {
            "description": "An edition: a change of one record. `type` says which.",
            "oneOf": [{"$ref": reference} for reference in mapping.values()],
            "discriminator": {"propertyName": "type", "mapping": mapping},
        }
        return self.component(
            "ChangePage",
            "A page of the feed.",
            {
                "results": {
                    "type": "array",
                    "items": change.ref,
                    "description": "Editions, in commit order unless `sort` is `newest`.",
                },
                "next": _NEXT,
                "snapshot": _SNAPSHOT,
                "warnings": self._warnings(),
            },
        )

    def component(
        self,
        name: str,
        text: str,
        properties: dict[str, Any],
        required: Iterable[str] | None = None,
    ) -> dict[str, Any]:
        """Return the reference to a new component that describes an object.

        Unless others are `required`, all its properties are.
        """
        component = ResolvedComponent(
            name=name,
            type=ResolvedComponent.SCHEMA,
            object=name,
            schema={
                "type": "object",
                "description": text,
                "properties": properties,
                "required": list(properties if required is None else required),
            },
        )
        self.registry.register_on_missing(component)
        return component.ref
