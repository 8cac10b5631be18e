"""Pictures for sharing: what a page is about, as PNG, drawn on the server from SVG.

Chats and social networks show them beside a link. Their letters come from a font of this app,
so that they look the same on every server. It has to have all scripts: resvg shows letters that the
font of a text lacks as boxes, where the text has several scripts.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import resvg_py
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language_bidi, gettext, ngettext
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api import problems
from api.filters import DetailFilterSet
from api.snapshots import PublicState
from api.views import NEWEST
from explorer.answers import Answers
from explorer.metadata import describe_record
from explorer.views import PageView, RecordPage, has_fiction
from publishing import completion, documents
from publishing.models import Edition
from publishing.presentation import words

WIDTH, HEIGHT = 1200, 630
"""The size that social networks recommend."""
MARGIN = 72
_FONT = str(Path(__file__).parent / "fonts" / "MusterSans-Regular.ttf")
_TITLE_SIZES = ((64, 2), (52, 3), (42, 4))
"""The sizes of the letters of a title, each with the largest number of lines."""
_FACT_SIZE = 29
_LTR, _RTL, _ANY, _END = "\u2066", "\u2067", "\u2068", "\u2069"
"""The characters that begin and end a text with a direction of its own, which resvg obeys."""
_COUNTED = {
    "actor": ("incidents", "participant"),
    "place": ("incidents", "place"),
    "source": ("incidents", "source"),
    "publisher": ("sources", "publisher"),
}
"""The list that is counted for a type of record, and the parameter that takes the record."""


class Line(NamedTuple):
    """A line of text and where it is."""

    text: str
    x: int
    y: int
    anchor: str
    size: int


class Card(NamedTuple):
    """What a picture says."""

    kind: str
    title: str
    facts: list[str]
    counts: list[tuple[str, str]]
    """Numbers, or words instead of them, each with what is counted."""


class PictureRenderer(BaseRenderer):
    """A picture, which is drawn already; a problem is JSON."""

    media_type = "image/png"
    format = "png"
    charset = None
    render_style = "binary"

    def render(self, data: Any, *_: Any, **__: Any) -> bytes:
        """Return the body of an answer."""
        if data is None:
            return b""
        return data if isinstance(data, bytes) else documents.dump(data)


class Picture(PageView):
    """The picture of a page, kept and cached as the page is."""

    renderer_classes = (PictureRenderer,)  # type: ignore[assignment]

    def get_exception_handler(self) -> Any:
        """Return the handler that answers every exception as a problem."""
        return problems.handle

    def show(self, request: Request, state: PublicState, more: int = 0, **context: Any) -> Any:
        """Answer with the picture at a state, or 304."""

        def body() -> tuple[bytes, None]:
            answers = Answers(request, state.snapshot)
            card = self.find_card(answers, **context)
            return draw(card, state, is_fictional=has_fiction(answers)), None

        return self.answer(request, state, body, more=more)

    def find_card(self, answers: Answers, **context: Any) -> Card:
        """Return what the picture says."""
        raise NotImplementedError


class HomePicture(Picture):
    """The picture of the home page, and of pages without one of their own."""

    def get(self, request: Request) -> Any:
        """Return the picture."""
        return self.show(request, self.resolve(DetailFilterSet(request).pin))

    def find_card(self, answers: Answers, **context: Any) -> Card:
        names = (words.List.INCIDENTS, words.List.ACTORS, words.List.SOURCES)
        counts = [(_count(answers, name), str(name.label)) for name in names]
        kind = gettext("Armed actors, their affiliations and incidents")
        fact = gettext("Every statement with its source; what is not known is shown as such")
        return Card(kind, settings.NAME, [fact], counts)


class RecordPicture(Picture, RecordPage):
    """The picture of the page of a record."""

    def _move(self, request: Request, edition: Edition) -> Response:
        """Redirect permanently to the picture of the record that this one was merged into."""
        page = super()._move(request, edition)
        path, mark, query = page["Location"].partition("?")
        headers = {"Location": f"{path}/card.png{mark}{query}", "Cache-Control": NEWEST}
        return Response(None, 308, headers=headers)

    def find_card(self, answers: Answers, **context: Any) -> Card:
        document = completion.read_document(context["edition"])
        about = describe_record(self.type_name, document)
        return Card(about.kind, about.title, about.facts, self._find_counts(answers, document))

    def _find_counts(self, answers: Answers, document: dict[str, Any]) -> list[tuple[str, str]]:
        """Return the numbers that say how much there is on the page."""
        if self.type_name == "incident":
            counts = [(words.range_in_words(document["killed"]), gettext("killed"))]
            if number := len(document["statements"]):
                said = ngettext("statement about it", "statements about it", number)
                counts.append((f"{number:,}", said))
            return counts
        if self.type_name not in _COUNTED:
            return []
        name, parameter = _COUNTED[self.type_name]
        counted = _count(answers, name, **{parameter: document["id"]})
        return [(counted, str(words.List(name).label))]


def make_record_picture(page: type[RecordPage]) -> type[RecordPicture]:
    """Return the view of the pictures of the pages of one type of record."""
    names = {"type_name": page.type_name, "base": page.base, "__doc__": RecordPicture.__doc__}
    return type(f"{page.__name__}Picture", (RecordPicture,), names)


def _count(answers: Answers, name: str, **filters: str) -> str:
    return f"{answers.get(name, count='true', limit=1, **filters)['count']:,}"


def draw(card: Card, state: PublicState, *, is_fictional: bool) -> bytes:
    """Return the picture of a card as PNG."""
    title, bottom = _place_title(card.title)
    facts = _place_facts(card.facts, bottom)
    moment = f"{state.published_at:%Y-%m-%d}" if state.published_at else ""
    context = {
        "width": WIDTH,
        "height": HEIGHT,
        "is_rtl": get_language_bidi(),
        "kind": _place(card.kind, 96, 28),
        "lines": [*title, *facts],
        "counts": list(_place_counts(card.counts)),
        "site": _place(settings.NAME, 575, 28),
        "snapshot": _place(
            gettext("Public record of %(day)s · snapshot %(snapshot)s")
            % {
                "day": f"{_LTR}{moment}{_END}",
                "snapshot": f"{_LTR}{state.snapshot}{_END}",
            }
            if moment
            else "",
            575,
            24,
            at_end=True,
        ),
        "notice": _place(gettext("Contains fictional records"), 96, 24, at_end=True)
        if is_fictional
        else None,
    }
    svg = render_to_string("explorer/card.svg", context)
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, font_files=[_FONT], skip_system_fonts=True))


def _place_title(title: str) -> tuple[list[Line], int]:
    """Return the lines of a title in the largest letters that fit, and where the next line is."""
    text = _clean(title)
    for size, most in _TITLE_SIZES:
        lines = wrap(text, size)
        if len(lines) <= most:
            break
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(" ".join(lines[most - 1 :]), size)]
    rtl = is_rtl(text)
    top = 124 + size
    placed = [
        _line(line, top + round(1.25 * size * at), size, rtl=rtl) for at, line in enumerate(lines)
    ]
    return placed, placed[-1].y


def _place_facts(facts: list[str], bottom: int) -> list[Line]:
    """Return the facts of a card below its title, in at most two lines."""
    text = " · ".join(f"{_ANY}{_clean(fact)}{_END}" for fact in facts)
    lines = wrap(text, _FACT_SIZE)
    if len(lines) > 2:
        lines = [lines[0], _cut(" ".join(lines[1:]), _FACT_SIZE)]
    return [
        _place(line, bottom + 62 + 44 * at, _FACT_SIZE) for at, line in enumerate(lines) if line
    ]


def _place_counts(counts: list[tuple[str, str]]) -> Iterator[tuple[Line, Line]]:
    """Yield the numbers of a card, each with what is counted below it."""
    at = 0.0
    for number, name in counts:
        upper, lower = _place(number, 475, 48), _place(name, 515, 26)
        shift = round(at) if upper.anchor == "start" else -round(at)
        yield upper._replace(x=upper.x + shift), lower._replace(x=lower.x + shift)
        at += max(measure(number, 48), measure(name, 26)) + 64


def _place(text: str, y: int, size: int, *, at_end: bool = False) -> Line:
    """Return a line in the direction of the language of the page, at its start or its end."""
    rtl = get_language_bidi()
    line = _line(_clean(text, keep=_LTR + _ANY + _END), y, size, rtl=rtl)
    if not at_end:
        return line
    return line._replace(x=WIDTH - line.x, anchor="start" if line.anchor == "end" else "end")


def _line(text: str, y: int, size: int, *, rtl: bool) -> Line:
    if rtl:
        return Line(f"{_RTL}{text}{_END}", WIDTH - MARGIN, y, "end", size)
    return Line(text, MARGIN, y, "start", size)


def is_rtl(text: str) -> bool:
    """Return whether the first letter of a text is of a script that runs from right to left."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def _clean(text: str, keep: str = "") -> str:
    """Return a text without characters that XML has not, or that change directions."""
    keep += "\u200c\u200d"  # which join letters
    return "".join(
        character
        for character in " ".join(text.split())
        if character in keep or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Cn")
    )


def wrap(text: str, size: int) -> list[str]:
    """Return the lines of a text that is at most as wide as the picture without its margins."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if measure(longer, size) <= WIDTH - 2 * MARGIN or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return [_cut(line, size) for line in lines]


def _cut(line: str, size: int) -> str:
    """Return a line, without its end if it is too wide."""
    if measure(line, size) <= WIDTH - 2 * MARGIN:
        return line
    while measure(f"{line}…", size) > WIDTH - 2 * MARGIN:
        line = line[:-1]
    closing = _END * (line.count(_ANY) - line.count(_END))
    return f"{line.rstrip()}…{closing}"


def measure(text: str, size: int) -> float:
    """Return about how wide a text is: rather too wide, so that it fits."""
    return size * sum(map(_measure, text))


@cache
def _measure(character: str) -> float:
    """Return the width of a character, as a part of the size of letters."""
    category = unicodedata.category(character)
    if category in ("Mn", "Me", "Cf"):
        return 0.0
    if character in "iljI.,:;'|!()[] ft-·/":
        return 0.37
    if character in "mwMWЖШЩЮжшщюфмЫы@%…—" or unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if category == "Lu" or unicodedata.bidirectional(character) == "AL":
        return 0.74
    return 0.55
