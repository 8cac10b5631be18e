"""What is typed in the admin outlives the session, Back and other people, in a real browser."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from actors.models import Actor
from curation.models import OpenForm
from editorial.models import User
from editorial.redaction.redact import redact
from incidents.models import Incident
from places.models import Place
from tests.curation.admin_client import AdminClient, address
from tests.live import Live, pick, ready, until

PASSWORD = "correct horse battery"
Open = Callable[[User], Any]
pytestmark = pytest.mark.usefixtures("bare")


@pytest.fixture
def visit(browser: Any, live: Live) -> Iterator[Open]:
    """Open a browser of their own for a person, who is logged in."""
    contexts, wrong = [], []

    def visit(person: User) -> Any:
        person.set_password(PASSWORD)
        person.save()
        session = AdminClient(person).cookies["sessionid"].value
        context = browser.new_context(base_url=live.url, viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": session, "url": live.url}])
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.dialogs = []
        page.stay = False
        page.on("pageerror", lambda error: wrong.append(str(error)))

        def answer(dialog: Any) -> None:
            page.dialogs.append(dialog.type)
            dialog.dismiss() if page.stay else dialog.accept()

        page.on("dialog", answer)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def attack(live: Live) -> Incident:
    return Incident.objects.create(title="Attack on K-1", date="2019-12-27")


def save(page: Any) -> None:
    page.locator('input[name="_save"]').last.click()


def restore(page: Any) -> None:
    """Restore what is offered, and wait until it is in the form."""
    page.locator(".unsaved").get_by_text("Restore").click()
    page.locator("input[name=form_state][data-unsaved]").wait_for(state="attached")
    ready(page)


def log_in(page: Any, person: User) -> None:
    page.wait_for_url("**/login/**")
    page.locator("#id_username").fill(person.username)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#login-form input[type=submit]").click()
    page.wait_for_url(lambda url: "/login/" not in url)
    ready(page)


def copies(page: Any) -> list[str]:
    return page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('muster'))")


def is_kept(page: Any) -> bool:
    """Return whether the server keeps all that is typed into the form of a page."""
    sent = page.evaluate(
        "JSON.stringify([...new FormData(document.querySelector('input[name=form_state]').form)]"
        ".filter(([name]) => !['form_state', 'open_form', 'csrfmiddlewaretoken'].includes(name)"
        " && !name.includes('__prefix__')))"
    )
    return json.loads(sent) in OpenForm.objects.values_list("sent", flat=True)


def add_location(page: Any, place: str) -> None:
    """Add a location, with a place that is picked by searching for it."""
    page.locator("button[data-add=locations]").click()
    page.locator("#id_locations-0-precision").select_option("country")
    page.locator("#locations-0 > .more > summary").click()
    page.locator("#id_locations-0-description").fill("قرب القاعدة")
    pick(page, "[aria-labelledby=select2-id_locations-0-place-container]", place, place)


def shows_location(page: Any, place: str) -> None:
    from playwright.sync_api import expect

    expect(page.locator("#id_title")).to_have_value("Typed for an hour")
    expect(page.locator("#id_locations-0-description")).to_have_value("قرب القاعدة")
    expect(
        page.locator("[aria-labelledby=select2-id_locations-0-place-container]")
    ).to_contain_text(place)


@pytest.mark.parametrize("page_name", ["change", "add"])
def test_the_form_comes_back_when_the_session_has_ended(
    page_name: str, visit: Open, attack: Incident, iraq: Place, editor: User
) -> None:
    from playwright.sync_api import expect

    page = visit(editor)
    page.goto(address(attack if page_name == "change" else Incident, page_name))
    ready(page)
    page.locator("#id_title").fill("Typed for an hour")
    add_location(page, "Iraq")
    Session.objects.all().delete()
    save(page)
    log_in(page, editor)
    notice = page.locator(".unsaved")
    expect(notice).to_have_text(re.compile(r"You have unsaved changes from \d\d:\d\d"))
    restore(page)
    shows_location(page, "Iraq")
    assert not Incident.objects.filter(title="Typed for an hour").exists()
    assert page.dialogs == []
    save(page)
    page.wait_for_url("**/incident/")
    saved = Incident.objects.get(title="Typed for an hour")
    assert saved.locations.get().place == iraq
    ready(page)
    assert copies(page) == []
    assert page.locator(".unsaved").count() == 0


def test_the_form_comes_back_after_signing_in_again_in_another_tab(
    visit: Open, attack: Incident, editor: User
) -> None:
    """The old tab is refused as its form is of the session before; Back has what was typed."""
    page = visit(editor)
    page.goto(address(attack))
    ready(page)
    page.locator("#id_title").fill("Typed for an hour")
    Session.objects.all().delete()
    other = page.context.new_page()
    other.goto("/admin/")
    log_in(other, editor)
    save(page)
    page.get_by_text("The form was not accepted").wait_for()
    page.go_back()
    page.get_by_text("Your unsaved changes are in the form again").wait_for()
    ready(page)
    save(page)
    page.wait_for_url("**/incident/")
    attack.refresh_from_db()
    assert attack.title == "Typed for an hour"


def test_another_person_at_the_same_browser_is_offered_nothing(
    visit: Open, attack: Incident, editor: User, reviewer: User
) -> None:
    reviewer.set_password(PASSWORD)
    reviewer.save()
    page = visit(editor)
    page.goto(address(attack))
    ready(page)
    page.locator("#id_title").fill("Typed for an hour")
    Session.objects.all().delete()
    save(page)
    log_in(page, reviewer)
    assert page.locator(".unsaved").count() == 0
    assert copies(page) == []
    assert "Typed for an hour" not in page.content()


def test_signing_out_removes_the_copies_of_all_tabs(
    visit: Open, attack: Incident, editor: User
) -> None:
    page = visit(editor)
    page.goto(address(attack))
    ready(page)
    page.locator("#id_title").fill("Typed for an hour")
    until(page, lambda: len(copies(page)) == 1)
    other = page.context.new_page()
    other.goto("/admin/")
    other.locator("#logout-form button").click()
    other.wait_for_load_state("load")
    until(page, lambda: copies(page) == [])


def test_leaving_warns_and_back_shows_what_was_typed(
    visit: Open, attack: Incident, iraq: Place, editor: User
) -> None:
    """By a link to the citations of a part, which is on a page of its own."""
    figure = attack.casualties.create(measure="killed", best=1)
    page = visit(editor)
    page.goto(address(attack))
    ready(page)
    link = page.locator(f'a[href="{address(figure)}"]')
    page.locator("#casualties-0 > summary").click()
    link.click()
    page.wait_for_url("**/casualtyfigure/**")
    assert page.dialogs == [], "nothing was typed"
    page.go_back()
    ready(page)
    page.locator("#id_title").fill("Typed for an hour")
    add_location(page, "Iraq")
    page.stay = True
    page.locator("#casualties-0 > summary").click()
    link.click()
    until(page, lambda: page.dialogs == ["beforeunload"])
    shows_location(page, "Iraq")
    page.stay = False
    link.click()
    page.wait_for_url("**/casualtyfigure/**")
    page.go_back()
    page.wait_for_url(f"**{address(attack)}")
    page.get_by_text("Your unsaved changes are in the form again").wait_for()
    ready(page)
    shows_location(page, "Iraq")
    save(page)
    page.wait_for_url("**/incident/")
    page.go_back()
    ready(page)
    assert page.locator(".unsaved, .errornote").count() == 0
    assert attack.locations.count() == 1


def test_removed_rows_and_discarded_copies(visit: Open, attack: Incident, editor: User) -> None:
    page = visit(editor)
    page.goto(address(attack))
    ready(page)
    page.locator("button[data-add=locations]").click()
    until(page, lambda: len(copies(page)) == 1)
    page.locator("#id_locations-0-DELETE").click()
    until(page, lambda: copies(page) == [])
    page.locator("#id_title").fill("Typed for an hour")
    page.goto("/admin/")
    ready(page)
    assert "Attack on K-1" in page.locator(".unsaved").text_content()
    page.goto(address(attack))
    ready(page)
    page.locator(".unsaved").get_by_text("Discard").click()
    assert copies(page) == []
    assert page.locator("#id_title").input_value() == "Attack on K-1"


def test_a_double_click_makes_one_record(visit: Open, live: Live, editor: User) -> None:
    page = visit(editor)
    page.goto(address(Incident, "add"))
    ready(page)
    page.locator("#id_title").fill("Attack on K-1")
    page.locator('input[name="_save"]').last.dblclick()
    page.wait_for_url("**/incident/")
    assert Incident.objects.count() == 1
    assert page.dialogs == []


def test_two_people_at_one_record(
    visit: Open, kataib: Actor, live: Live, editor: User, reviewer: User
) -> None:
    """One deletes a row, the other edits it and sees so; at 390 pixels, too."""
    from playwright.sync_api import expect

    kataib.names.create(text="KH", kind="alias")
    mine, theirs = visit(editor), visit(reviewer)
    for page in (mine, theirs):
        page.goto(address(kataib))
        ready(page)
    theirs.locator("#id_names-0-DELETE").check()
    save(theirs)
    theirs.wait_for_url("**/actor/")
    mine.set_viewport_size({"width": 390, "height": 800})
    mine.locator("#id_names-0-text").fill("كتائب حزب الله")
    save(mine)
    expect(mine.locator(".errornote")).to_contain_text("others changed this since you opened it")
    expect(mine.locator(".comparison")).to_contain_text(f"deleted by {reviewer.username}")
    expect(mine.locator("#id_names-0-text")).to_have_value("كتائب حزب الله")
    assert mine.evaluate("document.documentElement.scrollWidth <= innerWidth")
    typed = mine.locator(".comparison td", has_text="كتائب حزب الله").bounding_box()
    assert typed["x"] + typed["width"] <= 390
    assert not kataib.names.exists()
    ready(mine)
    save(mine)
    mine.wait_for_url("**/actor/")
    assert kataib.names.get().text == "كتائب حزب الله"
    assert mine.dialogs == []


def test_what_others_changed_while_signed_out_is_found_when_restoring(
    visit: Open, attack: Incident, editor: User
) -> None:
    from playwright.sync_api import expect

    page = visit(editor)
    page.goto(address(attack))
    ready(page)
    page.locator("#id_summary").fill("Typed for an hour")
    Session.objects.all().delete()
    save(page)
    Incident.objects.update(title="Corrected", date="2019-12-28")
    log_in(page, editor)
    restore(page)
    expect(page.locator(".comparison")).to_contain_text("Corrected")
    expect(page.locator("#id_title")).to_have_value("Corrected")
    expect(page.locator("#id_summary")).to_have_value("Typed for an hour")


def test_the_reason_typed_for_a_verb_comes_back(
    visit: Open, attack: Incident, editor: User
) -> None:
    page = visit(editor)
    page.goto(address(attack, "submit"))
    ready(page)
    page.locator("textarea").fill("A long note")
    Session.objects.filter(expire_date__gt=timezone.now()).delete()
    page.locator("#content-main input[type=submit]").click()
    log_in(page, editor)
    restore(page)
    assert page.locator("textarea").input_value() == "A long note"
    page.locator("#content-main input[type=submit]").click()
    page.get_by_text("Submitted for review as").wait_for()


def test_a_window_to_add_what_is_quoted_is_offered_nothing_of_the_form_beside_it(
    visit: Open, live: Live, editor: User
) -> None:
    """It has the same address, and begins with a copy of what that tab keeps."""
    from playwright.sync_api import expect

    page = visit(editor)
    page.goto(address(Place, "add"))
    ready(page)
    page.locator("#id_name").fill("The base")
    until(page, lambda: len(copies(page)) == 1)
    with page.expect_popup() as opened:
        page.locator("#add_id_parent").click()
    popup = opened.value
    ready(popup)
    assert popup.locator(".unsaved").count() == 0
    popup.locator("#id_name").fill("Anbar")
    popup.locator("#id_kind").select_option("admin1")
    Session.objects.all().delete()
    save(popup)
    log_in(popup, editor)
    restore(popup)
    assert popup.locator("#id_name").input_value() == "Anbar"
    with popup.expect_event("close"):
        save(popup)
    expect(page.locator("#select2-id_parent-container")).to_contain_text("Anbar")
    expect(page.locator("#id_name")).to_have_value("The base")
    assert Place.objects.get().name == "Anbar"


def test_a_crash_loses_nothing_and_others_see_who_works_on_the_record(
    visit: Open, attack: Incident, iraq: Place, editor: User, reviewer: User
) -> None:
    """The tab is gone with its copy: the server has the form, on every machine of its person."""
    from playwright.sync_api import expect

    page = visit(editor)
    page.goto(address(attack))
    ready(page)
    page.locator("#id_title").fill("Typed for an hour")
    add_location(page, "Iraq")
    until(page, lambda: is_kept(page))
    colleague = visit(reviewer)
    colleague.goto(address(attack))
    ready(colleague)
    expect(colleague.locator(".others")).to_contain_text(
        re.compile(rf"{editor.username} has had this open since \d\d:\d\d")
    )
    assert colleague.locator(".unsaved").count() == 0
    assert "Typed for an hour" not in colleague.content()
    page.context.close()
    elsewhere = visit(editor)
    elsewhere.goto("/admin/")
    expect(elsewhere.locator("form.unsaved")).to_contain_text("Attack on K-1")
    elsewhere.goto(address(attack))
    ready(elsewhere)
    bar = elsewhere.locator("form.unsaved")
    expect(bar).to_contain_text(re.compile(r"unsaved text from\s+\d\d:\d\d"))
    expect(elsewhere.locator(".others")).to_contain_text(reviewer.username)
    restore(elsewhere)
    shows_location(elsewhere, "Iraq")
    save(elsewhere)
    elsewhere.wait_for_url("**/incident/")
    attack.refresh_from_db()
    assert attack.title == "Typed for an hour"
    assert attack.locations.get().place == iraq
    assert not OpenForm.objects.filter(user=editor).exists()
    elsewhere.goto("/admin/")
    assert elsewhere.locator(".unsaved").count() == 0


def test_a_page_says_when_the_session_has_ended_or_something_was_redacted(
    visit: Open, kataib: Actor, live: Live, editor: User, reviewer: User
) -> None:
    from playwright.sync_api import expect

    kataib.description = "Led by Zaynab Example."
    kataib.save()
    page = visit(editor)
    page.goto(address(kataib))
    ready(page)
    page.locator("#id_description").fill("Led by Zaynab Example, they say.")
    until(page, lambda: is_kept(page))
    redact(kataib, reviewer, "Privacy.", values=["Zaynab Example"])
    assert "Zaynab" not in str(OpenForm.objects.values_list("sent", "state"))
    page.locator("#id_description").fill("Led by Zaynab Example, we say.")
    expect(page.locator(".kept")).to_contain_text("Something was redacted")
    assert "Zaynab" not in str(OpenForm.objects.values_list("sent", "state"))
    Session.objects.all().delete()
    page.locator("#id_description").fill("Unknown leaders.")
    expect(page.locator(".kept")).to_contain_text("You are signed out")
    page.locator(".kept a").click()
    log_in(page, editor)
    assert page.locator(".unsaved").count() == 1, "the copies of the tab and of the server are one"
    restore(page)
    expect(page.locator("#id_description")).to_have_value("Unknown leaders.")
    save(page)
    page.wait_for_url("**/actor/")
    kataib.refresh_from_db()
    assert kataib.description == "Unknown leaders."


def test_two_tabs_of_one_form_keep_both_texts(visit: Open, attack: Incident, editor: User) -> None:
    page = visit(editor)
    page.goto(address(attack))
    ready(page)
    page.locator("#id_title").fill("First")
    until(page, lambda: is_kept(page))
    other = page.context.new_page()
    other.goto(address(attack))
    ready(other)
    other.get_by_text("You have this open in another window").wait_for()
    restore(other)
    other.locator("#id_title").fill("Second")
    until(other, lambda: "Second" in str(OpenForm.objects.values_list("sent")))
    page.locator("#id_title").fill("First again")
    until(page, lambda: "First again" in str(OpenForm.objects.values_list("sent")))
    assert "Second" in str(OpenForm.objects.values_list("sent"))
    save(other)
    other.wait_for_url("**/incident/")
    save(page)
    page.get_by_text("Nothing was saved").wait_for()
    assert page.locator("#id_title").input_value() == "First again"
