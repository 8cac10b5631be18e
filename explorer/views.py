"""The base of all pages: parameters, snapshots, caches and problems as in the API."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property, partial
from typing import Any, ClassVar
from urllib.parse import quote

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api import problems
from api.filters import DetailFilterSet
from api.problems import Problem
from api.reports import make_report_address
from api.snapshots import PINS, PublicState
from api.views import NEWEST, Basis, PublicView
from explorer.answers import API, Answers
from explorer.languages import list_languages, localize_links
from explorer.metadata import describe_record
from publishing import completion, documents
from publishing.codes import EditionKind
from publishing.models import Edition, Release

MAX_EDITIONS = 200
"""The largest number of editions that a page lists: the newest ones."""
MAX_SOURCES = 500
"""The largest number of sources that a page describes; more would not fit into one address."""


class PageRenderer(BaseRenderer):
    """A page, which is written already."""

    media_type = "text/html"
    format = "html"
    charset = "utf-8"

    def render(self, data: Any, *_: Any, **__: Any) -> bytes:
        """Return the body of an answer."""
        return data if isinstance(data, bytes) else b""


class AlwaysPage(BaseContentNegotiation):
    """Content negotiation of an address that has only a page."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        """Return no parser: pages take no body."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: Any = None
    ) -> tuple[BaseRenderer, str]:
        """Return the only renderer, whatever the client accepts."""
        only = next(iter(renderers))
        return only, only.media_type


class PageView(PublicView):
    """A page of the public site."""

    schema = None  # type: ignore[assignment]
    filterset_class: ClassVar[type[DetailFilterSet]] = DetailFilterSet
    renderer_classes = (PageRenderer,)  # type: ignore[assignment]
    content_negotiation_class = AlwaysPage  # type: ignore[assignment]
    template: ClassVar[str]
    """The name of the template."""

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Answer with the allowed methods, in the header `Allow`."""
        return Response(status=204)

    def get_exception_handler(self) -> Any:
        """Return the handler that answers every exception as a page."""
        return partial(show_problem, self)

    def show(self, request: Request, state: PublicState, more: int = 0, **context: Any) -> Any:
        """Answer with the page at a state, or 304.

        `find_context` is not called for a 304. `more` counts what else the page depends on.
        """

        def body() -> tuple[bytes, None]:
            answers = Answers(request, state.snapshot)
            found = self.base_context(request, state) | context
            found["is_fictional"] = has_fiction(answers)
            found |= self.find_context(answers, state, **context)
            return self.write(found), None

        return self.answer(request, state, body, more=more)

    def write(self, context: dict[str, Any]) -> bytes:
        """Return the page with what it shows."""
        return write_page(self.template, context)

    def base_context(self, request: Request, state: PublicState) -> dict[str, Any]:
        """Return what the frame of every page shows."""
        is_past = any(name in request.query_params for name in PINS)
        return site_context(request) | {
            "address": request.build_absolute_uri(),
            "picture": request.build_absolute_uri(f"/card.png?snapshot={state.snapshot}"),
            "state": state,
            "is_past": is_past,
            "pin": f"?snapshot={state.snapshot}" if is_past else "",
            "today": _make_address_of_today(request),
            "cite_as": self.citation(request, state.snapshot),
            "report": make_report_address(request, state.snapshot, self._unpinned(request)),
        }

    def find_context(self, answers: Answers, state: PublicState, **context: Any) -> dict[str, Any]:
        """Return what the template of this page shows."""
        raise NotImplementedError


def site_context(request: HttpRequest | Request) -> dict[str, Any]:
    """Return what pages show of this site whatever they are about."""
    return {
        "site_name": settings.NAME,
        "licence": settings.LICENCE,
        "software_version": settings.VERSION,
        "languages": list_languages(request),
    }


def write_page(template: str, context: dict[str, Any]) -> bytes:
    """Return a page, with links to pages in the same language."""
    return localize_links(render_to_string(template, context)).encode()


def _make_address_of_today(request: Request) -> str:
    """Return the address of the same page at the newest snapshot."""
    query = request.query_params.copy()
    for name in (*PINS, "cursor"):
        query.pop(name, None)
    return quote(request.path) + (f"?{query.urlencode()}" if query else "")


def has_fiction(answers: Answers) -> bool:
    """Return whether fictional incidents are public, of which every page warns."""
    return bool(answers.get("incidents", tag="fictional", limit=1)["results"])


def _has_fiction_today(request: Request) -> bool:
    """Return whether fictional incidents are public, for a page that has no snapshot."""
    try:
        answer = Answers(request, "").get_newest("incidents", tag="fictional", limit=1)
    except (Problem, DatabaseError):
        return False
    return bool(answer["results"])


def day_of(state: PublicState) -> date:
    """Return the day of a state: the last one that its pictures show."""
    return (state.published_at or timezone.now()).date()


def show_problem(view: PageView, error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the page of a problem; None lets Django answer other exceptions."""
    answer = problems.handle(error, context)
    if answer is None:
        return None
    request = context["request"]
    is_past = any(name in request.query_params for name in PINS)
    shown = site_context(request) | {
        "problem": answer.data,
        "code": answer.data["type"].rsplit("/", 1)[-1],
        "is_past": is_past,
        "today": _make_address_of_today(request),
        "is_fictional": answer.status_code < 500 and _has_fiction_today(request),
        # The page of a draft is that of nothing, to the byte, so it does not repeat its address.
        "languages": [],
        "report": settings.REPORTS,
    }
    page = write_page("explorer/problem.html", shown)
    names = ("Retry-After", "Cache-Control")
    headers = {name: answer[name] for name in names if answer.has_header(name)}
    kind = "text/html; charset=utf-8"  # also where a picture or a feed was requested
    return Response(page, answer.status_code, headers=headers, content_type=kind)


class ReleasesView(PageView):
    """A page that shows releases, which are made without an edition."""

    def find_basis(self, request: Request) -> Basis | None:
        """Return what the page follows from, the number of releases among it."""
        state = self.resolve(self.read_pin(request.query_params))
        return Basis(state, more=self.release_count)

    @cached_property
    def release_count(self) -> int:
        """The number of releases."""
        return Release.objects.count()


class RecordPage(PageView):
    """The page of one record."""

    base: ClassVar[str]
    """The name of its list, and the first part of the address."""
    filters: DetailFilterSet
    """The parameters of the request."""
    listed: dict[int, list[Edition]]
    """The editions of the record, by the edition that they were read for."""

    def _begin(self) -> None:
        super()._begin()
        self.listed = {}

    def get(self, request: Request, key: str) -> Any:
        """Return the page of one record, by public id or slug."""
        self.filters = self.filterset_class(request)
        edition, state = self.find_edition(self.filters.pin, key)
        if edition is None:
            raise Problem("not-found")
        if edition.merged_into:
            return self._move(request, edition)
        if not edition.public:
            raise Problem("withdrawn", edition.reason)
        editions = self.list_editions(edition)
        return self.show(request, state, editions[0].version, edition=edition, editions=editions)

    def find_basis(self, request: Request) -> Basis | None:
        """Return what the page follows from; the number of the newest edition is for its banner."""
        edition, state = self.find_edition(self.read_pin(request.query_params), self.kwargs["key"])
        if edition is None or not edition.public:
            return None
        return Basis(state, more=self.list_editions(edition)[0].version)

    def list_editions(self, edition: Edition) -> list[Edition]:
        """Return the editions of the record, which are read once for an edition."""
        if edition.seq not in self.listed:
            self.listed[edition.seq] = list_editions(edition)
        return self.listed[edition.seq]

    def _move(self, request: Request, edition: Edition) -> Response:
        """Redirect permanently from a merged record to the one that it was merged into."""
        survivor = documents.load(edition.reference)
        query = request.META.get("QUERY_STRING", "")
        address = f"/{self.base}/{survivor['slug'] or survivor['id']}"
        address += f"?{query}" if query else ""
        context = site_context(request) | {"survivor": survivor, "address": address}
        page = write_page("explorer/merged.html", context)
        return Response(page, 308, headers={"Location": address, "Cache-Control": NEWEST})

    def base_context(self, request: Request, state: PublicState) -> dict[str, Any]:
        key = quote(request.path.rsplit("/", 1)[-1])
        shown = super().base_context(request, state)
        picture = f"/{self.base}/{key}/card.png?snapshot={state.snapshot}"
        return shown | {
            "data": f"{API}/{self.base}/{key}{shown['pin']}",
            "base": self.base,
            "picture": request.build_absolute_uri(picture),
        }

    def find_context(self, answers: Answers, state: PublicState, **context: Any) -> dict[str, Any]:
        edition, editions = context["edition"], context["editions"]
        document = completion.read_document(edition)
        past = [each for each in editions if each.seq <= state.snapshot.seq]
        later = [each for each in editions if each.seq > state.snapshot.seq]
        shown = {
            "about": describe_record(self.type_name, document),
            "document": document,
            "key": document.get("slug") or document["id"],
            "editions": past,
            "previous": past[1] if len(past) > 1 else None,
            "next": later[-1] if later else None,
            "earlier_names": list_earlier_names(past),
            "merged": list_merged(edition, state.snapshot.seq),
            "sources": read_sources(answers, document),
        }
        return shown | self.find_parts(answers, state, document)

    def find_parts(
        self, answers: Answers, state: PublicState, document: dict[str, Any]
    ) -> dict[str, Any]:
        """Return what else the template shows than the document."""
        return {}


def list_editions(edition: Edition) -> list[Edition]:
    """Return the editions of a record, the newest first, without their texts and refreshes."""
    editions = Edition.objects.filter(record=edition.record).exclude(kind=EditionKind.REFRESH)
    columns = (
        *("seq", "hash", "record", "slug", "version", "kind", "published_at", "note", "public"),
        "reference",
    )
    return list(editions.order_by("-seq").only(*columns)[:MAX_EDITIONS])


def list_earlier_names(editions: list[Edition]) -> list[str]:
    """Return the names that a record had in its editions and has no more, the newest first."""
    references = [documents.load(each.reference) for each in editions if each.public]
    names = list(dict.fromkeys(reference["name"] for reference in references))
    return [name for name in names[1:] if name]


def list_merged(edition: Edition, seq: int) -> list[Edition]:
    """Return the editions by which other records were merged into one, up to a snapshot."""
    merges = Edition.objects.filter(kind=EditionKind.MERGE, merged_into=edition.record)
    return list(merges.filter(seq__lte=seq).order_by("-seq").only("record", "slug")[:MAX_EDITIONS])


def read_sources(answers: Answers, document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the sources that a document cites, in that order, each with its number."""
    ids = list(dict.fromkeys(_iterate_sources(document)))[:MAX_SOURCES]
    # Nothing is cited by the id of nobody, and the page always needs the same queries.
    requested = ids or ["00000000-0000-0000-0000-000000000000"]
    answer = answers.get("sources", id=requested, limit=MAX_SOURCES)
    by_id = {source["id"]: source for source in answer["results"]}
    return [by_id[id_] for id_ in ids if id_ in by_id]


def _iterate_sources(value: Any) -> Iterator[str]:
    """Yield the ids of the sources in all citations of a document."""
    if isinstance(value, list):
        for item in value:
            yield from _iterate_sources(item)
    elif isinstance(value, dict):
        if "stance" in value and value.get("source"):
            yield value["source"]["id"]
        for item in value.values():
            yield from _iterate_sources(item)
