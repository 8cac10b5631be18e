"""The map to move in: the same points as the picture, by keyboard, and nothing from elsewhere."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from explorer import maps
from incidents.models import Incident
from places.models import Place
from tests.explorer.test_browser import WATCH
from tests.explorer.test_maps import mapped  # noqa: F401
from tests.live import Live

COUNTED = """
[...document.querySelectorAll(".map-mark:not(.area)")].reduce(
  (sum, mark) => sum + (mark.matches(".cluster") ? Number(mark.textContent) : 1), 0)
"""
"""How many incidents the marks of a map show as points."""
COVERED = """
(() => {
  const boxes = [...document.querySelectorAll(".map-label, .map-mark.area")].map((name) => {
    const { left, right, top, bottom } = name.getBoundingClientRect();
    return { name: name.textContent, left, right, top, bottom };
  });
  const frame = document.querySelector(".leaflet-container").getBoundingClientRect();
  const isCut = (box) => box.left < frame.left || box.right > frame.right;
  const isApart = (a, b) =>
    a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
  return boxes.filter((box) => isCut(box) || boxes.some((b) => b !== box && !isApart(box, b)))
    .map((box) => box.name);
})()
"""
"""The names on a map that another name covers, or that the edge cuts off."""


def open_map(page: Page, address: str) -> None:
    """Open a page, and wait for its map."""
    page.goto(address)
    page.locator("figure.map").scroll_into_view_if_needed()
    page.locator('figure.map[data-state="open"]').wait_for()


@pytest.mark.parametrize(
    ("listed", "loaded"),
    [(100, 100), (3, 100), (3, 3)],
    ids=["from the table", "from the list", "from the grid"],
)
def test_a_map_shows_what_the_picture_shows(
    browser: Any,
    bare: None,
    live: Live,
    mapped: Place,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    listed: int,
    loaded: int,
) -> None:
    monkeypatch.setattr(maps, "MAX_LISTED", listed)
    monkeypatch.setattr(maps, "MAX_LOADED", loaded)
    context = browser.new_context(base_url=live.url, reduced_motion="reduce")
    context.add_init_script(WATCH)
    page, errors, requests = context.new_page(), list[str](), list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("request", lambda request: requests.append(request.url))
    open_map(page, "/places/iraq")
    figure = page.locator("figure.map")
    points = int(figure.get_attribute("data-point-count") or 0)
    absent = int(figure.get_attribute("data-absent") or 0)
    assert page.evaluate(COUNTED) == points == 5
    assert points + absent == int(figure.get_attribute("data-total") or 0)
    assert any("format=geojson" in url for url in requests) == (listed < loaded)
    assert any("/grid?" in url for url in requests) == (loaded == 3)
    assert not any("island.json" in url for url in requests)

    panel = page.locator(".map-panel")
    if loaded > 3:
        check_area(page, panel)
    check_cluster(page, panel)
    assert page.evaluate("violations") == []
    assert errors == []
    assert all(url.startswith((live.url, "data:")) for url in requests)
    context.close()


def check_area(page: Page, panel: Locator) -> None:
    """Open the panel of an area by keyboard, and close it."""
    area = page.locator(".map-mark.area")
    name = "5 الأنبار: 5 incidents, somewhere in this area"
    expect(area).to_have_attribute("aria-label", name)
    area.focus()
    page.keyboard.press("Enter")
    expect(panel.locator("h3")).to_be_focused()
    assert panel.locator("li a[href^='/incidents/']").count() == 5
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(area).to_be_focused()


def check_cluster(page: Page, panel: Locator) -> None:
    """Open the panel of a cluster by keyboard, move the map to it, and come back by the address."""
    cluster = page.locator(".map-mark.cluster")
    expect(cluster).to_have_attribute("aria-label", "5 incidents, 1 near a settlement")
    cluster.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Zoom in here").focus()
    page.keyboard.press("Enter")
    expect(panel).to_be_hidden()
    page.wait_for_function("location.hash.startsWith('#map=')")
    expect(page.locator(".map-mark").first).to_be_visible()
    view = page.evaluate("location.hash")
    page.reload()
    open_map(page, "/places/iraq" + view)
    assert page.evaluate("location.hash") == view


def test_the_locations_of_an_incident_are_buttons(
    browser: Any,
    bare: None,
    live: Live,
    mapped: Place,  # noqa: F811
    publish: Any,
) -> None:
    attack = Incident.objects.create(
        title="Rockets", slug="irq-2020-aaaa", date="2020", tags=["fictional"]
    )
    for role, slug, precision in (
        ("impact", "k-1", "exact"),
        ("launch", "hit", "near_settlement"),
        ("intercept", "anbar", "admin1"),
    ):
        attack.locations.create(
            role=role,
            place=Place.objects.get(slug=slug),
            primary=role == "impact",
            precision=precision,
            public_precision=precision,
        )
    publish(attack)
    context = browser.new_context(base_url=live.url)
    context.add_init_script(WATCH)
    page = context.new_page()
    open_map(page, "/incidents/irq-2020-aaaa")
    for name, kind in (
        ("impact, K-1, exact", "single point"),
        ("launch, Hit, near settlement", "single near"),
        ("intercept: الأنبار, الأنبار, admin1", "area"),
    ):
        mark = page.get_by_role("button", name=name, exact=True)
        expect(mark).to_have_class(f"map-mark {kind}")
    assert page.locator("path.flight").count() == 1
    assert page.locator("path.map-circle").count() == 1
    page.get_by_role("button", name="launch, Hit, near settlement").focus()
    page.keyboard.press("Enter")
    assert page.locator(".map-panel li a").get_attribute("href") == "/places/hit"
    page.set_viewport_size({"width": 390, "height": 900})
    open_map(page, "/incidents/irq-2020-aaaa")
    assert page.evaluate(COVERED) == [], "names stay apart where there is little room"
    check_island(page)
    assert page.evaluate("violations") == []
    context.close()


def check_island(page: Page) -> None:
    """Move to the invented island, which maps have while fictional records are public."""
    open_map(page, "/incidents/irq-2020-aaaa#map=7/29.95/-42.1")
    page.reload()
    page.locator('figure.map[data-state="open"]').wait_for()
    expect(page.get_by_text("Talassia (fictional)", exact=True)).to_be_visible()
    shown = "paths => paths.filter((path) => path.getAttribute('d') !== 'M0 0').length"
    assert page.locator("path.land").evaluate_all(shown) == 1
    assert page.locator("path.boundary:not(.disputed)").evaluate_all(shown) == 6
    assert page.locator("path.boundary.disputed").evaluate_all(shown) == 2


def test_a_map_that_cannot_be_loaded_stays_a_picture(
    browser: Any,
    bare: None,
    live: Live,
    mapped: Place,  # noqa: F811
) -> None:
    context = browser.new_context(base_url=live.url)
    page = context.new_page()
    page.route("**/borders.json", lambda route: route.abort())
    page.goto("/places/iraq")
    page.locator("figure.map").scroll_into_view_if_needed()
    expect(page.locator(".map-status")).to_have_text(
        "The map cannot be loaded. The table has its incidents."
    )
    assert page.locator(".locator").is_visible()
    context.close()
