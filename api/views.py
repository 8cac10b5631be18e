"""The views of the public API, which answer from editions and index entries only."""

import builtins
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.http import QueryDict, StreamingHttpResponse
from django.utils.http import parse_etags
from rest_framework import serializers
from rest_framework.fields import DateTimeField
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSetMixin

from api import compression, exports, problems, snapshots
from api.citations import make_comment, prepend_comment
from api.exports import Results
from api.filters import DetailFilterSet, FormatFilters, ListFilterSet, make_document_filters
from api.filtersets import StrictFilterSet
from api.formats import STREAMS, Export, File, Format, JSONRenderer, Negotiation, Stream
from api.limits import Slot
from api.pagination import Cursor, page
from api.parameters import SLUG, MultipleChoiceParameter
from api.problems import Fault
from api.schema import PublicSchema
from api.snapshots import PublicState
from publishing import completion, documents
from publishing.models import Edition, Entry
from publishing.serializers import DocumentSerializer
from publishing.snapshots import Snapshot

MAX_ADDRESS = 2**15
"""Maximum number of characters of an address."""
NEWEST, PINNED = "public, no-cache", "public, max-age=3600, s-maxage=10"
"""What caches may keep: for long in a browser, but a shared cache must soon see a redaction."""


class PublicView(APIView):
    """A public endpoint: anonymous, read-only, and open to every origin."""

    authentication_classes = ()
    permission_classes = ()
    parser_classes = ()
    renderer_classes: tuple[type[JSONRenderer], ...] = (JSONRenderer,)
    content_negotiation_class = Negotiation
    http_method_names = ["get", "head", "options"]
    schema = PublicSchema()
    filterset_class: ClassVar[type[StrictFilterSet]]
    pin_name: ClassVar[str] = "snapshot"
    """The parameter that takes the snapshot of the answer."""

    @property
    def parameters(self) -> type[StrictFilterSet]:
        """The parameters of the current action."""
        return self.filterset_class

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Let pages of every origin read the answer."""
        response = super().finalize_response(request, response, *args, **kwargs)
        return problems.allow_every_origin(response)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse an address that is too long."""
        if len(request.get_full_path()) > MAX_ADDRESS:
            detail = f"Use an address of at most {MAX_ADDRESS:,} characters."
            raise problems.Problem("too-long", detail)
        super().initial(request, *args, **kwargs)

    def get_exception_handler(self) -> Any:
        """Return the handler that answers every exception as a problem."""
        return problems.handle

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Answer with the allowed methods, also to the preflight of a browser.

        The header `Allow` is in every answer.
        """
        headers = {
            "Access-Control-Allow-Methods": ", ".join(self.allowed_methods),
            "Access-Control-Allow-Headers": "Accept, Cache-Control, Content-Type, If-None-Match",
            "Access-Control-Max-Age": "86400",
        }
        return Response(status=204, headers=headers)

    def answer(
        self,
        request: Request,
        state: PublicState,
        body: Callable[[], tuple[bytes | Iterator[bytes], str | None]],
        *,
        served: Snapshot | None = None,
        more: int = 0,
        costly: bool = False,
    ) -> Any:
        """Answer 200 with the result of `body` and its `next` link, or 304 without calling it.

        The ETag depends on the request, the redactions, and the snapshot of the edition `served` or
        else of the answer; `more` counts anything else that it depends on. Every answer says how to
        cite it (RFC 8574) and when its snapshot was published. A client may run only some `costly`
        requests, and exports, at once.
        """
        address = make_address(request, self.parameters.without_defaults(request.query_params))
        tag = make_etag(request, address, served or state.snapshot, state.redactions + more)
        headers = {
            "ETag": tag,
            "Cache-Control": PINNED if state.pinned else NEWEST,
            "Muster-Snapshot": str(state.snapshot),
        }
        if state.published_at:
            headers["Muster-Published"] = DateTimeField().to_representation(state.published_at)
        if has_etag(request, tag):
            return Response(status=304, headers=headers)
        citation = self.citation(request, state.snapshot)
        links = [f'<{citation}>; rel="cite-as"']
        file: Any = request.accepted_renderer
        export = isinstance(file, Stream)
        slot = Slot(request, export=export) if costly or export else None
        try:
            content, link = body()  # of a HEAD request too: it adds headers, and starts no stream
            if file.format == Format.CSV and request.query_params.get("cite") == "true":
                content = prepend_comment(make_comment(state, citation), content)
            if not isinstance(content, bytes) and request.method == "HEAD":
                content = iter([])
            elif not isinstance(content, bytes):
                assert slot
                content, slot = Export(content, slot), None
        finally:
            if slot:
                slot.release()
        if link:
            links.insert(0, f'<{link}>; rel="next"')
        headers["Link"] = ", ".join(links)
        if not isinstance(file, File):
            return Response(content, headers=headers)
        name = "-".join([request.path.rsplit("/", 1)[-1], *request.query_params.getlist("part")])
        file_name = f"muster-{name}-{state.snapshot}.{file.format}"
        headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
        if isinstance(content, bytes):  # with a length the server sends it without this thread
            headers["Content-Length"] = str(len(content))
            content = iter([content])
        return StreamingHttpResponse(content, headers=headers, content_type=file.content_type)

    def answer_constant(
        self, request: Request, content: bytes, cache_control: str = NEWEST
    ) -> Response:
        """Answer 200 with content that only a new version of the software changes, or 304."""
        coding = compression.choose_coding(request)
        tag = f'W/"{hashlib.sha256(content + coding.encode()).hexdigest()[:16]}"'
        headers = {"ETag": tag, "Cache-Control": cache_control}
        if has_etag(request, tag):
            return Response(status=304, headers=headers)
        return Response(content, headers=headers)

    def citation(self, request: Request, snapshot: Snapshot) -> str:
        """Return the address that always gives the whole answer as it is now, in its format."""
        query = self._pin(request, snapshot)
        file: Any = request.accepted_renderer
        if isinstance(file, File):
            query["format"] = file.format
        return make_address(request, query)

    def next(self, request: Request, cursor: Cursor) -> str:
        """Return the address of the page behind `cursor`, without parameters at their defaults."""
        query = self._pin(request, cursor.snapshot)
        query["cursor"] = str(cursor)
        return make_address(request, query)

    def _pin(self, request: Request, snapshot: Snapshot) -> QueryDict:
        """Return the parameters of a request for the whole answer at a snapshot.

        They are the same whichever parameter chose the snapshot, and so are the addresses in a
        body.
        """
        query = self.parameters.without_defaults(request.query_params)
        if self.pin_name in self.parameters.base_filters:
            for name in (*snapshots.PINS, self.pin_name):
                query.pop(name, None)
            query[self.pin_name] = str(snapshot)
        query.pop("cursor", None)
        return query


def make_address(request: Request, query: QueryDict) -> str:
    """Return the absolute address of a request with other parameters."""
    return request.build_absolute_uri(request.path + (f"?{query.urlencode()}" if query else ""))


class RecordView(ViewSetMixin, PublicView):
    """The list and the detail of one type of record."""

    type_name: ClassVar[str]
    """The name of the type."""
    entry: ClassVar[type[Entry]]
    """The index entries that the list is filtered on."""
    document: ClassVar[type[DocumentSerializer]]
    """The serializer that describes the documents; the stored bytes are never rendered again."""
    filterset_class: ClassVar[type[ListFilterSet]]
    explanation: ClassVar[type[serializers.Serializer] | None] = None
    """The serializer that describes an explanation of a result, if there are any."""

    @property
    def parameters(self) -> type[StrictFilterSet]:
        if self.action == "documents":
            return make_document_filters(self.filterset_class)
        return self.filterset_class if self.action == "list" else DetailFilterSet

    def get_renderers(self) -> builtins.list[Any]:
        """Return the formats: those of the parameter `format`, and always JSON."""
        parameter = self.parameters.base_filters.get("format")
        formats = parameter.choices.values if isinstance(parameter, MultipleChoiceParameter) else ()
        return [JSONRenderer(), *(STREAMS[word]() for word in formats if word in STREAMS)]

    def list(self, request: Request) -> Any:
        """Return a page of summaries, or a stream of all results in another `format`."""
        return self._list(request, self.filterset_class(request))

    def documents(self, request: Request) -> Any:
        """Return a page of documents. It takes the filters and orders of the list of summaries."""
        return self._list(request, make_document_filters(self.filterset_class)(request))

    def _list(self, request: Request, filters: ListFilterSet) -> Any:
        """Return a page, or a stream."""
        state = snapshots.resolve(filters.pin)

        def body() -> tuple[bytes | Iterator[bytes], str | None]:
            rows = self.entry.objects.at(state.snapshot.seq)
            entries = filters.filter_entries(rows, state.snapshot)
            order, params = filters.order, filters.params
            if isinstance(stream := request.accepted_renderer, Stream):
                results = Results(filters.collect(entries), order, state.snapshot)
                selection = filters.group(FormatFilters).make_selection()
                self.headers["Muster-Count"] = str(exports.count_results(results, selection))
                self.headers |= warning_headers(filters.warnings)
                return stream.write(results, selection, params), None
            shorter = filters.shorten(filters.rank(entries))
            texts, last = page(
                shorter,
                order,
                filters.start(),
                params["limit"],
                filters.documents,
                state.snapshot,
            )
            count = filters.collect(entries).count() if params["count"] else None
            cursor = last and Cursor(state.snapshot, last, filters.digest())
            link = self.next(request, cursor) if cursor else None
            texts = filters.complete(texts)
            return envelope(texts, link, state.snapshot, count, filters.warnings), link

        return self.answer(request, state, body, costly=bool(filters.params["count"]))

    def retrieve(self, request: Request, key: str) -> Response:
        """Return the document of one record, by public id or slug."""
        pin = DetailFilterSet(request).pin
        edition, state = snapshots.find_edition(pin, is_record(self.type_name, key))
        if edition is None:
            raise problems.Problem("not-found")
        if edition.merged_into:
            return self._moved(request, edition)
        if not edition.public:
            raise problems.Problem("withdrawn", edition.reason)
        return self.answer(
            request,
            state,
            lambda: (completion.document_text(edition), None),
            served=edition.snapshot,
        )

    def _moved(self, request: Request, edition: Edition) -> Response:
        """Redirect permanently from a merged record to the one that it was merged into."""
        survivor = documents.load(edition.reference)
        query = request.META.get("QUERY_STRING", "")
        path = request.path.rsplit("/", 1)[0] + "/" + (survivor["slug"] or survivor["id"])
        location = path + (f"?{query}" if query else "")
        headers = {"Location": location, "Cache-Control": NEWEST}
        return Response({"merged_into": survivor}, 308, headers=headers)


def make_etag(request: Request, address: str, snapshot: Snapshot, counter: int) -> str:
    """Return the weak ETag of the answer to a request at a snapshot, by this software.

    `address` has no defaults, which change no answer. An answer at a snapshot never changes, except
    by redactions, which `counter` counts. Some answers also contain the name and the licence of the
    database, which its operator may change.
    """
    text = (
        f"{settings.VERSION} {completion.fingerprint_of_all()} {settings.NAME} {settings.LICENCE} "
        f"{counter} {snapshot} {address} {request.accepted_media_type} "
        f"{compression.choose_coding(request)}"
    )
    return f'W/"{snapshot}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"'


def has_etag(request: Request, tag: str) -> bool:
    """Return whether the client already has this answer (RFC 9110, weak comparison)."""
    tags = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    return tag.removeprefix("W/") in {each.removeprefix("W/") for each in tags}


def is_record(type_: str, key: str) -> Q:
    """Return the condition for one record, by public id or slug. Raises Problem `not-found`."""
    try:
        return Q(type=type_, record=UUID(key))
    except ValueError:
        if not SLUG.fullmatch(key):
            raise problems.Problem("not-found") from None
        return Q(type=type_, slug=key)


def warning_headers(warnings: Sequence[Fault]) -> dict[str, str]:
    """Return the header of a file whose answer has warnings: a JSON array in ASCII."""
    text = json.dumps(list_warnings(warnings))
    return {"Muster-Warning": text} if warnings else {}


def list_warnings(warnings: Sequence[Fault]) -> list[dict[str, Any]]:
    """Return the property `warnings` of an answer."""
    return [warning._asdict() for warning in warnings]


def envelope(
    texts: list[bytes],
    link: str | None,
    snapshot: Snapshot,
    count: int | None,
    warnings: Sequence[Fault] = (),
) -> bytes:
    """Return a page of results that are JSON already."""
    end = {"next": link, "snapshot": str(snapshot), "count": count}
    rest = documents.dump(end | {"warnings": list_warnings(warnings)})
    return b'{"results":[' + b",".join(texts) + b"]," + rest[1:]
