"""Headers of every response: what a browser may load, send and store."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

_SOURCES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
)
CONTENT_SECURITY_POLICY = "; ".join((*_SOURCES, "form-action 'self'", "frame-ancestors 'none'"))
"""Only scripts and styles from files of this site; no page in a frame of another site."""
EMBEDDED = "/embed/"
"""Where the pages begin that other sites may show in a frame: they have no form and no cookie."""
EMBEDDED_POLICY = "; ".join((*_SOURCES, "form-action 'none'", "frame-ancestors *"))
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def add_headers(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable:
    """Return a middleware that adds the policies, and keeps admin pages out of caches."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.path.startswith(EMBEDDED):
            response.headers["Content-Security-Policy"] = EMBEDDED_POLICY
            response.headers.pop("X-Frame-Options", None)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if request.path.startswith("/admin/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware
