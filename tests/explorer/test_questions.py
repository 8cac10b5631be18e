"""Questions of newcomers, each answered by few clicks from the home page, on the island."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

MAX_CLICKS = 5
QUAY = "Bombing of the Old Quay market"
COUNCIL = "Council of the Outer Districts"


class Visit:
    """A newcomer who starts at the home page, and whose clicks are counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0
        page.goto("/")

    def click(self, target: Locator) -> None:
        """Click on something that can be seen."""
        expect(target).to_be_visible()
        target.click()
        self.clicks += 1

    def follow(self, name: str, within: str = "main") -> None:
        """Click on the first link with this text."""
        self.click(self.page.locator(within).get_by_role("link", name=name, exact=True).first)

    def choose(self, field: str, option: str) -> None:
        """Choose an option, which takes two clicks."""
        self.page.locator(field).select_option(label=option)
        self.clicks += 2

    def search(self, words: str, name: str) -> None:
        """Search for words, and open what is found: two clicks."""
        self.page.locator("#home-search").fill(words)
        self.click(self.page.locator("form.big").get_by_role("button"))
        self.follow(name)
        expect(self.page.locator("h1")).to_contain_text(name)

    def go_to(self, part: str) -> Locator:
        """Click on a part in the contents of the page; return the part, in sight."""
        link = self.page.locator(".contents").get_by_role("link", name=part, exact=True)
        heading = self.page.locator(str(link.get_attribute("href")))
        self.click(link)
        expect(heading).to_be_in_viewport()
        return self.page.locator("section").filter(has=heading)


@pytest.fixture(scope="module")
def newcomer(browser: Any, island: str) -> Iterator[Page]:
    """The window of a newcomer."""
    context = browser.new_context(
        base_url=island, viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def visit(newcomer: Page) -> Iterator[Visit]:
    """A visit, which must have found its answer by few clicks."""
    visit = Visit(newcomer)
    yield visit
    assert 1 <= visit.clicks <= MAX_CLICKS


def test_who_claimed_the_attack_and_who_denied_it(visit: Visit) -> None:
    visit.search("Old Quay market", QUAY)
    part = visit.go_to("Who did it")
    positions = {
        block.locator("h4").inner_text(): block.locator("strong").first.inner_text()
        for block in part.locator(".position").all()
    }
    assert positions == {
        "Black Gull Company": "Claims it",
        "Lantern Movement": "Denies it",
        "Pier Nine Gang": "Took back what it said",
        "Ember Dawn Front": "Denies it",
    }
    assert visit.clicks == 3


def test_how_many_died_by_whose_account_and_in_which_words(visit: Visit) -> None:
    visit.search("Old Quay market", QUAY)
    part = visit.go_to("Casualties by source")
    killed = part.locator("table").first
    expect(killed).to_contain_text("31 to 44, best 38")
    row = killed.get_by_role("row").filter(has_text="44 supporting")
    visit.click(row.locator("summary"))
    expect(row.locator(".cites a").first).to_contain_text("(fictional)")
    expect(row.locator("blockquote").first).not_to_be_empty()
    visit.click(row.locator(".cites a").first)
    expect(visit.page).to_have_url(re.compile("/sources/"))
    expect(visit.page.locator("main")).to_contain_text(QUAY)
    assert visit.clicks == 5


def test_which_groups_were_below_an_umbrella_on_a_day(visit: Visit) -> None:
    visit.search(COUNCIL, COUNCIL)
    part = visit.go_to("Network of a day")
    part.locator("input[type=date]").fill("2023-03-01")
    visit.click(part.get_by_role("button", name="Show"))
    expect(part.locator(".summary")).to_contain_text("On 1 March 2023")
    names = part.locator(".listed > .tree > li").first.locator("> .tree > li")
    listed = [" ".join(text.split()) for text in names.all_inner_texts()]
    assert any(text.startswith("Lighthouse Guard member of certain") for text in listed)
    assert any(text.startswith("Assembly Guard affiliate of possible") for text in listed)
    assert not any("United Marsh Front" in text for text in listed), "it came in September"


def test_why_an_incident_counts_for_an_umbrella(visit: Visit) -> None:
    visit.search(COUNCIL, COUNCIL)
    part = visit.go_to("With everything below it")
    row = part.get_by_role("row").filter(has_text="Tollgate falls to the Salt Road Column")
    path = row.locator(".path > li")
    expect(path.nth(0)).to_contain_text("Salt Road Column subordinate of Free Highfell Army")
    expect(path.nth(1)).to_contain_text(f"member of {COUNCIL} from 9 July 2022")
    expect(row).to_contain_text("certain on that day")
    visit.click(path.nth(0).locator("summary"))
    expect(path.nth(0).locator("details[open] blockquote").first).to_be_visible()


def test_what_a_page_said_before_its_correction(visit: Visit) -> None:
    visit.search("Mortar attack on Fellmarket", "Mortar attack on Fellmarket")
    visit.go_to("Editions of this page")
    visit.follow("Differences of edition 2")
    main = visit.page.locator("main")
    expect(main).to_contain_text("Reason: A fifth person died of her injuries.")
    expect(main.locator(".differences del").filter(has_text="4").first).to_be_visible()
    expect(main.locator(".differences ins").filter(has_text="5").first).to_be_visible()
    visit.page.go_back()
    visit.follow("1", "section[aria-labelledby=editions]")
    expect(visit.page.locator(".past")).to_contain_text("as it was on")
    expect(visit.page.locator(".lead")).to_contain_text("killed: 4")


def test_when_a_group_joined_left_and_returned(visit: Visit) -> None:
    visit.search("Стража маяка", "Lighthouse Guard")
    part = visit.go_to("Affiliations")
    rows = part.get_by_role("row").filter(has_text=f"member of {COUNCIL}")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("from 4 May 2025, ongoing")
    expect(rows.nth(1)).to_contain_text("from 9 July 2022, until 30 October 2023")


def test_where_it_happened_and_how_precisely_that_is_known(visit: Visit) -> None:
    visit.search("Mortar attack on Fellmarket", "Mortar attack on Fellmarket")
    part = visit.go_to("When and where")
    row = part.locator("table").last.locator("tbody tr").first
    expect(row).to_contain_text("Fellmarket (fictional)")
    expect(row.locator("td").nth(1)).to_contain_text(re.compile("settlement|exact"))
    visit.follow("Fellmarket (fictional)", "section[aria-labelledby=when]")
    expect(visit.page.locator("h1")).to_have_text("Fellmarket (fictional)")


def test_how_many_incidents_of_a_type_in_a_year(visit: Visit) -> None:
    visit.follow("Explore", "header.site")
    visit.follow("Chart")
    visit.choose("select[name=group_by] >> nth=1", "Type of event")
    visit.click(visit.page.get_by_role("button", name="Draw"))
    table = visit.page.locator(".chart-figure table")
    head = table.locator("thead th").all_inner_texts()
    column = next(n for n, text in enumerate(head) if "battle" in text)
    row = table.locator("tbody tr").filter(has=visit.page.get_by_text("2023", exact=True))
    expect(row.locator("th, td").nth(column)).to_contain_text("21")


def test_what_changed_between_two_releases(visit: Visit) -> None:
    visit.follow("island-2")
    numbers = visit.page.locator("section[aria-labelledby=numbers] tr").filter(has_text="Incidents")
    incidents = [cell.strip() for cell in numbers.locator("td").all_inner_texts()[:3]]
    assert incidents == ["400", "356", "+44"]
    visit.follow("The changes, one by one")
    expect(visit.page.locator("main")).to_contain_text("corrected")


def test_how_a_release_differs_from_today(visit: Visit) -> None:
    today = visit.page.locator(".counts li").filter(has_text="Incidents").inner_text()
    visit.follow("island-1")
    visit.follow("Read the site as it was in this release")
    expect(visit.page.locator(".past")).to_be_visible()
    then = visit.page.locator(".counts li").filter(has_text="Incidents").inner_text()
    assert (then.split()[0], today.split()[0]) == ("356", "400")
    visit.click(visit.page.locator(".counts a").filter(has_text="Incidents"))
    expect(visit.page.locator(".total")).to_contain_text("356")
    visit.click(visit.page.locator(".past").get_by_role("link", name="Today"))
    expect(visit.page.locator(".total")).to_contain_text("400")


def test_which_names_a_group_has_in_arabic(visit: Visit) -> None:
    visit.search("Harakat al-Manara", "Lantern Movement")
    part = visit.go_to("Names")
    expect(part).to_contain_text("Script: Arabic")
    name = part.get_by_role("row").filter(has_text="حركة المنارة")
    expect(name).to_contain_text("Movement of the Lighthouse")
    expect(name).to_contain_text("official")


def test_how_to_cite_a_page(visit: Visit) -> None:
    visit.search("Old Quay market", QUAY)
    visit.follow("Permanent address of this page, to cite", "footer.site")
    expect(visit.page).to_have_url(re.compile(r"[?&]snapshot=\d+-[0-9a-f]{8}"))
    expect(visit.page.locator("h1")).to_have_text(QUAY)
