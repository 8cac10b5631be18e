"""Every list gives the same answer as a simple program that reads all documents.

MUSTER_QUESTIONS says how many queries each list gets, and MUSTER_SEED chooses them.
"""

import json
import math
import os
from collections import Counter
from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from incidents.filters.facets import PARAMETERS, Facet
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


def test_facets_answer_as_their_documents_do(feed: list[Any]) -> None:
    """Each value has the number of incidents of the list with this value instead."""
    random = Random(f"{SEED} facets")
    public = Public(feed)
    compared = 0
    for number in range(QUESTIONS):
        params = Questions("incident", random, public, public).ask()
        params.pop("sort", None)
        facets = random.sample(list(Facet), 3)
        if named := [facet for facet in Facet if PARAMETERS.get(facet, facet) in params]:
            facets[0] = random.choice(named)
        facets = list(dict.fromkeys(facets))
        query = urlencode(params | {"facet": facets, "limit": ["100"]}, doseq=True)
        answer = ask(address := f"facets?{query}")
        where = f"{number}: {address}"
        matching = RULES["incident"](public, params).matching_ids("incident")
        assert (answer["incidents"], answer["is_exact"]) == (len(matching), True), where
        assert [facet["name"] for facet in answer["facets"]] == facets
        for facet in answer["facets"]:
            name = facet["parameter"]
            others = {k: v for k, v in params.items() if k not in (name, f"{name}_scope")}
            rules = RULES["incident"](public, others)
            matches = [one for one in public.all("incident").values() if rules.meets(one)]
            assert facet["incidents"] == len(matches), (where, facet)
            assert facet["keys"] == len(facet["values"])
            if facet["name"] in STATED or NARROWED & others.keys():
                continue  # lists alone say which values an incident has
            counted = Counter(key for one in matches for key in rules.keys(one, facet["name"]))
            assert facet["without"] == counted.pop(None, 0), (where, facet)
            ranked = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
            real = [(value["key"], value["incidents"]) for value in facet["values"]]
            assert real == ranked, (where, facet)
        facet = random.choice(answer["facets"])
        if values := [value for value in facet["values"] if value["label"]]:
            value = random.choice(values)
            page = ask(f"incidents?{replace(params, facet['parameter'], value['key'])}")
            assert page["count"] == value["incidents"], (where, facet["name"], value)
            compared += 1
    assert compared > QUESTIONS / 2


STATED = {Facet.CLAIMED_BY, Facet.DENIED_BY, Facet.ACCUSED}
NARROWED = {
    *("participant_kind", "perpetrator_kind", "target_kind", "calibre_mm", "weapon_origin"),
    *("target_nationality", "publisher", "source"),
}
"""Parameters that a value must match together with that of a facet."""


def replace(params: dict[str, list[str]], name: str, key: str) -> str:
    """Return the query for the count of a list with a value instead of those of a parameter."""
    query = {k: v for k, v in params.items() if k != f"{name}_scope"} | {name: [key]}
    scopes = [query[k] for k in query if k.endswith("_scope") and query[k] != ["self"]]
    if not scopes:
        query.pop("scope_at", None)
    if ["sponsored"] not in scopes:
        query.pop("sponsor_support_type", None)
    if not scopes and not {"occurred_from", "occurred_to"} & query.keys():
        query.pop("dates", None)
    return urlencode(query | {"count": ["true"], "limit": ["1"]}, doseq=True)


def test_the_grid_answers_as_its_documents_do(feed: list[Any]) -> None:
    """Cells have the incidents with a fine public point; with the others they are all."""
    random = Random(f"{SEED} grid")
    public = Public(feed)
    filled = 0
    for number in range(QUESTIONS):
        params = Questions("incident", random, public, public).ask()
        for name in ("sort", "centroids"):
            params.pop(name, None)
        zoom = random.choice([0, 2, 5, 9, 16])
        query = urlencode(params | {"zoom": [str(zoom)]}, doseq=True)
        answer = ask(address := f"grid?{query}")
        where, size = f"{number}: {address}", 90 / 2**zoom
        others = {k: v for k, v in params.items() if k not in ("bbox", "near", "radius_km")}
        rules, anywhere = (RULES["incident"](public, each) for each in (params, others))
        cells: dict[tuple[float, float], Counter[str]] = {}
        apart: Counter[str | None] = Counter()
        for document in public.all("incident").values():
            primary = next((row for row in document["locations"] if row["primary"]), None)
            precision = primary and primary["precision"]
            point = rules.point(document)
            if point is None:
                apart[precision] += anywhere.meets(document)
            elif rules.meets(document):
                assert precision in ("exact", "settlement", "near_settlement")
                east = -180 if point["longitude"] == 180 else point["longitude"]
                line = min(math.floor((point["latitude"] + 90) / size), 180 // size - 1)
                corner = (line * size - 90, math.floor((east + 180) / size) * size - 180)
                cells.setdefault(corner, Counter())[precision] += 1
        real = {(cell["south"], cell["west"]): cell for cell in answer["cells"]}
        assert list(real) == sorted(cells), where
        for corner, counts in cells.items():
            cell = real[corner]
            assert cell["incidents"] == sum(counts.values()) == sum(cell["precisions"].values())
            assert {k: v for k, v in cell["precisions"].items() if v} == counts, (where, cell)
            latitude, longitude = cell["point"]["latitude"], cell["point"]["longitude"]
            assert cell["south"] - 1e-6 <= latitude <= cell["north"] + 1e-6
            assert cell["west"] - 1e-6 <= longitude <= cell["east"] + 1e-6
        without = answer["not_on_map"]
        numbers = {row["precision"]: row["incidents"] for row in without["precisions"]}
        if without["without_location"]:
            numbers[None] = without["without_location"]
        assert numbers == +apart, where
        assert without["incidents"] == sum(apart.values()), where
        if params == others:
            assert answer["incidents"] == len(rules.matching_ids("incident")), where
        filled += bool(cells)
    assert filled > QUESTIONS / 6


def test_series_answer_as_their_documents_do(feed: list[Any]) -> None:
    """Intervals have what certainly and what possibly happened in them; all else is apart."""
    random = Random(f"{SEED} series")
    public = Public(feed)
    compared = 0
    for number in range(QUESTIONS):
        params = Questions("incident", random, public, public).ask()
        params.pop("sort", None)
        unit = random.choice(["day", "week", "month", "quarter", "year"])
        more = {"interval": [unit], "occurred_from": ["2013"], "occurred_to": ["2017"]}
        address = f"series?{urlencode(params | more, doseq=True)}"
        answer = ask(address)
        where = f"{number}: {address}"
        rules = RULES["incident"](public, params | more)
        matches = [
            one
            for one in public.all("incident").values()
            if rules.meets(one) and (one["granularity"] != "series" or "granularity" in params)
        ]
        (series,) = answer["series"]
        assert answer["incidents"] == series["incidents"] == len(matches), where
        certain = sum(each["certain"]["incidents"] for each in series["intervals"])
        coarser = sum(each["incidents"] for each in series["coarser"])
        assert certain + coarser + series["between"]["incidents"] == len(matches), where
        best = sum(one["killed"]["best"] or one["killed"]["low"] or 0 for one in matches)
        assert series["killed"]["best"] == best, where
        busy = [each for each in series["intervals"] if each["certain"]["incidents"]]
        sampled = random.sample(busy, min(3, len(busy)))
        for interval in [*sampled, *series["intervals"][:1]]:
            days = {
                "occurred_from": [interval["first_day"]],
                "occurred_to": [interval["last_day"]],
            }
            for doubt in ("certain", "possible"):
                inside = RULES["incident"](public, days | {"dates": [doubt]})
                expected = sum(map(inside.meets, matches))
                assert interval[doubt]["incidents"] == expected, (where, interval)
                compared += bool(expected)
    assert compared > QUESTIONS
