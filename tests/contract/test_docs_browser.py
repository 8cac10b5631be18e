"""The pages about the API in a browser, where every operation can be tried."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.calls import Call, calls
from tests.live import Live
from tests.sample import sample


@pytest.fixture
def docs(browser: Any, bare: None, live: Live) -> Iterator[Any]:
    """A page, on which nothing may fail."""
    page = browser.new_page(base_url=live.url, viewport={"width": 1280, "height": 900})
    wrong, requests = list[str](), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    page.on("request", lambda request: requests.append(request.url))
    yield page
    page.close()
    assert [each for each in wrong if "400 (Bad Request)" not in each] == []
    assert all(url.startswith((live.url, "data:")) for url in requests)


def execute(page: Any, call: Call) -> tuple[int, str]:
    """Try an operation with its required parameters; return the status and the address."""
    page.goto(f"/api/v1/docs/operations/{call.operation}")
    for name, value in (call.arguments | call.query).items():
        field = page.locator(f"#v-{name}")
        if isinstance(value, list):
            field.select_option(value)
        else:
            field.fill(value)
    if call.body is not None:
        page.locator("#v-body").fill("{}")
    with page.expect_response(lambda answer: answer.request.resource_type == "fetch") as answer:
        page.get_by_role("button", name="Send").click()
    page.locator("#status", has_text=str(answer.value.status)).wait_for()
    assert page.locator("#content").inner_text()
    return answer.value.status, answer.value.url


@pytest.mark.long
def test_operations_are_executed(docs: Any, findable: None) -> None:
    """A part of them; `make hostile` tries them all."""
    docs.goto("/api/v1/docs")
    listed = docs.locator(".operations a").evaluate_all("links => links.map(link => link.href)")
    assert len(set(listed)) == len(listed) == len(list(calls()))
    refused = {}
    for call in sample(calls(), 25):
        status, url = execute(docs, call)
        if not 200 <= status < 300:
            refused[call.operation] = (status, url)
    assert refused == {}


def test_parameters_are_found_and_sent(docs: Any, findable: None) -> None:
    docs.goto("/api/v1/docs")
    docs.get_by_role("searchbox", name="Find a parameter").fill("calibre")
    docs.keyboard.press("Enter")
    docs.locator(".parameters a", has_text="incidents_list").first.click()
    assert docs.url.endswith("/operations/incidents_list#p-calibre_mm")
    docs.get_by_label("Show only parameters with").fill("killed min")
    assert docs.locator(".parameter:visible").count() < 5
    docs.get_by_label("killed_min", exact=True).fill("1")
    docs.get_by_label("Show only parameters with").fill("")
    docs.get_by_label("event_type", exact=True).select_option(["battle", "riot"])
    docs.get_by_label("count", exact=True).select_option("true")
    sent = "/api/v1/incidents?count=true&event_type=battle&event_type=riot&killed_min=1"
    address = docs.locator("#request a").inner_text()
    assert sorted(address.rpartition("?")[2].split("&")) == sorted(sent.split("?")[1].split("&"))
    docs.get_by_role("button", name="Send").click()
    docs.locator("#status", has_text="200").wait_for()
    assert '"count": 1' in docs.locator("#content").inner_text()
    docs.get_by_label("killed_min", exact=True).fill("-1")
    docs.keyboard.press("Enter")
    docs.locator("#status", has_text="400").wait_for()
    assert "Invalid value for `killed_min`" in docs.locator("#content").inner_text()
