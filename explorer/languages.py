"""The languages of the site. An address that begins with `/ar` is the page in Arabic.

The language is a part of the address alone: not of a cookie or of `Accept-Language`. So caches,
ETags and answers that are kept need no further key, a link shows everybody the same, and search
engines find both. Links in pages and addresses in redirects get the prefix in one place, here.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

DEFAULT = "en"
"""The language of addresses without a prefix."""
PREFIXED = tuple(code for code, _ in settings.LANGUAGES if code != DEFAULT)
_PREFIX = re.compile(rf"/({'|'.join(PREFIXED)})(?=/|$)")
_OTHERS = (
    r"(?:api|admin|static|feeds|embed|healthz|readyz)(?![\w-])"
    r"|[^\"?#]*\.(?:atom|csv|json|pdf|png|svg|txt|xml)(?=[\"?#]|$)"
)
"""What exists in one language only: data, files, and the pages of editors."""
_PAGE = re.compile(rf"/(?!/|{_OTHERS}|(?:{'|'.join(PREFIXED)})(?=[/\"?#]|$))")
_LINK = re.compile(rf"""((?:\shref|\saction)=")({_PAGE.pattern})""")


class Language(NamedTuple):
    """A language in which readers can read a page."""

    code: str
    name: str
    address: str
    """The absolute address of the page in this language."""
    is_current: bool


def choose_language(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return a middleware that answers addresses with the prefix of a language in it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        prefix = _PREFIX.match(request.path_info)
        if not prefix:
            return get_response(request)
        rest = request.path_info[prefix.end() :] or "/"
        if not _PAGE.match(rest):
            return get_response(request)
        request.path_info = rest
        with translation.override(prefix[1]):
            response = get_response(request)
            if response.has_header("Location"):
                response["Location"] = localize_address(response["Location"])
        return response

    return middleware


def localize_address(address: str) -> str:
    """Return the address of a page in the current language."""
    language = translation.get_language()
    if language not in PREFIXED or not _PAGE.match(address):
        return address
    return f"/{language}{address}"


def localize_links(page: str) -> str:
    """Return a page whose links to other pages lead to those in the current language."""
    language = translation.get_language()
    if language not in PREFIXED:
        return page
    return _LINK.sub(rf"\1/{language}\2", page)


def list_languages(request: HttpRequest) -> list[Language]:
    """Return the languages of the requested page; none for what has one only."""
    path = request.path
    if prefix := _PREFIX.match(path):
        path = path[prefix.end() :] or "/"
    if not _PAGE.match(path):
        return []
    query = request.META.get("QUERY_STRING", "")
    found = []
    for code, name in settings.LANGUAGES:
        address = path if code == DEFAULT else f"/{code}{path}"
        address = request.build_absolute_uri(address + (f"?{query}" if query else ""))
        found.append(Language(code, name, address, code == translation.get_language()))
    return found
