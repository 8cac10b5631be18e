"""Many writers and readers at once, over real connections: every snapshot is consistent."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from actors.models import Actor, Affiliation
from editorial import merging, workflow
from editorial.models import Submission, User
from exchange.mirror import mirror
from incidents.models import Incident
from publishing import publication
from publishing.models import Edition
from publishing.snapshots import Snapshot
from tests.cast import UNCITED
from tests.contract.client import API, ContractClient
from tests.live import Live
from tests.whole import assert_whole

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, ROUNDS = 20, 6
DAY = date(2014, 6, 10)


class Undone(Exception):
    """Raised to roll a transaction back after it has published."""


@contextmanager
def run_together(*functions: Callable[[], Any]) -> Iterator[None]:
    """Run all functions at once, each with its own connection, and wait until all have ended."""
    faults: list[BaseException] = []

    def run(function: Callable[[], Any]) -> None:
        try:
            function()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[function]) for function in functions]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join()
    if faults:
        raise faults[0]


class Writer:
    """A writer that changes its own actor at random; affiliations of other writers reference it.

    `acknowledged` is the public name after its last change that was committed, None if not public.
    """

    def __init__(self, number: int, actors: list[Actor], editor: User, reviewer: User) -> None:
        self.chance, self.number = random.Random(number), number
        self.actor, self.actors = Actor.objects.get(pk=actors[number].pk), actors
        self.editor, self.reviewer = editor, reviewer
        self.name = self.actor.name
        self.acknowledged: str | None = self.name
        self.merged = False
        self.done: Counter[str] = Counter()

    def write(self) -> None:
        changes = [self.rename, self.rename, self.relate, self.withdraw, self.merge, self.fail]
        for turn in range(ROUNDS):
            change = self.chance.choice(changes)
            try:
                change(turn)
                self.done[change.__name__] += 1
            except ValidationError as refusal:
                self.done[refusal.error_list[0].code or refusal.messages[0]] += 1

    def publish(self, record: Any) -> None:
        submission = workflow.submit(record, self.editor)
        workflow.approve(submission, self.reviewer, UNCITED)
        workflow.publish(submission, self.reviewer)

    def other(self) -> Actor:
        return self.chance.choice([a for a in self.actors if a.pk != self.actor.pk])

    def rename(self, turn: int) -> None:
        """Correct the actor, which refreshes every affiliation with it, or publish it again."""
        self.actor.name = f"Writer {self.number} turn {turn}"
        self.actor.save()
        self.publish(self.actor)
        self.acknowledged = self.name = self.actor.name

    def relate(self, turn: int) -> None:
        """Reference the actor of another writer, which may be withdrawn at this moment."""
        with transaction.atomic():
            affiliation = Affiliation.objects.create(
                subject=self.actor, kind="member_of", object=self.other()
            )
            self.publish(affiliation)

    def withdraw(self, turn: int) -> None:
        workflow.withdraw(self.actor, self.reviewer, "For now.")
        self.acknowledged = None

    def merge(self, turn: int) -> None:
        """Merge the actor into that of another writer, or undo the merge."""
        if self.merged:
            merging.unmerge(self.actor, self.reviewer, "They are two.")
        else:
            merging.merge(self.actor, self.other(), self.reviewer, "They are one.")
        self.merged = not self.merged
        self.acknowledged = None if self.merged else self.name

    def fail(self, turn: int) -> None:
        """Publish, then roll back."""
        before = self.actor.name
        try:
            with transaction.atomic():
                self.actor.name = f"Never public {self.number} {turn}"
                self.actor.save()
                self.publish(self.actor)
                raise Undone
        except Undone:
            self.actor.name = before


class Reader:
    """A reader that walks lists at the newest snapshot and remembers each walk."""

    def __init__(self, live: Live) -> None:
        self.live, self.walks, self.feeds = live, {}, {}

    def ask(self, address: str) -> Any:
        with urlopen(address if "://" in address else f"{self.live.url}{API}{address}") as answer:
            return json.load(answer)

    def walk(self, address: str) -> tuple[str, list[Any]]:
        """Return the snapshot of a walk and the rows of all pages."""
        batch = first = self.ask(address)
        results = list(batch["results"])
        while batch["next"]:
            batch = self.ask(batch["next"])
            assert batch["snapshot"] == first["snapshot"]
            results += batch["results"]
        return first["snapshot"], results

    def observe(self, address: str) -> None:
        """Walk a list, and the feed up to the same snapshot; remember both."""
        first = self.ask(address)
        snapshot = first["snapshot"]
        if first["next"]:
            self.walks[first["next"]] = self.walk(first["next"])
        self.feeds[snapshot] = self.walk(f"changes?until={snapshot}&limit=1000")

    def repeat_walks(self) -> None:
        """Repeat every walk: its rows must be the same."""
        for address, seen in self.walks.items():
            assert self.walk(address) == seen
        for snapshot, seen in self.feeds.items():
            assert self.walk(f"changes?until={snapshot}&limit=1000") == seen


@pytest.fixture
def actors(publish: Any) -> list[Actor]:
    """An actor for each writer, each a member of the next, all public."""
    actors = [
        Actor.objects.create(name=f"Actor {n}", slug=f"actor-{n}", kind="unit")
        for n in range(WRITERS)
    ]
    affiliations = [
        Affiliation.objects.create(subject=one, kind="member_of", object=other)
        for one, other in pairwise(actors)
    ]
    publish(*actors, *affiliations)
    return actors


def test_twenty_writers_and_readers_of_the_feed(
    live: Live,
    actors: list[Actor],
    editor: User,
    reviewer: User,
    api: ContractClient,
    tmp_path: Path,
) -> None:
    log = tmp_path / "feed.jsonl"
    writers = [Writer(number, actors, editor, reviewer) for number in range(WRITERS)]
    ended, reader = threading.Event(), Reader(live)

    def observe() -> None:
        while not ended.is_set():
            reader.observe("actors?limit=7&sort=recently_edited")
            reader.observe("affiliations/documents?limit=7")

    def follow() -> None:
        while not ended.is_set():
            mirror(live.url, log, lambda line: None, jsonl=True, limit=5, pauses=())

    with run_together(observe, follow):
        try:
            with run_together(*(writer.write for writer in writers)):
                pass
        finally:
            ended.set()
    mirror(live.url, log, lambda line: None, jsonl=True, pauses=())

    lines = [json.loads(line) for line in log.read_text().splitlines()[1:]]
    newest = Edition.objects.newest_snapshot().seq
    assert [row["seq"] for row in lines] == list(range(1, newest + 1)), "each once, in order"
    assert_whole()
    assert "Never public" not in log.read_text()

    mirrored = {row["id"]: row["document"] for row in lines}
    public = {
        row["id"]: row
        for name in ("actors", "affiliations")
        for row in api.lines(f"{name}?format=ndjson&detail=true")
    }
    assert {key: text for key, text in mirrored.items() if text} == public
    names = {key: row["name"] for key, row in public.items() if "name" in row}
    assert names == {
        str(writer.actor.public_id): writer.acknowledged
        for writer in writers
        if writer.acknowledged
    }
    for row in public.values():
        for end in ("subject", "object"):
            if end in row:
                assert row[end]["name"] == names.get(row[end]["id"])
                assert row[end]["withdrawn"] == (row[end]["id"] not in names)

    reader.repeat_walks()
    assert len(reader.feeds) > 3
    done = sum((writer.done for writer in writers), Counter())
    refusals = {
        "affiliation",
        "closure",
        "conflict",
        "merge",
        "merged",
        "submitted",
        "not_public",
        "open",
        "tied",
        "undone",
    }
    assert done.keys() <= {"rename", "relate", "withdraw", "merge", "fail"} | refusals
    assert all(done[act] for act in ("rename", "relate", "withdraw", "merge", "fail")), done
    print(f"{newest} editions, {len(reader.feeds)} snapshots, {len(reader.walks)} walks", done)


@pytest.fixture
def day(editor: User, reviewer: User) -> list[Incident]:
    """Three thousand incidents of one day, published in one batch."""
    incidents = Incident.objects.bulk_create(
        Incident(
            title=f"Attack {n}",
            slug=f"irq-2014-{n}",
            date="2014-06-10",
            date_start=DAY,
            date_end=DAY,
            date_precision="day",
        )
        for n in range(3000)
    )
    submission = workflow.submit(incidents, editor)
    workflow.approve(submission, reviewer, UNCITED)
    workflow.publish(submission, reviewer)
    return incidents


def public_rows(seq: int) -> set[tuple[str, int, str]]:
    """Return what was public after the Edition `seq`, from Editions alone."""
    newest = {e.record: e for e in Edition.objects.filter(seq__lte=seq).order_by("seq")}
    public = [json.loads(e.document) for e in newest.values() if e.public]
    return {(row["id"], row["version"], row["title"]) for row in public}


def test_a_walk_while_others_publish_finds_the_rows_of_its_first_page(
    live: Live, day: list[Incident], editor: User, reviewer: User
) -> None:
    """Between any two pages at least one publication takes place."""
    reader, ended, turn = Reader(live), threading.Event(), threading.Condition()
    published = Counter[str]()

    def write(number: int) -> None:
        chance, mine = random.Random(number), day[number::3]
        while not ended.is_set():
            act = chance.choice(["new", "change", "withdraw"])
            one = mine.pop(chance.randrange(len(mine)))
            if act == "new":
                one = Incident(title="A new attack", date="2014-06-10")
            if act == "withdraw":
                workflow.withdraw(one, reviewer, "It did not happen.")
            else:
                one.title += ", corrected"
                one.save()
                submission = workflow.submit(one, editor)
                workflow.approve(submission, reviewer, UNCITED)
                workflow.publish(submission, reviewer)
            with turn:
                published[act] += 1
                turn.notify_all()

    def page(address: str) -> Any:
        before = published.total()
        with turn:
            assert turn.wait_for(lambda: published.total() > before, timeout=60)
        return reader.ask(address)

    with run_together(*(partial(write, number) for number in range(3))):
        try:
            for sort in ("newest", "recently_edited"):
                batch = page(f"incidents?limit=100&occurred_from=2014-06-10&sort={sort}")
                snapshot, results = Snapshot.parse(batch["snapshot"]), list(batch["results"])
                while batch["next"]:
                    batch = page(batch["next"])
                    results += batch["results"]
                assert Edition.objects.newest_snapshot().seq > snapshot.seq + 20
                rows = [(row["id"], row["version"], row["title"]) for row in results]
                assert len(rows) == len(set(rows))
                assert set(rows) == public_rows(snapshot.seq)
        finally:
            ended.set()
    assert all(published[act] for act in ("new", "change", "withdraw")), published
    print("walked", len(rows), "rows while", dict(published))


def test_changes_of_the_same_records_at_once_succeed_or_are_refused(
    actors: list[Actor], editor: User, reviewer: User
) -> None:
    """Editing, submitting in any order, approving and publishing cause no deadlock and no error."""
    few, outcomes = actors[:4], Counter[str]()

    def act(number: int) -> None:
        chance = random.Random(number)
        for turn in range(8):
            some = Actor.objects.in_bulk([a.pk for a in chance.sample(few, 3)])
            try:
                verb = chance.choice([edit_and_submit, decide, decide, withdraw])
                verb(chance, list(some.values()), f"{number} {turn}")
                outcomes[verb.__name__] += 1
            except ValidationError as refusal:
                outcomes[refusal.messages[0].partition(":")[0][:40]] += 1

    def edit_and_submit(chance: random.Random, some: list[Actor], name: str) -> None:
        chance.shuffle(some)
        for actor in some:
            actor.name = name
            actor.save()
        drafts = [Actor.objects.create(name="The same", kind="unit") for _ in range(2)]
        workflow.submit([*some, *drafts], editor)

    def decide(chance: random.Random, some: list[Actor], name: str) -> None:
        for submission in Submission.objects.filter(state__in=["pending", "approved"])[:2]:
            if submission.state == "pending" and chance.random() < 0.8:
                workflow.approve(submission, reviewer, UNCITED)
            if chance.random() < 0.3:
                workflow.recall(submission, editor)
            else:
                workflow.publish(submission, reviewer)

    def withdraw(chance: random.Random, some: list[Actor], name: str) -> None:
        workflow.withdraw(some[0], reviewer, "For now.")

    with run_together(*(partial(act, number) for number in range(10))):
        pass
    assert all(outcomes[verb] for verb in ("edit_and_submit", "decide", "withdraw")), outcomes
    print(outcomes)
    for actor in few:
        kinds = Edition.objects.filter(record=actor.public_id).order_by("seq")
        for one, other in pairwise(kinds.values_list("kind", flat=True)):
            assert (one == "withdraw") == (other == "publish"), "withdrawn once, and brought back"


def test_a_publication_may_wait_for_another_longer_than_statements_may_take() -> None:
    is_locked = threading.Event()

    def hold_lock() -> None:
        with transaction.atomic():
            publication.acquire_lock()
            is_locked.set()
            time.sleep(0.5)

    with run_together(hold_lock), transaction.atomic(), connection.cursor() as cursor:
        assert is_locked.wait(60)
        cursor.execute("SET LOCAL statement_timeout = 100")
        publication.acquire_lock()
