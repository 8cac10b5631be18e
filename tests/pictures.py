"""The pictures of the site in README.md and docs/. `make pictures` takes them of a running demo.

They show the invented island, and days that do not move on, so that only a changed site changes
them.
"""

import shutil
import sys
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Page, ViewportSize, sync_playwright

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
COUNCIL = "council-of-the-outer-districts"
WINDOW: ViewportSize = {"width": 1280, "height": 860}


class Picture(NamedTuple):
    """What a picture shows, beside the address of the page."""

    name: str
    address: str
    top: str = ""
    """The element that the window is scrolled to; without one, the top of the page."""
    scheme: Literal["light", "dark"] = "light"


PICTURES = (
    Picture("incident", "/incidents/xtt-2023-qvc7", "#who"),
    Picture("claims", "/incidents/xtt-2023-qvc7", "#claims"),
    Picture("map", "/explore?view=map", "h1"),
    Picture("network", f"/network?actor={COUNCIL}&depth=1&at=2023-03-01", ".network"),
    Picture("actor-ar-dark", f"/ar/actors/{COUNCIL}", "#affiliations", scheme="dark"),
)


def take_picture(page: Page, picture: Picture) -> None:
    """Open a page, with its map, and write the picture of its window."""
    page.goto(picture.address)
    if page.locator("figure.map").count():
        page.locator("figure.map").scroll_into_view_if_needed()
        page.locator('figure.map[data-state="open"]').wait_for()
    above = "e => scrollTo(0, scrollY + e.getBoundingClientRect().top - 24)"
    page.locator(picture.top or "html").first.evaluate(above)
    page.screenshot(path=FOLDER / f"{picture.name}.png")


def main(origin: str) -> None:
    """Take all pictures of the site at an address."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for picture in PICTURES:
            context = browser.new_context(
                base_url=origin,
                viewport=WINDOW,
                color_scheme=picture.scheme,
                reduced_motion="reduce",
            )
            take_picture(context.new_page(), picture)
            context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
