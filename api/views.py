"""The views of the public API, which answer from editions and index entries only."""

import builtins
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.utils.http import parse_etags
from rest_framework import exceptions, serializers
from rest_framework.fields import DateTimeField
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSetMixin

from api import compression, exports, kept, problems, snapshots
from api.citations import make_comment, prepend_comment
from api.exports import Results
from api.filters import DetailFilterSet, FormatFilters, ListFilterSet, make_document_filters
from api.filtersets import StrictFilterSet, check_encoding
from api.formats import STREAMS, Export, File, Format, JSONRenderer, Negotiation, Stream
from api.limits import Slot
from api.pagination import Cursor, page
from api.parameters import SLUG, MultipleChoiceParameter
from api.problems import Fault
from api.reconnecting import DeadConnectionError, FirstQuery, without_health_check
from api.reports import make_report_link
from api.schema import PublicSchema
from api.snapshots import Pin, PublicState
from publishing import completion, documents
from publishing.models import Edition, Entry
from publishing.serializers import DocumentSerializer
from publishing.snapshots import Snapshot

MAX_ADDRESS = 2**15
"""Maximum number of characters of an address."""
NEWEST, PINNED = "public, no-cache", "public, max-age=3600, s-maxage=10"
"""What caches may keep: for long in a browser, but a shared cache must soon see a redaction."""


class Basis(NamedTuple):
    """What an answer follows from, apart from the request and the software."""

    state: PublicState
    served: Snapshot | None = None
    """The snapshot of the edition that is served, if it is one."""
    more: int = 0
    """Anything else that the answer depends on, as a number."""


class Identity(NamedTuple):
    """What identifies an answer: two requests with the same one get the same bytes."""

    tag: str
    digest: str
    state: PublicState

    @property
    def headers(self) -> dict[str, str]:
        """The headers that an answer with status 304 has as well."""
        headers = {
            "ETag": self.tag,
            "Cache-Control": PINNED if self.state.pinned else NEWEST,
            "Muster-Snapshot": str(self.state.snapshot),
        }
        if self.state.published_at:
            published = DateTimeField().to_representation(self.state.published_at)
            headers["Muster-Published"] = published
        return headers


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
    type_name: ClassVar[str]
    """The type of its records, where it has any."""
    pin_name: ClassVar[str] = "snapshot"
    """The parameter that takes the snapshot of the answer."""
    first_query: FirstQuery | None = None
    """The first query of a request that reads."""
    basis: Basis | None = None
    """What the answer follows from, if that was found before its parameters were read."""
    early: Identity | None = None
    """What identifies the answer with that basis."""
    given: Identity | None = None
    """What identifies the answer that is given."""
    failure: Exception | None = None
    """Why the database did not answer the first query, such as that it took too long."""
    negotiated: tuple[Any, str] | None = None
    """The renderer and the media type of the answer, if they were chosen."""
    states: dict[Pin, PublicState]
    """The states that were read for the request."""
    found: dict[Pin, tuple[Edition | None, PublicState]]
    """The editions of its record that were read for the request."""

    @property
    def parameters(self) -> type[StrictFilterSet]:
        """The parameters of the current action."""
        return self.filterset_class

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer a request; once more, if its first query finds a dead connection."""
        if request.method not in ("GET", "HEAD"):  # a body can be read only once
            return super().dispatch(request, *args, **kwargs)
        with without_health_check() as self.first_query:
            try:
                return self._answer_get(request, *args, **kwargs)
            except DeadConnectionError:
                self.first_query.reconnect()
                return self._answer_get(request, *args, **kwargs)

    def _answer_get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer a request that reads, if possible without reading all its parameters."""
        self._begin()
        if early := self._answer_early(request):
            return early
        response: Any = super().dispatch(request, *args, **kwargs)
        is_early = self.early and self.given is self.early
        if is_early and response.status_code == 200 and not response.streaming:
            response.render()
            compression.compress(request, response)
            answer = kept.Answer(dict(response.items()), response.content)
            kept.STORE.keep(self.early, answer)
        return response

    def _begin(self) -> None:
        """Forget everything about a request."""
        self.basis = self.early = self.given = self.format_kwarg = self.negotiated = None
        self.failure = None
        self.states, self.found = {}, {}

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Return the renderer and the media type, which are chosen once for a request."""
        self.negotiated = self.negotiated or super().perform_content_negotiation(request, force)
        return self.negotiated

    def handle_exception(self, exc: Exception) -> Response:
        """Return the answer to an exception."""
        if self.first_query and self.first_query.found_dead_connection(exc):
            raise DeadConnectionError from exc
        return super().handle_exception(exc)

    def _answer_early(self, request: HttpRequest) -> HttpResponse | None:
        """Return 304 or a kept answer, if there is one for a request.

        Only answers with status 200 have an ETag and are kept, so that there is none for a request
        that would be refused. What is wrong with it is left to the full answer.
        """
        try:
            if any(check_encoding(request)):
                return None
            early = self.initialize_request(request)
            _, early.accepted_media_type = self.perform_content_negotiation(early)
            basis = self.find_basis(early)
        except (exceptions.APIException, SuspiciousOperation, ValidationError, ValueError):
            return None
        except (DatabaseError, InterfaceError) as error:
            if self.first_query and self.first_query.found_dead_connection(error):
                raise DeadConnectionError from error
            self.failure = error if connection.connection else None
            return None
        if basis is None:
            return None
        self.basis, self.early = basis, self._identify(early, basis)
        if has_etag(request, self.early.tag):
            headers = self.default_response_headers | self.early.headers
            response = HttpResponse(status=304, headers=headers)
            del response["Content-Type"]
            return problems.allow_every_origin(response)
        answer = kept.STORE.find(self.early)
        return answer and HttpResponse(answer.content, headers=answer.headers)

    def find_basis(self, request: Request) -> Basis | None:
        """Return what an answer follows from; None if only the full answer can tell."""
        return Basis(self.resolve(self.read_pin(request.query_params)))

    def read_pin(self, query: QueryDict) -> Pin:
        """Return the requested snapshot. Raises ValueError or ValidationError if it is invalid."""
        parameters = self.parameters.base_filters
        if "cursor" in parameters and "cursor" in query:
            return Pin(parameters["cursor"].clean(query.getlist("cursor")).snapshot)
        given = [name for name in snapshots.PINS if name in query and name in parameters]
        if len(given) > 1:
            raise ValueError
        return Pin(**{name: parameters[name].clean(query.getlist(name)) for name in given})

    def resolve(self, pin: Pin, parameter: str = "known_at") -> PublicState:
        """Return the state at a snapshot, which is read once for a request."""
        if pin not in self.states:
            self.states[pin] = snapshots.resolve(pin, parameter)
        return self.states[pin]

    def find_edition(self, pin: Pin, key: str) -> tuple[Edition | None, PublicState]:
        """Return the newest edition of its record up to a snapshot, which is read once."""
        if pin not in self.found:
            self.found[pin] = snapshots.find_edition(pin, self.type_name, parse_key(key))
        return self.found[pin]

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Let pages of every origin read the answer."""
        response = super().finalize_response(request, response, *args, **kwargs)
        return problems.allow_every_origin(response)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse an address that is too long, and a request whose first query has failed."""
        if len(request.get_full_path()) > MAX_ADDRESS:
            detail = f"Use an address of at most {MAX_ADDRESS:,} characters."
            raise problems.Problem("too-long", detail)
        super().initial(request, *args, **kwargs)
        if self.failure:  # another query would take as long
            raise self.failure

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
        basis = Basis(state, served, more)
        if self.early and basis == self.basis:
            self.given = self.early
        else:
            self.given = self._identify(request, basis)
        headers = dict(self.given.headers)
        if has_etag(request, self.given.tag):
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
        links += self.report_link(request, state.snapshot)
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

    def _identify(self, request: Request, basis: Basis) -> Identity:
        """Return what identifies the answer to a request.

        The address has no defaults, which change no answer. An answer at a snapshot never changes,
        except by redactions. Some answers also contain the name and the licence of the database,
        or the address for reports, which its operator may change. With a keyed digest, nobody can
        make up the ETag of a request that was never answered.
        """
        query = self.parameters.without_defaults(request.query_params)
        state, served, more = basis
        text = (
            f"{settings.VERSION} {completion.fingerprint_of_all()} {settings.NAME} "
            f"{settings.LICENCE} {settings.REPORTS} {state.redaction} {more} "
            f"{served or state.snapshot} "
            f"{make_address(request, query)} {request.accepted_media_type} "
            f"{compression.choose_coding(request)}"
        )
        key = f"ETag {settings.SECRET_KEY}".encode()
        digest = hmac.digest(key, text.encode(), "sha256").hex()
        return Identity(f'W/"{served or state.snapshot}-{digest[:16]}"', digest, state)

    def citation(self, request: Request, snapshot: Snapshot) -> str:
        """Return the address that always gives the whole answer as it is now, in its format."""
        query = self._pin(request, snapshot)
        file: Any = request.accepted_renderer
        if isinstance(file, File):
            query["format"] = file.format
        return make_address(request, query)

    def report_link(self, request: Request, snapshot: Snapshot | str = "") -> list[str]:
        """Return the link to where readers report an error in this answer, if there is one."""
        return make_report_link(request, snapshot, self._unpinned(request))

    def _unpinned(self, request: Request) -> QueryDict:
        """Return the parameters of a request for the whole answer at any snapshot."""
        query = self.parameters.without_defaults(request.query_params)
        for name in (*snapshots.PINS, self.pin_name, "cursor"):
            query.pop(name, None)
        return query

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


class ConstantView(PublicView):
    """A public endpoint whose answers only another version of the software changes."""

    def find_basis(self, request: Request) -> None:
        """Return nothing: the ETag follows from the content."""

    def answer_constant(
        self, request: Request, content: bytes, cache_control: str = NEWEST
    ) -> Response:
        """Answer 200 with content that only a new version of the software changes, or 304."""
        coding = compression.choose_coding(request)
        tag = f'W/"{hashlib.sha256(content + coding.encode()).hexdigest()[:16]}"'
        headers = {"ETag": tag, "Cache-Control": cache_control}
        if has_etag(request, tag):
            return Response(status=304, headers=headers)
        if links := self.report_link(request):
            headers["Link"] = ", ".join(links)
        return Response(content, headers=headers)


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
        state = self.resolve(filters.pin)

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
            count = filters.count(entries) if params["count"] else None
            cursor = last and Cursor(state.snapshot, last, filters.digest())
            link = self.next(request, cursor) if cursor else None
            texts = filters.complete(texts)
            return envelope(texts, link, state.snapshot, count, filters.warnings), link

        return self.answer(request, state, body, costly=bool(filters.params["count"]))

    def retrieve(self, request: Request, key: str) -> Response:
        """Return the document of one record, by public id or slug."""
        edition, state = self.find_edition(DetailFilterSet(request).pin, key)
        if edition is None:
            raise problems.Problem("not-found")
        if edition.merged_into:
            return redirect_merged(request, edition)
        if not edition.public:
            raise problems.Problem("withdrawn", edition.reason)
        return self.answer(
            request,
            state,
            lambda: (completion.document_text(edition), None),
            served=edition.snapshot,
        )

    def find_basis(self, request: Request) -> Basis | None:
        """Return what an answer follows from; of a record, it is its newest edition."""
        if self.action != "retrieve":
            return super().find_basis(request)
        edition, state = self.find_edition(self.read_pin(request.query_params), self.kwargs["key"])
        return Basis(state, edition.snapshot) if edition and edition.public else None


def redirect_merged(request: Request, edition: Edition, rest: str = "") -> Response:
    """Redirect permanently from a merged record to the one that it was merged into.

    `rest` is the end of the address, behind the key of the record.
    """
    survivor = documents.load(edition.reference)
    query = request.META.get("QUERY_STRING", "")
    path = request.path.removesuffix(rest).rsplit("/", 1)[0]
    location = f"{path}/{survivor['slug'] or survivor['id']}{rest}" + (f"?{query}" if query else "")
    headers = {"Location": location, "Cache-Control": NEWEST}
    return Response({"merged_into": survivor}, 308, headers=headers)


def has_etag(request: HttpRequest | Request, tag: str) -> bool:
    """Return whether the client already has this answer (RFC 9110, weak comparison)."""
    tags = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    return tag.removeprefix("W/") in {each.removeprefix("W/") for each in tags}


def parse_key(key: str) -> UUID | str:
    """Return the public id or the slug of a record. Raises Problem `not-found`."""
    try:
        return UUID(key)
    except ValueError:
        if not SLUG.fullmatch(key):
            raise problems.Problem("not-found") from None
        return key


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
