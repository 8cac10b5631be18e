"""The rows of one publication in the text format of COPY, made by a process of its own."""

import re
from collections import ChainMap, defaultdict
from datetime import datetime
from functools import cache
from typing import Any

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from exchange.synthetic.cast import Cast
from exchange.synthetic.incidents import SyntheticIncidents
from exchange.synthetic.plan import PlannedPublication, PublicationPlan
from publishing import bulk, publication
from publishing.models import Edition, TableRow
from publishing.snapshots import Snapshot

Draft = dict[str, bytes]
"""The input of COPY, by the statement."""


class _Drafter(publication.EditionWriter):
    """A writer that collects the rows of one publication instead of writing them."""

    def __init__(self, snapshot: Snapshot, now: datetime) -> None:
        super().__init__(snapshot, now)
        self.lines: dict[type[models.Model], list[bytes]] = defaultdict(list)
        self.ends: dict[str, int] = {}

    def flush(self) -> None:
        """Convert the collected rows to lines; the plan knows when each index entry ends."""
        self.lines[Edition] += [_make_line(Edition, edition) for edition in self.editions]
        self.lines[TableRow] += [_make_line(TableRow, row) for row in self.table_rows]
        for model, rows in self.rows.items():
            for row in rows:
                row.until_seq = self.ends.get(str(row.record), row.until_seq)
            self.lines[model] += [_make_line(model, row) for row in rows]
        self.editions, self.rows, self.table_rows = [], {}, []


def make_draft(seed: int, incidents: int, state: PlannedPublication) -> Draft:
    """Return the rows of one publication of the plan."""
    plan, events, refs = _make_world(seed, incidents)
    drafter = _Drafter(state.after, state.moment)
    drafter.ends = plan.ends(state)
    for step in plan.steps(state.place):
        act, before = events.act(step), None
        known = {act.record: publication.render_reference(act)}
        if (other := events.other(step.number)) is not None:
            head = events.head(other)
            known[head.id] = head.published_reference
        if step.version > 1:
            slug = events.head(step.number).slug
            before = Edition(version=step.version - 1, public=True, slug=slug)
            if drafter.ends:
                drafter.flush()
                drafter.ends = {}
        drafter.append(act, before, ChainMap(known, refs))
    drafter.flush()
    return {bulk.copy_statement(model): b"".join(lines) for model, lines in drafter.lines.items()}


@cache
def _make_world(
    seed: int, incidents: int
) -> tuple[PublicationPlan, SyntheticIncidents, dict[str, bytes]]:
    """Return the plan, the incidents, and the references to the cast by public id."""
    plan, cast = PublicationPlan(seed, incidents), Cast(seed, incidents)
    return (
        plan,
        SyntheticIncidents(seed, plan, cast),
        {record.id: record.published_reference for record in cast},
    )


def _make_line(model: type[models.Model], row: models.Model) -> bytes:
    """Return a row in the text format of COPY."""
    values = (getattr(row, field.attname) for field in bulk.copied_columns(model))
    cells = ("\\N" if value is None else _ESCAPED.sub(_escape, _text(value)) for value in values)
    return ("\t".join(cells) + "\n").encode()


def _text(value: Any) -> str:
    """Return a value as PostgreSQL writes it in a text."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return (
            "{" + ",".join('"' + _QUOTED.sub(r"\\\g<0>", str(item)) + '"' for item in value) + "}"
        )
    if isinstance(value, DateRange):
        lower, upper = (str(day or "") for day in (value.lower, value.upper))
        return f"{value.bounds[0]}{lower},{upper}{value.bounds[1]}"
    return str(value)


_ESCAPED = re.compile(r"[\\\t\n\r]")
_QUOTED = re.compile(r'["\\]')
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES[match[0]]
