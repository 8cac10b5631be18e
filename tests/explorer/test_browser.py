"""Every page in a browser: no error, no request to another host, no violation of the policy."""

from typing import Any

import pytest

from tests.explorer.conftest import Story
from tests.explorer.test_answers import addresses
from tests.live import Live

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", event => {
  window.violations.push(event.violatedDirective);
});
"""
GUIDES = ("/docs/", "/docs/citing", "/docs/responsibility", "/docs/benchmarks")
PROBLEMS = ("/actors/nobody", "/actors/kataib?colour=red", "/nothing")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_sound(
    browser: Any, bare: None, live: Live, story: Story, width: int, scheme: str
) -> None:
    context = browser.new_context(
        base_url=live.url,
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        bypass_csp=False,
    )
    context.add_init_script(WATCH)
    page, errors, requests = context.new_page(), list[str](), list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("request", lambda request: requests.append(request.url))
    for address in (*addresses(story), *GUIDES):
        page.goto(address, wait_until="load")
        assert errors == [], address
        assert page.evaluate("window.violations") == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    for address in PROBLEMS:
        page.goto(address, wait_until="load")
        assert page.evaluate("window.violations") == [], address
    context.close()
    assert all(url.startswith((live.url, "data:")) for url in requests)


def test_a_page_works_without_scripts_and_by_keyboard(
    browser: Any, bare: None, live: Live, story: Story
) -> None:
    context = browser.new_context(base_url=live.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/incidents/irq-2019-aaaa")
    page.keyboard.press("Tab")
    assert page.locator(".skip").is_visible()
    page.get_by_text("1 source", exact=True).first.click()
    assert page.locator("details[open]").count() == 1
    page.get_by_role("link", name="Kataib Hezbollah").first.click()
    assert page.url.endswith("/actors/kataib")
    page.get_by_role("searchbox").fill("كتائب")
    page.keyboard.press("Enter")
    page.locator(".matched").first.wait_for()
    page.get_by_role("link", name="Kataib Hezbollah").first.click()
    assert page.locator("h1").inner_text() == "Kataib Hezbollah"
    context.close()
