"""Health checks, and the pages that describe the API."""

import logging
from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import Any

import yaml
from django.db import DatabaseError, connection
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request
from rest_framework.response import Response

from api import problems
from api.filtersets import StrictFilterSet
from api.formats import JSONRenderer
from api.parameters import ChoiceParameter
from api.problems import FAULTS, PROBLEMS, RETRY_AFTER, WARNING_CODES
from api.views import ConstantView
from config import fingerprints
from explorer.views import site_context
from incidents.fictional import find_notice
from publishing import documents

logger = logging.getLogger("django.request")
_describing = Lock()
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


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


def offer_notice(request: HttpRequest) -> dict[str, Callable[[], str | None]]:
    """Return the function that finds the notice, which a template calls only if it shows it."""
    return {"find_notice": _find_notice}


def _find_notice() -> str | None:
    """Return the notice about fictional records; none without a database, which pages can lack."""
    try:
        return find_notice()
    except DatabaseError:
        return None


@csrf_exempt
def problem_list(request: HttpRequest) -> HttpResponse:
    """List the problems of the API, and the codes of errors and warnings."""
    if request.method not in ("GET", "HEAD"):
        return problems.answer(problems.Problem("method-not-allowed"))
    return render(request, "problems.html", _frame(request) | _PROBLEM_LISTS)


@csrf_exempt
def problem(request: HttpRequest, code: str) -> HttpResponse:
    """Explain a problem of the API and what to do about it."""
    if request.method not in ("GET", "HEAD"):
        return problems.answer(problems.Problem("method-not-allowed"))
    if code not in PROBLEMS:
        context = _frame(request) | {"problems": PROBLEMS}
        return render(request, "problem.html", context, status=404)
    status, title, advice = PROBLEMS[code]
    context = _frame(request) | {
        "code": code,
        "status": status,
        "title": title,
        "advice": _split_code(advice),
    }
    context["faults"] = _FAULTS if code == "invalid-parameters" else []
    return render(request, "problem.html", context)


def _frame(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame of the site shows around these pages."""
    return site_context(request) | {"is_fictional": _find_notice() is not None}


def _split_code(text: str) -> list[tuple[str, bool]]:
    """Return the parts of a text, each with whether it is code."""
    return [(part, at % 2 == 1) for at, part in enumerate(text.split("`"))]


_FAULTS = [(code, _split_code(meaning)) for code, meaning in FAULTS.items()]
_PROBLEM_LISTS = {
    "problems": PROBLEMS,
    "faults": _FAULTS,
    "warnings": [(code, _split_code(meaning)) for code, meaning in WARNING_CODES.items()],
}


class SchemaFormat(TextChoices):
    """The words of the parameter `format` of the description."""

    JSON = "json"
    YAML = "yaml"


class YAMLRenderer(JSONRenderer):
    """YAML, which the view has written already; a problem is JSON."""

    media_type = "application/yaml"
    format = "yaml"


class SchemaFilterSet(StrictFilterSet):
    """The parameters of the description."""

    format = ChoiceParameter(
        SchemaFormat,
        "JSON or YAML. This parameter takes precedence over the header `Accept`, which is used "
        "when it is absent.",
    )


class SchemaView(ConstantView):
    """The OpenAPI 3.1 description, generated once for each process."""

    schema = None  # type: ignore[assignment]
    filterset_class = SchemaFilterSet
    renderer_classes = (JSONRenderer, YAMLRenderer)

    def get(self, request: Request) -> Response:
        """Return the description."""
        SchemaFilterSet(request)
        with _describing:  # a view has one describer for all threads
            content = _described(request.accepted_renderer.format)
        return self.answer_constant(request, content, "public, max-age=300")


def describe_api() -> dict[str, Any]:
    """Return the OpenAPI 3.1 description."""
    with _describing:
        described: dict[str, Any] = documents.load(_described(SchemaFormat.JSON.value))
    return described


@cache
def _described(format_: str) -> bytes:
    if format_ == SchemaFormat.YAML:
        described = documents.load(_described(SchemaFormat.JSON.value))
        text: str = yaml.dump(described, Dumper=_Dumper, sort_keys=False, allow_unicode=True)
        return text.encode()
    return documents.dump(SchemaGenerator().get_schema(request=None, public=True))
