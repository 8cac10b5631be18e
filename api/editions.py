"""The editions of a record: its text at each publication."""

import re
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.filters import DetailFilterSet, PageFilters, PageFilterSet, SnapshotFilters
from api.filtersets import FilterGroup
from api.pagination import Cursor, Sort
from api.parameters import BooleanParameter
from api.problems import Problem
from api.schema import PublicSchema, describe_document
from api.snapshots import Pin
from api.views import PublicView, RecordView, envelope, parse_key
from publishing import completion, documents
from publishing.codes import EditionKind
from publishing.models import Edition
from publishing.serializers import GrowingWordField


class EditionFilters(FilterGroup):
    """The filters of the editions of a record."""

    refresh = BooleanParameter(
        "Whether to include refreshes, which change only references to other records.",
        default=False,
    )


class EditionFilterSet(PageFilterSet, DetailFilterSet):
    """The parameters of the editions of a record."""

    groups = (PageFilters, SnapshotFilters, EditionFilters)
    order = Sort(("version",), False)


class EditionSerializer(serializers.Serializer):
    """An edition: a publication of a record."""

    version = serializers.IntegerField(
        read_only=True, help_text="The number of this edition of the record, from 1."
    )
    kind = GrowingWordField(EditionKind.choices, read_only=True, help_text="The kind of change.")
    published_at = serializers.DateTimeField(read_only=True, help_text="When it was published.")
    edited_at = serializers.DateTimeField(
        read_only=True, help_text="When its text was published; refreshes do not count."
    )
    snapshot = serializers.CharField(read_only=True, help_text="The snapshot of this edition.")
    note = serializers.CharField(
        read_only=True, allow_null=True, help_text="The public reason for the change."
    )


class RecordEditionsView(PublicView):
    """The base of the views of editions of one type of record."""

    records: ClassVar[Any] = None
    """The view of the records."""

    def editions(self, pin: Pin, key: str) -> QuerySet:
        """Return the editions of a record up to the snapshot, by public id or slug."""
        found = parse_key(key)
        is_record = {"record" if isinstance(found, UUID) else "slug": found}
        return pin.up_to(Edition.objects.filter(type=self.records.type_name, **is_record))


class EditionListView(RecordEditionsView):
    """All editions of a record, in order, also after its withdrawal."""

    filterset_class = EditionFilterSet

    def get(self, request: Request, key: str) -> Any:
        """Return a page of editions."""
        filters = EditionFilterSet(request)
        state = self.resolve(filters.pin)

        def body() -> tuple[bytes, str | None]:
            editions = self.editions(Pin(state.snapshot), key)
            if not filters.params["refresh"]:
                editions = editions.exclude(kind=EditionKind.REFRESH)
            limit, after = filters.params["limit"], filters.after
            rest = editions.filter(version__gt=after.keys[0]) if after else editions
            rest = rest.order_by("version").defer("summary", "document", "reference")
            page = list(rest[: limit + 1])
            if not page:
                raise Problem("not-found")
            link = None
            if len(page) > limit:
                keys = [page[limit - 1].version]
                link = self.next(request, Cursor(state.snapshot, keys, filters.digest()))
            count = editions.count() if filters.params["count"] else None
            texts = [documents.dump(_to_json(edition)) for edition in page[:limit]]
            return envelope(texts, link, state.snapshot, count), link

        return self.answer(request, state, body)

    def response_schema(self, schema: PublicSchema) -> dict[str, Any]:
        """Return the schema of the answer."""
        edition = schema.resolve_serializer(EditionSerializer, "response")
        return schema.page("EditionPage", "A page of editions.", edition.ref)


class EditionView(RecordEditionsView):
    """One edition of a record."""

    filterset_class = DetailFilterSet

    def find_basis(self, request: Request) -> None:
        """Return nothing: the tag is that of the edition."""

    def get(self, request: Request, key: str, version: str) -> Response:
        """Return one edition, with its document."""
        pin = DetailFilterSet(request).pin
        if not re.fullmatch("[1-9][0-9]{0,8}", version, re.ASCII):
            raise Problem("not-found")
        state = self.resolve(pin)
        editions = self.editions(Pin(state.snapshot), key).filter(version=int(version))
        edition = editions.defer("summary", "reference").first()
        if edition is None:
            raise Problem("not-found")
        if edition.document is None:
            raise Problem("withdrawn", edition.reason)
        document = completion.document_text(edition)
        content = documents.append_text(documents.dump(_to_json(edition)), "document", document)
        return self.answer(request, state, lambda: (content, None), served=edition.snapshot)

    def response_schema(self, schema: PublicSchema) -> dict[str, Any]:
        """Return the schema of the answer."""
        edition = schema.resolve_serializer(EditionSerializer, "response")
        serializer = describe_document(self.records.document, summary=False)
        document = schema.resolve_serializer(serializer, "response")
        reference = document.ref | {"description": "The document, as it was published."}
        properties = edition.schema["properties"] | {"document": reference}
        text = "An edition of a record, with its document."
        return schema.component(f"{document.name}Edition", text, properties)


def _to_json(edition: Edition) -> dict[str, Any]:
    return {
        "version": edition.version,
        "kind": edition.kind,
        "published_at": edition.published_at,
        "edited_at": edition.edited_at,
        "snapshot": str(edition.snapshot),
        "note": edition.note or None,
    }


def edition_views(records: type[RecordView]) -> dict[str, Any]:
    """Return the views of the editions of a type of record, by the ends of their addresses."""
    return {
        "editions": EditionListView.as_view(records=records),
        "editions/<str:version>": EditionView.as_view(records=records),
    }
