"""Problems: every refusal and failure as RFC 9457 describes it, with all faults at once."""

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
from publishing.serializers import GrowingWordField

BASE = "/api/v1/docs/problems/"
MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = "5"

PROBLEMS = {
    "invalid-parameters": (
        400,
        "Invalid parameters",
        "Correct the parameters that `errors` names, and send the request again.",
    ),
    "bad-request": (
        400,
        "Bad request",
        "The server cannot read the request. Check the address and the headers.",
    ),
    "not-found": (404, "Not found", "Nothing public has, or ever had, this address."),
    "no-outline": (
        404,
        "No outline",
        "The place is public, but there is no outline of it. /api/v1/borders has the land, the "
        "lakes and the boundaries of maps.",
    ),
    "method-not-allowed": (
        405,
        "Method not allowed",
        "The API is read-only. Use GET, HEAD or OPTIONS, and POST for a lookup.",
    ),
    "not-acceptable": (
        406,
        "Not acceptable",
        "Request `application/json`, or one of the formats of the parameter `format`.",
    ),
    "length-required": (
        411,
        "Length required",
        "Send the body with the header `Content-Length`, not in chunks.",
    ),
    "too-large": (413, "Body too large", "Send a body of at most 1 MB, or several requests."),
    "unsupported-media-type": (
        415,
        "Unsupported media type",
        "Send the body as `Content-Type: application/json`, in UTF-8 and not compressed.",
    ),
    "too-long": (414, "Address too long", "Use fewer parameters. `detail` gives the limit."),
    "withdrawn": (
        410,
        "Withdrawn",
        "The record was public and has been withdrawn. `detail` gives the reason.",
    ),
    "reset": (
        410,
        "Snapshot lost",
        "The snapshot was lost when the database was restored from a backup, or is later than all "
        "snapshots of this database. Start again from the beginning.",
    ),
    "unknown-snapshot": (
        410,
        "Snapshot unknown",
        "This database does not have the snapshot, and did not lose it by a restore: it is of "
        "another database, or is mistyped. Check the address of the server, or start again from "
        "the beginning.",
    ),
    "behind": (
        503,
        "Snapshot not reached",
        "This server follows another one and has not reached the snapshot yet. Try again after the "
        "number of seconds in `Retry-After`.",
    ),
    "too-many": (
        429,
        "Too many requests",
        "You already run the maximum number of exports, statistics, counts, networks and lookups "
        "for one client. Wait until one of them ends, or try again after the number of seconds in "
        "`Retry-After`.",
    ),
    "busy": (
        503,
        "Too many exports",
        "The server already runs its maximum number of exports. Try again after the number of "
        "seconds in `Retry-After`.",
    ),
    "internal-error": (
        500,
        "Internal server error",
        "Nothing is lost. Report the error to the operator of this server.",
    ),
    "timeout": (
        503,
        "Timeout",
        "The request took too long. Use more or narrower filters, or try again after the number of "
        "seconds in `Retry-After`.",
    ),
    "unavailable": (
        503,
        "Database unavailable",
        "Try again after the number of seconds in `Retry-After`.",
    ),
}
"""Each code of a problem, with its status, its title, and advice."""


FAULTS = {
    "contradiction": "The parameter contradicts another one, or has no effect without it.",
    "cursor": "The cursor belongs to other parameters or to another snapshot.",
    "empty": "The parameter has no value.",
    "encoding": "The address is not encoded in UTF-8, or has a broken percent code.",
    "invalid": "The value is not one that the parameter takes.",
    "json": "The body is not a JSON object.",
    "many": "The answer would have too many groups or matches.",
    "missing": "The parameter is required.",
    "nul": "The address or the body contains a NUL character.",
    "repeated": "The parameter may be given only once.",
    "too_few": "The parameter is given too few times.",
    "too_many": "The parameter is given too many times.",
    "unknown": "The address has no such parameter, or the body no such member.",
}
"""Each code in `errors` of a problem, with its meaning. New ones may be added within v1."""

WARNING_CODES = {
    "not_found": "A value names nothing public, and therefore matches nothing.",
    "sparse_periods": "Over half of the periods that were filled in have no incident.",
    "too_many_names": "Words of `q` name so many records that some results may be missing.",
}
"""Each code in `warnings` of an answer, with its meaning. New ones may be added within v1."""


class Fault(NamedTuple):
    """An error in a request, or a warning."""

    code: str
    """One of FAULTS; of a warning, one of WARNING_CODES."""
    parameter: str | None
    detail: str


class Problem(exceptions.APIException):
    """A refusal or failure; `code` is one of PROBLEMS."""

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


class InvalidParameters(Problem):
    """A refusal of invalid parameters, with all their faults."""

    def __init__(self, *faults: Fault) -> None:
        detail = faults[0].detail
        if len(faults) > 1:
            names = sorted({fault.parameter or "the address" for fault in faults})
            detail = f"Invalid parameters: {', '.join(names)}. See `errors`."
        super().__init__("invalid-parameters", detail, list(faults))


def _list_meanings(codes: dict[str, str]) -> str:
    return " ".join(f"`{code}`: {meaning}" for code, meaning in codes.items())


class FaultSerializer(serializers.Serializer):
    """An error in a request."""

    code = GrowingWordField(
        list(FAULTS),
        read_only=True,
        help_text=f"The kind of error: {_list_meanings(FAULTS)}",
    )
    parameter = serializers.CharField(
        read_only=True, allow_null=True, help_text="The invalid parameter."
    )
    detail = serializers.CharField(
        read_only=True, help_text="What is wrong, and how to correct it."
    )


class WarningSerializer(serializers.Serializer):
    """Something in a request that is valid, but probably not what was meant."""

    code = GrowingWordField(
        list(WARNING_CODES),
        read_only=True,
        help_text=f"The kind of warning: {_list_meanings(WARNING_CODES)}",
    )
    parameter = serializers.CharField(read_only=True, help_text="The parameter.")
    detail = serializers.CharField(
        read_only=True, help_text="What the parameter means here, and what to do."
    )


WARNINGS = "Parameters that are valid, but mean nothing public, and what to do about it."
"""What the property `warnings` of an answer means."""


class ProblemSerializer(serializers.Serializer):
    """The reason why a request was refused or failed (RFC 9457), with all its errors."""

    type = serializers.CharField(read_only=True, help_text="The kind of problem, as an address.")
    title = serializers.CharField(read_only=True, help_text="The kind of problem, in words.")
    status = serializers.IntegerField(read_only=True, help_text="The HTTP status.")
    detail = serializers.CharField(read_only=True, help_text="What happened, and what to do.")
    errors = FaultSerializer(  # type: ignore[assignment]
        many=True, read_only=True, help_text="The errors in the request."
    )


def describe_methods(methods: list[str]) -> str:
    """Return what to do about a method that an address does not take."""
    if "POST" in methods:
        return "Send the ids of a lookup by POST."
    return "The API is read-only. Use GET, HEAD or OPTIONS."


def describe_formats(renderers: list[Any]) -> str:
    """Return what to do about a header `Accept` that names no format of an address."""
    types = [f"`{renderer.media_type}`" for renderer in renderers]
    listed = " or ".join(filter(None, [", ".join(types[:-1]), types[-1]]))
    return f"This address answers {listed}: name one in the header `Accept`, or leave it out."


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer to an exception of a public view; None lets Django answer it."""
    headers = {}
    if isinstance(error, Http404):
        error = Problem("not-found")
    elif isinstance(error, OperationalError | InterfaceError):
        timeout = isinstance(error.__cause__, QueryCanceled)
        error = Problem("timeout" if timeout else "unavailable")
    elif isinstance(error, exceptions.MethodNotAllowed):
        error = Problem("method-not-allowed", describe_methods(context["view"].allowed_methods))
    elif isinstance(error, exceptions.NotAcceptable):
        error = Problem("not-acceptable", describe_formats(context["view"].get_renderers()))
    elif isinstance(error, exceptions.APIException) and not isinstance(error, Problem):
        error = Problem("not-found" if error.status_code == 404 else "bad-request")
    if not isinstance(error, Problem):
        return None
    if error.status_code in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        headers["Retry-After"] = RETRY_AFTER
    if error.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        headers["Cache-Control"] = "public, no-cache"
    return Response(error.body(), error.status_code, headers=headers, content_type=MEDIA_TYPE)


def answer(error: Problem) -> HttpResponse:
    """Return the answer to a problem outside of public views."""
    response = HttpResponse(documents.dump(error.body()), MEDIA_TYPE, error.status_code)
    if error.status_code == HTTPStatus.NOT_FOUND:
        response["Cache-Control"] = "public, no-cache"
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        response["Allow"] = "GET, HEAD, OPTIONS"
    return allow_every_origin(response)


def allow_every_origin(response: Any) -> Any:
    """Let pages of every origin read an answer and its headers."""
    patch_vary_headers(response, ["Accept"])
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = (
        "ETag, Link, Retry-After, Content-Disposition, Muster-Snapshot, Muster-Published, "
        "Muster-Count, Muster-Truncated, Muster-Warning"
    )
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django cannot read: a problem under /api, a page elsewhere."""
    if request.path.startswith("/api"):
        return answer(Problem("bad-request"))
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an unknown address: a problem under /api, a page elsewhere."""
    if request.path.startswith("/api"):
        return answer(Problem("not-found"))
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an unexpected failure: a problem under /api, a page elsewhere."""
    if request.path.startswith("/api"):
        return answer(Problem("internal-error"))
    return defaults.server_error(request)
