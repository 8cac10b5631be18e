"""The time zone of the admin: that of the browser, which its pages store in a cookie."""

import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

COOKIE = "muster_zone"
_ZONE = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+){0,2}")


def use_zone(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Return a middleware that shows times of the admin in the zone of the browser, or in UTC."""

    def middleware(request: HttpRequest) -> HttpResponse:
        zone = find_zone(request.COOKIES.get(COOKIE, ""))
        if zone is None or not request.path_info.startswith("/admin/"):
            return get_response(request)
        with timezone.override(zone):
            return get_response(request)

    return middleware


def find_zone(name: str) -> ZoneInfo | None:
    """Return a zone by its name, such as Asia/Baghdad; None if there is no such zone."""
    name = name.replace("%2F", "/")
    if len(name) > 60 or not _ZONE.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
