"""Every refusal and failure as a problem (RFC 9457), with all faults at once."""

from http import HTTPStatus
from typing import Any, NamedTuple

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views import defaults
from psycopg.errors import QueryCanceled
from rest_framework import exceptions, serializers
from rest_framework.response import Response

from publishing import documents

BASE = "/api/v1/docs/problems/"
MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = "5"

PROBLEMS = {
    "invalid-parameters": (400, "Parameters that cannot be read", "Mend what `errors` names."),
    "bad-request": (400, "A request that cannot be read", "Look at the address and the headers."),
    "not-found": (404, "Never public", "Nothing public has, or ever had, this address."),
    "method-not-allowed": (405, "Read-only", "Use GET, HEAD or OPTIONS."),
    "not-acceptable": (406, "No such format", "Ask for application/json, or see `format`."),
    "too-long": (414, "Too long an address", "Ask for less at once: see `detail`."),
    "withdrawn": (410, "Withdrawn", "It was public and is not any more; `detail` says why."),
    "reset": (
        410,
        "A lost position",
        "The snapshot belongs to a future that a restore has lost: start again from the beginning.",
    ),
    "behind": (
        503,
        "Not here yet",
        "This node follows another and has not reached the snapshot: try again after the time in "
        "`Retry-After`.",
    ),
    "too-many": (
        429,
        "Too many at once",
        "You run as many exports, statistics, counts and networks at once as one client may: wait "
        "for one to end, or try again after the seconds of `Retry-After`.",
    ),
    "busy": (
        503,
        "Too many exports",
        "As many exports run as may at once: try again after the seconds of `Retry-After`.",
    ),
    "internal-error": (500, "A fault of ours", "Nothing is lost; tell the operator."),
    "timeout": (
        503,
        "It took too long",
        "Ask for less, by more or narrower filters; or try again after the seconds of "
        "`Retry-After`.",
    ),
    "unavailable": (503, "The database is away", "Try again after the seconds of `Retry-After`."),
}
"""The fixed list of problems: status, title, and what to do about it."""


class Fault(NamedTuple):
    """One thing that is wrong with a request."""

    code: str
    parameter: str | None
    detail: str


class Problem(exceptions.APIException):
    """A refusal; `code` is one of PROBLEMS."""

    def __init__(self, code: str, detail: str = "", faults: "list[Fault] | None" = None) -> None:
        self.problem = code
        self.status_code, self.title, advice = PROBLEMS[code]
        self.text = detail or advice
        self.faults = faults or []
        super().__init__(self.text)

    def body(self) -> dict[str, Any]:
        """Return the members of the problem."""
        return {
            "type": BASE + self.problem,
            "title": self.title,
            "status": self.status_code,
            "detail": self.text,
            "errors": [fault._asdict() for fault in self.faults],
        }


class FaultSerializer(serializers.Serializer):
    """One thing that is wrong with a request."""

    code = serializers.CharField(read_only=True, help_text="What is wrong, as a word.")
    parameter = serializers.CharField(
        read_only=True, allow_null=True, help_text="The parameter that is wrong."
    )
    detail = serializers.CharField(read_only=True, help_text="What is wrong, and what would do.")


class ProblemSerializer(serializers.Serializer):
    """Why a request was refused or failed (RFC 9457), with all faults at once."""

    type = serializers.CharField(read_only=True, help_text="The kind of problem, as an address.")
    title = serializers.CharField(read_only=True, help_text="The kind of problem, in words.")
    status = serializers.IntegerField(read_only=True, help_text="The HTTP status.")
    detail = serializers.CharField(read_only=True, help_text="What happened, and what to do.")
    errors = FaultSerializer(  # type: ignore[assignment]
        many=True, read_only=True, help_text="Each fault of the request."
    )


_BY_STATUS = {405: "method-not-allowed", 406: "not-acceptable", 404: "not-found"}


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an exception of a public view; None lets Django answer it."""
    headers = {}
    if isinstance(error, Http404):
        error = Problem("not-found")
    elif isinstance(error, OperationalError | InterfaceError):
        timeout = isinstance(error.__cause__, QueryCanceled)
        error = Problem("timeout" if timeout else "unavailable")
    elif isinstance(error, exceptions.APIException) and not isinstance(error, Problem):
        error = Problem(_BY_STATUS.get(error.status_code, "bad-request"))
    if not isinstance(error, Problem):
        return None
    if error.status_code in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        headers["Retry-After"] = RETRY_AFTER
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = "GET, HEAD, OPTIONS"
    if error.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        headers["Cache-Control"] = "public, no-cache"
    return Response(error.body(), error.status_code, headers=headers, content_type=MEDIA_TYPE)


def answer(error: Problem) -> HttpResponse:
    """Answer a problem that no public view has met."""
    response = HttpResponse(documents.dump(error.body()), MEDIA_TYPE, error.status_code)
    if error.status_code == HTTPStatus.NOT_FOUND:
        response["Cache-Control"] = "public, no-cache"
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        response["Allow"] = "GET, HEAD, OPTIONS"
    return opened(response)


def opened(response: Any) -> Any:
    """Open an answer to every origin."""
    patch_vary_headers(response, ["Accept"])
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = (
        "ETag, Link, Retry-After, Muster-Snapshot, Muster-Count, Muster-Truncated"
    )
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django cannot read: a problem under /api, a page elsewhere."""
    if request.path.startswith("/api"):
        return answer(Problem("bad-request"))
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere: a problem under /api, a page elsewhere."""
    if request.path.startswith("/api"):
        return answer(Problem("not-found"))
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours: a problem under /api, a page elsewhere."""
    if request.path.startswith("/api"):
        return answer(Problem("internal-error"))
    return defaults.server_error(request)
