"""Every page by axe-core, the usual checker of accessibility, in light and dark, on the island."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from actors.models import Affiliation
from incidents.models import Incident
from sources.models import Publisher, Source

COUNCIL = "council-of-the-outer-districts"
LISTED = (
    *("/", "/search", "/search?q=lantern", "/search?type=incidents", "/?release=island-1"),
    *("/explore", "/explore?view=map", "/explore?view=timeline", "/explore?view=table"),
    "/explore?view=chart&group_by=year&group_by=event_type",
    *("/explore?date_precision=nonsense", "/explore?q=nothing-has-this-word"),
    *("/embed/incidents?view=map", "/embed/incidents?view=chart", "/embed/incidents"),
    *(
        "/changes",
        "/releases",
        "/releases/island-2",
        "/report",
        "/ar/report",
        "/ar/changes",
        "/ar/releases/island-2",
    ),
    *("/network", f"/network?actor={COUNCIL}&depth=2&at=2023-03-01"),
    *(f"/actors/{COUNCIL}", "/actors/lantern-movement", "/actors/lantern-movement/editions/1"),
    *("/places/talassia", "/places/talassia-fellmarket"),
    *("/docs/", "/docs/faq", "/docs/citing", "/docs/uncertainty", "/docs/glossary"),
    *("/api/v1/docs", "/api/v1/docs/operations/incidents_list", "/api/v1/docs/problems"),
    *("/nothing", "/actors/nobody", f"/actors/{COUNCIL}?colour=red"),
    *("/ar/", "/ar/explore?view=map", "/ar/explore?view=chart", "/ar/actors/lantern-movement"),
    *("/ar/network", "/ar/docs/", "/ar/search?q=lantern"),
)
"""The addresses of pages of every kind, but for those that have no readable one."""
SEVERE = ("serious", "critical")
EVERYTHING = {
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}},  # of WCAG 2.2: axe leaves it out unless it is told
}
COLOURS = {
    "resultTypes": ["violations"],
    "preload": False,
    "runOnly": ["color-contrast", "link-in-text-block"],
}
"""What the colour scheme may change."""
SIZES = {"resultTypes": ["violations"], "preload": False, "runOnly": ["target-size"]}
"""What the width may change."""
MODERATE = ("heading-order", "landmark-unique", "region")
"""Rules that pages keep although axe takes them for less than serious."""


def list_addresses() -> list[str]:
    """Return a page of every kind."""
    quay = Incident.objects.get(title="Bombing of the Old Quay market").slug
    mortars = Incident.objects.get(title="Mortar attack on Fellmarket").slug
    source = Source.objects.filter(confidential=False).earliest("pk").public_id
    records = (
        *(f"/incidents/{quay}", f"/ar/incidents/{quay}", f"/incidents/{mortars}/editions/2"),
        *(f"/incidents/{mortars}?release=island-1", f"/sources/{source}"),
        f"/publishers/{Publisher.objects.earliest('pk').public_id}",
        f"/affiliations/{Affiliation.objects.earliest('pk').public_id}",
    )
    return [*LISTED, *records]


def find_faults(page: Page, options: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the rules that the page breaks, each with the place, if that is serious."""
    violations = Axe().run(page, options=options).response["violations"]
    return [
        (violation["id"], str(node["target"]))
        for violation in violations
        if violation["impact"] in SEVERE or violation["id"] in MODERATE
        for node in violation["nodes"]
    ]


def open_page(page: Page, address: str) -> None:
    """Open a page, with its map."""
    page.goto(address)
    if page.locator("figure.map").count():
        page.locator("figure.map").scroll_into_view_if_needed()
        page.locator('figure.map[data-state="open"]').wait_for()


@pytest.mark.long
def test_pages_have_no_serious_fault(browser: Any, island: str) -> None:
    context = browser.new_context(base_url=island, reduced_motion="reduce")
    page, faults = context.new_page(), {}
    for address in list_addresses():
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
        open_page(page, address)
        faults[address, "light"] = find_faults(page, EVERYTHING)
        page.emulate_media(color_scheme="dark")
        faults[address, "dark"] = find_faults(page, COLOURS)
        page.set_viewport_size({"width": 390, "height": 900})
        if page.locator("figure.map").count():
            open_page(page, address)  # a map that becomes narrower is not fitted anew
        faults[address, "narrow"] = find_faults(page, SIZES)
    context.close()
    assert {key: value for key, value in faults.items() if value} == {}
