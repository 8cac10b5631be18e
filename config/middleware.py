"""Middleware for health checks, for HEAD, and for the history of what people change."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from pghistory.middleware import HistoryMiddleware

from config import pages

PROBES = {"/healthz": pages.healthz, "/readyz": pages.readyz}


def answer_probes(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Return a middleware that answers health checks before the host is checked.

    Load balancers send them over plain HTTP to an IP address, with any `Host` or none.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        return PROBES.get(request.path_info, get_response)(request)

    return middleware


def leave_out_body(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Return a middleware that answers HEAD without a body, of which it keeps the length.

    Otherwise the server leaves it out, and logs a warning for each request.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method == "HEAD" and isinstance(response, StreamingHttpResponse):
            response.streaming_content = iter([])
        elif request.method == "HEAD" and isinstance(response, HttpResponse) and response.content:
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response

    return middleware


class AdminHistoryMiddleware(HistoryMiddleware):
    """Notes who changes something in the admin.

    It reads the session. The API must not: a lookup is a POST, but changes nothing.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        response: HttpResponse
        if request.path_info.startswith("/admin/"):
            response = super().__call__(request)
        else:
            response = self.get_response(request)
        return response
