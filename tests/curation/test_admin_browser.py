"""The desk in a browser: what no test of the pages' text can tell."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Model

from actors.models import Actor, Affiliation
from editorial.models import User
from incidents.models import Incident
from tests.curation.admin_client import AdminClient, address
from tests.live import Live, pick


@pytest.fixture
def desk(browser: Any, bare: None, live: Live, editor: User) -> Iterator[Any]:
    """A page of the browser in which the editor is logged in."""
    session = AdminClient(editor).cookies["sessionid"].value
    context = browser.new_context(base_url=live.url, viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": session, "url": live.url}])
    context.set_default_timeout(60_000)
    page, page.wrong = context.new_page(), []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("console", lambda m: page.wrong.append(m.text) if m.type == "error" else None)
    yield page
    wrong = page.wrong
    context.close()
    assert wrong == []


def test_a_tie_is_entered_by_keyboard_with_names_in_their_own_script(
    desk: Any, kataib: Actor, pmf: Actor
) -> None:
    from playwright.sync_api import expect

    kataib.names.create(text="كتائب حزب الله", language="ar")
    desk.goto(address(Affiliation, "add"))
    pick(desk, ".field-subject .select2-selection", "كتائب", "Kataib Hezbollah")
    desk.locator("#id_kind").select_option("facade_of")
    pick(desk, ".field-object .select2-selection", "Mobilization", "Popular Mobilization Forces")
    desk.locator("#id_start").fill("2014-06~")
    expect(desk.locator("#id_start ~ output")).to_contain_text("about June 2014")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/affiliation/")
    affiliation = Affiliation.objects.get()
    assert (affiliation.subject, affiliation.object, affiliation.start) == (kataib, pmf, "2014-06~")


@pytest.mark.parametrize("width", [1280, 400])
def test_no_page_is_wider_than_the_window_nor_hides_a_name_behind_buttons(
    desk: Any, width: int, one_of_each: dict[type[Model], Model]
) -> None:
    attack: Any = one_of_each[Incident]
    Incident.objects.filter(pk=attack.pk).update(title="The attack on the base " * 8)
    desk.set_viewport_size({"width": width, "height": 900})
    narrow = "document.documentElement.scrollWidth <= innerWidth"
    for page in ("history", "preview"):
        desk.goto(address(one_of_each[Affiliation], page))
        assert desk.evaluate(narrow), page
    for row in (attack, one_of_each[Actor]):
        desk.goto(address(row))
        assert desk.evaluate(narrow), row
        name = desk.locator("#content > h2").bounding_box()
        assert desk.locator(".object-tools").bounding_box()["y"] >= name["y"] + name["height"]
        unlabelled = """[...document.querySelectorAll("input, select, textarea")].filter(field =>
            field.offsetParent && !["hidden", "submit"].includes(field.type)
            && !field.labels.length && !field.ariaLabel).map(field => field.name)"""
        assert desk.evaluate(unlabelled) == []
