"""Middleware for health checks, before sessions and hosts are checked."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

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
