"""`/changes`: the feed of all editions after a snapshot, in commit order."""

from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.fields.tuple_lookups import Tuple, TupleIn
from django.http import QueryDict
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.filtersets import FilterGroup, StrictFilterSet
from api.pagination import MAX_LIMIT
from api.parameters import (
    BooleanParameter,
    ChoiceParameter,
    CountryCodesParameter,
    IdsParameter,
    IntegerParameter,
    MultipleChoiceParameter,
    PositionParameter,
    RecordsParameter,
    SnapshotParameter,
)
from api.problems import Fault, InvalidParameters
from api.schema import PublicSchema
from api.snapshots import Pin, make_pin
from api.views import PublicView, list_warnings, make_address
from publishing import completion, documents
from publishing.codes import EditionKind, RecordType
from publishing.models import Edition, EntryRow, Reference
from publishing.paths import MAX_PATHS, list_changed_paths
from publishing.registry import record_types
from publishing.serializers import GrowingWordField, ReferenceSerializer
from publishing.snapshots import START, Snapshot

_REF = tuple(ReferenceSerializer().fields)


_TOO_LATE = Fault("contradiction", "after", "`after` must not be later than `until`.")


class FeedOrder(models.TextChoices):
    """The orders of the feed."""

    OLDEST = "oldest"
    NEWEST = "newest"


class ChangeFilters(FilterGroup):
    """The filters of the feed, and its page."""

    filterset: "ChangeFilterSet"

    after = PositionParameter(
        "Editions after this snapshot or this moment; without it, from the first one."
    )
    before = SnapshotParameter("Editions before the one with this snapshot.")
    until = PositionParameter(
        "Editions up to this snapshot or this moment; without it, up to the newest one."
    )
    sort = ChoiceParameter(
        FeedOrder,
        "`oldest` is the order of publication, in which a mirror follows the feed; `newest` is "
        "the reverse, in which people read it.",
        default=FeedOrder.OLDEST,
    )
    type = MultipleChoiceParameter(RecordType, "Editions of records of this type.", "type")
    kind = MultipleChoiceParameter(EditionKind, "Editions of this kind.", "kind")
    id = IdsParameter("Editions of the record with this public id.", method="filter_ids")
    actor = RecordsParameter(
        "Editions of this actor, by public id or slug, and of all records that reference it in "
        "this edition or did so in the one before.",
        method="filter_actors",
    )
    country = CountryCodesParameter(
        "Editions of incidents, actors, places and publishers in this country, by ISO code. An "
        "edition by which a record leaves the country counts.",
        method="filter_countries",
    )
    refresh = BooleanParameter(
        "Whether to include refreshes, which change only references to other records.",
        default=True,
    )
    documents = BooleanParameter("Whether to include the documents.", default=False)
    limit = IntegerParameter("Maximum number of results per page.", 1, MAX_LIMIT, default=100)

    def check(self) -> Iterator[Fault]:
        after, until = self.params["after"], self.params["until"]
        if isinstance(after, Snapshot) and isinstance(until, Snapshot) and after.seq > until.seq:
            yield _TOO_LATE

    def filter_ids(self, editions: models.QuerySet, name: str, ids: list[UUID]) -> models.QuerySet:
        """Return the editions of the records, of which a withdrawn one still has its past."""
        known = Edition.objects.filter(record__in=ids, seq__lte=self.snapshot.seq)
        missing = set(ids).difference(known.values_list("record", flat=True).distinct())
        self.warn_missing(name, "record", missing)
        return editions.filter(record__in=ids)

    def filter_actors(
        self, editions: models.QuerySet, name: str, keys: list[UUID | str]
    ) -> models.QuerySet:
        """Return the editions of actors and of what references them now or did before."""
        records = dict[Any, UUID]()
        actors = set[UUID]()
        rows = Edition.objects.newest_by_key(RecordType.ACTOR, keys, self.snapshot.seq)
        for record, slug, survivor in rows.values_list("record", "slug", "merged_into"):
            records[record] = records[slug] = record
            actors |= {record, survivor or record}
        self.warn_missing(name, RecordType.ACTOR, [key for key in keys if key not in records])
        references = Reference.objects.filter(target__in=actors)
        own = self.filterset.within(Edition.objects.filter(record__in=actors), "seq")
        return editions.filter(seq__in=own.union(*self._list_seqs(references)))

    def filter_countries(
        self, editions: models.QuerySet, name: str, codes: list[str]
    ) -> models.QuerySet:
        """Return the editions of records that are in one of the countries, or were before."""
        tables: list[Any] = [registration.entry for registration in record_types().values()]
        first, *others = (
            seqs
            for table in tables
            if "country" in {field.name for field in table._meta.get_fields()}
            for seqs in self._list_seqs(table.objects.filter(country__in=codes))
        )
        return editions.filter(seq__in=first.union(*others))

    def _list_seqs(self, rows: models.QuerySet[EntryRow]) -> list[models.QuerySet]:
        """Return the seqs of the editions that begin and that end some index rows."""
        return [self.filterset.within(rows, name) for name in ("seq", "until_seq")]


class ChangeFilterSet(StrictFilterSet):
    """The parameters of /changes."""

    groups = (ChangeFilters,)

    after: Snapshot
    """The snapshot after which the feed starts, set by `find_editions`."""

    def find_editions(self, after: Snapshot, snapshot: Snapshot) -> models.QuerySet:
        """Return the editions after a snapshot up to another that match all parameters."""
        self.after, self.snapshot = after, snapshot
        editions = Edition.objects.filter(seq__gt=after.seq, seq__lte=snapshot.seq)
        if before := self.params["before"]:
            editions = editions.filter(seq__lt=before.seq)
        if not self.params["refresh"]:
            editions = editions.exclude(kind=EditionKind.REFRESH)
        return self.filter_queryset(editions)

    def within(self, rows: models.QuerySet, name: str) -> models.QuerySet:
        """Return the values of a column that are seqs in the feed."""
        bounds = {f"{name}__gt": self.after.seq, f"{name}__lte": self.snapshot.seq}
        return rows.filter(**bounds).values(name)


class ChangeSerializer(serializers.Serializer):
    """An edition: a change of one record."""

    snapshot = serializers.CharField(read_only=True, help_text="The snapshot of this edition.")
    seq = serializers.IntegerField(read_only=True, help_text="The position in the feed.")
    type = serializers.CharField(read_only=True, help_text="The type of the record.")
    id = serializers.UUIDField(read_only=True, help_text="The public id of the record.")
    title = serializers.CharField(
        read_only=True,
        allow_null=True,
        help_text="The name or title of the record in this edition; of an affiliation, its "
        "subject, kind and object. Null if the record is not public after it.",
    )
    slug = serializers.CharField(
        read_only=True,
        allow_null=True,
        help_text="The slug of the record, where its type has one; null if the record is not "
        "public after it.",
    )
    version = serializers.IntegerField(
        read_only=True, help_text="The number of this edition of the record, from 1."
    )
    kind = GrowingWordField(EditionKind.choices, read_only=True, help_text="The kind of change.")
    published_at = serializers.DateTimeField(read_only=True, help_text="When it was published.")
    note = serializers.CharField(
        read_only=True, allow_null=True, help_text="The public reason for the change."
    )
    paths = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        allow_null=True,
        help_text="The paths of the document that differ from the edition before, such as "
        "`killed.best` or `involvements[2].certainty`, with positions in lists counted from 0; a "
        "list without a position is one from which something was removed. Of a refresh, they are "
        f"the references that changed. More than {MAX_PATHS} paths are shortened to the names of "
        "the properties that contain them. Null if the record is not public before and after the "
        "edition.",
    )
    merged_into = ReferenceSerializer(
        read_only=True, allow_null=True, help_text="The record that it was merged into."
    )
    redacted = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        allow_null=True,
        help_text="The paths that a redaction removed from all editions, or that a restore brought "
        "back into them; `*` is the whole record.",
    )


class ChangesView(PublicView):
    """All editions after a snapshot, in commit order."""

    filterset_class = ChangeFilterSet
    pin_name = "until"

    def get(self, request: Request) -> Response:
        """Return a page of the feed.

        Continue with `next`; after the last page, continue later with `after=` and the snapshot.
        """
        filters = ChangeFilterSet(request)
        params = filters.params
        state = self.resolve(make_pin(params["until"]), "until")
        after = START
        if params["after"]:
            after = self.resolve(make_pin(params["after"]), "after").snapshot
        if params["before"]:  # refuse one that the public record does not have
            self.resolve(make_pin(params["before"]))
        if after.seq > state.snapshot.seq:
            raise InvalidParameters(_TOO_LATE)
        return self.answer(request, state, lambda: self._body(filters, after, state.snapshot))

    def read_pin(self, query: QueryDict) -> Pin:
        """Return the snapshot up to which the feed is requested."""
        return make_pin(self.parameters.base_filters["until"].clean(query.getlist("until")))

    def response_schema(self, schema: PublicSchema) -> dict[str, Any]:
        """Return the schema of the answer."""
        return schema.feed(ChangeSerializer)

    def _body(
        self, filters: ChangeFilterSet, after: Snapshot, snapshot: Snapshot
    ) -> tuple[bytes, str | None]:
        params = filters.params
        descending = params["sort"] == FeedOrder.NEWEST
        editions = filters.find_editions(after, snapshot).annotate(
            text=_text_if(
                "document", models.Q() if params["documents"] else models.Q(version__gt=1)
            ),
            unnamed=_text_if("summary", models.Q(type__in=_list_unnamed())),
        )
        limit = params["limit"]
        editions = editions.order_by("-seq" if descending else "seq")
        page = list(editions.defer("document", "summary")[: limit + 1])
        link = None
        if len(page) > limit:
            query = self._pin(filters.request, snapshot)
            query["before" if descending else "after"] = str(page[limit - 1].snapshot)
            link = make_address(filters.request, query)
        before = _find_before(page[:limit])
        warnings = list_warnings(filters.warnings)
        rest = {"next": link, "snapshot": str(snapshot), "warnings": warnings}
        items = (
            _item(edition, before.get(_key_before(edition)), params["documents"])
            for edition in page[:limit]
        )
        return b'{"results":[' + b",".join(items) + b"]," + documents.dump(rest)[1:], link


@cache
def _list_unnamed() -> list[str]:
    """Return the types whose references have no name: summaries give the titles of records."""
    return [word for word, found in record_types().items() if found.ref_name is None]


def _text_if(name: str, condition: models.Q) -> models.Case | models.F:
    """Return a text of the editions that meet a condition; null of the others."""
    text = models.F(name)
    return models.Case(models.When(condition, then=text)) if condition else text


def _find_before(page: list[Any]) -> dict[tuple[UUID, int], Edition]:
    """Return the public editions before those of a page, by record and version, with one query."""
    keys = [_key_before(each) for each in page if each.version > 1 and each.text is not None]
    if not keys:
        return {}
    editions = Edition.objects.filter(TupleIn(Tuple("record", "version"), keys), public=True)
    found = editions.only("record", "version", "type", "shape", "document")
    return {(edition.record, edition.version): edition for edition in found}


def _key_before(edition: Any) -> tuple[UUID, int]:
    return edition.record, edition.version - 1


def _item(edition: Any, before: Edition | None, with_document: bool) -> bytes:
    """Return a change as JSON; `before` is the public edition that it is compared with, if any."""
    reference = documents.load(edition.reference)
    merged = bool(edition.merged_into)  # then the reference is that of the survivor
    text = edition.text and completion.complete_text(edition.type, edition.text, edition.shape)
    change = {
        "snapshot": str(edition.snapshot),
        "seq": edition.seq,
        "type": edition.type,
        "id": edition.record,
        "title": None if merged else reference["name"] or _make_title(edition),
        "slug": None if merged else reference["slug"],
        "version": edition.version,
        "kind": edition.kind,
        "published_at": edition.published_at,
        "note": edition.note or None,
        "paths": before
        and list_changed_paths(completion.read_document(before), documents.load(text)),
        "merged_into": {key: reference[key] for key in _REF} if merged else None,
        "redacted": edition.redacted,
    }
    document = text if with_document and text else b"null"
    return documents.append_text(documents.dump(change), "document", document)


def _make_title(edition: Any) -> str | None:
    """Return the title of a public record whose references have no name."""
    if edition.unnamed is None:
        return None
    serializer = record_types()[edition.type].serializer
    return serializer.make_title(documents.load(edition.unnamed))
