"""Charts by one or two groups: a table whose numbers are drawn in their cells.

The numbers are those of the statistics of the API. Of casualties, what is certain at least is solid
and what is possible is hatched; a group in which no number is known has no bar, and never a zero.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext, gettext_lazy, ngettext

from explorer.answers import Answers
from explorer.explore.filters import Measure
from explorer.explore.labels import label_filter, label_word
from explorer.explore.state import State
from publishing.presentation.frames import percent
from publishing.presentation.words import UNKNOWN, range_in_words

Row = Mapping[str, Any]
TIMES = ("year", "quarter", "month", "week", "day")
ACTORS = ("participant", "perpetrator", "target")
MAX_ROWS, MAX_PERIODS, MAX_COLUMNS = 40, 60, 12
"""The largest numbers of groups that are drawn: the largest ones, or the latest periods."""
DEFAULT_GROUP = "year"
_ABSENT = {
    **dict.fromkeys(TIMES, gettext_lazy("date not known, or not precise enough")),
    **dict.fromkeys(ACTORS, gettext_lazy("no actor named")),
}


class Key(NamedTuple):
    """A value that incidents have in common."""

    key: str | None
    label: str


class Cell(NamedTuple):
    """The number of a group, and where its marks are, as shares of the scale."""

    incidents: int
    words: str
    number: int
    """The number that groups are compared by: the best one."""
    note: str
    low: float
    high: float
    best: float | None
    """The place of the dot; of incidents, which are certain, there is none."""
    is_known: bool
    is_open: bool
    """Whether more is possible than the highest number."""
    address: str | None
    short: str = ""
    """The number with its bounds, where there is little room."""

    @property
    def low_width(self) -> str:
        """The width of what is certain."""
        return percent(self.low)

    @property
    def range_width(self) -> str:
        """The width of what is possible as well."""
        return percent(max(0, self.high - self.low))

    @property
    def best_place(self) -> str | None:
        """The place of the dot."""
        return None if self.best is None else percent(self.best)


class Line(NamedTuple):
    """A row of a chart."""

    key: Key
    cells: list[Cell | None]


class Chart(NamedTuple):
    """A chart by one or two groups."""

    group_by: list[str]
    titles: list[str]
    measure: str
    columns: list[Key]
    """The values of the second group; none for a chart by one group."""
    lines: list[Line]
    total: int
    top: int
    """The number at the end of the scale."""
    hidden_lines: int
    hidden_columns: int
    latest: bool
    """Whether the rows are periods, of which the latest are shown."""
    warnings: list[Row]

    @property
    def is_counted(self) -> bool:
        """Whether the numbers are certain: those of incidents."""
        return self.measure == Measure.INCIDENTS

    @property
    def has_open(self) -> bool:
        """Whether more is possible somewhere than is drawn."""
        return any(cell.is_open for line in self.lines for cell in line.cells if cell)

    @property
    def title(self) -> str:
        """What the chart shows."""
        measure = str(Measure(self.measure).label)
        groups = [title.lower() for title in self.titles]
        if len(groups) == 1:
            return gettext("%(measure)s by %(group)s") % {"measure": measure, "group": groups[0]}
        names = {"measure": measure, "first": groups[0], "second": groups[1]}
        return gettext("%(measure)s by %(first)s and %(second)s") % names


def list_parameters(state: State) -> dict[str, Any]:
    """Return the parameters of the statistics that a chart shows."""
    group_by = state.group_by or [DEFAULT_GROUP]
    parameters: dict[str, Any] = {**state.filters, "group_by": group_by}
    if group_by[0] not in TIMES:
        parameters |= {"sort": state.measure, "limit": MAX_ROWS}
    elif len(group_by) == 1:
        parameters["fill"] = "true"
    return parameters


def draw_chart(answers: Answers, state: State) -> Chart:
    """Return the chart of a state."""
    parameters = list_parameters(state)
    statistics = answers.get("statistics", **parameters)
    return make_chart(statistics, parameters["group_by"], state)


def make_chart(statistics: Row, group_by: list[str], state: State) -> Chart:
    """Return the chart of statistics."""
    groups, measure = statistics["groups"], state.measure
    lines = _list_keys(groups, 0, group_by[0])
    hidden = max(0, statistics["first_keys"] - len(lines))
    latest = group_by[0] in TIMES
    if latest:
        dated = [key for key in lines if key.key is not None]
        hidden = max(0, len(dated) - MAX_PERIODS)
        lines = dated[hidden:] + [key for key in lines if key.key is None]
    columns = _list_keys(groups, 1, group_by[1]) if len(group_by) > 1 else []
    shown = _choose_columns(groups, columns, measure, chronological=group_by[-1] in TIMES)
    by_keys = {tuple(key["key"] for key in group["keys"]): group for group in groups}
    wanted: list[tuple[str | None, ...]] = [(line.key,) for line in lines]
    if shown:
        wanted = [(line.key, column.key) for line in lines for column in shown]
    top = max(
        (_measure_top(by_keys[keys], measure) for keys in wanted if keys in by_keys), default=0
    )

    def draw(keys: tuple[str | None, ...]) -> Cell | None:
        return _draw(by_keys[keys], measure, top or 1, state) if keys in by_keys else None

    return Chart(
        group_by=group_by,
        titles=[label_filter(name) for name in group_by],
        measure=measure,
        columns=shown,
        lines=[
            Line(line, [draw((line.key, column.key)) for column in shown] or [draw((line.key,))])
            for line in lines
        ],
        total=statistics["total"],
        top=top,
        hidden_lines=hidden,
        hidden_columns=len(columns) - len(shown),
        latest=latest,
        warnings=statistics["warnings"],
    )


def _list_keys(groups: Iterable[Row], place: int, by: str) -> list[Key]:
    """Return the values of a group in their order, each once."""
    found = {}
    for group in groups:
        key = group["keys"][place]
        if key["key"] not in found:
            found[key["key"]] = Key(key["key"], label_key(by, key))
    return list(found.values())


def label_key(by: str, key: Row) -> str:
    """Return the label of a value of a group."""
    if key["key"] is None:
        return str(_ABSENT.get(by, UNKNOWN))
    if key["label"] is None:
        return gettext("withdrawn")
    return label_word(by, key["key"], key["label"])


def _choose_columns(
    groups: Sequence[Row], columns: list[Key], measure: str, *, chronological: bool
) -> list[Key]:
    if chronological:
        dated = sorted((key for key in columns if key.key), key=lambda key: str(key.key))
        unknown = [key for key in columns if key.key is None]
        return (dated[-MAX_COLUMNS + len(unknown) :] if dated else []) + unknown
    sizes = dict.fromkeys((key.key for key in columns), 0)
    for group in groups:
        if len(group["keys"]) > 1:
            sizes[group["keys"][1]["key"]] += _count(group, measure)
    return sorted(columns, key=lambda key: -sizes[key.key])[:MAX_COLUMNS]


def _count(group: Row, measure: str) -> int:
    count: int = group["incidents"] if measure == "incidents" else group[measure]["best"]
    return count


def _measure_top(group: Row, measure: str) -> int:
    if measure == Measure.INCIDENTS:
        return int(group["incidents"])
    sums = group[measure]
    return max(sums["low"], sums["best"], sums["high"])


def _draw(group: Row, measure: str, top: int, state: State) -> Cell:
    incidents = group["incidents"]
    address = state.from_list(group["list"]) if group.get("list") and incidents else None
    if measure == Measure.INCIDENTS:
        share = incidents / top
        known = (f"{incidents:,}", incidents, "", share, share, None, True, False)
        return Cell(incidents, *known, address)
    sums = group[measure]
    unknown = sums["unknown"]
    note = ""
    if unknown:
        note = (
            ngettext("%s incident without a number", "%s incidents without a number", unknown)
            % f"{unknown:,}"
        )
    if unknown >= incidents:
        words = str(UNKNOWN) if incidents else gettext("no incident")
        nothing = (words, -1, note if incidents else "", 0.0, 0.0, None, False, False)
        return Cell(incidents, *nothing, address)
    is_open = bool(unknown or sums["without_high"])
    high = max(sums["low"], sums["best"], sums["high"])
    bounds = {"low": sums["low"], "best": sums["best"], "high": None if is_open else high}
    places = (min(sums["low"], high) / top, high / top, sums["best"] / top)
    drawn = (range_in_words(bounds), sums["best"], note, *places, True, is_open)
    short = f"{sums['low']:,}" if sums["low"] == high else f"{sums['low']:,}–{high:,}"
    return Cell(incidents, *drawn, address, f"≥ {sums['low']:,}" if is_open else short)
