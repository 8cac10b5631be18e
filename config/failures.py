"""Pages for failures outside the API: the database fails, or input cannot be read.

Every exception that nothing else handles ends in `handler500`, whether a view, a template, the
session or a middleware raised it. `server_error` answers 503 if the database is the cause, with a
page that contains what was typed in a form.
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
    """A reason why the database did nothing, and whether it certainly did nothing."""

    title: str
    advice: str
    is_undone: bool = True


AWAY = Failure("The database does not answer", "It is usually back within a minute.", False)
READ_ONLY = Failure(
    "The database can only be read now",
    "It is being moved or repaired. Ask the operator when it can be changed again.",
)
FULL = Failure("The database has no space left", "Ask the operator to add space.")
BUSY = Failure(
    "The database took too long",
    "Somebody else is probably working on the same record, or a large import is running.",
)
CONFLICT = Failure(
    "Somebody else saved at the same moment",
    "Your change and theirs waited for each other, so the database cancelled yours.",
)
_CLASSES = {"25006": READ_ONLY, "53": FULL, "40": CONFLICT, "57014": BUSY, "55": BUSY}
"""The failures other than an unavailable database, by SQLSTATE or the start of one."""


def classify(error: BaseException | None) -> Failure | None:
    """Return how the database failed, or None if something else failed."""
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
    """Answer an exception that no view has handled."""
    error = sys.exc_info()[1]
    if request.path.startswith("/api"):
        if classify(error):
            return _ask_to_retry(problems.answer(problems.Problem("unavailable")))
        return problems.server_error(request)
    if failure := classify(error):
        return render_unavailable(request, failure)
    if isinstance(error, Exception) and _is_unreadable(error):
        return defaults.bad_request(request, error)
    return problems.server_error(request)


def render_unavailable(request: HttpRequest, reason: Failure) -> HttpResponse:
    """Answer 503 with a page from which a form can be sent again as it was typed."""
    context = {
        "reason": reason,
        "method": request.method,
        "address": request.get_full_path(),
        "fields": _read_fields(request),
    }
    return _ask_to_retry(render(None, "503.html", context, status=503))


def refuse_unreadable(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable:
    """Return a middleware that refuses characters that the database cannot store.

    It leaves fields of a form to the form, which names the field and keeps the others, and
    parameters of the API to the API, which lists all errors at once.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith("/api"):
            return get_response(request)
        query = (part for key, values in request.GET.lists() for part in (key, *values))
        if not all(map(_is_text, (request.path_info, *query, *request.COOKIES.values()))):
            raise SuspiciousOperation("NUL or half a character in the address or in a cookie")
        return get_response(request)

    return middleware


def _read_fields(request: HttpRequest) -> list[tuple[str, str]] | None:
    """Return the fields of a form of this site; None without one, or if it has a password.

    The CSRF token is checked first, so that another site cannot fill in this page.
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
    """Return whether a form has the CSRF token of this site, which may not be checked yet."""
    check = CsrfViewMiddleware(server_error)
    return check.process_view(request, server_error, (), {}) is None


def _is_text(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _is_unreadable(error: Exception) -> bool:
    """Return whether the database cannot store a value: its type, size or characters."""
    return isinstance(error, DataError | UnicodeEncodeError) or (
        isinstance(error, ValueError)
        and any(words in str(error) for words in ("NUL (0x00)", "expected a number but got"))
    )


def _ask_to_retry(response: HttpResponse) -> HttpResponse:
    response["Retry-After"] = RETRY_AFTER
    response["Cache-Control"] = "no-store"
    return response
