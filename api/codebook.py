"""`/codebook`: the properties of all documents, from the help texts of their columns."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.filtersets import StrictFilterSet
from api.selections import list_computed, list_properties
from api.snapshots import Pin
from api.views import PublicView
from publishing import completion, documents
from publishing.registry import record_types
from publishing.tables import Column


class PropertySerializer(serializers.Serializer):
    """A property of the documents of a resource."""

    resource = serializers.CharField(read_only=True, help_text="The resource.")
    path = serializers.CharField(
        read_only=True,
        help_text="The path in the document, with [] after a list. What depends on other records, "
        "such as `sources` of incidents, is in summaries alone.",
    )
    type = serializers.CharField(
        read_only=True, help_text="object, string, boolean, integer, number, date or datetime."
    )
    nullable = serializers.BooleanField(
        read_only=True, help_text="Whether it may be null, which means unknown."
    )
    in_summary = serializers.BooleanField(
        read_only=True, help_text="Whether summaries, and therefore CSV, contain it too."
    )
    meaning = serializers.CharField(read_only=True, help_text="The meaning.")
    words = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="The possible words, if it is a word of a vocabulary.",
    )
    grows = serializers.BooleanField(
        read_only=True, help_text="Whether new words may be added within v1 of the API."
    )


class CodebookSerializer(serializers.Serializer):
    """The properties of all documents."""

    properties = PropertySerializer(many=True, read_only=True, help_text="The properties.")


class CodebookView(PublicView):
    """The properties of all documents, with their types and meanings."""

    filterset_class = StrictFilterSet
    serializer_class = CodebookSerializer

    def get(self, request: Request) -> Response:
        """Return the codebook."""
        StrictFilterSet(request)
        state = self.resolve(Pin())
        return self.answer(request, state, lambda: (_codebook(), None))


@cache
def _codebook() -> bytes:
    rows = [
        row for word, model in record_types().items() for row in _rows(f"{word}s", model.serializer)
    ]
    return documents.dump({"properties": rows})


def _rows(resource: str, serializer: Any) -> Iterator[dict[str, Any]]:
    listed = (*serializer.summary, *list_computed(serializer))
    for name, known in list_properties(serializer).items():
        for row in _below((known,)):
            yield {"resource": resource} | row | {"in_summary": name in listed}


def _below(steps: tuple[completion.Property, ...]) -> Iterator[dict[str, Any]]:
    column, last = Column("", steps), steps[-1]
    yield {
        "path": column.path,
        "type": "object" if last.inner else column.value_type,
        "nullable": last.nullable,
        "meaning": last.meaning,
        "words": column.words,
        "grows": column.grows,
    }
    if last.inner:
        for inner in completion.properties(last.inner).values():
            yield from _below((*steps, inner))
