"""The changes of the public record in words, as a page and as Atom feeds."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from django.http import QueryDict
from rest_framework.request import Request

from api.filters import DetailFilterSet, SnapshotFilters
from api.filtersets import FilterGroup
from api.parameters import (
    CountryCodesParameter,
    MultipleChoiceParameter,
    RecordsParameter,
    SnapshotParameter,
)
from api.problems import Problem
from api.snapshots import Pin, PublicState
from explorer.answers import Answers
from explorer.atom import AtomRenderer, Entry, Feed, make_tag
from explorer.views import PageView
from publishing.codes import RecordType
from publishing.countries import find_country
from publishing.presentation import words
from publishing.presentation.differences import property_name

Row = dict[str, Any]
MAX_CHANGES = 50
"""The number of changes on a page and in a feed."""
MAX_NAMED = 8
"""The number of changed properties that are named."""
FEED = "/feeds/changes"


class ChangeFilters(FilterGroup):
    """Which changes, and where the page starts; the API reads them too."""

    type = MultipleChoiceParameter(RecordType, "Changes of records of this type.")
    actor = RecordsParameter("Changes of this actor, and of what names it, by slug or public id.")
    country = CountryCodesParameter("Changes of records in this country, by ISO code.")
    before = SnapshotParameter("Changes before the one with this snapshot.")


class ChangeFilterSet(DetailFilterSet):
    """The parameters of changes. Fields of its form that are empty are not filters."""

    groups = (ChangeFilters, SnapshotFilters)

    @classmethod
    def without_defaults(cls, query: QueryDict) -> QueryDict:
        data = super().without_defaults(query)
        for name, values in list(data.lists()):
            if name in ChangeFilters.base_filters and not any(values):
                del data[name]
        return data

    @property
    def requested(self) -> dict[str, list[str]]:
        """The filters as the API takes them."""
        names = [name for name in ChangeFilters.base_filters if name in self.data]
        return {name: self.data.getlist(name) for name in names}


class Change(NamedTuple):
    """A change of a record in words."""

    row: Row
    moment: datetime
    address: str
    """The page of the record at this edition."""

    @classmethod
    def of(cls, row: Row) -> "Change":
        """Return a change that the API lists."""
        key = row["slug"] or row["id"]
        address = f"/{row['type']}s/{key}?snapshot={row['snapshot']}"
        return cls(row, datetime.fromisoformat(row["published_at"]), address)

    @property
    def day(self) -> date:
        """The day of the change, in UTC."""
        return self.moment.date()

    @property
    def action(self) -> str:
        """What was done, in a word."""
        return words.change_in_words(self.row["kind"], self.row["version"])

    @property
    def type(self) -> str:
        """The type of the record, in a word."""
        return words.record_type(self.row["type"])

    @property
    def parts(self) -> list[str]:
        """The names of the properties that changed, in the order of the document."""
        paths = self.row["paths"] or self.row["redacted"] or []
        names = dict.fromkeys(path.partition(".")[0].partition("[")[0] for path in paths)
        found = [property_name(name) for name in names if name != "*"]
        return [word[0].lower() + word[1:] for word in found]

    @property
    def named_parts(self) -> list[str]:
        """The first of these names."""
        return self.parts[:MAX_NAMED]

    @property
    def more_parts(self) -> int:
        """The number of the other names."""
        return len(self.parts[MAX_NAMED:])


class ChangesView(PageView):
    """The base of the page of changes and of their feeds."""

    filterset_class = ChangeFilterSet
    filters: ChangeFilterSet

    def get(self, request: Request, **filters: str) -> Any:
        """Return the newest changes. `filters` are those that the path gives."""
        self.filters = ChangeFilterSet(request)
        return self.show(
            request, self.resolve(self.filters.pin), requested=self.request_of(filters)
        )

    def request_of(self, filters: dict[str, str]) -> dict[str, list[str]]:
        """Return the filters of the query and of the path."""
        return self.filters.requested | {name: [value] for name, value in filters.items()}

    def find_context(self, answers: Answers, state: PublicState, **context: Any) -> Row:
        requested = context["requested"]
        answer = answers.get_newest(
            "changes",
            until=answers.snapshot,
            sort="newest",
            refresh="false",
            limit=MAX_CHANGES,
            **requested,
        )
        following = answer["next"] and parse_qs(urlsplit(answer["next"]).query)["before"][0]
        filters = {name: values for name, values in requested.items() if name != "before"}
        return {
            "changes": [Change.of(row) for row in answer["results"]],
            "warnings": answer["warnings"],
            "older": following,
            "filters": filters,
            "query": urlencode(filters, doseq=True),
        }


class ChangesPage(ChangesView):
    """The page of changes, by day."""

    template = "explorer/changes.html"

    def base_context(self, request: Request, state: PublicState) -> Row:
        return super().base_context(request, state) | {"data": "/api/v1/changes?sort=newest"}

    def find_context(self, answers: Answers, state: PublicState, **context: Any) -> Row:
        shown = super().find_context(answers, state, **context)
        filters, query = shown["filters"], shown["query"]
        pin = {"snapshot": answers.snapshot} if self.filters.pin != Pin() else {}
        older = {**filters, **pin, "before": shown["older"]}
        return shown | {
            "days": [(day, list(group)) for day, group in groupby(shown["changes"], by_day)],
            "older": shown["older"] and f"?{urlencode(older, doseq=True)}",
            "newest": "before" in context["requested"]
            and f"?{urlencode({**filters, **pin}, True)}",
            "feed": FEED + (f"?{query}" if query else ""),
            "data": f"/api/v1/changes?sort=newest&refresh=false{'&' if query else ''}{query}",
            "types": [(word, words.record_type(word)) for word in reversed(RecordType.values)],
        }


def by_day(change: Change) -> date:
    """Return the day of a change."""
    return change.day


class ChangesFeed(ChangesView):
    """An Atom feed of changes: of all, of an actor or of a country."""

    renderer_classes = (AtomRenderer,)  # type: ignore[assignment]

    def request_of(self, filters: dict[str, str]) -> dict[str, list[str]]:
        """Return the filters. Raises Problem if the country of the path does not exist."""
        if "country" in filters and not find_country(filters["country"]):
            raise Problem("not-found")
        if "actor" in filters:
            parameter = ChangeFilters.base_filters["actor"]
            try:
                parameter.parse(filters["actor"])
            except ValueError:
                raise Problem("not-found") from None
        return super().request_of(filters)

    def write(self, context: Row) -> bytes:
        """Return the feed. Raises Problem if its path names an actor that was never public."""
        if self.kwargs and context["warnings"]:
            raise Problem("not-found")
        request = self.request
        query = context["query"]
        page = request.build_absolute_uri("/changes" + (f"?{query}" if query else ""))
        address = request.build_absolute_uri()
        changes = context["changes"]
        feed = Feed(
            title=self.make_title(context),
            address=address,
            page=page,
            identity=make_tag(request.path + (f"?{query}" if query and not self.kwargs else "")),
            updated=changes[0].moment if changes else context["state"].published_at,
            author=context["site_name"],
            rights=context["licence"],
            is_fictional=context["is_fictional"],
            older=self.make_older(context),
        )
        return feed.write(list(self.list_entries(changes)))

    def make_title(self, context: Row) -> str:
        """Return the title of the feed, with the name of its actor or country."""
        subject = ""
        if code := self.kwargs.get("country"):
            country = find_country(code)
            subject = country.short_name if country else code
        elif key := self.kwargs.get("actor"):
            names = (
                change.row["title"]
                for change in context["changes"]
                if key in (change.row["slug"], change.row["id"])
            )
            subject = next(filter(None, names), key)
        return words.feed_title(context["site_name"], subject)

    def make_older(self, context: Row) -> str:
        """Return the address of the next page of the feed, if any."""
        if not context["older"]:
            return ""
        filters = {} if self.kwargs else context["filters"]
        query = urlencode({**filters, "before": context["older"]}, doseq=True)
        return self.request.build_absolute_uri(f"{self.request.path}?{query}")

    def list_entries(self, changes: list[Change]) -> Iterator[Entry]:
        """Yield the entry of each change. The edition that it is about never changes."""
        for change in changes:
            row = change.row
            lines = [row["note"] or ""]
            if change.parts:
                more = f" (+{change.more_parts})" if change.more_parts else ""
                lines.append(f"{words.CHANGED} {', '.join(change.named_parts)}{more}")
            yield Entry(
                title=words.entry_title(row["title"], change.type, change.action),
                address=self.request.build_absolute_uri(change.address),
                identity=make_tag(f"edition:{row['snapshot']}", change.day.isoformat()),
                moment=change.moment,
                lines=[line for line in lines if line],
                categories=[row["type"], row["kind"]],
            )
