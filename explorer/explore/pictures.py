"""Pictures for other documents: an SVG that stands alone, and the same as PNG.

A picture says what it shows, from which snapshot, and where that can be read. Its marks have
attributes instead of classes, because it is seen without a stylesheet.
"""

import re
from operator import add
from pathlib import Path
from textwrap import wrap
from typing import Any, NamedTuple

import resvg_py
from django.template.loader import render_to_string
from django.utils.translation import gettext

from explorer.drawing import HEIGHT, Bar, TimeAxis
from explorer.explore.charts import Chart, Line
from explorer.explore.timeline import Timeline
from explorer.maps import Map
from explorer.templatetags.explorer import title
from publishing.bidi import isolate
from publishing.presentation.borders import Outlines
from publishing.presentation.frames import HEIGHT as MAP_HEIGHT
from publishing.presentation.frames import WIDTH as MAP_WIDTH
from publishing.presentation.words import date_in_words

FONT = Path(__file__).resolve().parent.parent / "fonts" / "MusterSans-Regular.ttf"
"""One font with Latin, Greek, Cyrillic, Arabic and Hebrew letters.

With one font for each script, resvg loses letters of texts in two scripts.
"""
WIDTH, MARGIN = 960, 24
INK, QUIET, GRID = "#1a1c1f", "#555b63", "#d4d8dd"
MARK, HATCH = "#1f5a8c", "#6f94b5"
_LABELS, _NUMBERS = 250, 190
"""The width of the labels of rows, and of numbers in words."""
_LINE = 22
"""The height of a row."""
_LETTER = 0.56
"""The width of a letter, as a part of its height, by which long labels are cut."""
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""The characters that XML cannot contain."""
SCALE = 1.5
"""The pixels of a PNG for each pixel of the picture."""


class Mark(NamedTuple):
    """A mark of a picture."""

    kind: str
    """`text`, `rect`, `line`, `circle` or `arrow`."""
    x: float
    y: float
    width: float = 0
    height: float = 0
    fill: str = INK
    text: str = ""
    size: float = 13
    anchor: str = "start"
    stroke: str = "none"
    outlines: Outlines | None = None
    """The land and the boundaries of a map."""


class Caption(NamedTuple):
    """What is written around a picture."""

    title: str
    filters: str
    source: str
    address: str


class Picture:
    """A picture that is drawn from top to bottom."""

    def __init__(self, caption: Caption) -> None:
        self.marks: list[Mark] = []
        self.y = float(MARGIN)
        self.caption = caption
        self.write_lines(caption.title, 20, INK)
        if caption.filters:
            self.write_lines(caption.filters, 13, QUIET)
        self.y += 10

    def add(
        self, kind: str, x: float, y: float, width: float = 0, height: float = 0, **options: Any
    ) -> None:
        """Add a mark."""
        if "text" in options:
            options["text"] = _FORBIDDEN.sub("", options["text"])
        width, height = round(max(0, width), 1), round(max(0, height), 1)
        self.marks.append(Mark(kind, round(x, 1), round(y, 1), width, height, **options))

    def write(self, x: float, text: str, width: float = WIDTH, **options: Any) -> None:
        """Write a text at the height of the row, cut to a width."""
        letters = int(width / (options.get("size", 13) * _LETTER))
        text = text if len(text) <= letters else text[: letters - 1].rstrip() + "…"
        self.add("text", x, self.y + 15, text=isolate(text), **options)

    def write_lines(self, text: str, size: float, fill: str) -> None:
        """Write a text over the whole width, in as many lines as it needs."""
        for line in wrap(text, int((WIDTH - 2 * MARGIN) / (size * _LETTER))):
            self.y += size * 1.4
            self.add("text", MARGIN, self.y, text=line, size=size, fill=fill)

    def finish(self) -> str:
        """Return the SVG."""
        self.y += 14
        self.write_lines(self.caption.source, 12, QUIET)
        self.write_lines(self.caption.address, 12, QUIET)
        context = {
            "marks": self.marks,
            "width": WIDTH,
            "height": round(self.y + MARGIN),
            "caption": self.caption,
            "colours": {"mark": MARK, "hatch": HATCH},
        }
        return render_to_string("explorer/explore/picture.svg", context)


def draw_chart(chart: Chart, caption: Caption) -> str:
    """Return the picture of a chart."""
    picture = Picture(caption)
    if not chart.is_counted:
        _write_key(
            picture,
            gettext("at least"),
            gettext("possible"),
            gettext("there may be more") if chart.has_open else "",
        )
    if chart.columns:
        _draw_matrix(picture, chart)
    else:
        for line in chart.lines:
            _draw_bar(picture, line)
    if hidden := chart.hidden_lines + chart.hidden_columns:
        picture.y += 6
        picture.write(MARGIN, gettext("%s more are not shown.") % f"{hidden:,}", fill=QUIET)
        picture.y += _LINE
    return picture.finish()


def _write_key(picture: Picture, solid: str, hatched: str, more: str = "") -> None:
    x = float(MARGIN)
    for fill, text in ((MARK, solid), ("url(#hatch)", hatched)):
        picture.add("rect", x, picture.y + 5, 28, 12, fill=fill, stroke=HATCH)
        picture.write(x + 36, text, fill=QUIET)
        x += 60 + len(text) * 13 * _LETTER
    if more:
        picture.add("arrow", x, picture.y + 11)
        picture.write(x + 14, more, fill=QUIET)
    picture.y += _LINE + 6


def _draw_bar(picture: Picture, line: Line) -> None:
    """Draw a row of a chart by one group: its label, its bar and its number in words."""
    start = MARGIN + _LABELS + 12
    length = WIDTH - MARGIN - _NUMBERS - 12 - start
    fill = QUIET if line.key.key is None else INK
    picture.write(start - 12, line.key.label, _LABELS, anchor="end", fill=fill)
    cell = line.cells[0]
    if cell is not None:
        if cell.is_known:
            _draw_range(picture, start, length, 14, (cell.low, cell.high, cell.best), cell.is_open)
        x = start + length + 14
        picture.write(x, cell.words, _NUMBERS, fill=INK if cell.is_known else QUIET)
    picture.y += _LINE


def _draw_range(
    picture: Picture,
    x: float,
    length: float,
    height: float,
    shares: tuple[float, float, float | None],
    is_open: bool,
    top: float = 4,
) -> None:
    low, high, best = shares
    y = picture.y + top
    picture.add("rect", x, y, length * low, height, fill=MARK)
    if high > low:
        width = length * (high - low)
        picture.add("rect", x + length * low, y, width, height, fill="url(#hatch)", stroke=HATCH)
    if best is not None:
        picture.add("circle", x + length * best, y + height / 2, 3.5, fill=INK, stroke="#fff")
    if is_open:
        picture.add("arrow", x + length * high + 4, y + height / 2)


def _draw_matrix(picture: Picture, chart: Chart) -> None:
    """Draw a chart by two groups: a bar and a number in each cell."""
    labels = 210
    start = MARGIN + labels + 12
    width = (WIDTH - MARGIN - start) / len(chart.columns)
    lines = [_wrap_label(column.label, width - 8) for column in chart.columns]
    for number in range(max(map(len, lines))):
        for place, parts in enumerate(lines):
            if number < len(parts):
                x = start + place * width
                picture.write(x, parts[number], width - 4, size=12, fill=QUIET)
        picture.y += 15
    picture.y += 6
    picture.add("line", MARGIN, picture.y, WIDTH - 2 * MARGIN, 0, stroke=GRID)
    for line in chart.lines:
        fill = QUIET if line.key.key is None else INK
        picture.write(start - 12, line.key.label, labels, anchor="end", fill=fill)
        for place, cell in enumerate(line.cells):
            x = start + place * width
            if cell is None:
                picture.write(x, "–", fill=QUIET)
                continue
            colour = INK if cell.is_known else QUIET
            picture.write(x, cell.short or cell.words, width - 4, size=12, fill=colour)
            if cell.is_known:
                shares = (cell.low, cell.high, cell.best)
                _draw_range(picture, x, width - 16, 7, shares, cell.is_open, top=20)
        picture.y += 34
        picture.add("line", MARGIN, picture.y, WIDTH - 2 * MARGIN, 0, stroke=GRID)


def _wrap_label(label: str, width: float) -> list[str]:
    return wrap(label, max(4, int(width / (12 * _LETTER))))[:3] or [""]


def draw_timeline(timeline: Timeline, caption: Caption) -> str:
    """Return the picture of a timeline: incidents by month, then the days of each incident."""
    picture = Picture(caption)
    if timeline.chart and timeline.chart.columns:
        _draw_months(picture, timeline)
    if timeline.axis:
        _draw_days(picture, timeline, timeline.axis)
    for row in timeline.undated:
        picture.write(MARGIN, f"{gettext('Date not known')}: {title(dict(row))}", fill=QUIET)
        picture.y += _LINE
    return picture.finish()


def draw_map(map_: Map, caption: Caption, *, is_fictional: bool) -> str:
    """Return the picture of a map, with the number of incidents that are not on it."""
    picture = Picture(caption)
    length = WIDTH - 2 * MARGIN
    height = length * MAP_HEIGHT / MAP_WIDTH
    outlines, labels = map_.frame.outlines, map_.frame.labels
    if is_fictional:
        outlines = Outlines(*map(add, outlines, map_.frame.island))
        labels += map_.frame.island_labels
    picture.add("outlines", MARGIN, picture.y, length, height, outlines=outlines)
    for x_, y_, name in labels:
        x, y = MARGIN + length * _share(x_), picture.y + height * _share(y_)
        picture.add("text", x, y, text=isolate(name), size=12, anchor="middle", fill=QUIET)
    for mark in map_.marks:
        x, y = MARGIN + length * _share(mark.x), picture.y + height * _share(mark.y)
        if mark.kind == "area":
            text = f"{mark.number:,} {isolate(mark.name)}"
            picture.add("text", x, y, text=text, size=12, anchor="middle")
        elif mark.number > 1:
            picture.add("circle", x, y, 11, fill=MARK, stroke="#fff")
            text = f"{mark.number:,}"
            picture.add("text", x, y + 4, text=text, size=12, anchor="middle", fill="#fff")
        else:
            fill = "none" if mark.kind == "near" else MARK
            picture.add("circle", x, y, 5, fill=fill, stroke=MARK)
    picture.y += height + 8
    picture.add("circle", MARGIN + 7, picture.y + 10, 5, fill=MARK, stroke=MARK)
    exact = gettext("exact, or a settlement")
    picture.write(MARGIN + 20, exact, fill=QUIET)
    x = MARGIN + 60 + len(exact) * 13 * _LETTER
    picture.add("circle", x, picture.y + 10, 5, fill="none", stroke=MARK)
    picture.write(x + 13, gettext("near a settlement, within about 25 km"), fill=QUIET)
    picture.y += _LINE
    numbers = {"points": f"{map_.points:,}", "total": f"{map_.total:,}"}
    notes = [gettext("%(points)s of %(total)s are on this map.") % numbers]
    if not map_.is_exact:
        notes.append(gettext("There are more: only those published last are counted."))
    if map_.absences:
        absences = ", ".join(absence.text for absence in map_.absences)
        notes.append(f"{gettext('Not on it:')} {absences}.")
    picture.write_lines(" ".join(notes), 13, INK)
    return picture.finish()


def _share(text: str) -> float:
    """Return the share that a percentage of a drawing means."""
    return float(text.removesuffix("%")) / 100


def _draw_months(picture: Picture, timeline: Timeline) -> None:
    chart = timeline.chart
    assert chart
    length = WIDTH - 2 * MARGIN
    picture.write(MARGIN, f"{chart.top:,}", size=12, fill=QUIET)
    picture.y += 20
    base = picture.y + HEIGHT
    for tick in chart.ticks:
        x = MARGIN + length * _share(tick.x)
        picture.add("line", x, picture.y, 0, HEIGHT + 18, stroke=GRID)
        picture.add("text", x + 3, base + 15, text=tick.text, size=12, fill=QUIET)
    for column in chart.columns:
        x, width = MARGIN + length * _share(column.x), length * _share(column.width)
        if column.solid_height:
            fill = "url(#hatch)" if column.is_unfinished else MARK
            y = picture.y + column.solid_y
            picture.add("rect", x, y, width, column.solid_height, fill=fill, stroke=MARK)
        if column.open_height:
            y = picture.y + column.open_y
            picture.add("rect", x, y, width, column.open_height, fill="none", stroke=MARK)
    picture.add("line", MARGIN, base, length, 0, stroke=QUIET)
    picture.y = base + 26
    notes = [
        gettext("%(number)s in %(year)s, month unknown") % {"number": number, "year": year}
        for year, number in chart.years
    ]
    if chart.undated:
        notes.append(gettext("%s without a known year") % f"{chart.undated:,}")
    if notes:
        picture.write_lines(
            f"{gettext('Open bars: perhaps in this month.')} {'; '.join(notes)}", 12, QUIET
        )
    picture.y += 14


def _draw_days(picture: Picture, timeline: Timeline, axis: TimeAxis) -> None:
    days, names = 150, 330
    start = MARGIN + days + names
    length = WIDTH - MARGIN - start
    _write_key(picture, gettext("on this day"), gettext("on one of these days, or on several"))
    top = picture.y
    bottom = top + 18 + _LINE * len(timeline.rows)
    for tick in axis.ticks:
        x = start + length * _share(tick.x)
        picture.add("line", x, top, 0, bottom - top, stroke=GRID)
        picture.add("text", x + 3, top + 12, text=tick.text, size=12, fill=QUIET)
    picture.y += 18
    for dated in timeline.rows:
        single = dated.row["granularity"] == "single_event"
        words = date_in_words(dated.row["date"], single=single)
        picture.write(MARGIN, words, days - 8, size=12, fill=QUIET)
        picture.write(MARGIN + days, title(dict(dated.row)), names - 12)
        if dated.bar:
            _draw_period(picture, dated.bar, start, length)
        picture.y += _LINE


def _draw_period(picture: Picture, bar: Bar, start: float, length: float) -> None:
    spans = [(bar.possible, "url(#hatch)"), (bar.certain, MARK)]
    for span, fill in spans:
        if span:
            x, width = start + length * _share(span.x), length * _share(span.width)
            picture.add("rect", x, picture.y + 5, width, 12, fill=fill, stroke=HATCH)


def render_png(svg: str) -> bytes:
    """Return the PNG of a picture."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            background="#ffffff",
            zoom=SCALE,
            skip_system_fonts=True,
            font_files=[str(FONT)],
            font_family="Muster Sans",
            sans_serif_family="Muster Sans",
        )
    )
