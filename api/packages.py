"""The data package: what the CSV exports of all resources at a snapshot hold (Frictionless v1)."""

import re
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import exports, snapshots
from api.filters import DetailFilters
from api.schema import PublicSchema
from api.snapshots import PublicState
from api.tables import Column, columns
from api.views import PublicView
from publishing import documents
from publishing.registry import record_types

_DIALECT = {
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "skipInitialSpace": False,
    "header": True,
}
_JOINED = r"The values of a list, joined by |; in a value | is written \|, and \ is written \\."
_JSON = "Each value is a list of its own, as JSON."


class LicenceSerializer(serializers.Serializer):
    """Under which the data may be used."""

    name = serializers.CharField(read_only=True, help_text="Its short name, as SPDX writes it.")
    title = serializers.CharField(read_only=True, help_text="Its name.")


class ColumnSerializer(serializers.Serializer):
    """A column of a table."""

    name = serializers.CharField(read_only=True, help_text="What its head says.")
    title = serializers.CharField(read_only=True, help_text="The same in words.")
    description = serializers.CharField(read_only=True, help_text="What it tells.")
    type = serializers.CharField(read_only=True, help_text="The type, as Table Schema names it.")
    format = serializers.CharField(read_only=True, help_text="The format of the type.")
    constraints = serializers.DictField(
        read_only=True, help_text="What holds of every cell: required, unique, enum."
    )
    path = serializers.CharField(
        read_only=True, help_text="Where it stands in the JSON, with [] behind a list."
    )
    words = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="The words that one value may be; where `constraints` has no enum, more may come "
        "or they are joined.",
    )


class TableSchemaSerializer(serializers.Serializer):
    """The columns of a table."""

    fields = ColumnSerializer(  # type: ignore[assignment]
        many=True, read_only=True, help_text="The columns, in order."
    )
    primaryKey = serializers.CharField(
        read_only=True, help_text="The column that no two rows share."
    )
    missingValues = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="What stands for null."
    )


class TableSerializer(serializers.Serializer):
    """The export of one resource."""

    name = serializers.CharField(read_only=True, help_text="The resource.")
    title = serializers.CharField(read_only=True, help_text="The resource, in words.")
    description = serializers.CharField(read_only=True, help_text="What its rows are.")
    profile = serializers.CharField(read_only=True, help_text="What kind of description this is.")
    path = serializers.URLField(read_only=True, help_text="Where the export is, at the snapshot.")
    format = serializers.CharField(read_only=True, help_text="csv.")
    mediatype = serializers.CharField(read_only=True, help_text="text/csv.")
    encoding = serializers.CharField(read_only=True, help_text="utf-8.")
    dialect = serializers.DictField(read_only=True, help_text="How the CSV is written.")
    schema = TableSchemaSerializer(read_only=True, help_text="Its columns.")


class DataPackageSerializer(serializers.Serializer):
    """The CSV exports of all resources at one snapshot, as a Frictionless data package."""

    name = serializers.CharField(read_only=True, help_text="What this database is called.")
    title = serializers.CharField(read_only=True, help_text="The same, for people.")
    description = serializers.CharField(read_only=True, help_text="What this is.")
    profile = serializers.CharField(read_only=True, help_text="What kind of description this is.")
    version = serializers.CharField(
        read_only=True, help_text="The snapshot that the package describes."
    )
    homepage = serializers.URLField(read_only=True, help_text="Where it comes from.")
    licenses = LicenceSerializer(many=True, read_only=True, help_text="The licences.")
    resources = TableSerializer(many=True, read_only=True, help_text="The tables.")


class DataPackageView(PublicView):
    """What the CSV exports of all resources at a snapshot hold."""

    filterset_class = DetailFilters

    def get(self, request: Request) -> Response:
        """Answer a Frictionless data package of the CSV exports at one snapshot."""
        state = snapshots.resolve(DetailFilters(request).pin)
        return self.answer(request, state, lambda: (_package(request, state), None))

    def described(self, schema: PublicSchema) -> dict[str, Any]:
        """Return the schema of the answer."""
        return schema.resolve_serializer(DataPackageSerializer, "response").ref


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
            _table(request, f"{word}s", model.serializer, state)
            for word, model in record_types().items()
        ],
    }
    return documents.dump(package)


def _table(request: Request, resource: str, serializer: Any, state: PublicState) -> dict[str, Any]:
    query = urlencode({"snapshot": str(state.snapshot)} | exports.asked("csv"))
    return {
        "name": resource,
        "title": resource.capitalize(),
        "description": (type(serializer).__doc__ or "").splitlines()[0],
        "profile": "tabular-data-resource",
        "path": request.build_absolute_uri(f"{reverse(f'{resource}-list')}?{query}"),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": _DIALECT,
        "schema": {
            "fields": [_field(column) for column in columns(serializer)],
            "primaryKey": "id",
            "missingValues": [""],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": column.required}
    if column.name == "id":
        constraints["unique"] = True
    if column.words and not column.grows and not column.many:
        constraints["enum"] = column.words
    text = column.many or column.type == "json"
    told = [column.meaning, _JOINED * column.many, _JSON * (column.type == "json")]
    return {
        "name": column.name,
        "title": column.name.replace("_", " ").capitalize(),
        "description": " ".join(filter(None, told)),
        "type": "string" if text else column.type,
        "format": "any" if column.type == "datetime" and not text else "default",
        "constraints": constraints,
        "path": column.path,
        "words": column.words,
    }
