"""Releases: named snapshots with checksums of their exports."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import exports
from api.filters import PageFilters, PageFilterSet
from api.filtersets import StrictFilterSet
from api.pagination import Cursor, Sort
from api.problems import Problem
from api.schema import PublicSchema
from api.snapshots import Pin
from api.views import PublicView, envelope
from publishing import documents, publication
from publishing.codes import EditionKind
from publishing.models import Edition, Release
from publishing.models.release import NAME
from publishing.registry import record_types
from publishing.serializers import GrowingWordField


class ReleaseFilterSet(PageFilterSet):
    """The parameters of /releases."""

    groups = (PageFilters,)
    order = Sort(("published_at",), True)


class ExportSerializer(serializers.Serializer):
    """The export of all records of one resource in a release, in one format."""

    resource = serializers.CharField(read_only=True, help_text="The resource.")
    format = serializers.CharField(read_only=True, help_text="ndjson, csv or geojson.")
    count = serializers.IntegerField(read_only=True, help_text="The number of records.")
    size = serializers.IntegerField(read_only=True, help_text="The size of the export, in bytes.")
    sha256 = serializers.CharField(
        read_only=True,
        help_text="The SHA-256 of the export when the release was made. Later redactions change "
        "the export.",
    )
    address = serializers.URLField(
        read_only=True,
        help_text="The address of the export: documents as NDJSON, or summaries as CSV or as "
        "GeoJSON with centroids.",
    )


class ReleaseChangeSerializer(serializers.Serializer):
    """The number of changes of a resource since the previous release, by kind."""

    resource = serializers.CharField(read_only=True, help_text="The resource.")
    kind = GrowingWordField(EditionKind.choices, read_only=True, help_text="The kind of change.")
    editions = serializers.IntegerField(read_only=True, help_text="The number of editions.")


class RedactionSerializer(serializers.Serializer):
    """A redaction after a release was made."""

    type = serializers.CharField(read_only=True, help_text="The type of the record.")
    id = serializers.UUIDField(read_only=True, help_text="The public id of the record.")
    redacted = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        allow_null=True,
        help_text="The paths that were removed.",
    )
    published_at = serializers.DateTimeField(read_only=True, help_text="When they were removed.")


class ReleaseSerializer(serializers.Serializer):
    """A named snapshot of the public record, to cite, to read and to verify."""

    name = serializers.CharField(
        read_only=True, help_text="The name, for the parameter `release` of lists and records."
    )
    published_at = serializers.DateTimeField(read_only=True, help_text="When the release was made.")
    snapshot = serializers.CharField(read_only=True, help_text="The snapshot that it names.")
    note = serializers.CharField(read_only=True, allow_null=True, help_text="A note for readers.")
    licence = serializers.CharField(read_only=True, help_text="The licence of its data.")
    citation = serializers.CharField(read_only=True, help_text="The text to cite it by.")
    before = serializers.CharField(
        read_only=True, allow_null=True, help_text="The name of the previous release."
    )
    exports = ExportSerializer(many=True, read_only=True, help_text="The exports, with checksums.")
    changes = ReleaseChangeSerializer(
        many=True, read_only=True, help_text="The changes since the previous release."
    )
    redactions = RedactionSerializer(
        many=True,
        read_only=True,
        help_text="The redactions since then that were not undone. An export that they change has "
        "another SHA-256.",
    )


class ReleaseListView(PublicView):
    """All releases, the newest first."""

    filterset_class = ReleaseFilterSet

    def find_basis(self, request: Request) -> None:
        """Return nothing: the number of releases is read later."""

    def get(self, request: Request) -> Any:
        """Return a page of releases."""
        filters = ReleaseFilterSet(request)
        after = filters.after
        state = self.resolve(Pin(after.snapshot) if after else Pin())
        releases = Release.objects.order_by("-published_at")
        total = releases.count()

        def body() -> tuple[bytes, str | None]:
            limit = filters.params["limit"]
            rest = releases.filter(published_at__lt=after.keys[0]) if after else releases
            page = list(rest[: limit + 1])
            link = None
            if len(page) > limit:
                keys = [page[limit - 1].published_at]
                link = self.next(request, Cursor(state.snapshot, keys, filters.digest()))
            since = _redactions(min((release.seq for release in page), default=0))
            texts = [documents.dump(_to_json(request, release, since)) for release in page[:limit]]
            count = total if filters.params["count"] else None
            return envelope(texts, link, state.snapshot, count), link

        return self.answer(request, state._replace(pinned=False), body, more=total)

    def response_schema(self, schema: PublicSchema) -> dict[str, Any]:
        """Return the schema of the answer."""
        release = schema.resolve_serializer(ReleaseSerializer, "response")
        return schema.page("ReleasePage", "A page of releases.", release.ref)


class ReleaseView(PublicView):
    """One release."""

    filterset_class = StrictFilterSet
    serializer_class = ReleaseSerializer

    def find_basis(self, request: Request) -> None:
        """Return nothing: the release is read later."""

    def get(self, request: Request, name: str) -> Response:
        """Return one release."""
        StrictFilterSet(request)
        is_name = re.fullmatch(NAME, name, re.ASCII)
        release = Release.objects.filter(name=name).first() if is_name else None
        if release is None:
            raise Problem("not-found")
        state = self.resolve(Pin())

        def body() -> tuple[bytes, None]:
            return documents.dump(_to_json(request, release, _redactions(release.seq))), None

        return self.answer(request, state, body, served=release.snapshot)


def _redactions(seq: int) -> list[Edition]:
    """Return the redactions after a snapshot that were not undone."""
    return Edition.objects.filter(seq__gt=seq).redactions_in_force()


def _to_json(request: Request, release: Release, redactions: list[Edition]) -> dict[str, Any]:
    """Return a release as the API shows it. `redactions` may begin with those before it."""
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
                    f"{urlencode({'release': release.name} | exports.export_params(format_))}"
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


def make_release(
    name: str,
    note: str,
    check_note: Callable[[str], None],
    step: Callable[[int], object] = lambda number: None,
) -> Release:
    """Make a release of the newest snapshot, with the size and checksum of every export.

    Every export is read once, in constant memory; `step` is called with the number of records that
    were just read. Only the row of the release is written. Raises ValidationError if the name is
    malformed or taken or nothing is published yet, and whatever `check_note` raises.
    """
    check_note(note)
    snapshot = Edition.objects.newest_snapshot()
    before = Release.objects.order_by("-published_at").first()
    release = Release(
        name=name,
        seq=snapshot.seq,
        hash=snapshot.hash,
        published_at=publication.read_clock(),
        licence=settings.LICENCE,
        note=note.strip(),
        before=before.name if before else "",
    )
    release.full_clean(validate_constraints=False)
    for word, registration in record_types().items():
        entries = registration.entry.objects.at(snapshot.seq)
        release.exports[f"{word}s"] = {
            "count": entries.count(),
            "formats": {
                format_: _digest(exports.export(format_, entries, snapshot), format_, step)
                for format_ in exports.formats(registration.serializer)
            },
        }
    release.changes = _changes(before.seq if before else 0, snapshot.seq)
    release.save(force_insert=True)
    return release


def _digest(pieces: Iterator[bytes], format_: str, step: Callable[[int], object]) -> dict[str, Any]:
    """Return the size and the SHA-256 of an export."""
    size, sha256 = 0, hashlib.sha256()
    for number, piece in enumerate(pieces):
        size += len(piece)
        sha256.update(piece)
        if number or format_ == "ndjson":  # one piece of the others is the header or the end
            step(1)
    return {"size": size, "sha256": sha256.hexdigest()}


def _changes(after: int, until: int) -> dict[str, Any]:
    """Return the number of editions between two snapshots, by resource and kind."""
    editions = Edition.objects.filter(seq__gt=after, seq__lte=until)
    counts = editions.order_by("type", "kind").values_list("type", "kind")
    changes: dict[str, Any] = defaultdict(Counter)
    for type_, kind, number in counts.annotate(number=Count("seq")):
        changes[f"{type_}s"][kind] = number
    return changes
