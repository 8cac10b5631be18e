"""The explore page, and its results as a page for other sites and as a picture."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext
from rest_framework.request import Request
from rest_framework.response import Response

from api.filters import DetailFilterSet
from api.hints import list_words
from api.problems import Fault, InvalidParameters, Problem
from api.snapshots import PINS, Pin, PublicState
from api.views import NEWEST
from explorer.answers import API, MAX_COUNTED, Answers
from explorer.explore import charts, timeline
from explorer.explore.facets import read_facets
from explorer.explore.filters import Measure, View, make_filterset
from explorer.explore.forms import Option, make_form
from explorer.explore.labels import SEARCH, label_filter, label_word
from explorer.explore.names import Names
from explorer.explore.offers import DRAWN, make_offers
from explorer.explore.pictures import Caption, draw_chart, draw_map, draw_timeline, render_png
from explorer.explore.state import Chip, State
from explorer.maps import MAX_LISTED as MAX_ON_MAP
from explorer.maps import map_incidents
from explorer.views import PageRenderer, PageView, day_of, has_fiction
from publishing.bidi import isolate
from publishing.countries import list_country_names
from publishing.presentation.words import count_in_words

MAX_LISTED = 50
"""The number of incidents on a page of results."""


class IncidentsPage(PageView):
    """Incidents by any filter, in a view that readers choose."""

    @property
    def parameters(self) -> type[DetailFilterSet]:
        """The parameters of the page."""
        return make_filterset()

    def find_context(self, answers: Answers, state: PublicState, **context: Any) -> dict[str, Any]:
        return {}  # it was read before, because it may be refused

    def _find_pin(self, request: Request) -> Pin:
        """Return the requested snapshot; the newest if that is refused later."""
        try:
            return self.read_pin(request.query_params)
        except (ValidationError, ValueError):
            return Pin()

    def _redirect(self, request: Request, query: QueryDict) -> Response:
        """Redirect to the same page with other parameters."""
        address = State(query).address(request.path, cursor=query.get("cursor"))
        return Response(status=303, headers={"Location": address, "Cache-Control": NEWEST})

    def _read(
        self, request: Request, state: PublicState, page: State, names: Names
    ) -> dict[str, Any]:
        """Return the results, and what is said of them. Raises Problem."""
        make_filterset()(request)
        if names.faults:
            raise InvalidParameters(*names.faults)
        chips = page.list_chips(names)
        cite_as = self.citation(request, state.snapshot)
        return read_results(Answers(request, state.snapshot), page, state) | {
            "page": page,
            "chips": chips,
            "offers": make_offers(request, page, state, chips, cite_as),
        }


class ExplorePage(IncidentsPage):
    """The page with all filters."""

    template = "explorer/explore.html"

    def get(self, request: Request) -> Any:
        """Return the page; what is wrong with parameters is said at their fields."""
        state = self.resolve(self._find_pin(request))
        names = Names(Answers(request, state.snapshot))
        query = names.tidy(request.query_params)
        if query != request.query_params:
            return self._redirect(request, query)
        page = State(query)
        try:
            found = self._read(request, state, page, names)
        except Problem as problem:
            if not problem.faults:
                raise
            return self._refuse(request, state, page, names, problem.faults)
        missing = _list_missing(found["warnings"])
        facets = read_facets(Answers(request, state.snapshot), page, names)
        context = self._describe(page, names, missing, facets.numbers)
        return self.show(request, state, facets=facets.facets, **context, **found)

    def _describe(
        self,
        page: State,
        names: Names,
        faults: list[Fault],
        numbers: Mapping[str, Mapping[str, str]],
    ) -> dict[str, Any]:
        """Return what the page shows beside the results."""
        return {
            "form": make_form(page.query, names, faults, numbers),
            "tabs": page.tabs,
            "orders": _list_orders(page),
            "countries": sorted(list_country_names(get_language() or "en").values()),
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
        context = self.base_context(request, state) | {
            "is_fictional": has_fiction(Answers(request, state.snapshot)),
            "is_refused": True,
            "page": page,
            "chips": page.list_chips(names),
        }
        context |= self._describe(page, names, [*names.faults, *others], {})
        content = render_to_string(self.template, context).encode()
        return Response(content, 400, headers={"Cache-Control": NEWEST})


class EmbeddedPage(IncidentsPage):
    """The results alone, at one snapshot: the only page that other sites may show in a frame."""

    template = "explorer/embed.html"

    def get(self, request: Request) -> Any:
        """Return the page, or redirect to the snapshot that it is from then on pinned to."""
        state = self.resolve(self._find_pin(request))
        names = Names(Answers(request, state.snapshot))
        query = names.tidy(request.query_params)
        for name in PINS:
            query.pop(name, None)
        query["snapshot"] = str(state.snapshot)
        if query != request.query_params:
            return self._redirect(request, query)
        page = State(query)
        found = self._read(request, state, page, names)
        return self.show(request, state, source=describe_source(state), **found)


class SVGRenderer(PageRenderer):
    """A picture."""

    media_type = "image/svg+xml"
    format = "svg"


class PNGRenderer(PageRenderer):
    """A picture in pixels."""

    media_type = "image/png"
    format = "png"
    charset = None  # type: ignore[assignment]


class SVGPage(IncidentsPage):
    """The picture of a view that is one."""

    renderer_classes = (SVGRenderer,)  # type: ignore[assignment]

    def get(self, request: Request) -> Any:
        """Return the picture."""
        state = self.resolve(self._find_pin(request))
        names = Names(Answers(request, state.snapshot))
        page = State(request.query_params)
        if page.view not in DRAWN:
            detail = f"Only some views are pictures. {list_words(DRAWN, API)}"
            raise InvalidParameters(Fault("invalid", "view", detail))
        names.look_up(request.query_params)
        found = self._read(request, state, page, names)
        found["is_fictional"] = has_fiction(Answers(request, state.snapshot))
        picture = draw(found, state)
        return self.answer(request, state, lambda: (self.encode(picture), None), costly=True)

    def encode(self, svg: str) -> bytes:
        """Return the file of a picture."""
        return svg.encode()


class PNGPage(SVGPage):
    """The picture of a view, in pixels."""

    renderer_classes = (PNGRenderer,)  # type: ignore[assignment]

    def encode(self, svg: str) -> bytes:
        return render_png(svg)


def describe_source(state: PublicState) -> str:
    """Return where results are from, for a picture or another site."""
    day = f"{state.published_at:%Y-%m-%d}" if state.published_at else "–"
    names = {"name": settings.NAME, "snapshot": state.snapshot, "day": day}
    source = gettext("Source: %(name)s, snapshot %(snapshot)s of %(day)s.") % names
    return f"{source} {settings.LICENCE}."


def draw(found: dict[str, Any], state: PublicState) -> str:
    """Return the picture of results."""
    offers, page = found["offers"], found["page"]
    address = re.sub(r"(/explore)\.(svg|png)\b", r"\1", offers.cite_as, count=1)
    filters = "; ".join(f"{chip.label}: {isolate(chip.value)}" for chip in found["chips"])
    if page.view == View.CHART:
        caption = Caption(found["chart"].title, filters, describe_source(state), address)
        return draw_chart(found["chart"], caption)
    if page.view == View.MAP:
        caption = Caption(gettext("Incidents on a map"), filters, describe_source(state), address)
        return draw_map(found["map"], caption, is_fictional=found["is_fictional"])
    caption = Caption(gettext("Incidents by time"), filters, describe_source(state), address)
    return draw_timeline(found["timeline"], caption)


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
    detail = gettext("There is no public record of this name. Try fewer letters.")
    missing = {each["parameter"]: None for each in warnings if each["code"] == "not_found"}
    return [Fault("missing", name, detail) for name in missing]


def read_results(answers: Answers, page: State, state: PublicState) -> dict[str, Any]:
    """Return the results of a state, as its view needs them."""
    if page.view == View.CHART:
        chart = charts.draw_chart(answers, page)
        found = {"chart": chart, "total": chart.total, "warnings": chart.warnings}
        return found | {"total_words": count_in_words(chart.total, is_exact=True)}
    limit = MAX_ON_MAP if page.view == View.MAP else MAX_LISTED
    requested = {**page.filters, "sort": page.sort, "limit": limit, "count": "true"}
    if page.filters:  # the number of all incidents is known soon enough
        requested["count_limit"] = MAX_COUNTED
    if page.view == View.MAP:
        del requested["sort"]
    elif page.cursor:
        requested["cursor"] = page.cursor
    answer = answers.get("incidents", **requested)
    following = answer["next"] and parse_qs(urlsplit(answer["next"]).query)["cursor"][0]
    total = answer["count"]
    found = {
        "rows": answer["results"],
        "total": total,
        "total_words": count_in_words(total, is_exact=total != requested.get("count_limit")),
        "next": following and page.address(cursor=following),
        "first": page.cursor and page.address(),
        "warnings": answer["warnings"],
    }
    if page.view == View.MAP:
        found["map"] = map_incidents(answers, answer["results"], None, **page.filters)
    if page.view == View.TIMELINE:
        found["timeline"] = timeline.draw_timeline(answers, page, answer["results"], day_of(state))
    return found
