"""The parameters that many endpoints share: snapshots, pages, formats, search, orders and dates."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.fields import DateRangeField
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices, Value
from django.db.models.expressions import RawSQL

from api.filtersets import FilterGroup, Groups, StrictFilterSet
from api.formats import Escape, Format, MapFormat, Stream
from api.hints import suggest_word
from api.pagination import (
    BY_NAME,
    DEADLIEST,
    MAX_COUNTED,
    MAX_LIMIT,
    NEWEST,
    OLDEST,
    RECENTLY_EDITED,
    RELEVANCE,
    Cursor,
    CursorParameter,
    Sort,
)
from api.parameters import (
    BooleanParameter,
    ChoiceParameter,
    DaysParameter,
    FieldsParameter,
    IdsParameter,
    IntegerParameter,
    MomentParameter,
    ReleaseParameter,
    SearchParameter,
    SnapshotParameter,
)
from api.parts import Part, list_parts
from api.problems import Fault, InvalidParameters
from api.selections import Selection, UnknownNamesError
from api.snapshots import PINS, Pin, resolve
from publishing import documents, search
from publishing.codes import EditionKind
from publishing.matching import find_matches
from publishing.models import Edition, may_lie_in
from publishing.registry import find_by_entry, record_types
from publishing.snapshots import Snapshot

_EDITIONS = Edition._meta.db_table
_LAST = UUID(int=2**128 - 1)
"""A key behind every public id."""
_FIELDS_HINT = (
    "JSON always has every property, because generated clients require them. Use `fields` in a "
    "list with another `format`, such as `format=ndjson` or `format=csv`."
)


class ByName(TextChoices):
    """The orders of records that have a name."""

    NAME = "name"
    RECENTLY_EDITED = "recently_edited"
    RELEVANCE = "relevance"


class ByDate(TextChoices):
    """The orders of records that have a date; undated ones come last in newest, first in oldest."""

    NEWEST = "newest"
    OLDEST = "oldest"
    RECENTLY_EDITED = "recently_edited"
    RELEVANCE = "relevance"


class ByDateOrDeaths(TextChoices):
    """The orders of incidents; with unknown deaths they come last in deadliest."""

    NEWEST = "newest"
    OLDEST = "oldest"
    DEADLIEST = "deadliest"
    RECENTLY_EDITED = "recently_edited"
    RELEVANCE = "relevance"


SORTS: dict[str, Sort] = {
    "name": BY_NAME,
    "newest": NEWEST,
    "oldest": OLDEST,
    "deadliest": DEADLIEST,
    "recently_edited": RECENTLY_EDITED,
    "relevance": RELEVANCE,
}
"""The orders by the words of `sort`."""


class DateCertainty(TextChoices):
    """How date filters treat dates that are not certain."""

    POSSIBLE = "possible"
    CERTAIN = "certain"


class SnapshotFilters(FilterGroup):
    """The snapshot of an answer: at most one of three parameters says which."""

    snapshot: Any = SnapshotParameter(
        "Answer from this snapshot of the public record, such as the `snapshot` of an earlier "
        "answer."
    )
    known_at = MomentParameter(
        "Answer from the public record as it was at this moment, which must not be in the future."
    )
    release = ReleaseParameter("Answer from the public record as it was in this release.")

    @property
    def pin(self) -> Pin:
        """The requested snapshot; every later page is answered from that of the first one."""
        cursor = self.params.get("cursor")
        return Pin(cursor.snapshot) if cursor else Pin(*(self.params[name] for name in PINS))

    def check(self) -> Iterator[Fault]:
        for name in self.given[1:]:
            detail = f"Use only one of `{self.given[0]}` and `{name}`."
            yield Fault("contradiction", name, detail)


class DetailFilterSet(StrictFilterSet):
    """The parameters of a single record, and the base of all that can be read at a snapshot."""

    groups: ClassVar[Groups] = (SnapshotFilters,)
    elsewhere = {"fields": _FIELDS_HINT}

    @property
    def pin(self) -> Pin:
        """The requested snapshot."""
        return self.group(SnapshotFilters).pin


class PageFilters(FilterGroup):
    """The page of a list; its filter set is a `PageFilterSet`."""

    filterset: "PageFilterSet"

    limit = IntegerParameter("Maximum number of results per page.", 1, MAX_LIMIT, default=100)
    cursor = CursorParameter("Where the page starts: the `cursor` in `next`, unchanged.")
    count = BooleanParameter("Whether to count all matching results.", default=False)

    def check(self) -> Iterator[Fault]:
        if isinstance(self.filterset.request.accepted_renderer, Stream):
            for name in ("limit", "cursor"):
                if name in self.given:
                    detail = f"Leave out `{name}`: this format holds all matching results."
                    yield Fault("contradiction", name, detail)
        cursor = self.params["cursor"]
        if cursor is not None and not (
            cursor.digest == self.filterset.digest()
            and cursor.type_keys(self.filterset.order.columns)
            and self._has_snapshot(cursor)
        ):
            detail = (
                "This cursor belongs to other parameters. Use `next` unchanged, or leave it out."
            )
            yield Fault("cursor", "cursor", detail)

    def _has_snapshot(self, cursor: Cursor) -> bool:
        """Return whether the request chooses no other snapshot than that of the cursor."""
        pin = Pin(*(self.params.get(name) for name in PINS))
        if pin.snapshot or pin == Pin():
            return pin.snapshot in (None, cursor.snapshot)
        return resolve(pin).snapshot == cursor.snapshot


class PageFilterSet(StrictFilterSet):
    """The parameters of a list that comes in pages, in one `order`."""

    groups: ClassVar[Groups] = (PageFilters,)
    order: Sort

    @property
    def after(self) -> Cursor | None:
        """The end of the page before; None for the first page."""
        return self.params["cursor"]

    def digest(self) -> str:
        """Return what binds a cursor to its address and parameters."""
        return Cursor.digest_of(self.request.path, self.data)


class EscapeParameter(ChoiceParameter):
    """How CSV is protected from being read as formulas."""

    def __init__(self) -> None:
        super().__init__(
            Escape,
            "For CSV: `spreadsheet` protects spreadsheets from text that they would read as a "
            "formula. It writes ' before such text at the start of a cell, or after a semicolon, a "
            "tab or a line break in a cell, and a byte-order mark at the start of the file. To get "
            "the original text, remove one ' from each of these positions.",
            only_format=Format.CSV,
        )


class CiteParameter(BooleanParameter):
    """Whether CSV begins with its citation."""

    def __init__(self) -> None:
        super().__init__(
            "For CSV: whether the first line is a comment that cites the file: `# `, the name of "
            "the database, the snapshot, its date, the address that always gives the same file, "
            "and the licence. To read the table, skip this line (pandas: `skiprows=1`; R: "
            "`skip = 1`).",
            default=False,
            only_format=Format.CSV,
        )


class PartParameter(ChoiceParameter):
    """A list of rows in documents, exported as a table of its own."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        make_words: Any = TextChoices
        words = make_words("PartName", [(name.upper(), name) for name in parts])
        super().__init__(
            words,
            "For CSV and NDJSON: the rows of this list in the documents of all matching records, "
            "instead of the records. Each row begins with the public id of its record and the "
            "number of the row. Rows that may belong to the rows of several lists, such as "
            "citations, have `part` and `part_row`: the list, and the number of the row there. "
            "The header `Muster-Count` gives the number of rows.",
        )


def declare_format(formats: type[TextChoices]) -> ChoiceParameter:
    """Declare the formats of a list."""
    return ChoiceParameter(
        formats,
        "`json` gives one page; all other formats stream all matching results. This parameter "
        "takes precedence over the header `Accept`, which is used when it is absent.",
    )


class FormatFilters(FilterGroup):
    """The format of a list; `make_format_filters` adds what depends on the type of record."""

    type_name: ClassVar[str]
    """The name of the type."""

    detail = BooleanParameter(
        "Whether a stream has documents instead of summaries. A page of documents has a path of "
        "its own, `/documents`.",
        default=False,
    )
    format = declare_format(Format)
    escape = EscapeParameter()
    cite = CiteParameter()
    end = BooleanParameter(
        "For NDJSON: whether a last line states the number of the lines before it, and the "
        "snapshot.",
        default=False,
        only_format=Format.NDJSON,
    )

    def check(self) -> Iterator[Fault]:
        format_ = self.filterset.request.accepted_renderer.format
        if self.params["detail"]:
            yield from self._check_detail(format_)
        if self.part and format_ not in (Format.CSV, Format.NDJSON):
            detail = "Use `part` only with `format=csv` or `format=ndjson`."
            yield Fault("contradiction", "part", detail)
        if self.params["fields"] is None:
            return
        if format_ == Format.JSON:
            yield Fault("contradiction", "fields", _FIELDS_HINT)
            return
        try:
            self.make_selection()
        except UnknownNamesError as error:
            for name in error.names:
                hint = suggest_word(name, error.known, "/api/v1/codebook", "property")
                yield Fault("invalid", "fields", f"Invalid value for `fields`. {hint}")

    def make_selection(self) -> Selection:
        """Return what a stream has of each result. Raises UnknownNamesError."""
        fields = self.params["fields"]
        return Selection(
            record_types()[self.type_name],
            detail=self.params["detail"],
            names=None if fields is None else [name for names in fields for name in names],
            part=self.part,
        )

    @property
    def part(self) -> str | None:
        """The requested part; publishers have none."""
        part: str | None = self.params.get("part")
        return part

    def _check_detail(self, format_: str) -> Iterator[Fault]:
        if format_ == Format.CSV:
            detail = (
                "CSV holds summaries. Leave out `detail`, or use `format=ndjson` for documents, "
                "`fields` for single properties of documents, or `part` for their lists."
            )
            yield Fault("contradiction", "detail", detail)
        elif format_ == Format.JSON:
            path = self.filterset.request.path
            detail = (
                f"A page of documents has a path of its own, {path}/documents. Use `detail=true` "
                "only with a `format` that streams documents."
            )
            yield Fault("contradiction", "detail", detail)
        elif self.part or self.params["fields"]:
            other = "part" if self.part else "fields"
            detail = f"Leave out `detail`: `{other}` reads from documents what it names."
            yield Fault("contradiction", "detail", detail)


class MapFormatFilters(FormatFilters):
    """The format of a list of records that have a point.

    Its filter set also declares `centroids`: whether GeoJSON shows records at the centroid of a
    place.
    """

    format = declare_format(MapFormat)


def make_format_filters(
    type_name: str, base: type[FormatFilters] = FormatFilters
) -> type[FormatFilters]:
    """Return the format of the list of a type of record, with its properties and parts."""
    serializer = record_types()[type_name].serializer
    parts = list_parts(serializer, type_name)
    attributes: dict[str, Any] = {
        "__doc__": base.__doc__,
        "type_name": str(type_name),
        **({"part": PartParameter(parts)} if parts else {}),
        "fields": FieldsParameter(
            "For all formats but JSON: only these properties, in the order of the file. Separate "
            "names by commas, or repeat the parameter. A name below another one is written with a "
            "dot, such as `place.name`; the names of columns, such as `place_name`, work too. The "
            "name of an object means all of it. Names that only documents have are read from them. "
            "With `part`, the names are those of its rows.",
            example=",".join(serializer.summary[:3]),
        ),
    }
    metaclass: Any = type(base)
    formats: type[FormatFilters] = metaclass(
        f"{type_name.capitalize()}FormatFilters", (base,), attributes
    )
    return formats


class RecordFilters(FilterGroup):
    """Filters that apply to every type of record."""

    q = SearchParameter(
        "Full-text search, in any script. All words must match; `or` means either, a minus "
        "excludes a word, and quotation marks search for a phrase. Outside quotation marks, words "
        "of four or more letters also match the beginning of longer words. It reads names, titles, "
        "labels, descriptions, quotes, assessments, notes and reasons, and finds records by all "
        "names of the actors, places and publishers that they reference. `matched` in each result "
        "of a page says which text matches.",
        method="filter_words",
    )
    id = IdsParameter("Records with one of these public ids.", method="filter_ids")
    edited_from = MomentParameter(
        "Records whose current text was published at this moment or later.",
        "edited_at",
        lookup="gte",
        at_most="edited_to",
    )
    edited_to = MomentParameter(
        "Records whose current text was published at this moment or earlier.",
        "edited_at",
        lookup="lte",
    )
    changed_since = SnapshotParameter(
        "Records whose current text was published after this snapshot: what a copy of the list at "
        "this snapshot lacks. Refreshes do not count. Records that are no longer public are not in "
        "lists; `/changes` has them.",
        method="filter_changed",
    )

    @cached_property
    def names(self) -> search.Names:
        """The actors, places and publishers that the words of `q` name, found in one query."""
        names, more = search.find_names(self.params["q"], self.snapshot.seq)
        if more:
            detail = (
                "Some words of `q` are in the names of so many actors and places that not all "
                "records which reference them are found. Use more words, or quotation marks."
            )
            self.filterset.notices.append(Fault("too_many_names", "q", detail))
        return names

    def filter_changed(self, entries: QuerySet, name: str, since: Snapshot) -> QuerySet:
        """Return the entries of the records that were edited after a snapshot."""
        if since.seq > self.snapshot.seq:
            detail = "`changed_since` must not be later than the snapshot of the answer."
            raise InvalidParameters(Fault("contradiction", name, detail))
        moment = resolve(Pin(since)).published_at
        if moment is None:
            return entries
        # Later editions have later moments, except those that one transaction published.
        together = Edition.objects.filter(
            record=OuterRef("record"), seq__gt=since.seq, seq__lte=self.snapshot.seq
        ).exclude(kind=EditionKind.REFRESH)
        return entries.filter(Q(edited_at__gt=moment) | Q(edited_at=moment) & Exists(together))

    def filter_words(self, entries: QuerySet, name: str, query: search.Query) -> QuerySet:
        """Return the entries whose words match."""
        return search.filter_matching(entries, query, self.names)

    def filter_ids(self, entries: QuerySet, name: str, ids: list[UUID]) -> QuerySet:
        """Return the entries of the records with one of the ids."""
        current: Any = entries.model.objects
        known = (
            current.at(self.snapshot.seq).filter(record__in=ids).values_list("record", flat=True)
        )
        missing = set(ids).difference(known)
        self.warn_missing(name, find_by_entry(entries.model).name, missing)
        return entries.filter(record__in=ids)


class SortParameter(ChoiceParameter):
    """The order of a list."""

    def __init__(self, orders: type[TextChoices], default: str, note: str = "") -> None:
        super().__init__(
            orders,
            "The order of the results; the public id decides between equals. `relevance` requires "
            f"`q`, and ranks only the {search.RANK_LIMIT} newest matches.{note}",
            default=default,
        )

    def check(self, name: str, filters: Any) -> Iterator[Fault]:
        yield from super().check(name, filters)
        if SORTS[filters.params[name]] != RELEVANCE:
            return
        if "q" not in filters.given:
            yield Fault("contradiction", name, "Use `sort=relevance` only together with `q`.")
        if isinstance(filters.request.accepted_renderer, Stream):
            detail = "This format holds all matching results, but only the newest can be ranked."
            yield Fault("contradiction", name, detail)


class CountFilters(FilterGroup):
    """How far the results of a list are counted."""

    count_limit = IntegerParameter(
        "With `count`: the number at which counting stops, so that the answer is fast. A `count` "
        "that is equal to it is a lower bound.",
        1,
        MAX_COUNTED,
        requires="count",
    )


LIST_GROUPS: Groups = (PageFilters, CountFilters, SnapshotFilters, RecordFilters)
"""The groups of every list of records; formats and the filters of the type are added to them."""


class ListFilterSet(PageFilterSet, DetailFilterSet):
    """The parameters of a list of records. Subclasses declare `sort` and list their groups."""

    groups: ClassVar[Groups] = LIST_GROUPS

    newest: ClassVar[Sort] = RECENTLY_EDITED
    """The order whose first matches are ranked by relevance."""
    documents: ClassVar[bool] = False
    """Whether pages have documents instead of summaries."""

    @property
    def order(self) -> Sort:  # type: ignore[override]
        """The requested order."""
        return SORTS[self.params["sort"]]

    def rank(self, entries: QuerySet) -> QuerySet:
        """Rank the newest entries, a bounded number, if the order is by relevance."""
        if self.order != RELEVANCE:
            return entries
        names = self.group(RecordFilters).names
        return search.rank_entries(self.newest.sorted(entries), self.params["q"], names)

    def complete(self, texts: list[bytes]) -> list[bytes]:
        """Return the results of a page with the properties that depend on the request.

        `matched` is the text that matches `q`, else null.
        """
        query = self.params["q"]
        if query is None:
            return [documents.append_properties(text, {"matched": None}) for text in texts]
        seqs = [documents.load(text)["seq"] for text in texts]
        matches = find_matches(query, self.group(RecordFilters).names, seqs)
        return [
            documents.append_properties(text, {"matched": matches[seq]})
            for text, seq in zip(texts, seqs, strict=True)
        ]

    def start(self) -> list[Any] | None:
        """Return the key behind which the page starts: that of the cursor, if there is one.

        The first page of a past snapshot starts at the newest possible key of that snapshot.
        Otherwise the query would read every later entry only to skip it.
        """
        if self.after:
            return self.after.keys
        if not self.order.descending or self.pin == Pin():
            return None
        latest = self.latest_key(self.order.columns[0])
        return None if latest is None else [latest, _LAST]

    def latest_key(self, column: str) -> RawSQL | None:
        """Return a bound of `column` that no entry of the snapshot exceeds; None if unknown."""
        if column != "edited_at":
            return None
        return RawSQL(f"SELECT published_at FROM {_EDITIONS} WHERE seq = %s", (self.snapshot.seq,))  # noqa: S608, S611

    def shorten(self, entries: QuerySet) -> QuerySet:
        """Return entries that suffice for the page: all, unless there is a shorter way to it."""
        return entries

    def count(self, entries: QuerySet) -> int:
        """Return the number of `entries`, or the number at which the request stops to count."""
        if limit := self.params["count_limit"]:
            return entries.order_by()[:limit].count()
        return self.collect(entries).count()

    def collect(self, entries: QuerySet) -> QuerySet:
        """Return the same `entries`, by the shortest way to all of them if there is another one."""
        return entries


@cache
def make_document_filters(filterset: type[ListFilterSet]) -> type[ListFilterSet]:
    """Return the parameters of pages of documents: those of the list except for formats."""
    groups = tuple(group for group in filterset.groups if not issubclass(group, FormatFilters))
    formats = (group.base_filters for group in filterset.groups if group not in groups)
    hint = "Use it in the list of summaries, of which a stream may also have documents: "
    hint += "`format=ndjson&detail=true`."
    attributes = {
        "__doc__": filterset.__doc__,
        "groups": groups,
        "documents": True,
        "elsewhere": {name: hint for names in formats for name in names},
    }
    metaclass: Any = type(filterset)
    documents: type[ListFilterSet] = metaclass(
        f"{filterset.__name__}OfDocuments", (filterset,), attributes
    )
    return documents


class DateFilters(FilterGroup):
    """How date filters treat uncertain dates; subclasses declare the filters of one kind of date.

    What happened is a `DatedEntry`, whose columns the two methods compare with a day. Their
    parameters have names that end in `_from` and `_to`.
    """

    dates = ChoiceParameter(
        DateCertainty,
        "Whether filters by dates, scopes and filters by rows with dates match what may match "
        "(`possible`) or only what certainly matches (`certain`).",
        default=DateCertainty.POSSIBLE,
    )

    @property
    def dated(self) -> list[str]:
        parameters = self.base_filters
        return [name for name in self.given if isinstance(parameters[name], DaysParameter)]

    def check(self) -> Iterator[Fault]:
        if "dates" in self.given and not self.filterset.dated:
            detail = (
                "This would change nothing. Use `dates=certain` only together with a filter by "
                "dates, a scope, or a filter by rows that have dates."
            )
            yield Fault("contradiction", "dates", detail)

    def filter_from(self, entries: QuerySet, name: str, day: date) -> QuerySet:
        """Return what happened, possibly or certainly, on the day or later."""
        if self.params["dates"] == DateCertainty.CERTAIN:
            return entries.filter(order_date__gte=day, certain=True)
        return entries.filter(last_date__gte=day)

    def filter_to(self, entries: QuerySet, name: str, day: date) -> QuerySet:
        """Return what happened, possibly or certainly, on the day or earlier."""
        entries = entries.filter(order_date__lte=day)
        if self.params["dates"] == DateCertainty.CERTAIN:
            return entries.filter(last_date__lte=day, certain=True)
        since: date | None = self.params[f"{name.removesuffix('_to')}_from"]
        if since is None:
            return entries
        days = Value(DateRange(since, day, "[]"), DateRangeField())
        return entries.filter(may_lie_in(days))
