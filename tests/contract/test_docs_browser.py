"""The documentation page in a browser, where every operation can be tried."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.calls import Call, calls
from tests.live import Live
from tests.sample import sample


@pytest.fixture
def served_statically(settings: Any) -> None:
    """Let static files be served from where they are."""
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture
def docs(browser: Any, served_statically: None, live: Live) -> Iterator[Any]:
    """The documentation page, on which nothing may fail."""
    page = browser.new_page(base_url=live.url, viewport={"width": 1280, "height": 900})
    page.set_default_timeout(60_000)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    page.goto("/api/v1/docs")
    page.locator(".opblock").first.wait_for()
    yield page
    page.close()
    assert wrong == []


def execute(page: Any, call: Call) -> tuple[int, str]:
    """Try an operation with its required parameters; return the status and the address."""
    block = page.locator(f'.opblock[id$="-{call.operation}"]')
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Try it out").click()
    for name, value in (call.arguments | call.query).items():
        row = block.locator(f'tr[data-param-name="{name}"]')
        if isinstance(value, list):
            row.locator("select").select_option(value)
        else:
            row.locator("input").fill(value)
    with page.expect_response(lambda answer: answer.request.resource_type == "fetch") as answer:
        block.get_by_role("button", name="Execute").click()
    status_text = block.locator(
        ".live-responses-table tr.response .response-col_status"
    ).first.inner_text()
    assert status_text.split()[0] == str(answer.value.status)
    block.locator(".opblock-summary-control").click()
    return answer.value.status, answer.value.url


@pytest.mark.long
def test_operations_are_executed(docs: Any, findable: None) -> None:
    """A part of them, since the page needs seconds for each; `make hostile` tries them all."""
    from playwright.sync_api import expect

    expect(docs.locator(".opblock")).to_have_count(len(list(calls())))
    refused = {}
    for call in sample(calls(), 15):
        status, url = execute(docs, call)
        if not 200 <= status < 300:
            refused[call.operation] = (status, url)
    assert refused == {}
