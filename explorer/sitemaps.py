"""The sitemap: the addresses of all pages of records, for search engines.

A part has the records whose current edition has a number within a range. So the database finds
each part by its primary key however many records there are, and a new edition changes two parts at
most: the one that its record was in, and the last.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from rest_framework.request import Request

from api.filtersets import StrictFilterSet
from api.formats import JSONRenderer
from api.problems import Problem
from api.snapshots import Pin, PublicState
from api.views import PublicView
from explorer.guides import NAMES
from explorer.views import AlwaysPage
from publishing.models import FOREVER, Edition
from publishing.registry import record_types

MAX_ADDRESSES = 10_000
"""The largest number of addresses in a part. Sitemaps may have 50,000; so many take a second."""
FIXED = (
    "",
    "explore",
    "network",
    "changes",
    "releases",
    "docs/",
    *(f"docs/{name}" for name in NAMES),
)
"""The addresses of pages that are not about one record."""
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


class XMLRenderer(JSONRenderer):
    """XML, which the view has written already; a problem is JSON."""

    media_type = "application/xml"
    format = "xml"
    charset = "utf-8"  # type: ignore[assignment]


class SitemapFilterSet(StrictFilterSet):
    """A sitemap takes no parameters."""


class Sitemap(PublicView):
    """A file of the sitemap, which takes no parameters and is always of the newest snapshot."""

    schema = None  # type: ignore[assignment]
    filterset_class = SitemapFilterSet
    renderer_classes = (XMLRenderer,)
    content_negotiation_class = AlwaysPage  # type: ignore[assignment]


class SitemapView(Sitemap):
    """The index of the parts of the sitemap."""

    def get(self, request: Request) -> Any:
        """Return the index."""
        SitemapFilterSet(request)
        state = self.resolve(Pin())

        def body() -> tuple[bytes, None]:
            origin = request.build_absolute_uri("/")
            rows = [(f"{origin}sitemaps/pages.xml", _write_moment(state.published_at))]
            rows += [
                (f"{origin}sitemaps/{part}.xml", moment) for part, moment in _list_parts(state)
            ]
            return _write("sitemapindex", "sitemap", iter(rows)), None

        return self.answer(request, state, body)


class SitemapPagesView(Sitemap):
    """The pages that are not about one record."""

    def get(self, request: Request) -> Any:
        """Return their addresses."""
        SitemapFilterSet(request)
        state = self.resolve(Pin())

        def body() -> tuple[bytes, None]:
            origin, moment = request.build_absolute_uri("/"), _write_moment(state.published_at)
            return _write("urlset", "url", ((origin + path, moment) for path in FIXED)), None

        return self.answer(request, state, body)


class SitemapPartView(Sitemap):
    """A part of the sitemap."""

    def get(self, request: Request, part: int) -> Any:
        """Return the addresses of the records whose current edition is in the part."""
        SitemapFilterSet(request)
        state = self.resolve(Pin())
        rows = _find_current(part, state)
        if part * MAX_ADDRESSES >= state.snapshot.seq or not rows.exists():
            raise Problem("not-found")

        def body() -> tuple[bytes, None]:
            origin = request.build_absolute_uri("/")
            return _write("urlset", "url", _iterate_pages(origin, rows)), None

        return self.answer(request, state, body)


def _find_current(part: int, state: PublicState) -> QuerySet[Edition]:
    """Return the editions of a part that are public, and the newest of their records."""
    first, last = part * MAX_ADDRESSES, min((part + 1) * MAX_ADDRESSES, state.snapshot.seq)
    later = Edition.objects.filter(record=OuterRef("record"), seq__gt=OuterRef("seq"))
    editions = Edition.objects.filter(seq__gt=first, seq__lte=last, public=True)
    return editions.filter(~Exists(later.filter(seq__lte=state.snapshot.seq))).order_by("seq")


def _iterate_pages(origin: str, rows: QuerySet[Edition]) -> Iterator[tuple[str, str]]:
    """Yield the address of the page of each record, and when its text was last changed."""
    columns = rows.values_list("type", "slug", "record", "edited_at")
    for type_, slug, record, edited_at in columns.iterator(chunk_size=2000):
        yield f"{origin}{type_}s/{quote(slug or str(record))}", _write_moment(edited_at)


def _list_parts(state: PublicState) -> list[tuple[int, str]]:
    """Return the number of each part that is not empty, and when its last edition was published."""
    tables = [registration.entry._meta.db_table for registration in record_types().values()]
    exists = " OR ".join(
        f"EXISTS (SELECT FROM {table} WHERE seq > part * %(size)s "
        "AND seq <= (part + 1) * %(size)s AND until_seq = %(forever)s)"
        for table in tables
    )
    newest = Edition._meta.db_table
    query = (
        "SELECT part, (SELECT published_at FROM "  # noqa: S608
        f"{newest} WHERE seq = least((part + 1) * %(size)s, %(seq)s)) "
        f"FROM generate_series(0, (%(seq)s - 1) / %(size)s) AS part WHERE {exists} ORDER BY part"
    )
    seq = state.snapshot.seq
    with connection.cursor() as cursor:
        cursor.execute(query, {"size": MAX_ADDRESSES, "seq": seq, "forever": FOREVER})
        return [(part, _write_moment(moment)) for part, moment in cursor.fetchall()]


def _write_moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else ""


def _write(root: str, item: str, rows: Iterator[tuple[str, str]]) -> bytes:
    """Return a sitemap of addresses, each with the moment of its last change if there is one."""
    parts = [f'{_HEAD}<{root} xmlns="{_NAMESPACE}">\n']
    for address, moment in rows:
        last = f"<lastmod>{moment}</lastmod>" if moment else ""
        parts.append(f"<{item}><loc>{escape(address)}</loc>{last}</{item}>\n")
    parts.append(f"</{root}>\n")
    return "".join(parts).encode()
