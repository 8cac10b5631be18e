"""How templates write references, coded words, dates, numbers, code and linked data."""

import json
from html import unescape
from typing import Any

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.utils.html import format_html, format_html_join, json_script, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from explorer import maps
from explorer.explore.filters import list_filters
from explorer.explore.labels import label_filter
from explorer.guides import make_bibtex
from publishing.models import Edition
from publishing.presentation import words

register = template.Library()

register.filter("date_words", words.date_in_words)
register.filter("period", words.period_in_words)
register.filter("range_words", words.range_in_words)
register.filter("lag_words", words.offset_in_words)
register.filter("script_name", words.script_name)
register.filter("label", words.label)
register.filter("meaning", words.meaning)
register.filter("bibtex", make_bibtex)
register.filter("record_type", words.record_type)


@register.filter
def date_of_many(text: str | None) -> str:
    """Return the date of what may have happened on several days, in words."""
    return words.date_in_words(text, single=False)


@register.simple_tag(takes_context=True)
def ref(context: template.Context, reference: dict[str, Any] | None, text: str = "") -> SafeString:
    """Write a link to the page of a record, in the same past; or its name if it has no page."""
    if reference is None:
        return format_html("<bdi>{}</bdi>", text or words.UNKNOWN)
    name = text or reference["name"] or gettext("no name")
    if reference["withdrawn"]:
        return format_html("<bdi>{}</bdi> ({})", name, gettext("withdrawn"))
    address = page_address(reference, f"{reference['type']}s") + str(context["pin"])
    return format_html('<a href="{}"><bdi>{}</bdi></a>', address, name)


@register.simple_tag(takes_context=True)
def explain(context: template.Context, target: str) -> SafeString:
    """Write a small link to a section of a document, which explains the words before it."""
    name, _, anchor = target.partition("#")
    return format_html(
        '<a class="explain" href="/docs/{}{}#{}" aria-label="{}">?</a>',
        *(name, context.get("pin", ""), anchor, gettext("What does this mean?")),
    )


@register.filter
def page_address(row: dict[str, Any], base: str) -> str:
    """Return the address of the page of a record in a list."""
    return f"/{base}/{row.get('slug') or row['id']}"


@register.filter
def title(row: dict[str, Any]) -> str:
    """Return the name or the title of a record in a list."""
    return str(row.get("name") or row.get("title") or gettext("no name"))


@register.filter
def edition_address(edition: Edition, base: str) -> str:
    """Return the address of the page of a record at an edition."""
    return f"/{base}/{edition.slug or edition.record}?snapshot={edition.snapshot}"


@register.filter
def label_of_kind(kind: str | None, type_: str) -> str:
    """Return the label of the kind of a record, of whichever type."""
    vocabularies = {"actor": "actor_kind", "place": "place_kind", "source": "source_kind"}
    return words.label(kind, vocabularies[type_]) if type_ in vocabularies else gettext("publisher")


@register.filter
def unlocalized(number: float) -> str:
    """Return a number as data writes it, in every language."""
    return f"{number:.10g}"


@register.filter
def code(text: str) -> SafeString:
    """Write a text in which backquotes mark code."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<code>{}</code>", part) if odd else part,)
            for odd, part in _split_code(text)
        ),
    )


def _split_code(text: str) -> list[tuple[int, str]]:
    """Return the parts of a text, each with whether it is code."""
    return [(at % 2, part) for at, part in enumerate(text.split("`"))]


@register.filter
def in_words(text: str) -> SafeString:
    """Write a text about parameters, whose names are code, with their labels; other code stays."""
    known = list_filters()
    parts = (
        (f"“{label_filter(part)}”" if part in known else format_html("<code>{}</code>", part))
        if odd
        else part
        for odd, part in _split_code(text)
    )
    return format_html_join("", "{}", ((part,) for part in parts))


@register.filter
def is_web_address(text: str | None) -> bool:
    """Return whether a text is an address that a link may lead to."""
    return bool(text) and str(text).lower().startswith(("https://", "http://"))


@register.filter
def list_title(name: str) -> str:
    """Return the title of a list of records."""
    return str(words.List(name).label)


@register.filter
def grouped(number: int) -> str:
    """Return a number with its digits in groups."""
    return f"{number:,}"


@register.simple_tag
def map_words() -> str:
    """Return the words of map.js as JSON."""
    return json.dumps(maps.list_words(), ensure_ascii=False)


@register.filter
def linked_data(value: dict[str, Any]) -> SafeString:
    """Write a description of data (JSON-LD), which a browser does not run."""
    written = json_script(value).replace("application/json", "application/ld+json", 1)
    return SafeString(written)


class _Capture(Node):
    """A part of a template that is written elsewhere, more than once."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: template.Context) -> SafeString:
        text = unescape(strip_tags(self.nodelist.render(context)))
        context[self.name] = " ".join(text.split())
        return SafeString("")


@register.tag
def capture(parser: Parser, token: Token) -> _Capture:
    """Keep the text up to `endcapture`, without tags, under a name: a block may be written once."""
    _, name = token.split_contents()
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return _Capture(name, nodelist)


@register.filter
def change_kind(kind: str) -> str:
    """Return what editions of a kind do, as the heading of a column."""
    return words.change_in_words(kind, 1)


@register.filter
def file_format(name: str) -> str:
    """Return the usual name of a format."""
    return {"geojson": "GeoJSON"}.get(name, name.upper())
