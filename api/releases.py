"""Releases: named snapshots, with what each held, how to cite it, and what was redacted since."""

import re
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import exports as streams
from api import snapshots
from api.filters import PageFilters
from api.filtersets import Strict
from api.ordering import Sort
from api.pagination import Cursor
from api.problems import Problem
from api.schema import PublicSchema
from api.snapshots import Pin
from api.views import PublicView, envelope
from publishing import documents
from publishing.codes import EditionKind
from publishing.models import Edition, Release
from publishing.models.release import NAME
from publishing.registry import record_types

_NEWEST = Sort(("published_at",), True)


class ReleaseFilters(PageFilters):
    """The parameters of /releases."""

    def order(self, asked: dict[str, Any]) -> Sort:
        return _NEWEST


class ExportSerializer(serializers.Serializer):
    """All records of one resource as a release held them, in one format."""

    resource = serializers.CharField(read_only=True, help_text="The resource.")
    format = serializers.CharField(read_only=True, help_text="ndjson, csv or geojson.")
    count = serializers.IntegerField(read_only=True, help_text="How many records there are.")
    size = serializers.IntegerField(read_only=True, help_text="The size of the export, in bytes.")
    sha256 = serializers.CharField(
        read_only=True,
        help_text="The SHA-256 of the export when the release was made; what was redacted since "
        "makes it another.",
    )
    address = serializers.URLField(
        read_only=True,
        help_text="Where the export is: documents as NDJSON, summaries as CSV, or as GeoJSON with "
        "centroids.",
    )


class ReleaseChangeSerializer(serializers.Serializer):
    """What became of a resource since the release before."""

    resource = serializers.CharField(read_only=True, help_text="The resource.")
    kind = serializers.ChoiceField(
        EditionKind.choices, read_only=True, help_text="What became of records."
    )
    editions = serializers.IntegerField(read_only=True, help_text="How many times.")


class RedactionSerializer(serializers.Serializer):
    """What was removed from the past after a release was made."""

    type = serializers.CharField(read_only=True, help_text="The type of the record.")
    id = serializers.UUIDField(read_only=True, help_text="The public id of the record.")
    redacted = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        allow_null=True,
        help_text="The paths of what was removed.",
    )
    published_at = serializers.DateTimeField(read_only=True, help_text="When it was removed.")


class ReleaseSerializer(serializers.Serializer):
    """A named state of the public record, to be cited, asked for and checked by."""

    name = serializers.CharField(
        read_only=True, help_text="Its name: `release=` of every list and detail takes it."
    )
    published_at = serializers.DateTimeField(read_only=True, help_text="When it was made.")
    snapshot = serializers.CharField(read_only=True, help_text="The snapshot that it names.")
    note = serializers.CharField(
        read_only=True, allow_null=True, help_text="What readers are told about it."
    )
    licence = serializers.CharField(read_only=True, help_text="Under which its data may be used.")
    citation = serializers.CharField(read_only=True, help_text="How to cite it.")
    before = serializers.CharField(
        read_only=True, allow_null=True, help_text="The name of the release before it."
    )
    exports = ExportSerializer(many=True, read_only=True, help_text="What it held.")
    changes = ReleaseChangeSerializer(
        many=True, read_only=True, help_text="What changed since the release before it."
    )
    redactions = RedactionSerializer(
        many=True,
        read_only=True,
        help_text="What was removed from it since: such exports differ from their SHA-256.",
    )


class ReleaseListView(PublicView):
    """Every release, the newest first."""

    filterset_class = ReleaseFilters

    def get(self, request: Request) -> Any:
        """Answer a page of releases."""
        filters = ReleaseFilters(request)
        after = filters.after
        state = snapshots.resolve(Pin(after.snapshot) if after else Pin())
        releases = Release.objects.order_by("-published_at")
        made = releases.count()

        def body() -> tuple[bytes, str | None]:
            limit = filters.asked["limit"]
            rest = releases.filter(published_at__lt=after.keys[0]) if after else releases
            found = list(rest[: limit + 1])
            link = None
            if len(found) > limit:
                keys = [found[limit - 1].published_at]
                link = self.next(request, Cursor(state.snapshot, keys, filters.digest()))
            since = _redactions(min((release.seq for release in found), default=0))
            texts = [documents.dump(_told(request, release, since)) for release in found[:limit]]
            count = made if filters.asked["count"] else None
            return envelope(texts, link, state.snapshot, count), link

        return self.answer(request, state._replace(pinned=False), body, more=made)

    def described(self, schema: PublicSchema) -> dict[str, Any]:
        """Return the schema of the answer."""
        release = schema.resolve_serializer(ReleaseSerializer, "response")
        return schema.page("ReleasePage", "A page of releases.", release.ref)


class ReleaseView(PublicView):
    """One release."""

    filterset_class = Strict

    def get(self, request: Request, name: str) -> Response:
        """Answer a release."""
        Strict(request)
        named = Release.objects.filter(name=name) if re.fullmatch(NAME, name, re.ASCII) else None
        release = named.first() if named is not None else None
        if release is None:
            raise Problem("not-found")
        state = snapshots.resolve(Pin())

        def body() -> tuple[bytes, None]:
            return documents.dump(_told(request, release, _redactions(release.seq))), None

        return self.answer(request, state, body, served=release.snapshot)

    def described(self, schema: PublicSchema) -> dict[str, Any]:
        """Return the schema of the answer."""
        return schema.resolve_serializer(ReleaseSerializer, "response").ref


def _redactions(seq: int) -> QuerySet:
    redacted = Edition.objects.filter(kind=EditionKind.REDACT, seq__gt=seq).order_by("seq")
    return redacted.only("type", "record", "redacted", "published_at")


def _told(request: Request, release: Release, redactions: QuerySet) -> dict[str, Any]:
    """Return a release; `redactions` are those since it, or since an older one."""
    resources = [f"{word}s" for word in record_types()]
    address = request.build_absolute_uri(reverse("releases-get", args=[release.name]))
    return {
        "name": release.name,
        "published_at": release.published_at,
        "snapshot": str(release.snapshot),
        "note": release.note or None,
        "licence": release.licence,
        "citation": f"{settings.NAME}, release {release.name}, "
        f"{release.published_at:%Y-%m-%d}. {address}. {release.licence}.",
        "before": release.before or None,
        "exports": [
            {
                "resource": resource,
                "format": format_,
                "count": release.exports[resource]["count"],
                "size": export["size"],
                "sha256": export["sha256"],
                "address": request.build_absolute_uri(
                    f"{reverse(f'{resource}-list')}?"
                    f"{urlencode({'release': release.name} | streams.asked(format_))}"
                ),
            }
            for resource in resources
            if resource in release.exports
            for format_, export in release.exports[resource]["formats"].items()
        ],
        "changes": [
            {"resource": resource, "kind": kind, "editions": release.changes[resource][kind]}
            for resource in resources
            for kind in EditionKind.values
            if kind in release.changes.get(resource, {})
        ],
        "redactions": [
            {
                "type": redaction.type,
                "id": redaction.record,
                "redacted": redaction.redacted,
                "published_at": redaction.published_at,
            }
            for redaction in redactions
            if redaction.seq > release.seq
        ],
    }
