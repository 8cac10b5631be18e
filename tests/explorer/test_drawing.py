"""Axes of pictures: the days that they cover, and what is labelled."""

from datetime import date

import pytest
from django.utils import translation

from explorer.drawing import TimeAxis, draw_chart


@pytest.mark.parametrize(
    ("first", "last", "whole", "labels"),
    [
        ("2026-05-22", "2026-06-27", ("2026-05-01", "2026-06-30"), ["May 2026", "Jun 2026"]),
        ("2024-02-10", "2024-02-10", ("2024-02-01", "2024-02-29"), ["Feb 2024"]),
        (
            *("2025-11-03", "2026-03-30", ("2025-11-01", "2026-03-31")),
            ["Nov 2025", "Jan 2026", "Mar 2026"],
        ),
        (
            *("2025-12-02", "2026-06-27", ("2025-12-01", "2026-06-30")),
            ["Dec 2025", "Feb 2026", "Apr 2026", "Jun 2026"],
        ),
        ("2024-01-01", "2026-03-01", ("2024-01-01", "2026-12-31"), ["2024", "2025", "2026"]),
        ("9999-12-01", "9999-12-31", ("9999-12-01", "9999-12-31"), ["Dec 9999"]),
    ],
)
def test_an_axis_of_about_a_year_has_months(
    first: str, last: str, whole: tuple[str, str], labels: list[str]
) -> None:
    axis = TimeAxis([date.fromisoformat(last), date.fromisoformat(first)])
    assert (str(axis.first), str(axis.last)) == whole
    assert [tick.text for tick in axis.ticks] == labels
    assert axis.ticks[0].x == "0.00%"


def test_months_are_named_in_the_language_of_the_page() -> None:
    axis = TimeAxis([date(2026, 5, 22), date(2026, 6, 27)])
    with translation.override("ar"):
        assert [tick.text for tick in axis.ticks] == ["مايو 2026", "يونيو 2026"]


def test_a_chart_of_one_year_labels_quarters() -> None:
    group = {"keys": [{"key": "2025"}, {"key": "2025-05"}], "incidents": 2}
    chart = draw_chart([group], date(2026, 1, 1))
    assert chart
    assert [tick.text for tick in chart.ticks] == ["Jan 2025", "Apr 2025", "Jul 2025", "Oct 2025"]
