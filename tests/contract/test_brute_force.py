"""Every list gives the same answer as a simple program that reads all documents.

MUSTER_QUESTIONS says how many queries each list gets, and MUSTER_SEED chooses them.
"""

import json
import os
from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.cast import person
from tests.contract.brute.questions import Questions
from tests.contract.brute.record import Public
from tests.contract.brute.rules import RULES
from tests.contract.brute.world import World

pytestmark = pytest.mark.xdist_group("brute force")  # one process makes the world, once

QUESTIONS = int(os.environ.get("MUSTER_QUESTIONS", "100"))
SEED = int(os.environ.get("MUSTER_SEED", "1"))
SNAPSHOTS = 12


class Rollback(Exception):
    """Ends the transaction that the world is made in."""


def ask(address: str) -> Any:
    """Return the JSON of an answer."""
    path = address if address.startswith("http") else f"/api/v1/{address}"
    response = Client(SERVER_NAME="localhost").get(path, secure=True)
    assert response.status_code == 200, (address, response.content[:600])
    return json.loads(response.content)


@pytest.fixture(scope="module")
def feed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Any]]:
    """The whole feed of a world, which is made once for all lists."""
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                World(SEED, person("editor", "editor"), person("reviewer", "reviewer"))
                items, answer = [], {"next": "changes?documents=true"}
                while answer["next"]:
                    answer = ask(answer["next"])
                    items += answer["results"]
                yield items
                raise Rollback
        except Rollback:
            pass


@pytest.mark.parametrize("type_", RULES)
def test_a_list_answers_as_its_documents_do(feed: list[Any], type_: str) -> None:
    random = Random(f"{SEED} {type_}")
    snapshots = [None, *random.sample(range(len(feed) // 3, len(feed)), SNAPSHOTS)]
    states = {at: Public(feed if at is None else feed[: at + 1]) for at in snapshots}
    answered = 0
    for number in range(QUESTIONS):
        at = random.choice([None, None, *snapshots])
        params = Questions(type_, random, states[at], states[None]).ask()
        pinned = {} if at is None else {"snapshot": [feed[at]["snapshot"]]}
        limit = random.choice([3, 1000])  # the shortest way to a page may depend on it
        page = {"limit": [str(limit)], "count": ["true"]}
        address = f"{type_}s?{urlencode(params | pinned | page, doseq=True)}"
        answer = ask(address)
        real = [row["id"] for row in answer["results"]]
        read = RULES[type_](states[at], params).matching_ids(type_)
        assert answer["count"] == len(read), f"{number}: {address}"
        for _ in range(random.choice([0, 1, 4])):
            if answer["next"]:
                answer = ask(answer["next"])
                real += [row["id"] for row in answer["results"]]
                limit += 3
        assert real == read[:limit], f"{number}: {address}"
        answered += bool(read)
    assert answered > QUESTIONS / 4, "most questions find nothing: they try little"


def test_statistics_answer_as_their_documents_do(feed: list[Any]) -> None:
    """Each group has the incidents with its keys, their casualties, and a list of them."""
    random = Random(f"{SEED} statistics")
    public = Public(feed)
    listed = 0
    for number in range(QUESTIONS):
        params = Questions("incident", random, public, public).group()
        rules = RULES["incident"](public, {k: v for k, v in params.items() if k != "group_by"})
        address = f"statistics?{urlencode(params, doseq=True)}"
        answer = ask(address)
        counted: dict[tuple[str | None, ...], list[Any]] = {}
        for document in public.all("incident").values():
            if document["granularity"] != "series" and rules.meets(document):
                sets = (rules.keys(document, by) for by in params["group_by"])
                for keys in product(*sets):
                    counted.setdefault(keys, []).append(document)
        real = {tuple(key["key"] for key in group["keys"]): group for group in answer["groups"]}
        assert real.keys() == counted.keys(), f"{number}: {address}"
        for keys, documents in counted.items():
            group = real[keys]
            assert group["incidents"] == len(documents), f"{number}: {address}: {keys}"
            numbers = [document["killed"] for document in documents]
            assert group["killed"]["low"] == sum(n["low"] or n["best"] or 0 for n in numbers)
        for group in random.sample(answer["groups"], min(4, len(answer["groups"]))):
            if group["list"] is not None:
                listed += 1
                page = ask(f"{group['list']}&count=true&limit=1")
                assert page["count"] == group["incidents"], f"{number}: {address}: {group}"
    assert listed > QUESTIONS
