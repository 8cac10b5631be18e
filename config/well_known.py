"""Files at addresses where programs look for them: robots.txt, security.txt and llms.txt."""

from datetime import UTC, datetime, time

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from config.directory import DESCRIPTIONS, LINKS

_CACHE = {"Cache-Control": "public, max-age=3600"}
_TEXT = "text/plain; charset=utf-8"

# A crawler would follow filters and past states without end: each is another address. The
# longest rule holds: pictures have an address with a snapshot, and networks ask before they draw.
_RULES = """\
User-agent: *
Disallow: /admin/
Disallow: /api/
Allow: /api/v1$
Allow: /api/v1/docs
Allow: /api/v1/schema
Disallow: /search
Disallow: /*/search
Disallow: /*explore?
Disallow: /*network?
Disallow: /*snapshot=
Disallow: /*known_at=
Disallow: /*cursor=
Allow: /card.png?snapshot=
Allow: /*/card.png?snapshot=
"""


@csrf_exempt
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Say which addresses search engines may read."""
    if not settings.SEARCH_ENGINES:
        return HttpResponse("User-agent: *\nDisallow: /\n", _TEXT, headers=_CACHE)
    sitemap = f"\nSitemap: {request.build_absolute_uri('/sitemap.xml')}\n"
    return HttpResponse(_RULES + sitemap, _TEXT, headers=_CACHE)


@csrf_exempt
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Say where to report a vulnerability (RFC 9116); 404 if nobody is named, or no longer."""
    found = settings.SECURITY
    if found is None or found.expires < timezone.now().date():
        raise Http404
    expires = datetime.combine(found.expires, time(23, 59, 59), UTC)
    lines = (
        f"Contact: {found.contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {request.build_absolute_uri('/.well-known/security.txt')}",
    )
    return HttpResponse("".join(f"{line}\n" for line in lines), _TEXT, headers=_CACHE)


@csrf_exempt
@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    """Describe the site in Markdown for language models, with links to what they can read."""
    context = {
        "name": settings.NAME,
        "licence": settings.LICENCE,
        "origin": request.build_absolute_uri("/").rstrip("/"),
        "lists": DESCRIPTIONS.items(),
        "links": LINKS.values(),
    }
    return HttpResponse(render_to_string("llms.txt", context), _TEXT, headers=_CACHE)
