"""Wire reports, entered in a browser by hand: what it takes, and the record that results."""

from collections.abc import Iterator
from typing import Any

import pytest

from editorial.models import User
from incidents.models import Incident
from sources.models import Source
from tests.curation.admin_client import AdminClient
from tests.live import Live, ready

ADD = "/admin/incidents/incident/add/"
PARTS = (*("locations", "involvements", "statements", "weapons", "target_objects", "casualties"),)
HARBOUR = " ".join(
    """
**Harbour Wire, 3 March 2025.** Two rockets of 122 mm hit the perimeter of the Karsa air base
outside Dorren at about 4.30 a.m. on Sunday, wounding two soldiers of the National Guard, a
military spokesman said. A group calling itself لواء النور الساطع (the Radiant Light Brigade),
not heard of before, claimed the attack hours later on its Telegram channel and called it an
answer to "the occupation of the south". Analysts consider the group a front of the Southern
Resistance Front. The Front's spokesman, Idris Halim, denied any part in it on Monday and blamed
"agents of the government". Source:
https://www.harbourwire.example/2025/03/03/karsa-base-rockets?utm_source=feed&utm_medium=rss
""".split()  # noqa: SIM905
)


GULF = (
    "**Gulf Monitor, 18 June 2024.** A drone strike on the fuel depot at Port Sahl late on Monday "
    "killed at least four people. Source: https://gulfmonitor.example/news/port-sahl-strike"
)


class Person:
    """A person at a browser, whose clicks, groups of keys and page loads are counted."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.mouse = False
        self.clicks = self.groups = self.loads = 0
        self.wrong: list[str] = []
        self._tabs = False
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda m: self.wrong.append(m.text) if m.type == "error" else None)
        page.on("load", lambda _: setattr(self, "loads", self.loads + 1))

    def open(self, path: str) -> None:
        self.page.goto(path)
        ready(self.page)

    def click(self, locator: Any) -> None:
        self._tabs = False
        self.clicks += 1
        locator.click()

    def go(self, field: str) -> None:
        """Go to a field that is not the next one: with a click, or with Tab."""
        if self.mouse:
            self.click(self.page.locator(f"#id_{field}"))
        else:
            self.to(field)

    def start(self, report: str, source: str, title: str) -> None:
        """Paste the report, and give the titles of its source and of the incident."""
        if self.mouse:
            self.go("report")
        else:
            self.page.locator("#id_report").focus()
        self.paste(report)
        self.page.locator("#id_source_publisher option[value^=new]").wait_for(state="attached")
        self.go("source_title")
        self.type(source)
        self.go("title")
        self.type(title)

    def add(self, prefix: str, text: str = "") -> None:
        """Add a row, whose first field has the focus then, and type into it."""
        if self.mouse:
            self.click(self.page.locator(f"button[data-add={prefix}]"))
        else:
            self.press(f"Alt+{PARTS.index(prefix) + 1}")
        if text:
            self.type(text)

    def fill(self, **values: str) -> None:
        """Go to each field with Tab, and type into it."""
        for name, text in values.items():
            if name == "description":
                self.press("Alt+m")
            else:
                self.to(name)
            self.type(text)

    def save(self) -> None:
        if self.mouse:
            self.click(self.page.locator("input[name=_continue]").last)
        else:
            self.press("Control+s")
        self.page.wait_for_url("**/change/")

    def paste(self, text: str) -> None:
        """Paste a text: one shortcut."""
        self._tabs = False
        self.groups += 1
        self.page.keyboard.insert_text(text)

    def type(self, text: str) -> None:
        """Type a run of characters."""
        self._tabs = False
        self.groups += 1
        self.page.keyboard.type(text)

    def tab(self, times: int = 1) -> None:
        """Press Tab; presses in a row are one group."""
        self.groups += not self._tabs
        self._tabs = True
        for _ in range(times):
            self.page.keyboard.press("Tab")

    def to(self, name: str) -> None:
        """Press Tab until the field has the focus; presses in a row are one group."""
        self.groups += not self._tabs
        self._tabs = True
        for _ in range(30):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(
                """name => { const at = document.activeElement;
                const of = at.closest(".select2")?.previousElementSibling ?? at;
                const [, part, field] = /^(.*)-\\d+-(.*)$/.exec(of.name ?? "") ?? ["", "", of.name];
                return field === name || `${part.split("_").at(-1)}-${field}` === name; }""",
                name,
            ):
                return
        raise AssertionError(f"no Tab leads to {name}")

    def press(self, key: str, times: int = 1) -> None:
        """Press a shortcut, or a key several times."""
        self._tabs = False
        self.groups += 1
        for _ in range(times):
            self.page.keyboard.press(key)

    def find(self, text: str, name: str, kind: str = "") -> None:
        """Type into a search until the record, or the offer to make it, is marked, and take it."""
        self.type(text)
        option = f"New {kind}: “{name}”" if kind else name
        options = self.page.locator(".select2-results__option", has_text=option)
        options.first.wait_for()
        marked = self.page.locator(".select2-results__option--highlighted")
        marked.first.wait_for()
        texts = self.page.locator(".select2-results__option").all_inner_texts()
        down = next(n for n, each in enumerate(texts) if option in each)
        if self.mouse:
            self.click(options.first)
            return
        if down:
            self.press("ArrowDown", down)
        self.tab()


@pytest.fixture
def person(browser: Any, bare: None, live: Live, editor: User) -> Iterator[Person]:
    """A person who is logged in as the editor."""
    session = AdminClient(editor).cookies["sessionid"].value
    context = browser.new_context(base_url=live.url, viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": session, "url": live.url}])
    context.set_default_timeout(60_000)
    person = Person(context.new_page())
    yield person
    context.close()
    assert person.wrong == []


@pytest.mark.parametrize("hand", ["keyboard", "mouse"])
def test_a_claim_and_a_denial(person: Person, hand: str) -> None:
    person.mouse = hand == "mouse"
    person.open(ADD)
    person.start(HARBOUR, "Rockets hit Karsa air base", "Rocket attack on Karsa air base")
    person.fill(sub_type="rocket a", date="2025-03-02", local_time="4:30")
    person.add("locations")
    person.find("Karsa air base", "Karsa air base", "base")
    person.add("involvements", "victim")
    person.to("actor")
    person.find("National Guard", "National Guard", "armed organisation")
    person.add("weapons", "2")
    person.fill(weapon="rocket", calibre_mm="122")
    person.add("target_objects", "military")
    person.fill(name="Perimeter of Karsa air base", hit="yes")
    person.add("casualties", "2")
    person.fill(measure="injured", population="security")
    person.to("actor")
    person.find("National Guard", "National Guard (new)")
    person.add("statements", "claim")
    person.to("speaker")
    person.find("Radiant Light Brigade", "Radiant Light Brigade", "armed organisation")
    person.fill(mode="telegram", date="2025-03-02")
    person.add("statements", "denial")
    person.to("speaker")
    person.find("Southern Resistance Front", "Southern Resistance Front", "armed organisation")
    person.fill(speaker_type="spokes", date="2025-03-03")
    person.add("statements", "accus")
    person.to("speaker")
    person.find("Southern", "Southern Resistance Front (new)")
    person.fill(speaker_type="spokes", date="2025-03-03", label="agents of the government")
    person.save()
    print(f"{person.clicks} clicks, {person.groups} groups of keys, {person.loads} page loads")
    assert person.loads == 2
    assert person.clicks <= 40 if person.mouse else person.groups <= 70
    check_harbour()


def test_conflicting_figures(person: Person) -> None:
    person.open(ADD)
    person.start(GULF, "Strike on Port Sahl fuel depot", "Drone strike on Port Sahl fuel depot")
    person.fill(sub_type="drone", date="2024-06-17")
    person.add("locations")
    person.find("Port Sahl", "Port Sahl", "settlement")
    person.add("target_objects", "utilities")
    person.fill(name="Fuel depot at Port Sahl", hit="yes")
    person.add("weapons", "2")
    person.fill(weapon="drone")
    for number, measure, population in (
        ("at least four", "killed", ""),
        ("7", "killed", ""),
        ("three", "killed", "children"),
        ("2", "killed", ""),
        ("a dozen", "injured", ""),
    ):
        person.add("casualties", number)
        person.fill(measure=measure, **({"population": population} if population else {}))
    person.add("statements", "accus")
    person.to("speaker")
    person.find("Interior ministry", "Interior ministry", "government body")
    person.fill(speaker_type="gov")
    person.to("responsible-actor")
    person.find("Red Dune Movement", "Red Dune Movement", "armed organisation")
    person.save()
    print(f"{person.groups} groups of keys, {person.loads} page loads")
    incident = Incident.objects.get()
    assert (incident.sub_type, incident.event_type) == ("drone_strike", "explosion_remote_violence")
    assert [
        (row.measure, row.population, row.low, row.best, row.quantifier, row.role)
        for row in incident.casualties.order_by("pk")
    ] == [
        ("killed", "total", 4, None, "at_least", "recommended"),
        ("killed", "total", None, 7, "exact", "supporting"),
        ("killed", "children", None, 3, "exact", "recommended"),
        ("killed", "total", None, 2, "exact", "supporting"),
        ("injured", "total", None, 12, "approximately", "recommended"),
    ]
    (statement,) = incident.statements.all()
    assert [str(row.actor) for row in statement.responsible.all()] == ["Red Dune Movement"]
    assert (str(statement.speaker), statement.speaker_type) == ("Interior ministry", "government")
    assert Source.objects.get().url == "https://gulfmonitor.example/news/port-sahl-strike"


def check_harbour() -> None:
    """Assert the record of the first report, field by field."""
    source = Source.objects.get()
    assert (source.title, str(source.publisher), source.published) == (
        "Rockets hit Karsa air base",
        "Harbour Wire",
        "2025-03-03",
    )
    assert source.url.startswith("https://www.harbourwire.example/2025/03/03/karsa-base-rockets")
    incident = Incident.objects.get()
    assert (incident.title, incident.sub_type, incident.event_type, incident.date) == (
        "Rocket attack on Karsa air base",
        "rocket_attack",
        "explosion_remote_violence",
        "2025-03-02",
    )
    assert str(incident.local_time) == "04:30:00"
    (location,) = incident.locations.all()
    assert (str(location.place), location.place.kind, location.role, location.primary) == (
        "Karsa air base",
        "base",
        "impact",
        True,
    )
    assert (location.precision, location.public_precision) == ("exact", "exact")
    (victim,) = incident.involvements.all()
    assert (victim.role, str(victim.actor), victim.certainty) == (
        "victim",
        "National Guard",
        "confirmed",
    )
    (weapon,) = incident.weapons.all()
    assert (weapon.weapon, weapon.count_best, weapon.calibre_mm) == ("rocket", 2, 122)
    (target,) = incident.target_objects.all()
    assert (target.type, target.name, target.hit) == (
        "military",
        "Perimeter of Karsa air base",
        True,
    )
    (injured,) = incident.casualties.all()
    assert (injured.measure, injured.best, injured.quantifier, injured.population) == (
        "injured",
        2,
        "exact",
        "security_forces",
    )
    assert (injured.actor, injured.role) == (victim.actor, "recommended")
    claim, denial, accusation = incident.statements.all()
    assert [
        (row.kind, str(row.speaker), row.speaker_type, row.mode, row.date)
        for row in (claim, denial, accusation)
    ] == [
        ("claim", "Radiant Light Brigade", "unknown", "telegram_channel", "2025-03-02"),
        ("denial", "Southern Resistance Front", "spokesperson", "unknown", "2025-03-03"),
        ("accusation", "Southern Resistance Front", "spokesperson", "unknown", "2025-03-03"),
    ]
    assert [[row.label for row in each.responsible.all()] for each in (claim, accusation)] == [
        [],
        ["agents of the government"],
    ]
    parts = (incident, location, victim, weapon, target, injured, claim, denial, accusation)
    assert all([row.source for row in part.citations.all()] == [source] for part in parts)
