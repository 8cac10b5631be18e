"""What is answered before the rules of sessions and hosts apply to a request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from config import pages

PROBES = {"/healthz": pages.healthz, "/readyz": pages.readyz}


def probes(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer health checks ahead of sessions and of the check of the host.

    Load balancers ask over plain HTTP and by IP address, with any `Host` or none.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        return PROBES.get(request.path_info, get_response)(request)

    return middleware
