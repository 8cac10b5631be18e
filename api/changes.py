"""`/changes`: the feed of all editions after a snapshot, in commit order."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import snapshots
from api.filtersets import FilterGroup, StrictFilterSet
from api.pagination import MAX_LIMIT
from api.parameters import (
    BooleanParameter,
    IntegerParameter,
    MultipleChoiceParameter,
    SnapshotParameter,
)
from api.problems import Fault
from api.schema import PublicSchema
from api.snapshots import Pin
from api.views import PublicView, make_address
from publishing import completion, documents
from publishing.codes import EditionKind, RecordType
from publishing.models import Edition
from publishing.serializers import ReferenceSerializer
from publishing.snapshots import START, Snapshot

_REF = tuple(ReferenceSerializer().fields)


class ChangeFilters(FilterGroup):
    """The filters of the feed, and its page."""

    after = SnapshotParameter("Editions after this snapshot; without it, from the first one.")
    until = SnapshotParameter("Editions up to this snapshot; without it, up to the newest one.")
    type = MultipleChoiceParameter(RecordType, "Editions of records of this type.")
    refresh = BooleanParameter(
        "Whether to include refreshes, which change only references to other records.",
        default=True,
    )
    documents = BooleanParameter("Whether to include the documents.", default=False)
    limit = IntegerParameter("Maximum number of results per page.", 1, MAX_LIMIT, default=100)

    def check(self) -> Iterator[Fault]:
        after, until = self.params["after"], self.params["until"]
        if after and until and after.seq > until.seq:
            detail = "The snapshot `after` must not be later than the snapshot `until`."
            yield Fault("contradiction", "after", detail)


class ChangeFilterSet(StrictFilterSet):
    """The parameters of /changes."""

    groups = (ChangeFilters,)


class ChangeSerializer(serializers.Serializer):
    """An edition: a change of one record."""

    snapshot = serializers.CharField(read_only=True, help_text="The snapshot of this edition.")
    seq = serializers.IntegerField(read_only=True, help_text="The position in the feed.")
    type = serializers.CharField(read_only=True, help_text="The type of the record.")
    id = serializers.UUIDField(read_only=True, help_text="The public id of the record.")
    version = serializers.IntegerField(
        read_only=True, help_text="The number of this edition of the record, from 1."
    )
    kind = serializers.ChoiceField(
        EditionKind.choices, read_only=True, help_text="The kind of change."
    )
    published_at = serializers.DateTimeField(read_only=True, help_text="When it was published.")
    note = serializers.CharField(
        read_only=True, allow_null=True, help_text="The public reason for the change."
    )
    merged_into = ReferenceSerializer(
        read_only=True, allow_null=True, help_text="The record that it was merged into."
    )
    redacted = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        allow_null=True,
        help_text="The paths that a redaction removed from all editions; `*` is the whole record.",
    )


class ChangesView(PublicView):
    """All editions after a snapshot, in commit order."""

    filterset_class = ChangeFilterSet

    def get(self, request: Request) -> Response:
        """Return a page of the feed.

        Continue with `next`; after the last page, continue later with `after=` and the snapshot.
        """
        filters = ChangeFilterSet(request)
        after = snapshots.require_known(filters.params["after"] or START)
        state = snapshots.resolve(Pin(filters.params["until"]))
        return self.answer(request, state, lambda: self._body(filters, after, state.snapshot))

    def response_schema(self, schema: PublicSchema) -> dict[str, Any]:
        """Return the schema of the answer."""
        return schema.feed(ChangeSerializer)

    def _body(
        self, filters: ChangeFilterSet, after: Snapshot, snapshot: Snapshot
    ) -> tuple[bytes, str | None]:
        params = filters.params
        editions = Edition.objects.filter(seq__gt=after.seq, seq__lte=snapshot.seq).order_by("seq")
        if params["type"]:
            editions = editions.filter(type__in=params["type"])
        if not params["refresh"]:
            editions = editions.exclude(kind=EditionKind.REFRESH)
        if not params["documents"]:
            editions = editions.annotate(text=models.Value(None, models.TextField()))
        else:
            editions = editions.annotate(text=models.F("document"))
        limit = params["limit"]
        page = list(editions.defer("document", "summary")[: limit + 1])
        link = None
        if len(page) > limit:
            query = filters.data.copy()
            query["after"], query["until"] = str(page[limit - 1].snapshot), str(snapshot)
            link = make_address(filters.request, query)
        rest = documents.dump({"next": link, "snapshot": str(snapshot)})
        items = b",".join(map(_item, page[:limit]))
        return b'{"results":[' + items + b"]," + rest[1:], link


def _item(edition: Any) -> bytes:
    """Return a change as JSON, with a member for the document of each type."""
    survivor = documents.load(edition.reference) if edition.merged_into else None
    change = {
        "snapshot": str(edition.snapshot),
        "seq": edition.seq,
        "type": edition.type,
        "id": edition.record,
        "version": edition.version,
        "kind": edition.kind,
        "published_at": edition.published_at,
        "note": edition.note or None,
        "merged_into": survivor and {key: survivor[key] for key in _REF},
        "redacted": edition.redacted,
    }
    texts = dict.fromkeys(RecordType.values, b"null")
    if edition.text is not None:
        texts[edition.type] = completion.complete_text(edition.type, edition.text, edition.shape)
    members = b"".join(b',"%s":%s' % (name.encode(), text) for name, text in texts.items())
    return documents.dump(change)[:-1] + members + b"}"
