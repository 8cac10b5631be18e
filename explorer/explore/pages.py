"""The explore page."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from rest_framework.request import Request
from rest_framework.response import Response

from api.filters import DetailFilterSet
from api.problems import Fault, InvalidParameters, Problem
from api.snapshots import Pin, PublicState
from api.views import NEWEST
from explorer.answers import Answers
from explorer.explore import charts, timeline
from explorer.explore.filters import Measure, View, make_filterset
from explorer.explore.forms import Option, make_form
from explorer.explore.labels import SEARCH, label_filter, label_word
from explorer.explore.names import Names, list_country_names
from explorer.explore.state import Chip, State
from explorer.views import PageView, day_of, has_fiction

MAX_LISTED = 50
"""The number of incidents on a page of results."""


class ExplorePage(PageView):
    """Incidents by any filter, in a view that readers choose."""

    template = "explorer/explore.html"

    @property
    def parameters(self) -> type[DetailFilterSet]:
        """The parameters of the page."""
        return make_filterset()

    def get(self, request: Request) -> Any:
        """Return the page; what is wrong with parameters is said at their fields."""
        pin = self._find_pin(request)
        state = self.resolve(pin)
        answers = Answers(request, state.snapshot)
        names = Names(answers)
        query = names.tidy(request.query_params)
        if query != request.query_params:
            address = State(query).address(request.path, cursor=query.get("cursor"))
            headers = {"Location": address, "Cache-Control": NEWEST}
            return Response(status=303, headers=headers)
        page = State(query)
        try:
            make_filterset()(request)
            if names.faults:
                raise InvalidParameters(*names.faults)
            found = read_results(answers, page, state)
        except Problem as problem:
            if not problem.faults:
                raise
            return self._refuse(request, state, page, names, problem.faults)
        context = self._describe(page, names, _list_missing(found["warnings"])) | found
        return self.show(request, state, **context)

    def find_context(self, answers: Answers, state: PublicState, **context: Any) -> dict[str, Any]:
        return {}  # it was read before, because it may be refused

    def _find_pin(self, request: Request) -> Pin:
        """Return the requested snapshot; the newest if that is refused later."""
        try:
            return self.read_pin(request.query_params)
        except (ValidationError, ValueError):
            return Pin()

    def _describe(self, page: State, names: Names, faults: list[Fault]) -> dict[str, Any]:
        """Return what the page shows beside the results."""
        form = make_form(page.query, names, faults)
        return {
            "page": page,
            "form": form,
            "chips": page.list_chips(names),
            "tabs": page.tabs,
            "orders": _list_orders(page),
            "countries": list_country_names(),
            "hidden": page.list_pairs(without=[*page.filters, "cursor"]),
            "chart_hidden": page.list_pairs(without=["group_by", "measure", "cursor"]),
            "groups": _list_groups(page),
            "measures": [
                Option(measure.value, str(measure.label), measure == page.measure)
                for measure in Measure
            ],
        }

    def _refuse(
        self, request: Request, state: PublicState, page: State, names: Names, faults: list[Fault]
    ) -> Response:
        """Answer that parameters are invalid, with the form as it was filled in."""
        unresolved = {fault.parameter for fault in names.faults}
        others = [fault for fault in faults if fault.parameter not in unresolved]
        context = self.base_context(request, state)
        context |= self._describe(page, names, [*names.faults, *others])
        context["is_fictional"] = has_fiction(Answers(request, state.snapshot))
        page_ = render_to_string(self.template, context | {"is_refused": True}).encode()
        return Response(page_, 400, headers={"Cache-Control": NEWEST})


def _list_orders(page: State) -> list[Chip]:
    """Return the orders of the list, each with its address."""
    parameter: Any = make_filterset().base_filters["sort"]
    return [
        Chip(
            word,
            label_word("sort", word, label),
            page.address(sort=None if word == parameter.default else word),
        )
        for word, label in parameter.choices.choices
        if word != "relevance" or SEARCH in page.filters
    ]


def _list_groups(page: State) -> list[list[Option]]:
    """Return what a chart can group by, for its first and for its second group."""
    parameter: Any = make_filterset().base_filters["group_by"]
    chosen = [*(page.group_by or [charts.DEFAULT_GROUP]), "", ""][:2]
    return [
        [Option(name, label_filter(name), name == each) for name in parameter.choices.values]
        for each in chosen
    ]


def _list_missing(warnings: list[dict[str, Any]]) -> list[Fault]:
    """Return the warnings of values that mean no public record."""
    return [Fault(**warning) for warning in warnings if warning["code"] == "not_found"]


def read_results(answers: Answers, page: State, state: PublicState) -> dict[str, Any]:
    """Return the results of a state, as its view needs them."""
    if page.view == View.CHART:
        chart = charts.draw_chart(answers, page)
        return {"chart": chart, "total": chart.total, "warnings": chart.warnings}
    requested = {**page.filters, "sort": page.sort, "limit": MAX_LISTED, "count": "true"}
    if page.cursor:
        requested["cursor"] = page.cursor
    answer = answers.get("incidents", **requested)
    following = answer["next"] and parse_qs(urlsplit(answer["next"]).query)["cursor"][0]
    found = {
        "rows": answer["results"],
        "total": answer["count"],
        "next": following and page.address(cursor=following),
        "first": page.cursor and page.address(),
        "warnings": answer["warnings"],
    }
    if page.view == View.TIMELINE:
        found["timeline"] = timeline.draw_timeline(
            answers, page, answer["results"], day_of(state)
        )
    return found

