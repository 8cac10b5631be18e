"""The feed: every Edition after a snapshot, in commit order."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import snapshots
from api.filtersets import Strict
from api.parameters import Flag, SnapshotParameter, Whole, Words
from api.problems import Fault
from api.snapshots import Pin
from api.views import PublicView, address
from publishing import completion
from publishing import documents as bodies
from publishing.codes import EditionKind
from publishing.fields import Growing
from publishing.models import Edition
from publishing.serializers import RefSerializer
from publishing.snapshots import START, Snapshot

_REF = tuple(RefSerializer().fields)


class RecordType(Growing):
    """The types of records, in the order in which one stands on another."""

    PUBLISHER = "publisher"
    SOURCE = "source"
    PLACE = "place"
    ACTOR = "actor"
    AFFILIATION = "affiliation"
    INCIDENT = "incident"


class ChangeFilters(Strict):
    """The parameters of /changes."""

    after = SnapshotParameter("Editions after this snapshot; without it, from the start.")
    until = SnapshotParameter("Editions up to this snapshot; without it, up to the newest.")
    type = Words(RecordType, "Only of these types.")
    refresh = Flag("Whether to tell of refreshes too.", default=True)
    documents = Flag("Whether to give the documents.", default=False)
    limit = Whole("How many results, at the most.", 1, 1000, default=100)

    def contradictions(self, asked: dict[str, Any]) -> Iterator[Fault]:
        yield from super().contradictions(asked)
        if asked["after"] and asked["until"] and asked["after"].seq > asked["until"].seq:
            yield Fault("contradiction", "after", "“after” lies behind “until”.")


class ChangeSerializer(serializers.Serializer):
    """One Edition: what became of one record."""

    snapshot = serializers.CharField(read_only=True, help_text="The snapshot of this Edition.")
    seq = serializers.IntegerField(read_only=True, help_text="Its position in the feed.")
    type = serializers.CharField(read_only=True, help_text="The type of the record.")
    id = serializers.UUIDField(read_only=True, help_text="The public id of the record.")
    version = serializers.IntegerField(
        read_only=True, help_text="Counts the editions of this record from 1."
    )
    kind = serializers.ChoiceField(
        EditionKind.choices, read_only=True, help_text="What became of it."
    )
    published_at = serializers.DateTimeField(read_only=True, help_text="When it was published.")
    note = serializers.CharField(
        read_only=True, allow_null=True, help_text="What readers are told of the reason."
    )
    merged_into = RefSerializer(
        read_only=True, allow_null=True, help_text="The record that it has become."
    )
    redacted = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        allow_null=True,
        help_text="The paths of what was removed from the past as well; * is the whole record.",
    )


class ChangesView(PublicView):
    """The feed: every Edition after a snapshot, in commit order."""

    filterset_class = ChangeFilters
    serializer_class = ChangeSerializer

    def get(self, request: Request) -> Response:
        """Answer a page of the feed; go on with `next`, later with `after=` and the snapshot."""
        filters = ChangeFilters(request)
        after = snapshots.standing(filters.asked["after"] or START)
        state = snapshots.resolve(Pin(filters.asked["until"]))
        return self.answer(request, state, lambda: self._body(filters, after, state.snapshot))

    def _body(
        self, filters: ChangeFilters, after: Snapshot, snapshot: Snapshot
    ) -> tuple[bytes, str | None]:
        asked = filters.asked
        editions = Edition.objects.filter(seq__gt=after.seq, seq__lte=snapshot.seq).order_by("seq")
        if asked["type"]:
            editions = editions.filter(type__in=asked["type"])
        if not asked["refresh"]:
            editions = editions.exclude(kind=EditionKind.REFRESH)
        if not asked["documents"]:
            editions = editions.annotate(text=models.Value(None, models.TextField()))
        else:
            editions = editions.annotate(text=models.F("document"))
        limit = asked["limit"]
        found = list(editions.defer("document", "summary")[: limit + 1])
        link = None
        if len(found) > limit:
            query = filters.data.copy()
            query["after"], query["until"] = str(found[limit - 1].snapshot), str(snapshot)
            link = address(filters.request, query)
        rest = bodies.dump({"next": link, "snapshot": str(snapshot)})
        items = b",".join(map(_item, found[:limit]))
        return b'{"results":[' + items + b"]," + rest[1:], link


def _item(edition: Any) -> bytes:
    survivor = bodies.load(edition.ref) if edition.merged_into else None
    told = {
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
    return bodies.dump(told)[:-1] + members + b"}"
