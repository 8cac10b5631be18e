"""Writing synthetic data to an empty database, as a whole or not at all."""

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
from publishing.registry import record_types
from publishing.snapshots import START, Snapshot


class NotEmptyError(Exception):
    """The database contains records, with which synthetic data must not be mixed."""


@transaction.atomic
def write_synthetic(incidents: int, seed: int, jobs: int, progress: Progress) -> None:
    """Write a number of incidents and their cast; `jobs` processes make them, this one writes.

    Memory grows with the cast, not with the incidents. Raises NotEmptyError.
    """
    publication.acquire_lock()
    refuse_records()
    plan, cast = PublicationPlan(seed, incidents), Cast(seed, incidents)
    writer = publication.EditionWriter(START, plan.moment(-1))
    records = list(cast)
    references = {record.id: record.published_reference for record in records}
    with progress.phase("write the cast", len(records)) as step:
        for record in records:
            writer.append(record.act, None, references)
            step()
        writer.flush()
    with progress.phase("write incidents", incidents) as step:
        for number, draft in enumerate(_make_drafts(plan, writer.snapshot, jobs)):
            for statement, lines in draft.items():
                with (
                    connection.wrap_database_errors,
                    connection.cursor() as cursor,
                    cursor.copy(statement) as copy,
                ):
                    copy.write(lines)
            step(plan.size(number))
    for registration in record_types().values():
        if registration.entry.totals:
            registration.entry.totals.rebuild()


def refuse_records() -> None:
    """Raise NotEmptyError where the database contains any record, public or not."""
    models: list[Any] = [Edition, *record_models().values()]
    for model in models:
        if model._default_manager.exists():
            raise NotEmptyError(f"This database contains a {model._meta.verbose_name}.")


def _make_drafts(plan: PublicationPlan, snapshot: Snapshot, jobs: int) -> Iterator[Draft]:
    """Yield the input of COPY in order; each process is at most two publications ahead."""
    tasks = ((plan.seed, plan.incidents, state) for state in plan.states(snapshot))
    if jobs == 1:
        for task in tasks:
            yield make_draft(*task)
        return
    waiting: deque[Future[Draft]] = deque()
    with ProcessPoolExecutor(jobs, get_context("spawn"), django.setup) as pool:
        for task in tasks:
            waiting.append(pool.submit(make_draft, *task))
            if len(waiting) > 2 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
