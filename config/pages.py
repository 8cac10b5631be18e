"""The home page, health checks, and the pages that describe the API."""

import logging
from functools import cache
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request
from rest_framework.response import Response

from api import problems
from api.filtersets import StrictFilterSet
from api.problems import PROBLEMS, RETRY_AFTER
from api.views import PublicView
from config import fingerprints
from publishing import documents

logger = logging.getLogger("django.request")
_describing = Lock()


@csrf_exempt
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the home page."""
    return render(request, "home.html", {"version": settings.VERSION})


@csrf_exempt
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process runs."""
    return HttpResponse("alive\n", "text/plain")


@csrf_exempt
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer whether the database is available and has the tables of this version."""
    try:
        fingerprints.require_current()
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(seq) FROM publishing_edition")
    except fingerprints.SchemaError as error:
        logger.error("Not ready: %s", error)  # table names are only for the operator
        reason = "the tables are not those of this version: see the log"
    except DatabaseError:
        reason = "the database is not available"
    else:
        return HttpResponse("ready\n", "text/plain")
    return HttpResponse(f"{reason}\n", "text/plain", 503, headers={"Retry-After": RETRY_AFTER})


@csrf_exempt
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show the interactive documentation of the API."""
    return render(request, "docs.html")


@csrf_exempt
def problem(request: HttpRequest, code: str) -> HttpResponse:
    """Explain a problem of the API and what to do about it."""
    if request.method not in ("GET", "HEAD"):
        return problems.answer(problems.Problem("method-not-allowed"))
    if code not in PROBLEMS:
        return render(request, "problem.html", {"problems": PROBLEMS}, status=404)
    status, title, advice = PROBLEMS[code]
    parts = [{"text": text, "code": at % 2} for at, text in enumerate(advice.split("`"))]
    context = {"code": code, "status": status, "title": title, "advice": parts}
    return render(request, "problem.html", context)


class SchemaView(PublicView):
    """The OpenAPI 3.1 description, generated once for each process."""

    schema = None  # type: ignore[assignment]
    filterset_class = StrictFilterSet

    def get(self, request: Request) -> Response:
        """Return the description."""
        StrictFilterSet(request)
        return self.answer_constant(request, _schema(), "public, max-age=300")


def _schema() -> bytes:
    with _describing:  # a view has one describer for all threads
        return _described()


@cache
def _described() -> bytes:
    described: Any = SchemaGenerator().get_schema(request=None, public=True)
    return documents.dump(described)
