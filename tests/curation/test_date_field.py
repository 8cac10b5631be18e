"""The field for a date says what is understood of it, and can be written from its parts."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from hypothesis import given

from actors.models import Actor
from curation.widgets import EdtfWidget, explain_date
from dates import describe_date
from incidents.models import Incident
from tests.curation.admin_client import AdminClient, address
from tests.dates.test_dates import TEXTS


@pytest.mark.django_db
def test_a_page_says_what_is_understood(kataib: Actor, editor_client: AdminClient) -> None:
    attack = Incident.objects.create(title="Attack", date="2019-12")
    page = editor_client.get(address(attack)).text
    assert ">some day in December 2019</output>" in page
    assert 'data-part="meaning"' in page
    assert "curation/edtf.js" in page
    Actor.objects.filter(pk=kataib.pk).update(start="2003~", start_kind="actual")
    page = editor_client.get(address(kataib)).text
    assert ">about 2003, give or take a year</output>" in page
    assert 'data-part="meaning"' not in page, "a start is one date"


@pytest.mark.django_db
def test_what_was_not_understood_is_said_beside_the_field(editor_client: AdminClient) -> None:
    attack = Incident.objects.create(title="Attack")
    form = editor_client.fields(address(attack)) | {"date": "12.6.2014"}
    page = editor_client.post(address(attack), form).text
    assert "cannot be read: write 2014-06-12 instead." in page
    assert 'value="12.6.2014"' in page


@pytest.mark.django_db
def test_the_words_are_answered_while_a_date_is_typed(
    editor_client: AdminClient, client: Any
) -> None:
    words = reverse("admin:dates")
    for text in ("2014-06", "2014/2016", "", "junk", "2014-06-31", "x" * 5000):
        answer = editor_client.get(words, {"text": text})
        assert answer.json() == explain_date(text[:200]), text
    assert "error" in explain_date("2014-06-31")
    assert client.get(words, secure=True).status_code == 302, "it is for the desk"


@given(TEXTS)
def test_every_date_that_is_read_has_words(text: str) -> None:
    assert explain_date(text) == {"meaning": describe_date(text, single=None)}


def test_an_interval_is_said_to_depend_on_what_it_is_of() -> None:
    words = describe_date("2014-06-12/2014-06-14", single=None)
    assert words == "every day (for a sum or a series: on unstated days) from 12 to 14 June 2014"


PARTS: list[tuple[dict[str, str], str, str]] = [
    ({"from": "2014"}, "2014", "some day in 2014"),
    (
        {"from": "2014-06-12", "to": "2014-06-14"},
        "[2014-06-12..2014-06-14]",
        "some day from 12 to 14 June 2014",
    ),
    ({"from": "2014", "to": "2016", "meaning": "every"}, "2014/2016", "every day"),
    ({"from": "2014", "meaning": "open"}, "2014/..", "from 2014 on"),
    ({"from": "2014-06", "about": "on"}, "2014-06~", "about June 2014"),
    ({"from": "2014-06", "about": "on", "uncertain": "on"}, "2014-06%", "perhaps about June 2014"),
    ({"from": "2014-13"}, "2014-13", "13 is not a month"),
]


@pytest.fixture
def page(browser: Any) -> Any:
    """A page with the field alone, served under a policy that allows no inline script."""
    widget = EdtfWidget()
    widget.has_intervals = True
    script = Path(str(finders.find("curation/edtf.js"))).read_text()
    html = f'<!doctype html>{widget.render("date", "2014~")}<script src="/edtf.js"></script>'

    def answer(route: Any) -> None:
        url = urlsplit(route.request.url)
        if url.path == "/edtf.js":
            route.fulfill(body=script, content_type="text/javascript")
        elif url.path == reverse("admin:dates"):
            text = parse_qs(url.query, keep_blank_values=True)["text"][0]
            route.fulfill(body=json.dumps(explain_date(text)), content_type="application/json")
        else:
            policy = {"Content-Security-Policy": "default-src 'self'"}
            route.fulfill(body=html, content_type="text/html", headers=policy)

    page = browser.new_page()
    page.route("**/*", answer)
    page.goto("http://desk.test/")
    yield page
    page.close()


def test_a_date_is_written_from_its_parts_by_keyboard(page: Any) -> None:
    from playwright.sync_api import expect

    text, output = page.locator("input[name=date]"), page.locator("output")
    text.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # opens the parts, which read what stands there
    expect(page.locator("[data-part=from]")).to_have_value("2014")  # told after they are open
    expect(page.locator("[data-part=about]")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("2015")
    expect(text).to_have_value("2015~")
    expect(output).to_contain_text("about 2015")
    for parts, written, words in PARTS:
        page.locator("[data-part=meaning]").select_option("some")
        for name in ("from", "to"):
            page.locator(f"[data-part={name}]").fill(parts.get(name, ""))
        for name in ("about", "uncertain"):
            page.locator(f"[data-part={name}]").set_checked(name in parts)
        if "meaning" in parts:
            page.locator("[data-part=meaning]").select_option(parts["meaning"])
        expect(text).to_have_value(written)
        expect(output).to_contain_text(words)
    expect(output).to_have_class(re.compile("error"))
