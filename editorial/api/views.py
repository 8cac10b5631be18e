"""How every endpoint answers: from Editions and Entries alone."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q
from django.utils.cache import patch_vary_headers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSetMixin

from editorial import bodies
from editorial.api import conditional, horizons, problems, shapes
from editorial.api.cursors import Cursor
from editorial.api.documents import DocumentSerializer
from editorial.api.filters import ListFilters, Strict
from editorial.api.pages import page
from editorial.api.parameters import SLUG
from editorial.api.renderers import JSONRenderer
from editorial.api.schema import PublicSchema
from editorial.marks import Mark
from editorial.models import Edition, Entry

NEWEST, PINNED = "public, no-cache", "public, max-age=3600"


class PublicView(APIView):
    """What all public endpoints share: anonymous, read-only, open to every origin."""

    authentication_classes = ()
    permission_classes = ()
    parser_classes = ()
    renderer_classes = (JSONRenderer,)
    http_method_names = ["get", "head", "options"]
    schema = PublicSchema()
    filterset_class: ClassVar[type[Strict]]

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Open the answer to every origin."""
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Accept"])
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After, Muster-Horizon"
        return response

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
        horizon: Mark,
        body: Callable[[], tuple[bytes, str | None]],
        *,
        served: Mark | None = None,
        pinned: bool = False,
    ) -> Response:
        """Answer 200 with what `body` makes and its `next` link, or 304 without making it.

        The tag is that of the Edition `served`, or of the request and the horizon.
        """
        tag = conditional.etag(request, served or horizon)
        headers = {
            "ETag": tag,
            "Cache-Control": PINNED if pinned else NEWEST,
            "Muster-Horizon": str(horizon),
        }
        if conditional.matches(request, tag):
            return Response(status=304, headers=headers)
        content, link = body()
        if link:
            headers["Link"] = f'<{link}>; rel="next"'
        return Response(content, headers=headers)


class RecordView(ViewSetMixin, PublicView):
    """The list and the detail of one type of record."""

    type_name: ClassVar[str]
    """The word for the type."""
    entry: ClassVar[type[Entry]]
    """The entries that the list is found by."""
    document: ClassVar[type[DocumentSerializer]]
    """Describes the documents; nothing is rendered here."""
    filterset_class: ClassVar[type[ListFilters]]

    def list(self, request: Request) -> Response:
        """Answer a page of summaries, or of documents with `detail=true`."""
        filters = self.filterset_class(request)
        after = filters.after
        horizon = horizons.standing(after.mark) if after else Edition.objects.newest_mark()

        def body() -> tuple[bytes, str | None]:
            entries = filters.keep(self.entry.objects.at(horizon.seq), horizon)
            texts, last = page(
                entries,
                filters.order,
                after.keys if after else None,
                filters.asked["limit"],
                filters.asked["detail"],
            )
            count = entries.count() if filters.asked["count"] else None
            link = self._next(request, Cursor(horizon, last, filters.digest())) if last else None
            return _envelope(texts, link, horizon, count), link

        return self.answer(request, horizon, body, pinned=after is not None)

    def retrieve(self, request: Request, key: str) -> Response:
        """Answer the document of one record, by public id or by slug."""
        Strict(request)
        found = Edition.objects.filter(_named(self.type_name, key)).order_by("-seq")
        newest = found.annotate(horizon=Edition.objects.horizon()).defer("summary", "document")
        edition = newest.first()
        if edition is None:
            raise problems.Problem("not-found")
        if not edition.public:
            raise problems.Problem("withdrawn", edition.note)
        return self.answer(
            request,
            Mark.parse(edition.horizon),
            lambda: (shapes.today(str(edition.document), edition.type, edition.shape), None),
            served=edition.mark,
        )

    def _next(self, request: Request, cursor: Cursor) -> str:
        asked = request.query_params.copy()
        asked["cursor"] = str(cursor)
        return request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")


def _named(type_: str, key: str) -> Q:
    """Find a record by what its address ends with. Raises Problem `not-found`."""
    try:
        return Q(type=type_, record=UUID(key))
    except ValueError:
        if not SLUG.fullmatch(key):
            raise problems.Problem("not-found") from None
        return Q(type=type_, slug=key)


def _envelope(texts: list[bytes], link: str | None, horizon: Mark, count: int | None) -> bytes:
    rest = bodies.dump({"next": link, "horizon": str(horizon), "count": count})
    return b'{"results":[' + b",".join(texts) + b"]," + rest[1:]
