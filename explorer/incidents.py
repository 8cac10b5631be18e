"""The page of an incident: what happened, who is said to have done it, and on whose word."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from django.utils.translation import gettext

from api.snapshots import PublicState
from explorer.answers import Answers
from explorer.drawing import LagAxis, Line, NumberScale, Span
from explorer.maps import map_locations
from explorer.views import RecordPage, day_of
from publishing import completion
from publishing.codes import EditionKind
from publishing.models import Edition
from publishing.presentation.frames import percent

Row = dict[str, Any]
_SPEAKS_FOR_ITSELF = ("claim", "denial")
_BLAMES = ("accusation", "court_finding", "investigation_finding")
_SHAPES = {
    "claim": "claim",
    "denial": "denial",
    "accusation": "accusation",
    "court_finding": "finding",
    "investigation_finding": "finding",
}
"""The shapes of the marks in the lane, by kind of statement; others have the shape `other`."""
_BLAMED_ROLES = ("perpetrator", "co_perpetrator", "instigator")
MAX_CONCLUSIONS = 20
"""The largest number of editions whose conclusions are compared: the newest ones."""


class Figure(NamedTuple):
    """A casualty figure and its drawing."""

    row: Row
    line: Line | None


class Figures(NamedTuple):
    """The figures of one kind of harm, which share a scale."""

    measure: str
    scale: NumberScale
    figures: list[Figure]


class Mark(NamedTuple):
    """A statement in the lane, and its place: between the first and the last possible day."""

    row: Row
    shape: str
    x: str | None
    span: Span | None
    lag: tuple[int, int] | None


class Shape(NamedTuple):
    """An entry of the key of the lane."""

    shape: str
    name: str
    x: str = "8"
    y: str = "8"


def list_shapes() -> list[Shape]:
    """Return the key of the lane."""
    return [
        Shape("claim", gettext("claim")),
        Shape("denial", gettext("denial")),
        Shape("accusation", gettext("accusation")),
        Shape("finding", gettext("finding of a court or an inquiry")),
        Shape("other", gettext("other statement")),
    ]


class Stage(NamedTuple):
    """A time in which our published conclusion stayed the same."""

    conclusion: "Conclusion"
    span: Span
    lag: int
    """How many days after the incident it was published."""


class Lane(NamedTuple):
    """The statements about an incident, and our conclusion, by the time after it."""

    axis: LagAxis | None
    marks: list[Mark]
    stages: list[Stage]


class Position(NamedTuple):
    """What an actor that is named as responsible says about it, or others say for it."""

    actor: Row
    stance: str
    """`claimed`, `denied`, `both`, `withdrew` if it took that back, or `silent`."""
    statements: list[Row]
    """The claims and denials about it, its own and those of others."""
    blamed_by: list[Row]
    """The accusations and findings about it."""
    figures: list[Row]
    """The casualty figures of the sources of those claims and denials."""


class Conclusion(NamedTuple):
    """Our conclusion in one edition."""

    edition: Edition
    status: str
    actors: list[Row]
    differs: bool


class IncidentPage(RecordPage):
    """The page of an incident."""

    type_name, base, template = "incident", "incidents", "explorer/incident.html"

    def find_parts(self, answers: Answers, state: PublicState, document: Row) -> Row:
        followers = answers.get("incidents", linked_to=document["id"], limit=50)
        conclusions = list_conclusions(document["id"], state.snapshot.seq)
        return {
            "contents": list_contents(),
            "shapes": list_shapes(),
            "map": map_locations(document),
            "lane": draw_lane(document, conclusions, day_of(state)),
            "positions": list_positions(document),
            "conclusions": conclusions,
            "figures": draw_figures(document["casualties"]),
            "followers": followers["results"],
            "is_single": document["granularity"] == "single_event",
        }


def list_contents() -> list[tuple[str, str]]:
    """Return the sections of the page that are always there, by their ids."""
    return [
        ("what", gettext("What happened")),
        ("when", gettext("When and where")),
        ("who", gettext("Who did it")),
        ("claims", gettext("Claims and denials")),
        ("casualties", gettext("Casualties by source")),
        ("weapons", gettext("Weapons and targets")),
        ("links", gettext("Links and effects")),
        ("sources", gettext("Sources")),
        ("editions", gettext("Editions of this page")),
    ]


def draw_figures(rows: Iterable[Row]) -> list[Figures]:
    """Return the casualty figures by kind of harm, the recommended ones first."""
    found = []
    for measure, group in groupby(
        sorted(rows, key=lambda row: (_order(row["measure"]), row["measure"])),
        key=lambda row: row["measure"],
    ):
        listed = sorted(
            group,
            key=lambda row: (
                row["population"] != "total",
                row["population"],
                row["role"] != "recommended",
                row["as_of"] or "9",
            ),
        )
        scale = NumberScale(listed)
        found.append(Figures(measure, scale, [Figure(row, scale.draw(row)) for row in listed]))
    return found


def _order(measure: str) -> int:
    return {"killed": 0, "injured": 1}.get(measure, 2)


def draw_lane(document: Row, conclusions: Sequence[Conclusion], until: date) -> Lane:
    """Return the statements about an incident, in order of time, with their places.

    Our conclusions are drawn up to the day of the page, so that at an earlier snapshot the later
    ones are not there.
    """
    start, end = document["date_start"], document["date_end"]
    rows = sorted(document["statements"], key=lambda row: (row["date_start"] or "9", row["number"]))
    lags = [_lag(row, start, end) for row in rows]
    known = [days for lag in lags if lag for days in lag]
    published = _date_conclusions(conclusions, end)
    if published:
        known += [*(days for days, _ in published), _count_days(end, until)]
    axis = LagAxis(known) if known else None
    marks = []
    for row, lag in zip(rows, lags, strict=True):
        shape = _SHAPES.get(row["kind"], "other")
        if axis is None or lag is None:
            marks.append(Mark(row, shape, None, None, None))
            continue
        first, last = lag
        span = axis.span(first, last) if first < last else None
        marks.append(Mark(row, shape, percent(axis.place((first + last) // 2)), span, lag))
    stages = _draw_stages(axis, published, _count_days(end, until)) if axis and published else []
    return Lane(axis, marks, stages)


def _date_conclusions(
    conclusions: Sequence[Conclusion], end: str | None
) -> list[tuple[int, Conclusion]]:
    """Return each conclusion that differs from the one before, with its days after the incident."""
    if not end:
        return []
    return [
        (_count_days(end, each.edition.published_at.date()), each)
        for each in conclusions
        if each.differs
    ]


def _count_days(end: str | None, day: date) -> int:
    """Return the days from the last possible day of an incident to another one; at least none."""
    return max(0, (day - date.fromisoformat(end)).days) if end else 0


def _draw_stages(axis: LagAxis, published: list[tuple[int, Conclusion]], now: int) -> list[Stage]:
    ends = [days for days, _ in published[1:]] + [now]
    return [
        Stage(conclusion, axis.span(days, max(days, end)), days)
        for (days, conclusion), end in zip(published, ends, strict=True)
    ]


def _lag(row: Row, start: str | None, end: str | None) -> tuple[int, int] | None:
    """Return the fewest and the most days between an incident and a statement, if known."""
    if not (start and end and row["date_start"] and row["date_end"]):
        return None
    said = [date.fromisoformat(row[name]) for name in ("date_start", "date_end")]
    happened = [date.fromisoformat(day) for day in (start, end)]
    least, most = (said[0] - happened[1]).days, (said[1] - happened[0]).days
    same_day = happened[0] == happened[1]
    # A claim can be made before a long day is over, but a vague date is no claim in advance.
    return (least if same_day else max(0, least), max(most, 0 if not same_day else most))


def list_positions(document: Row) -> list[Position]:
    """Return the position of each actor that somebody, or we, hold responsible."""
    counted = [
        row
        for row in document["statements"]
        if row["assessment"] != "rejected" and row["authenticity"] != "fake"
    ]
    involved = [
        row
        for row in document["involvements"]
        if row["role"] in _BLAMED_ROLES
        and row["assessment"] != "rejected"
        and row["certainty"] != "ruled_out"
    ]
    named = [actor for row in counted for actor in _list_parties(row)]
    actors = [row["actor"] for row in involved if row["actor"]] + named
    unique = {actor["id"]: actor for actor in actors}
    return [_describe_position(actor, counted, document["casualties"]) for actor in unique.values()]


def _list_parties(row: Row) -> list[Row]:
    """Return the actors that a statement is about; a claim or a denial may be about its speaker."""
    if row["kind"] not in (*_SPEAKS_FOR_ITSELF, *_BLAMES):
        return []
    parties = [party["actor"] for party in row["responsible"]]
    if row["kind"] in _SPEAKS_FOR_ITSELF and not parties:
        parties = [row["speaker"]]
    return [actor for actor in parties if actor is not None]


def _describe_position(actor: Row, counted: list[Row], casualties: list[Row]) -> Position:
    about = [row for row in counted if actor["id"] in {each["id"] for each in _list_parties(row)}]
    said = [row for row in about if row["kind"] in _SPEAKS_FOR_ITSELF]
    own = [row for row in said if row["speaker"] and row["speaker"]["id"] == actor["id"]]
    standing = {row["kind"] for row in own if row["withdrawn_by"] is None}
    stance = {
        (True, True): "both",
        (True, False): "claimed",
        (False, True): "denied",
        (False, False): "withdrew" if own else "silent",
    }["claim" in standing, "denial" in standing]
    sources = {
        citation["source"]["id"]
        for row in said
        for citation in row["citations"]
        if citation["source"]
    }
    figures = [
        row
        for row in casualties
        if any(c["source"] and c["source"]["id"] in sources for c in row["citations"])
    ]
    blamed_by = [row for row in about if row["kind"] in _BLAMES]
    return Position(actor, stance, said, blamed_by, figures)


def list_conclusions(record: str, seq: int) -> list[Conclusion]:
    """Return our conclusion in each edition of an incident up to a snapshot, the oldest first."""
    editions = Edition.objects.filter(record=record, seq__lte=seq, public=True)
    newest = editions.exclude(kind=EditionKind.REFRESH).order_by("-seq")[:MAX_CONCLUSIONS]
    found: list[Conclusion] = []
    for edition in reversed(newest):
        document = completion.read_document(edition)
        actors = [
            row
            for row in document["involvements"]
            if row["role"] in _BLAMED_ROLES and row["assessment"] != "rejected"
        ]
        status = document["attribution_status"]
        said = (status, [_identify(row) for row in actors])
        before = found and (found[-1].status, [_identify(row) for row in found[-1].actors])
        found.append(Conclusion(edition, status, actors, said != before))
    return found


def _identify(row: Row) -> Sequence[str | None]:
    return (row["actor"]["id"] if row["actor"] else None, row["label"], row["certainty"])
