"""Writing synthetic data to an empty public record: as a whole or not at all."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import django
from django.db import connection, transaction

from editorial.models import record_models
from exchange.synthetic.cast import Cast
from exchange.synthetic.drafts import Draft, make_draft
from exchange.synthetic.plan import PublicationPlan
from publishing import publication
from publishing.commands import Progress
from publishing.models import Edition
from publishing.snapshots import START, Snapshot


class NotEmptyError(Exception):
    """There is something that synthetic data must not be mixed with."""


@transaction.atomic
def write_synthetic(incidents: int, seed: int, jobs: int, progress: Progress) -> None:
    """Write so many incidents and what they quote; `jobs` processes make them, this one writes.

    Memory grows with the cast that is quoted, not with the incidents. Raises NotEmptyError.
    """
    publication.lock()
    refuse_records()
    plan, cast = PublicationPlan(seed, incidents), Cast(seed, incidents)
    writer = publication.Writer(START, plan.moment(-1))
    quoted = list(cast)
    refs = {told.id: told.ref for told in quoted}
    with progress.phase("write what incidents quote", len(quoted)) as step:
        for told in quoted:
            writer.append(told.act, None, refs)
            step()
        writer.flush()
    with progress.phase("write incidents", incidents) as step:
        for written, some in enumerate(_make_drafts(plan, writer.snapshot, jobs)):
            for statement, lines in some.items():
                with (
                    connection.wrap_database_errors,
                    connection.cursor() as cursor,
                    cursor.copy(statement) as copy,
                ):
                    copy.write(lines)
            step(plan.size(written))


def refuse_records() -> None:
    """Raise NotEmptyError where there is any record, public or not."""
    models: list[Any] = [Edition, *record_models().values()]
    for model in models:
        if model._default_manager.exists():
            raise NotEmptyError(f"There is a {model._meta.verbose_name} in this database.")


def _make_drafts(plan: PublicationPlan, snapshot: Snapshot, jobs: int) -> Iterator[Draft]:
    """Yield what to write, in order; each process is at most two publications ahead."""
    asked = ((plan.seed, plan.incidents, state) for state in plan.states(snapshot))
    if jobs == 1:
        for one in asked:
            yield make_draft(*one)
        return
    waiting: deque[Future[Draft]] = deque()
    with ProcessPoolExecutor(jobs, get_context("spawn"), django.setup) as pool:
        for one in asked:
            waiting.append(pool.submit(make_draft, *one))
            if len(waiting) > 2 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
