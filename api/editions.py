"""The editions of a record: how it read at each publication."""

import re
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import snapshots
from api.filters import DetailFilters, PinnedPageFilters
from api.ordering import Sort
from api.pagination import Cursor
from api.parameters import Flag
from api.problems import Problem
from api.schema import PublicSchema, described
from api.snapshots import Pin
from api.views import PublicView, RecordView, envelope, named
from publishing import completion, documents
from publishing.codes import EditionKind
from publishing.models import Edition

_BY_VERSION = Sort(("version",), False)


class EditionFilters(PinnedPageFilters):
    """The parameters of the editions of a record."""

    refresh = Flag("Whether to tell of refreshes too.", default=False)

    def order(self, asked: dict[str, Any]) -> Sort:
        return _BY_VERSION


class EditionSerializer(serializers.Serializer):
    """One publication of a record."""

    version = serializers.IntegerField(
        read_only=True, help_text="Counts the editions of this record from 1."
    )
    kind = serializers.ChoiceField(
        EditionKind.choices, read_only=True, help_text="What became of the record."
    )
    published_at = serializers.DateTimeField(read_only=True, help_text="When it was published.")
    edited_at = serializers.DateTimeField(
        read_only=True, help_text="When its text was published; refreshes do not count."
    )
    snapshot = serializers.CharField(read_only=True, help_text="Its snapshot in the public record.")
    note = serializers.CharField(
        read_only=True, allow_null=True, help_text="What readers are told of the reason."
    )


class RecordEditionsView(PublicView):
    """What is told of the editions of one type of record."""

    records: ClassVar[Any] = None
    """The view of the records."""

    def editions(self, pin: Pin, key: str) -> QuerySet:
        """Return the editions of a record up to the snapshot, found by public id or slug."""
        return pin.up_to(Edition.objects.filter(named(self.records.type_name, key)))


class EditionListView(RecordEditionsView):
    """The editions of a record, in order, also after its withdrawal."""

    filterset_class = EditionFilters

    def get(self, request: Request, key: str) -> Any:
        """Answer a page of editions."""
        filters = EditionFilters(request)
        state = snapshots.resolve(filters.pin)

        def body() -> tuple[bytes, str | None]:
            editions = self.editions(Pin(state.snapshot), key)
            if not filters.asked["refresh"]:
                editions = editions.exclude(kind=EditionKind.REFRESH)
            limit, after = filters.asked["limit"], filters.after
            rest = editions.filter(version__gt=after.keys[0]) if after else editions
            columns = rest.order_by("version").defer("summary", "document", "ref")
            found = list(columns[: limit + 1])
            if not found:
                raise Problem("not-found")
            link = None
            if len(found) > limit:
                keys = [found[limit - 1].version]
                link = self.next(request, Cursor(state.snapshot, keys, filters.digest()))
            count = editions.count() if filters.asked["count"] else None
            texts = [documents.dump(_told(edition)) for edition in found[:limit]]
            return envelope(texts, link, state.snapshot, count), link

        return self.answer(request, state, body)

    def described(self, schema: PublicSchema) -> dict[str, Any]:
        """Return the schema of the answer."""
        edition = schema.resolve_serializer(EditionSerializer, "response")
        return schema.page("EditionPage", "A page of editions.", edition.ref)


class EditionView(RecordEditionsView):
    """One edition of a record."""

    filterset_class = DetailFilters

    def get(self, request: Request, key: str, version: str) -> Response:
        """Answer the document of one version, with its public note."""
        pin = DetailFilters(request).pin
        if not re.fullmatch("[1-9][0-9]{0,8}", version, re.ASCII):
            raise Problem("not-found")
        state = snapshots.resolve(pin)
        found = self.editions(Pin(state.snapshot), key).filter(version=int(version))
        edition = found.defer("summary", "ref").first()
        if edition is None:
            raise Problem("not-found")
        if edition.document is None:
            raise Problem("withdrawn", edition.reason)
        document = completion.document_text(edition)
        told = documents.dump(_told(edition))[:-1] + b',"document":' + document + b"}"
        return self.answer(request, state, lambda: (told, None), served=edition.snapshot)

    def described(self, schema: PublicSchema) -> dict[str, Any]:
        """Return the schema of the answer."""
        edition = schema.resolve_serializer(EditionSerializer, "response")
        told = described(self.records.document, False)
        document = schema.resolve_serializer(told, "response")
        shown = document.ref | {"description": "The document, as it was published."}
        properties = edition.schema["properties"] | {"document": shown}
        text = "One publication of a record, with its text."
        return schema.component(f"{document.name}Edition", text, properties)


def _told(edition: Edition) -> dict[str, Any]:
    return {
        "version": edition.version,
        "kind": edition.kind,
        "published_at": edition.published_at,
        "edited_at": edition.edited_at,
        "snapshot": str(edition.snapshot),
        "note": edition.note or None,
    }


def addresses(records: type[RecordView]) -> dict[str, Any]:
    """Return the views of the editions of a type of record, by the rest of their addresses."""
    return {
        "editions": EditionListView.as_view(records=records),
        "editions/<str:version>": EditionView.as_view(records=records),
    }
