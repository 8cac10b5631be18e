"""Atom feeds (RFC 4287) of the public site."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html_join
from django.utils.translation import get_language, gettext_lazy

from explorer.views import PageRenderer

_SINCE = "2026"
"""The year in which the addresses of feeds were made (RFC 4151)."""
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""The characters that XML 1.0 cannot write."""
FICTION = gettext_lazy(
    "This database contains fictional records, which show what the software does."
)


class AtomRenderer(PageRenderer):
    """A feed, which is written already."""

    media_type = "application/atom+xml"
    format = "atom"


def make_tag(name: str, day: str = _SINCE) -> str:
    """Return an id that stays the same whichever host name and scheme a feed is read by.

    The authority of a tag URI (RFC 4151) is the first host name of the settings.
    """
    host = settings.ALLOWED_HOSTS[0].lstrip(".").strip("[]").replace(":", "-") or "localhost"
    return f"tag:{host},{day}:{name}"


@dataclass(frozen=True)
class Entry:
    """An entry of a feed."""

    title: str
    address: str
    identity: str
    moment: datetime
    lines: list[str] = field(default_factory=list)
    """The paragraphs of its summary, as plain text."""
    categories: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Feed:
    """A feed, with the addresses of itself, of the page with the same, and of its next page."""

    title: str
    address: str
    page: str
    identity: str
    updated: datetime | None
    author: str
    rights: str
    is_fictional: bool = False
    older: str = ""

    def write(self, entries: list[Entry]) -> bytes:
        """Return the feed with its entries."""
        feed = _Document(
            title=clean(self.title),
            link=self.page,
            description=None,
            subtitle=str(FICTION) if self.is_fictional else None,
            language=get_language(),
            author_name=clean(self.author),
            feed_url=self.address,
            feed_guid=self.identity,
            feed_copyright=clean(self.rights),
            older=self.older,
            updated=self.updated or datetime.fromtimestamp(0, UTC),
        )
        for entry in entries:
            lines = ((clean(line),) for line in entry.lines)
            feed.add_item(
                title=clean(entry.title),
                link=entry.address,
                description=format_html_join("", "<p>{}</p>", lines) or None,  # type: ignore[arg-type]
                unique_id=entry.identity,
                pubdate=entry.moment,
                updateddate=entry.moment,
                categories=entry.categories,
            )
        return feed.writeString("utf-8").encode()


def clean(text: str) -> str:
    """Return a text without the characters that XML cannot write."""
    return _UNWRITABLE.sub("", text)


class _Document(Atom1Feed):
    """A feed whose date does not depend on when it is read, with a link to its next page."""

    def latest_post_date(self) -> datetime:
        updated: datetime = self.feed["updated"]
        return updated

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["older"]:  # RFC 5005
            handler.addQuickElement("link", "", {"rel": "next", "href": self.feed["older"]})
