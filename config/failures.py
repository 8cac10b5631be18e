"""Failures outside the API: what a person sees when the database fails, or input cannot be read.

Django's last resort for an exception, `handler500`, is where every failure arrives, whichever layer
it came from: a view, a template, the session, the middleware. `server_error` answers those that the
database is the reason of with 503, and keeps what was typed in a form.
"""

import sys
from collections.abc import Callable
from typing import NamedTuple

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError, DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.views import defaults

from api import problems
from api.problems import RETRY_AFTER


class Failure(NamedTuple):
    """Why the database did nothing, and whether it is sure that it did nothing."""

    title: str
    advice: str
    is_undone: bool = True


AWAY = Failure("The database does not answer", "It is usually back within a minute.", False)
READ_ONLY = Failure(
    "The database can only be read now",
    "It is being moved or repaired. Ask the operator when it can be written again.",
)
FULL = Failure("The database has no room left", "Tell the operator: it needs more room.")
BUSY = Failure(
    "The database took too long",
    "Probably somebody else works on the same record, or a large import runs.",
)
CONFLICT = Failure(
    "Somebody else saved at the same moment",
    "Your change and theirs waited for each other, so the database gave up yours.",
)
_CLASSES = {"25006": READ_ONLY, "53": FULL, "40": CONFLICT, "57014": BUSY, "55": BUSY}
"""By SQLSTATE or its class, the failures that are not a database that is away."""


def failure(error: BaseException | None) -> Failure | None:
    """Return how the database failed; None if something else did."""
    if not isinstance(error, DatabaseError | InterfaceError):
        return None
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None) or ""
    for prefix, known in _CLASSES.items():
        if state.startswith(prefix):
            return known
    away = isinstance(error, OperationalError | InterfaceError) or state in ("25P03", "25P04")
    return AWAY if away else None


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an exception that no view has answered."""
    error = sys.exc_info()[1]
    if request.path.startswith("/api"):
        if failure(error):
            return _retried(problems.answer(problems.Problem("unavailable")))
        return problems.server_error(request)
    if found := failure(error):
        return unavailable(request, found)
    if isinstance(error, Exception) and _is_unreadable(error):
        return defaults.bad_request(request, error)
    return problems.server_error(request)


def unavailable(request: HttpRequest, reason: Failure) -> HttpResponse:
    """Answer 503 with a page from which a form can be sent again as it was typed."""
    context = {
        "reason": reason,
        "method": request.method,
        "address": request.get_full_path(),
        "fields": _typed(request),
    }
    return _retried(render(None, "503.html", context, status=503))


def refuse_unreadable(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable:
    """Return a middleware that refuses what no text in the database can hold.

    Fields of a form are left to the form, which names the field and keeps the rest; parameters of
    the API to the API, which names every fault at once.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith("/api"):
            return get_response(request)
        query = (part for key, values in request.GET.lists() for part in (key, *values))
        if not all(map(_is_text, (request.path_info, *query, *request.COOKIES.values()))):
            raise SuspiciousOperation("NUL or half a character in the address or in a cookie")
        return get_response(request)

    return middleware


def _typed(request: HttpRequest) -> list[tuple[str, str]] | None:
    """Return what was sent with a form of ours; None if there is none, or it holds a password.

    Only what passed the check of its token is shown again: another site cannot fill in this page.
    """
    if request.method != "POST" or not _is_ours(request):
        return None
    try:
        fields = [(name, text) for name, texts in request.POST.lists() for text in texts]
    except (RequestDataTooBig, UnreadablePostError, SuspiciousOperation):
        return None
    if request.FILES or any("password" in name.lower() for name, _ in fields):
        return None
    return fields


def _is_ours(request: HttpRequest) -> bool:
    """Return whether a form has the token of our pages; it may not have been checked yet."""
    check = CsrfViewMiddleware(server_error)
    return check.process_view(request, server_error, (), {}) is None


def _is_text(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _is_unreadable(error: Exception) -> bool:
    """Return whether the database cannot take a value of the request: its type, size or letters."""
    return isinstance(error, DataError | UnicodeEncodeError) or (
        isinstance(error, ValueError)
        and any(words in str(error) for words in ("NUL (0x00)", "expected a number but got"))
    )


def _retried(response: HttpResponse) -> HttpResponse:
    response["Retry-After"] = RETRY_AFTER
    response["Cache-Control"] = "no-store"
    return response
