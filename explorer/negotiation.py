"""Which requests want a page: those of browsers, which rank HTML above JSON."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.utils.cache import patch_vary_headers

from api.problems import allow_every_origin
from api.views import NEWEST

View = Callable[..., HttpResponseBase]


class SeeOther(HttpResponseRedirectBase):
    """A redirect to another presentation of the same thing."""

    status_code = 303


def prefers_page(request: HttpRequest) -> bool:
    """Return whether a request ranks HTML above JSON, and names no format."""
    if "format" in request.GET:
        return False
    return _rank(request, "text/html") > _rank(request, "application/json")


def _rank(request: HttpRequest, media_type: str) -> float:
    """Return the quality of a media type by the most specific range that matches it."""
    kind = media_type.partition("/")[0]
    ranges = {f"{t.main_type}/{t.sub_type}": t.quality for t in request.accepted_types}
    for name in (media_type, f"{kind}/*", "*/*"):
        if name in ranges:
            return float(ranges[name])
    return 0.0


def with_page(view: View, base: str) -> View:
    """Return a view of the API that redirects browsers to the page of the record below `base`.

    The query goes along, so that a page of the past stays in the past.
    """

    @wraps(view)
    def choose(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD") or not prefers_page(request):
            return view(request, *args, **kwargs)
        query = request.META.get("QUERY_STRING", "")
        response = SeeOther(f"{base}/{quote(kwargs['key'])}" + (f"?{query}" if query else ""))
        response["Cache-Control"] = NEWEST
        return allow_every_origin(response)

    return choose


def by_preference(page: View, view: View) -> View:
    """Return a view that answers browsers with a page, and others with JSON."""

    @wraps(page)
    def choose(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        chosen = page if prefers_page(request) else view
        response = chosen(request, *args, **kwargs)
        patch_vary_headers(response, ["Accept"])
        return response

    return choose
