"""The rows of one publication as the database reads them in, made by a process of its own."""

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
from publishing import index, publication
from publishing.models import Edition
from publishing.publication import Writer
from publishing.snapshots import Snapshot

Draft = dict[str, bytes]
"""What COPY reads, by the statement that reads it."""


class _Drafter(Writer):
    """Collects the rows of one publication without writing them."""

    def __init__(self, snapshot: Snapshot, now: datetime) -> None:
        super().__init__(snapshot, now)
        self.lines: dict[type[models.Model], list[bytes]] = defaultdict(list)
        self.ends: dict[str, int] = {}

    def flush(self) -> None:
        """Write what is collected as lines; the plan knows when each row ends."""
        self.lines[Edition] += [_make_line(Edition, edition) for edition in self.editions]
        for model, some in self.rows.items():
            for row in some:
                row.until_seq = self.ends.get(str(row.record), row.until_seq)
            self.lines[model] += [_make_line(model, row) for row in some]
        self.editions, self.rows = [], {}


def make_draft(seed: int, incidents: int, state: PlannedPublication) -> Draft:
    """Return the rows of one publication of the plan."""
    plan, events, refs = _make_world(seed, incidents)
    drafter = _Drafter(state.after, state.moment)
    drafter.ends = plan.ends(state)
    for step in plan.steps(state.place):
        act, before = events.act(step), None
        known = {act.record: publication.ref(act)}
        if (other := events.other(step.number)) is not None:
            head = events.head(other)
            known[head.id] = head.ref
        if step.version > 1:
            slug = events.head(step.number).slug
            before = Edition(version=step.version - 1, public=True, slug=slug)
            if drafter.ends:
                drafter.flush()
                drafter.ends = {}
        drafter.append(act, before, ChainMap(known, refs))
    drafter.flush()
    return {index.copy_into(model): b"".join(lines) for model, lines in drafter.lines.items()}


@cache
def _make_world(
    seed: int, incidents: int
) -> tuple[PublicationPlan, SyntheticIncidents, dict[str, bytes]]:
    """Return the plan, the incidents, and how they quote the cast."""
    plan, cast = PublicationPlan(seed, incidents), Cast(seed, incidents)
    return plan, SyntheticIncidents(seed, plan, cast), {told.id: told.ref for told in cast}


def _make_line(model: type[models.Model], row: models.Model) -> bytes:
    """Return a row in the text format of COPY."""
    told = (getattr(row, field.attname) for field in index.copied(model))
    cells = ("\\N" if value is None else _ESCAPED.sub(_escape, _text(value)) for value in told)
    return ("\t".join(cells) + "\n").encode()


def _text(value: Any) -> str:
    """Return a value as the database reads it."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "{" + ",".join('"' + _QUOTED.sub(r"\\\g<0>", str(one)) + '"' for one in value) + "}"
    if isinstance(value, DateRange):
        lower, upper = (str(day or "") for day in (value.lower, value.upper))
        return f"{value.bounds[0]}{lower},{upper}{value.bounds[1]}"
    return str(value)


_ESCAPED = re.compile(r"[\\\t\n\r]")
_QUOTED = re.compile(r'["\\]')
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES[found[0]]
