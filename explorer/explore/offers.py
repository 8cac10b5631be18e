"""What each view offers: files, the call of the API, code, a citation, pictures and an embed."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import get_language_bidi, gettext, gettext_lazy
from rest_framework.request import Request

from api.snapshots import PINS, PublicState
from explorer.answers import API
from explorer.explore import charts
from explorer.explore.filters import View
from explorer.explore.state import Chip, State

PICTURES, EMBED = "/explore", "/embed/incidents"
"""The addresses of pictures, without their suffix, and of the page for other sites."""
DRAWN = (View.MAP, View.TIMELINE, View.CHART)
"""The views that are a picture."""
_HEIGHTS = {View.TIMELINE: 520, View.CHART: 560, View.MAP: 560}
"""The heights of embedded pages, in pixels."""
_FORMATS = {
    "csv": gettext_lazy("CSV, for spreadsheets"),
    "geojson": gettext_lazy("GeoJSON, for maps"),
    "ndjson": gettext_lazy("NDJSON, for programs"),
}


class Link(NamedTuple):
    """A file and its address."""

    label: str
    address: str


class Offers(NamedTuple):
    """What a view offers, all of it at the snapshot that the page shows."""

    files: list[Link]
    call: str
    python: str
    r: str
    citation: str
    cite_as: str
    pictures: list[Link]
    embed: str


def make_offers(
    request: Request, page: State, state: PublicState, chips: Sequence[Chip], cite_as: str
) -> Offers:
    """Return what a view of the page offers."""
    snapshot = str(state.snapshot)
    is_chart = page.view == View.CHART
    groups = page.group_by or [charts.DEFAULT_GROUP]

    def write(path: str, **more: Any) -> str:
        query = urlencode({**page.filters, **more, "snapshot": snapshot}, doseq=True, safe=":,/")
        return request.build_absolute_uri(f"{API}/{path}?{query}")

    sort = {} if page.sort in ("newest", "relevance") else {"sort": page.sort}
    files = [
        Link(str(label), write("incidents", **sort, format=name))
        for name, label in _FORMATS.items()
    ]
    call = write("incidents", **sort)
    if is_chart:
        files[0] = Link(str(_FORMATS["csv"]), write("statistics", group_by=groups, format="csv"))
        call = write("statistics", group_by=groups)
    code = {
        "csv": files[0].address,
        "ndjson": write("incidents", **sort, format="ndjson"),
        "statistics": call,
        "is_chart": is_chart,
    }
    pinned = {name: value for name, value in page.query.lists() if name not in (*PINS, "cursor")}
    return Offers(
        files,
        call,
        _write_code("python", code),
        _write_code("r", code),
        cite(page, state, chips, cite_as),
        cite_as,
        [
            Link(suffix.upper(), _pin(f"{PICTURES}.{suffix}", pinned, snapshot))
            for suffix in ("svg", "png")
            if page.view in DRAWN
        ],
        _write_embed(request, page, pinned, snapshot, describe(chips)),
    )


def describe(chips: Sequence[Chip]) -> str:
    """Return the filters in one line."""
    filters = "; ".join(f"{chip.label}: {chip.value}" for chip in chips)
    return f"{gettext('Incidents')}: {filters}" if filters else gettext("Incidents")


def cite(page: State, state: PublicState, chips: Sequence[Chip], address: str) -> str:
    """Return the citation of a view."""
    day = f"{state.published_at:%Y-%m-%d}" if state.published_at else "–"
    named = {"snapshot": _isolate(str(state.snapshot)), "day": _isolate(day)}
    place = gettext("snapshot %(snapshot)s of %(day)s") % named
    name, comma, licence = _isolate(settings.NAME), gettext(", "), _isolate(settings.LICENCE)
    return f"{name}{comma}{place}. {describe(chips)}. {_isolate(address)} {licence}."


def _isolate(text: str) -> str:
    """Return Latin text so that it keeps its order in a text that runs from right to left."""
    return f"\u2066{text}\u2069" if get_language_bidi() else text


def _pin(path: str, query: Mapping[str, list[str]], snapshot: str) -> str:
    text = urlencode({**query, "snapshot": snapshot}, doseq=True, safe=":,/")
    return f"{path}?{text}"


def _write_code(language: str, context: dict[str, Any]) -> str:
    return render_to_string(f"explorer/explore/code.{language}.txt", context).strip()


def _write_embed(
    request: Request, page: State, query: Mapping[str, list[str]], snapshot: str, title: str
) -> str:
    """Return the element by which another site shows the view."""
    address = request.build_absolute_uri(_pin(EMBED, query, snapshot))
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy"></iframe>',
        *(address, f"{settings.NAME} – {title}", _HEIGHTS.get(View(page.view), 640)),
    )
