"""The timeline: incidents by month, and the days of each incident."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from explorer.answers import Answers
from explorer.drawing import Bar, Chart, TimeAxis, draw_chart, make_time_axis
from explorer.explore.state import State

Row = Mapping[str, Any]
PRECISE = ("day",)
"""The precisions of dates whose days are certain; of other dates, it is one of the days."""
_DOUBTS = {"?", "~", "%"}
"""The signs of EDTF by which a source is not sure of a date, or gives it only roughly."""


class Dated(NamedTuple):
    """An incident and the bar of its days."""

    row: Row
    bar: Bar | None


class Timeline(NamedTuple):
    """The incidents of a page by time, and all incidents by month."""

    axis: TimeAxis | None
    rows: list[Dated]
    undated: list[Row]
    chart: Chart | None
    total: int


def list_parameters(state: State) -> dict[str, Any]:
    """Return the parameters of the statistics that a timeline shows."""
    return {**state.filters, "group_by": ["year", "month"], "links": "false"}


def draw_timeline(answers: Answers, state: State, incidents: Iterable[Row], now: date) -> Timeline:
    """Return the timeline of a state."""
    statistics = answers.get("statistics", **list_parameters(state))
    return make_timeline(statistics, list(incidents), now)


def make_timeline(statistics: Row, incidents: list[Row], now: date) -> Timeline:
    """Return the timeline of statistics and of the incidents of a page."""
    axis, rows = draw_days(incidents)
    return Timeline(
        axis,
        [dated for dated in rows if dated.bar],
        [dated.row for dated in rows if not dated.bar],
        draw_chart(statistics["groups"], now),
        statistics["total"],
    )


def draw_days(incidents: Iterable[Row]) -> tuple[TimeAxis | None, list[Dated]]:
    """Return the axis of the days of incidents, and each with its bar: none without a date."""
    periods = [(row, _read_days(row)) for row in incidents]
    axis = _fit_axis([period for _, period in periods])
    return axis, [Dated(row, axis.draw(period) if axis else None) for row, period in periods]


def _fit_axis(periods: Sequence[Row]) -> TimeAxis | None:
    """Return the axis of the days of the incidents alone."""
    days = [day for period in periods for day in period["possible"].values() if day]
    return make_time_axis(periods, date.fromisoformat(max(days))) if days else None


def _read_days(row: Row) -> dict[str, Any]:
    """Return the possible and the certain days of an incident, as periods have them."""
    days = {"first": row["date_start"], "last": row["date_end"]}
    is_certain = row["date_precision"] in PRECISE and not _DOUBTS & set(row["date"] or "")
    return {"possible": days, "certain": days if is_certain else None}
