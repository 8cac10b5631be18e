"""The data package: a description of the CSV exports of all resources (Frictionless v1).

Each resource is a table, and so is each part of its documents, with a foreign key to the resource.
References to other records are no foreign keys: a record that was withdrawn is in no table.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import exports
from api.filters import DetailFilterSet
from api.parts import Part, list_parts
from api.selections import Selection
from api.snapshots import PublicState
from api.views import PublicView
from publishing import documents
from publishing.registry import Registration, record_types
from publishing.tables import Column

_DIALECT = {
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "skipInitialSpace": False,
    "header": True,
}
_JOINED = r"The values of a list, joined by |; within a value, | is written \| and \ is written \\."
_JSON = "Each value is itself a list, as JSON."


class LicenceSerializer(serializers.Serializer):
    """A licence of the data."""

    name = serializers.CharField(read_only=True, help_text="The short name, as in SPDX.")
    title = serializers.CharField(read_only=True, help_text="The name.")


class ColumnSerializer(serializers.Serializer):
    """A column of a table."""

    name = serializers.CharField(read_only=True, help_text="The name, as in the header row.")
    title = serializers.CharField(read_only=True, help_text="The name in words.")
    description = serializers.CharField(read_only=True, help_text="The meaning.")
    type = serializers.CharField(read_only=True, help_text="The type, as in Table Schema.")
    format = serializers.CharField(read_only=True, help_text="The format of the type.")
    constraints = serializers.DictField(
        read_only=True, help_text="What every cell satisfies: required, unique, enum."
    )
    path = serializers.CharField(
        read_only=True, help_text="The path in the JSON, with [] after a list."
    )
    words = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="The possible words of one value. If `constraints` has no enum, new words may be "
        "added, or a cell holds several values.",
    )


class ReferencedTableSerializer(serializers.Serializer):
    """The columns that a foreign key refers to."""

    resource = serializers.CharField(read_only=True, help_text="The name of the other table.")
    fields = serializers.ListField(  # type: ignore[assignment]
        child=serializers.CharField(), read_only=True, help_text="Its columns."
    )


class ForeignKeySerializer(serializers.Serializer):
    """Columns whose values are those of columns of another table."""

    fields = serializers.ListField(  # type: ignore[assignment]
        child=serializers.CharField(), read_only=True, help_text="The columns."
    )
    reference = ReferencedTableSerializer(read_only=True, help_text="Where the values are.")


class TableSchemaSerializer(serializers.Serializer):
    """The columns of a table."""

    fields = ColumnSerializer(  # type: ignore[assignment]
        many=True, read_only=True, help_text="The columns, in order."
    )
    primaryKey = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="The columns that identify a row together.",
    )
    foreignKeys = ForeignKeySerializer(
        many=True,
        read_only=True,
        help_text="The rows of other tables that a row belongs to; none for records.",
    )
    missingValues = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="The texts that mean null."
    )


class TableSerializer(serializers.Serializer):
    """The export of one resource, or of one part of its documents."""

    name = serializers.CharField(
        read_only=True, help_text="The resource, or the resource and the part: incidents-weapons."
    )
    title = serializers.CharField(read_only=True, help_text="The same in words.")
    description = serializers.CharField(read_only=True, help_text="The meaning of its rows.")
    profile = serializers.CharField(read_only=True, help_text="The kind of this description.")
    path = serializers.URLField(
        read_only=True, help_text="The address of the export at the snapshot."
    )
    format = serializers.CharField(read_only=True, help_text="csv.")
    mediatype = serializers.CharField(read_only=True, help_text="text/csv.")
    encoding = serializers.CharField(read_only=True, help_text="utf-8.")
    dialect = serializers.DictField(read_only=True, help_text="The syntax of the CSV.")
    schema = TableSchemaSerializer(read_only=True, help_text="Its columns.")


class DataPackageSerializer(serializers.Serializer):
    """The CSV exports of all resources at one snapshot, as a Frictionless data package."""

    name = serializers.CharField(
        read_only=True, help_text="The name of this database, as an identifier."
    )
    title = serializers.CharField(read_only=True, help_text="The name of this database.")
    description = serializers.CharField(read_only=True, help_text="A description of the data.")
    profile = serializers.CharField(read_only=True, help_text="The kind of this description.")
    version = serializers.CharField(
        read_only=True, help_text="The snapshot that the package describes."
    )
    homepage = serializers.URLField(read_only=True, help_text="The address of this server.")
    licenses = LicenceSerializer(many=True, read_only=True, help_text="The licences.")
    resources = TableSerializer(many=True, read_only=True, help_text="The tables.")


class DataPackageView(PublicView):
    """A description of the CSV exports of all resources at one snapshot."""

    filterset_class = DetailFilterSet
    serializer_class = DataPackageSerializer

    def get(self, request: Request) -> Response:
        """Return a Frictionless data package of the CSV exports at one snapshot."""
        state = self.resolve(DetailFilterSet(request).pin)
        return self.answer(request, state, lambda: (_package(request, state), None))


def _package(request: Request, state: PublicState) -> bytes:
    package = {
        "name": re.sub("[^a-z0-9._-]+", "-", settings.NAME.lower()).strip("-") or "muster",
        "title": settings.NAME,
        "description": "Armed actors, their affiliations and the incidents they are involved in.",
        "profile": "tabular-data-package",
        "version": str(state.snapshot),
        "homepage": request.build_absolute_uri("/"),
        "licenses": [
            {
                "name": re.sub("[^A-Za-z0-9._-]+", "-", settings.LICENCE),
                "title": settings.LICENCE,
            }
        ],
        "resources": [
            table
            for registration in record_types().values()
            for table in _tables(request, registration, state)
        ],
    }
    return documents.dump(package)


def _tables(
    request: Request, registration: Registration, state: PublicState
) -> Iterator[dict[str, Any]]:
    """Yield the table of a resource, and those of the parts of its documents."""
    serializer = registration.serializer
    yield _table(request, registration, type(serializer), state, None)
    for part in list_parts(serializer, registration.name).values():
        yield _table(request, registration, part.described_by, state, part)


def _table(
    request: Request,
    registration: Registration,
    described_by: type,
    state: PublicState,
    part: Part | None,
) -> dict[str, Any]:
    resource = f"{registration.name}s"
    pin = {"snapshot": str(state.snapshot)} | exports.export_params("csv")
    query = urlencode(pin | ({"part": part.name} if part else {}))
    name = f"{resource}-{part.name}" if part else resource
    columns = Selection(registration, part=part and part.name).columns
    return {
        "name": name,
        "title": name.replace("-", ": ").replace("_", " ").capitalize(),
        "description": (described_by.__doc__ or "").splitlines()[0],
        "profile": "tabular-data-resource",
        "path": request.build_absolute_uri(f"{reverse(f'{resource}-list')}?{query}"),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": _DIALECT,
        "schema": {
            "fields": [_field(column, is_key=part is None) for column in columns],
            "primaryKey": [part.record, "row"] if part else ["id"],
            "foreignKeys": list(_foreign_keys(resource, part)) if part else [],
            "missingValues": [""],
        },
    }


def _foreign_keys(resource: str, part: Part) -> Iterator[dict[str, Any]]:
    """Yield the key of the record of a row, and that of the row that it belongs to.

    A row that may belong to rows of several tables has no such key.
    """
    yield {"fields": [part.record], "reference": {"resource": resource, "fields": ["id"]}}
    if part.parent:
        yield {
            "fields": [part.record, "part_row"],
            "reference": {
                "resource": f"{resource}-{part.parent}",
                "fields": [part.record, "row"],
            },
        }


def _field(column: Column, *, is_key: bool) -> dict[str, Any]:
    """Return the description of a column; with `is_key`, `id` identifies the row."""
    constraints: dict[str, Any] = {"required": column.required}
    if is_key and column.name == "id":
        constraints["unique"] = True
    if column.words and not column.grows and not column.many:
        constraints["enum"] = column.words
    text = column.many or column.type == "json"
    description = [column.meaning, _JOINED * column.many, _JSON * (column.type == "json")]
    return {
        "name": column.name,
        "title": column.name.replace("_", " ").capitalize(),
        "description": " ".join(filter(None, description)),
        "type": "string" if text else column.type,
        "format": "any" if column.type == "datetime" and not text else "default",
        "constraints": constraints,
        "path": column.path,
        "words": column.words,
    }
