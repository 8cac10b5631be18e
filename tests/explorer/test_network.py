"""The network of a day: what counts, the days on which it differs, its picture and its page."""

import random
import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from actors.affiliation_kinds import HIERARCHICAL, PERSONAL
from actors.models import Actor, Affiliation
from explorer.network.drawing import draw_network
from explorer.network.graph import VERTICAL, Network, iterate, make_tree
from publishing.models import Edition
from tests.contract.client import ContractClient
from tests.explorer.conftest import Reader, Story
from tests.live import Live


@pytest.fixture
def checked(story: Story, publish: Any) -> Story:
    """The story, in which the membership is certain up to 2020."""
    story.membership.last_verified = "2020-01-01"
    story.membership.save()
    publish(story.membership)
    return story


def make_answer(*edges: tuple[str, str, str, str | None, str | None, bool]) -> dict[str, Any]:
    """Return an answer of the API with these affiliations, around the actor `a`."""
    names = sorted({name for edge in edges for name in (edge[0], edge[2])})
    return {
        "nodes": [
            {
                "actor": {"id": name, "slug": name, "name": name.upper(), "kind": "unit"},
                "distance": 0 if name == "a" else 1,
            }
            for name in names
        ],
        "edges": [
            {
                "symmetric": kind == "allied_with",
                "possible": [{"first": first, "last": last}],
                "certain": [{"first": first, "last": last}] if certain else [],
                "affiliation": {
                    "id": f"{subject} {kind} {object_}",
                    "subject": {"id": subject, "name": subject.upper()},
                    "kind": kind,
                    "object": {"id": object_, "name": object_.upper()},
                },
            }
            for subject, kind, object_, first, last, certain in edges
        ],
        "truncated": False,
    }


EXAMPLE = (
    ("a", "member_of", "umbrella", "2014-01-01", "2016-12-31", True),
    ("b", "member_of", "umbrella", "2015-01-01", None, False),
    ("c", "facade_of", "a", "2016-06-01", None, True),
    ("c", "allied_with", "b", "2017-01-01", "2018-01-01", True),
)


def test_the_network_of_a_day_is_what_is_connected_on_it() -> None:
    network = Network(make_answer(*EXAMPLE), depth=1)
    near = network.on(date(2015, 6, 1))
    assert list(near.actors) == ["a", "umbrella"]
    wide = Network(make_answer(*EXAMPLE), depth=2)
    assert [(e.row["id"], e.is_certain) for e in wide.on(date(2015, 6, 1)).edges] == [
        ("a member_of umbrella", True),
        ("b member_of umbrella", False),
    ]
    assert list(wide.on(date(2017, 6, 1)).actors) == ["a", "b", "c"]
    assert list(wide.on(date(2019, 1, 1)).actors) == ["a", "c"], "b is connected no more"


def test_steps_lead_to_the_days_on_which_anything_differs() -> None:
    network = Network(make_answer(*EXAMPLE), depth=1)
    assert network.find_next(date(2013, 1, 1)) == date(2014, 1, 1)
    assert network.find_next(date(2014, 1, 1)) == date(2016, 6, 1), "b is not beside a"
    assert network.find_next(date(2016, 6, 1)) == date(2017, 1, 1)
    assert network.find_next(date(2017, 1, 1)) is None
    assert network.find_previous(date(2020, 1, 1)) == date(2016, 12, 31)
    assert network.find_previous(date(2016, 12, 31)) == date(2016, 5, 31)
    assert network.find_previous(date(2016, 5, 31)) == date(2013, 12, 31)
    assert network.find_previous(date(2013, 12, 31)) is None


def test_steps_find_every_difference() -> None:
    chance = random.Random(5)
    names = "abcdefgh"
    for depth in (1, 2, 3):
        edges = []
        for _ in range(14):
            subject, object_ = sorted(chance.sample(names, 2))
            first = date(2020, 1, 1) + timedelta(chance.randrange(60))
            last = first + timedelta(chance.randrange(40))
            kind = chance.choice(["allied_with", "member_of"])
            certain = chance.random() < 0.5
            edges.append((subject, kind, object_, str(first), str(last), certain))
        network = Network(make_answer(("a", "rival_of", "b", None, None, True), *edges), depth)
        days = [date(2019, 12, 20) + timedelta(n) for n in range(140)]

        def show(day: date, network: Network = network) -> set[tuple[str, bool]]:
            return {(e.row["id"], e.is_certain) for e in network.on(day).edges}

        for at, day in enumerate(days):
            later = next((d for d in days[at + 1 :] if show(d) != show(day)), None)
            earlier = next((d for d in reversed(days[:at]) if show(d) != show(day)), None)
            assert (network.find_next(day), network.find_previous(day)) == (later, earlier)


def test_trees_list_each_actor_with_those_below_it_once() -> None:
    edges = [(*edge[:3], None, None, True) for edge in EXAMPLE]
    edges.append(("c", "member_of", "umbrella", None, None, True))
    edges.append(("x", "member_of", "y", None, None, True))
    edges.append(("y", "member_of", "x", None, None, True))
    network = Network(make_answer(*edges, ("x", "allied_with", "a", None, None, True)), depth=4)
    trees = make_tree(network.on(date(2020, 1, 1)), "a")
    listed = [(level, b.actor["name"], b.is_repeated) for level, b in iterate(trees)]
    assert listed == [
        (0, "UMBRELLA", False),
        (1, "A", False),
        (2, "C", False),
        (1, "B", False),
        (1, "C", True),
        (0, "X", False),
        (1, "Y", False),
        (2, "X", True),
    ]


def test_a_picture_has_each_actor_once_and_no_boxes_that_overlap() -> None:
    chance = random.Random(3)
    names = [f"{n:03}" for n in range(120)]
    edges = [
        (*sorted(chance.sample(names, 2), reverse=True), chance.choice(["member_of", "rival_of"]))
        for _ in range(260)
    ]
    answer = make_answer(*((low, kind, high, None, None, True) for low, high, kind in edges))
    for node in answer["nodes"]:
        node["distance"] = None
    day = Network(answer, depth=1).on(date(2020, 1, 1))
    picture = draw_network(day, make_tree(day, None))
    assert picture
    assert len(picture.boxes) == len(day.actors)
    assert len(picture.curves) == len(day.edges)
    assert len({(box.x, box.y) for box in picture.boxes}) == len(picture.boxes)
    columns: dict[int, list[int]] = {}
    for box in picture.boxes:
        columns.setdefault(box.x, []).append(box.y)
        assert 0 < box.x < box.right < picture.width
        assert 0 < box.y < box.y + box.height < picture.height
    for tops in columns.values():
        ordered = sorted(tops)
        assert all(below - above >= 24 for above, below in pairwise(ordered))
    boxes = {box.actor["id"]: box for box in picture.boxes}
    for edge in day.edges:
        if edge.row["kind"] == "member_of":
            assert boxes[edge.row["object"]["id"]].x < boxes[edge.row["subject"]["id"]].x


def test_the_levels_are_those_of_the_rules() -> None:
    assert {*HIERARCHICAL, *PERSONAL, "affiliate_of"} == VERTICAL


def test_a_page_shows_what_the_api_answers_for_the_day(
    reader: Reader, checked: Story, api: ContractClient
) -> None:
    for day in ("2014-05-31", "2014-06-01", "2014-06-30", "2019-12-27"):
        page = reader.read(f"/network?actor=kataib&at={day}&depth=2")
        for dates in ("possible", "certain"):
            edges = api.ask(f"network?actor=kataib&depth=2&at={day}&dates={dates}")["edges"]
            lines = re.findall(r'<path class="edge (?:arc )?(?!arc )(\w+) (sure|maybe)"', page)
            drawn = {kind for kind, _ in lines}
            sure = {kind for kind, certainty in lines if certainty == "sure"}
            expected = {edge["affiliation"]["kind"] for edge in edges}
            assert (drawn if dates == "possible" else sure) == expected, (day, dates)


def test_a_page_says_what_is_certain_and_what_is_possible(reader: Reader, checked: Story) -> None:
    page = reader.read("/network?actor=kataib&at=2014-06-15")
    assert "<h1>Network of <bdi>Kataib Hezbollah</bdi></h1>" in page
    numbers = re.search(r"On 15 June 2014: (.*?)\.", page)
    assert numbers
    assert re.findall(r"<strong>(\d+)</strong> (\w+)", numbers[1]) == [
        ("3", "actors"),
        ("0", "affiliations"),
        ("2", "only"),
    ]
    step = 'data-day="2014-06-30" href="/network?actor=kataib&amp;depth=2&amp;at=2014-06-30"'
    assert step in page, "from the last possible day of its start on, it is certain"
    assert 'data-day="2014-05-31"' in page
    later = reader.read("/network?actor=kataib&at=2014-06-30")
    assert '<span class="relation sure"><a href="/affiliations/' in later
    month = reader.read("/network?actor=kataib&at=2014-06")
    assert "On 1 June 2014:" in month


def test_all_actors_and_the_page_of_one_have_networks(reader: Reader, story: Story) -> None:
    page = reader.read("/network?at=2015-01-01")
    assert "Network of all actors" in page
    assert page.count("data-actor=") == 3
    page = reader.read("/actors/kataib?at=2015-01-01")
    section = page[page.index('id="network"') : page.index('id="incidents"')]
    assert "On 1 January 2015: <strong>3</strong> actors" in section
    assert 'action="/actors/kataib#network"' in section
    assert 'href="/network?actor=kataib&amp;at=2015-01-01"' in section


def test_a_network_of_the_past_stays_there(reader: Reader, story: Story, publish: Any) -> None:
    old = Edition.objects.newest_snapshot()
    publish(Affiliation.objects.create(subject=story.saraya, kind="facade_of", object=story.kataib))
    assert "سرايا" in reader.read("/network?actor=kataib")
    page = reader.read(f"/network?actor=kataib&snapshot={old}")
    assert "سرايا" not in page
    assert f'<input type="hidden" name="snapshot" value="{old}">' in page
    assert f"snapshot={old}&amp;" in page[page.index('class="steps"') :]


def test_an_arabic_name_is_written_from_right_to_left(
    reader: Reader, story: Story, publish: Any
) -> None:
    publish(Affiliation.objects.create(subject=story.saraya, kind="facade_of", object=story.kataib))
    page = reader.read("/network?actor=saraya")
    assert re.search(r'<text x="\d+" y="\d+" direction="rtl">سرايا</text>', page)


def test_a_large_network_says_that_it_is_limited(
    reader: Reader, story: Story, publish: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.network.pages.MAX_ACTORS", 2)
    page = reader.read("/network?actor=kataib")
    assert "only the nearest 2 of all times are considered" in page
    assert "only the first 2 by name are considered" in reader.read("/network")


def test_wrong_parameters_and_unknown_actors_are_refused(reader: Reader, story: Story) -> None:
    assert "<code>at</code>:" in reader.read("/network?at=yesterday", 400)
    assert "<code>depth</code>:" in reader.read("/network?actor=kataib&depth=9", 400)
    assert "<code>kind</code>:" in reader.read("/network?kind=member_of", 400)
    reader.read("/network?actor=nobody", 404)
    Actor.objects.create(name="Draft", slug="draft", kind="unit")
    reader.read("/network?actor=draft", 404)
    assert "No affiliation that counts on this day" in reader.read("/actors/saraya")


def test_the_day_is_chosen_with_and_without_scripts(
    browser: Any, bare: None, live: Live, checked: Story
) -> None:
    plain = browser.new_context(base_url=live.url, java_script_enabled=False)
    page = plain.new_page()
    page.goto("/network?actor=kataib&at=2015-01-01")
    assert not page.locator("input[type=range]").is_visible()
    page.get_by_role("link", name="Earlier change").click()
    assert page.locator("input[name=at]").input_value() == "2014-06-29"
    page.locator("input[name=at]").fill("2014-05-01")
    page.get_by_role("button", name="Show").click()
    assert "at=2014-05-01" in page.url
    assert page.locator(".relation-line").count() == 1
    page.locator(".canvas a", has_text="Iran").focus()
    page.keyboard.press("Enter")
    assert page.locator("h1").inner_text() == "Network of Iran"
    plain.close()

    scripted = browser.new_context(base_url=live.url, viewport={"width": 390, "height": 900})
    page, loads = scripted.new_page(), list[str]()
    page.goto("/actors/kataib?at=2015-01-01")
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    slider = page.locator("input[type=range]")
    assert slider.get_attribute("aria-valuetext") == "January 1, 2015"
    slider.fill("0")
    page.get_by_text("On 31 May 2014:").wait_for()
    assert "at=2014-05-31" in page.url
    page.get_by_role("link", name="Later change").click()
    page.get_by_text("On 1 June 2014:").wait_for()
    assert page.locator(".edge.member_of.maybe").count() == 1
    listed, drawn = (page.locator(name).bounding_box() for name in (".listed", ".drawn"))
    assert listed["y"] + listed["height"] <= drawn["y"], "the list is first"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    scripted.close()
