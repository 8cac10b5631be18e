"""Markdown as HTML of the site: with anchors, a table of contents, and no style or raw HTML."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

_RELATION = re.compile(r'^(\w+) \S*--\S* (\w+) : "?([^"]*)"?$')
"""A relation of an entity-relationship diagram of Mermaid."""
_NODE = re.compile(r'(\w+)(?:\[\(?"([^"]*)"\)?\])?')
_EDGE = re.compile(
    r'^(\w+(?:\[\(?"[^"]*"\)?\])?) --(?: "([^"]*)" --)?> (\w+(?:\[\(?"[^"]*"\)?\])?)$'
)
"""A node and an arrow of a flow chart of Mermaid."""


class Heading(NamedTuple):
    """A heading of a document."""

    level: int
    text: str
    anchor: str


class Text(NamedTuple):
    """A document as HTML, without its title."""

    title: str
    lead: str
    """Its first paragraph, without marks."""
    html: SafeString
    headings: list[Heading]
    """The headings of levels 2 and 3."""


def render(source: str, resolve: Callable[[str], str | None]) -> Text:
    """Return a document in Markdown as HTML.

    `resolve` gives the address for the target of a link, or None if it has none on the site: then
    only the text of the link remains. Raw HTML is shown as text.
    """
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    for name, rule in _RULES.items():
        parser.add_render_rule(name, rule)
    tokens = parser.parse(source)
    title, headings, counts = "", list[Heading](), Counter[str]()
    lead = next((_plain(tokens[at + 1]) for at in _find(tokens, "paragraph_open")), "")
    for at in _find(tokens, "heading_open"):
        text, level = _plain(tokens[at + 1]), int(tokens[at].tag[1])
        if level == 1:
            title = text
            tokens[at].hidden = tokens[at + 2].hidden = True
            tokens[at + 1].children, tokens[at + 1].content = [], ""
            continue
        anchor = make_anchor(text)
        counts[anchor] += 1
        if counts[anchor] > 1:
            anchor += f"-{counts[anchor] - 1}"
        tokens[at].attrSet("id", anchor)
        if level <= 3:
            headings.append(Heading(level, text, anchor))
    for token in tokens:
        if token.children:
            token.children = _resolve_links(token.children, resolve)
    html = parser.renderer.render(tokens, parser.options, {})
    return Text(title, lead, mark_safe(html), headings)  # noqa: S308 - made here, HTML is escaped


def render_fragment(source: str) -> SafeString:
    """Return a short text in Markdown as HTML; links keep their addresses."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    return mark_safe(parser.render(source))  # noqa: S308 - made here, HTML is escaped


def make_anchor(text: str) -> str:
    """Return the anchor of a heading, which is the one that GitHub makes."""
    kept = (c for c in text.lower() if c in "-_ " or unicodedata.category(c)[0] in "LNM")
    return "".join(kept).replace(" ", "-")


def _find(tokens: list[Token], type_: str) -> list[int]:
    """Return the positions of the tokens of a type."""
    return [at for at, token in enumerate(tokens) if token.type == type_]


def _plain(token: Token) -> str:
    """Return the text of an inline token without marks."""
    breaks = {"softbreak": " ", "hardbreak": " "}
    return "".join(breaks.get(child.type, child.content) for child in token.children or ())


def _resolve_links(tokens: list[Token], resolve: Callable[[str], str | None]) -> list[Token]:
    """Return inline tokens in which links lead to addresses of the site, or are plain text."""
    kept, open_links = list[Token](), list[bool]()
    for token in tokens:
        if token.type == "link_open":
            address = resolve(str(token.attrGet("href")))
            open_links.append(address is not None)
            if address is None:
                continue
            token.attrSet("href", address)
        elif token.type == "link_close" and not open_links.pop():
            continue
        kept.append(token)
    return kept


def _open_table(
    renderer: RendererHTML, tokens: list[Token], at: int, options: Any, env: Any
) -> str:
    """Open a table, which scrolls by itself where it is wider than the page."""
    head = [_plain(token) for token in tokens[at:] if token.type == "inline"]
    label = next((text for text in head if text), "")
    return str(
        format_html('<div class="scroll" tabindex="0" role="group" aria-label="{}"><table>', label)
    )


def _close_table(*_: Any) -> str:
    return "</table></div>\n"


def _open_cell(renderer: RendererHTML, tokens: list[Token], at: int, options: Any, env: Any) -> str:
    """Open a cell. The security policy allows no style, so an alignment is a class."""
    token = tokens[at]
    if "right" in str(token.attrs.pop("style", "")):
        token.attrSet("class", "number")
    if token.tag == "th":
        token.attrSet("scope", "col")
    return renderer.renderToken(tokens, at, options, env)


def _write_fence(
    renderer: RendererHTML, tokens: list[Token], at: int, options: Any, env: Any
) -> str:
    """Write a block of code. A diagram becomes a table of what its lines connect."""
    token = tokens[at]
    language = token.info.strip()
    if language == "mermaid":
        return _write_diagram(token.content)
    return str(
        format_html(
            '<pre tabindex="0" dir="ltr"><code class="language-{}">{}</code></pre>\n',
            language or "text",
            token.content,
        )
    )


def _write_diagram(source: str) -> str:
    """Return the connections of a diagram as the rows of a table."""
    names, rows = dict[str, str](), list[tuple[str, str, str]]()
    for line in (line.strip() for line in source.splitlines()):
        if relation := _RELATION.match(line):
            rows.append((relation[1], relation[3], relation[2]))
        elif edge := _EDGE.match(line):
            (start, _), (end, _) = nodes = [*_NODE.findall(edge[1]), *_NODE.findall(edge[3])]
            names |= {node: text for node, text in nodes if text}
            rows.append((start, edge[2] or "", end))
        elif (node := _NODE.fullmatch(line)) and node[2]:
            names[node[1]] = node[2]
    cells = "".join(
        "<tr>" + "".join(format_html("<td>{}</td>", _name(text, names)) for text in row) + "</tr>"
        for row in rows
    )
    return (
        '<div class="scroll" tabindex="0" role="group" aria-label="Diagram"><table>'
        '<thead><tr><th scope="col">From</th><th scope="col">Relation</th><th scope="col">To</th>'
        f"</tr></thead><tbody>{cells}</tbody></table></div>\n"
    )


def _name(word: str, names: Mapping[str, str]) -> str:
    """Return the name of a node of a diagram in one line."""
    return names.get(word, word).replace("<br>", " ")


_RULES: dict[str, Callable[..., str]] = {
    "table_open": _open_table,
    "table_close": _close_table,
    "th_open": _open_cell,
    "td_open": _open_cell,
    "fence": _write_fence,
}
