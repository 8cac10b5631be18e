"""The home page, and the search of the whole public record."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from rest_framework.request import Request

from api.filters import DetailFilterSet, SnapshotFilters
from api.filtersets import FilterGroup
from api.pagination import CursorParameter
from api.parameters import ChoiceParameter, TextParameter
from api.problems import Fault
from api.snapshots import Pin, PublicState
from explorer.answers import Answers
from explorer.explore.timeline import draw_days
from explorer.maps import map_rows
from explorer.metadata import describe_dataset, describe_release
from explorer.views import PageView, ReleasesView
from publishing.presentation.words import List

MAX_LATEST = 10
"""The number of incidents and releases on the home page."""
MAX_FOUND = 10
"""The number of results of each type; a list of one type has `MAX_LISTED` on each page."""
MAX_LISTED = 50


class HomePage(ReleasesView):
    """The home page: what this is, how much there is of it, and what is new."""

    template = "explorer/home.html"

    def get(self, request: Request) -> Any:
        """Return the home page."""
        pin = DetailFilterSet(request).pin
        state = self.resolve(pin)
        origin = request.build_absolute_uri("/").rstrip("/")
        permanent = self.citation(request, state.snapshot)
        named = {"origin": origin, "permanent": permanent, "release": pin.release}
        return self.show(request, state, self.release_count, **named)

    def find_context(self, answers: Answers, state: PublicState, **context: Any) -> dict[str, Any]:
        counts = [(name, answers.get(name, count="true", limit=1)["count"]) for name in List.values]
        latest = answers.get("incidents", limit=MAX_LATEST)["results"]
        releases = answers.get_newest("releases", limit=MAX_LATEST)["results"]
        axis, dated = draw_days(latest)
        return {
            "counts": counts,
            "axis": axis,
            "incidents": dated,
            "map": map_rows(latest),
            "releases": releases,
            "data": "/api/v1",
            "dataset": self._describe(answers, state, **context),
        }

    def _describe(
        self,
        answers: Answers,
        state: PublicState,
        *,
        origin: str,
        permanent: str,
        release: str | None,
    ) -> dict[str, Any]:
        """Return the description of the data set for programs: of a release, if one is read."""
        if release is None:
            return describe_dataset(origin, permanent, state)
        found = answers.get_newest(f"releases/{release}")
        return describe_release(origin, permanent, state, found)


class NameParameter(TextParameter):
    """A name, or words; the search takes as much as suggestions do."""

    max_length = 100


class SearchFilters(FilterGroup):
    """What is searched for, and where."""

    q = NameParameter("A name in any script, or words.")
    type = ChoiceParameter(List, "Only records of this list, all of them in pages.")
    cursor = CursorParameter("Where the page starts.")

    def check(self) -> Iterator[Fault]:
        if self.params["cursor"] and not self.params["type"]:
            yield Fault("contradiction", "cursor", "Use `cursor` only together with `type`.")


class SearchFilterSet(DetailFilterSet):
    """The parameters of the search."""

    groups = (SearchFilters, SnapshotFilters)


class SearchPage(PageView):
    """What a reader may mean by a name or by words; or a list of one type."""

    template = "explorer/search.html"
    filterset_class = SearchFilterSet

    def get(self, request: Request) -> Any:
        """Return the page of results."""
        filters = SearchFilterSet(request)
        after = filters.params["cursor"]
        pin = Pin(after.snapshot) if after and filters.pin == Pin() else filters.pin
        state = self.resolve(pin)
        query, type_ = filters.params["q"] or "", filters.params["type"]
        cursor = request.query_params.get("cursor")
        return self.show(request, state, query=query, type=type_, cursor=cursor)

    def find_context(self, answers: Answers, state: PublicState, **context: Any) -> dict[str, Any]:
        query, type_, cursor = context["query"], context["type"], context["cursor"]
        words = {"q": query} if query else {}
        if type_:
            requested = words | ({"cursor": cursor} if cursor else {})
            found = _read(answers, type_, MAX_LISTED, requested)
            return {"lists": [found], "data": found["address"]}
        if not query:
            return {"lists": []}
        names = answers.get("suggest", q=query, limit=20)["results"]
        known = {found["id"] for found in names}
        similar = answers.get("resolve", name=query, limit=10)["results"]
        return {
            "names": names,
            "similar": [match for match in similar if match["actor"]["id"] not in known],
            "lists": [_read(answers, name, MAX_FOUND, words) for name in List.values],
        }


def _read(answers: Answers, name: str, limit: int, requested: Mapping[str, Any]) -> dict[str, Any]:
    """Return the results of a list, and the cursor of its next page."""
    answer = answers.get(name, **requested, limit=limit)
    following = answer["next"] and parse_qs(urlsplit(answer["next"]).query)["cursor"][0]
    return {
        "name": name,
        "rows": answer["results"],
        "next": following,
        "address": answers.address(name, **{k: v for k, v in requested.items() if k != "cursor"}),
    }


def redirect_to_list(request: HttpRequest, name: str) -> HttpResponse:
    """Redirect the address above the pages of records to the page that lists these records."""
    query = request.META.get("QUERY_STRING", "")
    if name == List.INCIDENTS:
        return HttpResponsePermanentRedirect("/explore" + (f"?{query}" if query else ""))
    return HttpResponsePermanentRedirect(f"/search?type={name}" + (f"&{query}" if query else ""))
