"""The declared filters of a resource, strict about everything they are asked."""

from collections.abc import Collection, Iterator
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, TextChoices
from django.db.models.expressions import RawSQL

from api.filtersets import Strict
from api.formats import CSVStream, Escape, Format, GeoJSONStream, MapFormat, Stream
from api.ordering import BY_NAME, NEWEST, OLDEST, RECENTLY_EDITED, RELEVANCE, Sort
from api.pagination import Cursor, CursorParameter
from api.parameters import Flag, Ids, Moment, ReleaseName, SnapshotParameter, Whole, Word
from api.problems import Fault
from api.snapshots import PINS, Pin
from api.texts import Search
from publishing import search
from publishing.models import Edition
from publishing.models.entry import SideEntry
from publishing.snapshots import Snapshot

_EDITIONS = Edition._meta.db_table
_LAST = UUID(int=2**128 - 1)
"""Behind every public id."""


class ByName(TextChoices):
    """The orders of what has a name."""

    NAME = "name"
    RECENTLY_EDITED = "recently_edited"
    RELEVANCE = "relevance"


class ByDate(TextChoices):
    """The orders of what has a date; undated is last in newest, first in oldest."""

    NEWEST = "newest"
    OLDEST = "oldest"
    RECENTLY_EDITED = "recently_edited"
    RELEVANCE = "relevance"


SORTS = {
    ByName.NAME: BY_NAME,
    ByDate.NEWEST: NEWEST,
    ByDate.OLDEST: OLDEST,
    ByDate.RECENTLY_EDITED: RECENTLY_EDITED,
    ByDate.RELEVANCE: RELEVANCE,
}


class DetailFilters(Strict):
    """The parameters of whatever can be asked for as it was: at most one of the three."""

    snapshot: Any = SnapshotParameter(
        "The public record at this snapshot: the `snapshot` of an earlier answer."
    )
    known_at = Moment(
        "The public record as it was known at this moment, which must not be in the future."
    )
    release = ReleaseName("The public record as the release of this name holds it.")

    @property
    def pin(self) -> Pin:
        """What the request asks to be answered at."""
        return Pin(*(self.asked[name] for name in PINS))

    def contradictions(self, asked: dict[str, Any]) -> Iterator[Fault]:
        yield from super().contradictions(asked)
        given = [name for name in PINS if asked[name] is not None]
        for name in given[1:]:
            yield Fault("contradiction", name, f"It does not go with “{given[0]}”: give one.")


class PageFilters(Strict):
    """The parameters of whatever comes in pages. Subclasses say in which `order`."""

    limit = Whole("How many results a page has, at the most.", 1, 1000, default=100)
    cursor = CursorParameter("Where to go on: from `next`, unchanged.")
    count = Flag("Whether to count all matches.", default=False)

    def order(self, asked: dict[str, Any]) -> Sort:
        """Return the order that is asked for."""
        raise NotImplementedError

    @property
    def after(self) -> Cursor | None:
        """Where the page begins; None for the first."""
        return self.asked["cursor"]

    def contradictions(self, asked: dict[str, Any]) -> Iterator[Fault]:
        yield from super().contradictions(asked)
        cursor = asked["cursor"]
        if cursor is not None and not (
            cursor.digest == self.digest()
            and cursor.type_keys(self.order(asked).columns)
            and asked.get("snapshot") in (None, cursor.snapshot)
        ):
            yield Fault(
                "cursor",
                "cursor",
                "It was made for other parameters: take `next` as it is, or leave it out.",
            )

    def digest(self) -> str:
        """Return what ties a cursor to the question it belongs to."""
        return Cursor.digest_of(self.request.path, self.data)


class PinnedPageFilters(PageFilters, DetailFilters):
    """The parameters of pages that can be asked for as they were."""

    @property
    def pin(self) -> Pin:
        """What the request asks to be answered at: where the first page was, on a later one."""
        return Pin(self.after.snapshot) if self.after else super().pin


class Escaping(Word):
    """How CSV is kept from being taken for formulas."""

    def __init__(self) -> None:
        super().__init__(
            Escape,
            "Of CSV: `spreadsheet` puts ' before text that a spreadsheet would take for a formula, "
            "at the start of a cell or behind a semicolon, a tab or a line's end within it, and a "
            "byte-order mark before all. Taking one ' off from each such place gives the text.",
        )


class ListFilters(PinnedPageFilters):
    """The parameters that every list has. Subclasses declare `sort` and what their type adds."""

    detail = Flag("Whether to answer documents instead of summaries.", default=False)
    format = Word(
        Format,
        "A page of JSON, or everything that matches as a stream. It wins over Accept; without it, "
        "Accept chooses.",
    )
    escape = Escaping()
    q = Search(
        "Full text, in any script: words mean and, `or` means or, a minus excludes, quotes ask for "
        "words in sequence. Words of four letters or more match beginnings, but not in quotes.",
        "words",
    )
    id = Ids("Only these records.", "record")
    edited_from = Moment(
        "Only what reads as it does since this moment or later.", "edited_at", lookup="gte"
    )
    edited_to = Moment("Only what reads as it does since this moment.", "edited_at", lookup="lte")

    pairs: ClassVar[tuple[tuple[str, str], ...]] = (("edited_from", "edited_to"),)
    groups: ClassVar[dict[type[SideEntry], tuple[str, ...]]] = {}
    """By side row, the parameters that one and the same such row must meet together."""

    newest: ClassVar[Sort] = RECENTLY_EDITED
    """The order of which the first matches are ranked."""

    def order(self, asked: dict[str, Any]) -> Sort:
        return SORTS[asked["sort"]]

    def ranked(self, entries: QuerySet) -> QuerySet:
        """Rank entries by relevance where that is asked for: the newest ones, a bounded number."""
        if self.order(self.asked) != RELEVANCE:
            return entries
        return search.rank_entries(self.newest.sorted(entries), self.asked["q"])

    def contradictions(self, asked: dict[str, Any]) -> Iterator[Fault]:
        yield from super().contradictions(asked)
        relevance = self.order(asked) == RELEVANCE
        if relevance and asked["q"] is None:
            yield Fault("contradiction", "sort", "Relevance is to a question: give “q”.")
        if isinstance(self.request.accepted_renderer, Stream):
            if relevance:
                detail = "A stream holds everything that matches, and only the newest are ranked."
                yield Fault("contradiction", "sort", detail)
            for name in ("limit", "cursor"):
                if name in self.data:
                    detail = "A stream holds everything that matches: leave it out."
                    yield Fault("contradiction", name, detail)
        for name, (format_, detail) in _OF_FORMAT.items():
            if name in self.data and not isinstance(self.request.accepted_renderer, format_):
                yield Fault("contradiction", name, detail)
        if isinstance(self.request.accepted_renderer, CSVStream) and asked["detail"]:
            detail = "CSV holds summaries: leave it out, or take format=ndjson for documents."
            yield Fault("contradiction", "detail", detail)

    def start(self) -> list[Any] | None:
        """Return the key that the page begins behind: that of the cursor, if there is one.

        The first page of a past state begins where that state does, by date: all that came since
        would be gone through otherwise, to find that none of it stood then.
        """
        if self.after:
            return self.after.keys
        sort = self.order(self.asked)
        latest = self.latest(sort.columns[0]) if sort.descending and self.pin != Pin() else None
        return None if latest is None else [latest, _LAST]

    def latest(self, column: str) -> RawSQL | None:
        """Return what no entry that stood at the snapshot exceeds in `column`, if that is known."""
        if column != "edited_at":
            return None
        return RawSQL(f"SELECT published_at FROM {_EDITIONS} WHERE seq = %s", (self.snapshot.seq,))  # noqa: S608, S611

    def leading(self, entries: QuerySet) -> QuerySet:
        """Return entries that hold the page asked for: all, unless there is a shorter way to it."""
        return entries

    def keep(
        self, entries: QuerySet, snapshot: Snapshot, without: Collection[str] = ()
    ) -> QuerySet:
        """Return the entries that are asked for, of those that stand at the snapshot.

        The parameters `without` are left out of account.
        """
        self.snapshot = snapshot
        grouped = {name for names in self.groups.values() for name in names}
        for name, value in self.asked.items():
            if name not in grouped and name not in without:
                entries = self.filters[name].filter(entries, value)
        for side, names in self.groups.items():
            given = [name for name in names if self.asked[name] is not None]
            if given:
                entries = entries.filter(Exists(self.rows(side, given)))
        return entries

    def rows(self, side: type[SideEntry], given: list[str]) -> QuerySet:
        """Return the side rows of an entry that meet all `given` parameters of their group."""
        rows = side.objects.filter(seq=OuterRef("seq"))
        for name in given:
            rows = self.filters[name].filter(rows, self.asked[name])
        return rows


class MapFilters(ListFilters):
    """The parameters of lists of what lies somewhere."""

    format = Word(
        MapFormat,
        "A page of JSON, or everything that matches as a stream. It wins over Accept; without it, "
        "Accept chooses.",
    )
    centroids = Flag(
        "Of GeoJSON: whether what has no public point of its own is shown at the centroid of its "
        "place, marked by `is_centroid`.",
        default=False,
    )


_OF_FORMAT = {
    "escape": (CSVStream, "It goes with format=csv alone."),
    "centroids": (GeoJSONStream, "It goes with format=geojson alone."),
}
"""The parameters that belong to one format, and what is said where they stand with another."""


def sort_by(orders: type[TextChoices], default: str) -> Word:
    """Declare the orders of a list."""
    return Word(
        orders,
        "The order; the public id breaks ties. `relevance` goes with `q`, and ranks the "
        f"{search.RANK_LIMIT} newest matches alone.",
        default=default,
    )
