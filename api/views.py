"""How every endpoint answers: from Editions and Entries alone."""

import builtins
from collections.abc import Callable, Iterator
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q
from django.http import QueryDict, StreamingHttpResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSetMixin

from api import etags, problems, snapshots
from api.filters import DetailFilters, ListFilters
from api.filtersets import Strict
from api.formats import STREAMS, Export, File, JSONRenderer, Negotiation, Stream
from api.limits import Slot
from api.pagination import Cursor, page
from api.parameters import SLUG, Words
from api.schema import PublicSchema
from api.snapshots import PublicState
from publishing import completion, documents
from publishing.models import Edition, Entry
from publishing.serializers import DocumentSerializer
from publishing.snapshots import Snapshot

LONGEST = 2**15
"""How many characters an address may have."""
NEWEST, PINNED = "public, no-cache", "public, max-age=3600"


class PublicView(APIView):
    """What all public endpoints share: anonymous, read-only, open to every origin."""

    authentication_classes = ()
    permission_classes = ()
    parser_classes = ()
    renderer_classes: tuple[type[JSONRenderer], ...] = (JSONRenderer,)
    content_negotiation_class = Negotiation
    http_method_names = ["get", "head", "options"]
    schema = PublicSchema()
    filterset_class: ClassVar[type[Strict]]

    @property
    def parameters(self) -> type[Strict]:
        """The parameters of the answer at hand."""
        return self.filterset_class

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Open the answer to every origin."""
        response = super().finalize_response(request, response, *args, **kwargs)
        return problems.opened(response)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse an address that is too long for anyone to keep."""
        if len(request.get_full_path()) > LONGEST:
            raise problems.Problem("too-long", f"An address has up to {LONGEST:,} characters.")
        super().initial(request, *args, **kwargs)

    def get_exception_handler(self) -> Any:
        """Answer every refusal as a problem."""
        return problems.handle

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Answer which methods there are, and a browser's preflight."""
        headers = {
            "Allow": "GET, HEAD, OPTIONS",
            "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
            "Access-Control-Allow-Headers": "If-None-Match, Accept",
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
        """Answer 200 with what `body` makes and its `next` link, or 304 without making it.

        The tag is that of the Edition `served`, or of the request and the snapshot; `more` counts
        what else an answer depends on. A pinned answer says how to cite it (RFC 8574). Of what is
        `costly`, as exports are, a client runs only so much at once.
        """
        asked = address(request, self.parameters.without_defaults(request.query_params))
        tag = etags.etag(request, asked, served or state.snapshot, state.redactions + more)
        headers = {
            "ETag": tag,
            "Cache-Control": PINNED if state.pinned else NEWEST,
            "Muster-Snapshot": str(state.snapshot),
        }
        if etags.matches(request, tag):
            return Response(status=304, headers=headers)
        links = [f'<{self.citation(request, state.snapshot)}>; rel="cite-as"'] * state.pinned
        file: Any = request.accepted_renderer
        content: bytes | Iterator[bytes] = b""
        link = None
        if request.method != "HEAD" or not isinstance(file, File):
            export = isinstance(file, Stream)
            slot = Slot(request, export=export) if costly or export else None
            try:
                content, link = body()
                if not isinstance(content, bytes):
                    assert slot
                    content, slot = Export(content, slot), None
            finally:
                if slot:
                    slot.release()
        if link:
            links.insert(0, f'<{link}>; rel="next"')
        if links:
            headers["Link"] = ", ".join(links)
        if not isinstance(file, File):
            return Response(content, headers=headers)
        name = f"muster-{request.path.rsplit('/', 1)[-1]}-{state.snapshot}.{file.format}"
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
        if isinstance(content, bytes):
            if request.method != "HEAD":  # with a length the server sends it without this thread
                headers["Content-Length"] = str(len(content))
            content = iter([content])
        return StreamingHttpResponse(content, headers=headers, content_type=file.content_type)

    def citation(self, request: Request, snapshot: Snapshot) -> str:
        """Return the address at which the whole answer will always read as it does."""
        asked = self.parameters.without_defaults(request.query_params)
        if "snapshot" in self.parameters.base_filters:
            for name in (*snapshots.PINS, "cursor"):
                asked.pop(name, None)
            asked["snapshot"] = str(snapshot)
        return address(request, asked)

    def next(self, request: Request, cursor: Cursor) -> str:
        """Return the address of the page behind `cursor`, with every parameter but defaults."""
        asked = self.parameters.without_defaults(request.query_params)
        asked["cursor"] = str(cursor)
        return address(request, asked)


def address(request: Request, asked: QueryDict) -> str:
    """Return the absolute address of a request with other parameters."""
    return request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")


class RecordView(ViewSetMixin, PublicView):
    """The list and the detail of one type of record."""

    type_name: ClassVar[str]
    """The word for the type."""
    entry: ClassVar[type[Entry]]
    """The entries that the list is found by."""
    document: ClassVar[type[DocumentSerializer]]
    """Describes the documents; nothing is rendered here."""
    filterset_class: ClassVar[type[ListFilters]]

    @property
    def parameters(self) -> type[Strict]:
        return self.filterset_class if self.action == "list" else DetailFilters

    def get_renderers(self) -> builtins.list[Any]:
        """Return the formats: a list has those that its parameter `format` knows."""
        format_ = self.parameters.base_filters.get("format")
        words = format_.words.values if isinstance(format_, Words) else ()
        return [JSONRenderer(), *(STREAMS[word]() for word in words if word in STREAMS)]

    def list(self, request: Request) -> Any:
        """Answer a page of summaries, or of documents with `detail=true`, or all in a stream."""
        filters = self.filterset_class(request)
        state = snapshots.resolve(filters.pin)

        def body() -> tuple[bytes | Iterator[bytes], str | None]:
            entries = filters.keep(self.entry.objects.at(state.snapshot.seq), state.snapshot)
            order, asked = filters.order(filters.asked), filters.asked
            if isinstance(stream := request.accepted_renderer, Stream):
                if stream.counted:
                    self.headers["Muster-Count"] = str(entries.count())
                return stream.write(entries, order, asked, state.snapshot), None
            leading = filters.leading(filters.ranked(entries))
            texts, last = page(leading, order, filters.start(), asked["limit"], asked["detail"])
            count = entries.count() if asked["count"] else None
            cursor = last and Cursor(state.snapshot, last, filters.digest())
            link = self.next(request, cursor) if cursor else None
            return envelope(texts, link, state.snapshot, count), link

        return self.answer(request, state, body, costly=bool(filters.asked["count"]))

    def retrieve(self, request: Request, key: str) -> Response:
        """Answer the document of one record, by public id or by slug."""
        pin = DetailFilters(request).pin
        edition, state = snapshots.edition(pin, named(self.type_name, key))
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
        """Send a merged record's address to the survivor's, for ever."""
        survivor = documents.load(edition.ref)
        query = request.META.get("QUERY_STRING", "")
        address = request.path.rsplit("/", 1)[0] + "/" + (survivor["slug"] or survivor["id"])
        location = address + (f"?{query}" if query else "")
        headers = {"Location": location, "Cache-Control": NEWEST}
        return Response({"merged_into": survivor}, 308, headers=headers)


def named(type_: str, key: str) -> Q:
    """Find a record by what its address ends with. Raises Problem `not-found`."""
    try:
        return Q(type=type_, record=UUID(key))
    except ValueError:
        if not SLUG.fullmatch(key):
            raise problems.Problem("not-found") from None
        return Q(type=type_, slug=key)


def envelope(texts: list[bytes], link: str | None, snapshot: Snapshot, count: int | None) -> bytes:
    """Return a page, of results that are JSON already."""
    rest = documents.dump({"next": link, "snapshot": str(snapshot), "count": count})
    return b'{"results":[' + b",".join(texts) + b"]," + rest[1:]
