"""Reports of readers: the form, its limits, the private table, and where else to report."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actors.models import Actor
from config.operator import find_reports_address
from curation import reporting
from curation.models import Report, ReportKind
from curation.rate_limits import RateLimit
from editorial.models import User
from publishing.models import Edition
from tests.contract.client import API
from tests.curation.admin_client import AdminClient, address
from tests.explorer.conftest import Reader
from tests.explorer.test_languages import LATIN, Texts
from tests.live import Live

pytestmark = pytest.mark.django_db
SENT = {
    "kind": "error",
    "page": "/actors/kataib",
    "snapshot": "12-0123abcd",
    "text": "It was founded in 2003.",
    "contact": "reader@example.org",
}
REFERENCE = re.compile(r'<strong class="reference">([2-9A-Z]{4}-[2-9A-Z]{4})</strong>')


@pytest.fixture(autouse=True)
def _no_reports_before() -> None:
    """Forget what other tests have sent."""
    reporting.LIMIT.clear()


@pytest.fixture
def reader() -> Reader:
    """A reader with a browser."""
    return Reader()


def send(reader: Client, **values: str) -> Any:
    """Open the form and send it filled in."""
    page = reader.get("/report")
    signed = re.search(r'name="form" value="([^"]+)"', page.content.decode())
    assert signed
    return reader.post("/report", SENT | {"form": signed[1]} | values)


def text_of(answer: Any) -> str:
    """Return the text of a page, with one blank for all white space."""
    return " ".join(answer.content.decode().split())


def test_every_page_links_to_the_form(reader: Reader, kataib: Actor, publish: Any) -> None:
    publish(kataib)
    snapshot = Edition.objects.newest_snapshot()
    for page in ("/actors/kataib", "/", "/search?type=actors", "/changes", "/releases"):
        link = re.search(r'rel="help" href="([^"]+)"', reader.read(page))
        assert link
        named = parse_qs(urlsplit(link[1].replace("&amp;", "&")).query)
        assert named == {"page": [page], "snapshot": [str(snapshot)]}
        form = reader.read(link[1].replace("&amp;", "&"))
        assert f'name="page" value="{page}"' in form
        assert f'name="snapshot" value="{snapshot}"' in form
    assert 'href="/report"' in reader.read("/actors/nobody", 404)  # like the page of a draft
    past = reader.read(f"/actors/kataib?snapshot={snapshot}")
    assert f'href="/report?page=/actors/kataib&amp;snapshot={snapshot}"' in past


def test_every_document_links_to_the_form(client: Client, kataib: Actor, publish: Any) -> None:
    publish(kataib)
    snapshot = Edition.objects.newest_snapshot()
    help_ = re.compile(r'<https://testserver(/report\?[^>]+)>; rel="help"; title="Report an error')
    for path in (
        *("actors/kataib", "actors", "actors/kataib/editions", "actors/kataib/editions/1"),
        *("changes?type=actor", "network?actor=kataib", "suggest?q=a", "statistics?group_by=year"),
        *("releases", "datapackage.json", "actors?format=csv", ""),
    ):
        answer = client.get(f"{API}{path}".rstrip("/"), secure=True)
        link = help_.search(answer["Link"])
        assert link, path
        named = parse_qs(urlsplit(link[1]).query)
        assert named["snapshot"] == [str(snapshot)]
        assert named["page"] == [f"{API}{path}".rstrip("/")]
    for path in ("vocabularies", "vocabularies/actor_kind", "schema"):
        link = help_.search(client.get(f"{API}{path}", secure=True)["Link"])
        assert link
        assert link[1] == f"/report?page={API}{path}"
    pinned = client.get(f"{API}actors?snapshot={snapshot}&q={'a' * 190}&count=true", secure=True)
    assert "snapshot%3D" not in pinned["Link"], "the page is named without its snapshot"
    long = client.get(f"{API}incidents?{'&'.join(f'tag=t{n}' for n in range(400))}", secure=True)
    assert "Link" not in long or f"page={API}incidents&" in long["Link"]


def test_a_report_gets_a_reference_number(reader: Reader) -> None:
    answer = send(reader)
    assert (answer.status_code, answer["Cache-Control"]) == (303, "no-store")
    page = text_of(reader.get(answer["Location"]))
    reference = REFERENCE.search(page)
    assert reference
    assert "What happens next" in page
    assert "You reported a danger" not in page
    report = Report.objects.get()
    assert report.reference == reference[1]
    assert {name: getattr(report, name) for name in SENT} == SENT
    assert (report.handled_at, report.handled_by, report.answer) == (None, None, "")


def test_a_danger_is_told_of_redaction(reader: Reader) -> None:
    answer = send(reader, kind="danger")
    page = text_of(reader.get(answer["Location"]))
    assert "It is at the top of the list of the editors." in page
    assert "from all its earlier editions" in page
    assert Report.objects.get().kind == ReportKind.DANGER


def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(reader: Reader) -> None:
    wrong = {"kind": "war", "page": "//evil.example/x", "text": " ", "contact": "c" * 201}
    answer = send(reader, **wrong)
    assert answer.status_code == 400
    page = text_of(answer)
    assert "The report has not been sent yet." in page
    for name, error in (
        ("kind", "Select a valid choice. war is not one of the available choices."),
        ("page", "Use the address of a page of this site."),
        ("text", "Write what is wrong, or who is in danger."),
        ("contact", "Ensure this value has at most 200 characters (it has 201)."),
    ):
        assert f'<p class="fault" id="id_{name}_error">{error} </p>' in page, name
    assert 'value="//evil.example/x"' in page
    assert 'aria-invalid="true"' in page
    assert not Report.objects.exists()
    long = send(reader, text="x" * 5001, kind="danger", page="")
    assert "Ensure this value has at most 5000 characters" in text_of(long)
    assert "x" * 5001 in text_of(long)
    assert re.search('<input type="radio" name="kind" value="danger"[^>]* checked', text_of(long))


def test_texts_are_escaped(reader: Reader) -> None:
    evil = "<script>alert(1)</script>\"'"
    for page in (
        reader.get(f"/report?page=/{quote(evil)}&snapshot={quote(evil)}"),
        send(reader, text="", contact=evil, page=evil, snapshot=evil),
    ):
        assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (
            "https://localhost/actors/kataib?snapshot=1-0123abcd",
            "/actors/kataib?snapshot=1-0123abcd",
        ),
        ("https://localhost", "/"),
        ("", ""),
        ("/search?q=كتائب", "/search?q=كتائب"),
    ],
)
def test_an_address_of_this_site_is_understood(reader: Reader, typed: str, kept: str) -> None:
    assert send(reader, page=typed).status_code == 303
    assert Report.objects.get().page == kept


@pytest.mark.parametrize(
    "page", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_an_address_of_another_site_is_refused(reader: Reader, page: str) -> None:
    assert send(reader, page=page).status_code == 400
    assert f'name="page" value="{page}"' not in text_of(reader.get(f"/report?page={quote(page)}"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(page=page, text="A text.")


def test_programs_are_caught_by_a_field_that_people_do_not_see(reader: Reader) -> None:
    answer = send(reader, website="https://spam.example")
    assert answer.status_code == 400
    assert "it is there to catch programs" in text_of(answer)
    assert "It was founded in 2003." in text_of(answer)
    assert not Report.objects.exists()


def test_sending_twice_reports_once(reader: Reader) -> None:
    signed = re.search(r'name="form" value="([^"]+)"', reader.read("/report"))
    assert signed
    first, again, other = (
        reader.post("/report", SENT | {"form": signed[1], "text": text})
        for text in ("A text.", "A text.", "Another text.")
    )
    pages = [REFERENCE.search(text_of(reader.get(a["Location"]))) for a in (first, again, other)]
    references = [page and page[1] for page in pages]
    assert references[0] == references[1] != references[2]
    assert Report.objects.count() == 2
    assert reader.post("/report", SENT | {"form": "forged:1:x"}).status_code == 303


def test_a_client_sends_five_reports_an_hour(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.CONTACT = "editors@example.org"
    for number in range(5):
        assert send(reader, text=f"Report {number}.").status_code == 303
    refused = send(reader, text="The sixth.", kind="danger")
    assert refused.status_code == 429
    assert 3500 < int(refused["Retry-After"]) <= 3600
    assert "Send it again in 60 minutes: what you wrote is still here." in text_of(refused)
    assert "The sixth.</textarea>" in text_of(refused)
    assert 'You can also write to: <bdi dir="ltr">editors@example.org</bdi>' in text_of(refused)
    assert Report.objects.count() == 5
    other = Reader()
    other.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert send(other).status_code == 303
    monkeypatch.setattr("curation.rate_limits.monotonic", lambda: 1e12)
    assert send(reader).status_code == 303


def test_all_clients_together_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("curation.rate_limits.monotonic", lambda: now)
    limit = RateLimit(per_client=2, overall=3, seconds=60)
    assert [limit.take(name) for name in "aaabc"] == [0, 0, 60, 0, 60]
    now = 1059.5
    assert limit.take("c") == 1
    now = 1060.0
    assert limit.take("c") == 0


def test_a_form_of_another_site_is_refused_but_nothing_is_lost() -> None:
    reader = Reader()
    reader.handler.enforce_csrf_checks = True
    headers = {"Referer": "https://localhost/report"}
    refused = reader.post("/report", SENT, headers=headers)
    assert refused.status_code == 403
    assert "Your browser did not send the cookie of this form." in text_of(refused)
    assert "It was founded in 2003.</textarea>" in text_of(refused)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text_of(refused))
    assert token
    sent = SENT | {"csrfmiddlewaretoken": token[1]}
    evil = reader.post("/report", sent, headers={"Origin": "https://evil.example"})
    assert evil.status_code == 403
    assert reader.post("/report", sent, headers=headers).status_code == 303
    assert Report.objects.count() == 1


def test_only_the_form_sets_a_cookie_and_no_cache_keeps_it(reader: Reader) -> None:
    answer = reader.get("/report", headers={"Accept-Encoding": "gzip"})
    assert answer["Cache-Control"] == "no-store"
    assert list(answer.cookies) == ["csrftoken"]
    assert answer.cookies["csrftoken"]["httponly"]
    assert "Cookie" in answer["Vary"]
    assert "Content-Encoding" not in answer.headers, "it has a secret beside what was typed"
    for page in ("/", "/changes", "/search"):
        answer = reader.get(page)  # with the cookie
        assert not answer.cookies
        assert "Cookie" not in answer["Vary"]


def test_no_page_shows_a_report(reader: Reader, kataib: Actor, publish: Any) -> None:
    publish(kataib)
    Report.objects.create(page="/actors/kataib", text="A canary.", contact="canary@example.org")
    table = Report._meta.db_table
    for page in (
        *("/", "/actors/kataib", "/changes", "/feeds/changes", "/releases", "/search?q=canary"),
        *(f"{API}actors", f"{API}changes", "/report", "/report?received=canary"),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert "canary@" not in reader.get(page).content.decode()
        assert not any(table in query["sql"] for query in queries), page


def test_a_report_needs_a_fixed_number_of_queries(reader: Reader) -> None:
    def count(act: Any) -> int:
        with CaptureQueriesContext(connection) as queries:
            act()
        return len(queries)

    Report.objects.create(text="Another one.")
    forms = [count(lambda: reader.get("/report?page=/actors/kataib")) for _ in range(2)]
    reports = [count(lambda: send(reader)) for _ in range(2)]
    assert (forms, reports) == ([1, 1], [8, 8])


def test_forged_confirmations_are_the_form(reader: Reader) -> None:
    assert "Thank you" not in reader.read("/report?received=ABCD-EFGH")
    assert reader.put("/report").status_code == 405


def test_the_form_and_its_answers_are_in_arabic_too(reader: Reader) -> None:
    def read_english(answer: Any) -> set[str]:
        page = answer.content.decode()
        assert '<html lang="ar" dir="rtl">' in page
        texts = Texts(REFERENCE.sub("", page)).texts  # which can look like a word
        return {word for text in texts for word in LATIN.findall(text)} - {"Muster"}

    form = reader.get("/ar/report?page=/ar/actors/kataib")
    assert read_english(form) == {"actors", "hezbollah"}, "the example of an address"
    page = text_of(form)
    assert 'action="/ar/report"' in page
    assert 'name="page" value="/ar/actors/kataib"' in page
    english = "https://localhost/report?page=/ar/actors/kataib"
    assert f'<a href="{english}" lang="en" hreflang="en">English</a>' in page
    wrong = SENT | {
        "kind": "war",
        "text": "",
        "page": "//evil.example",
        "website": "x",
        "contact": "",
    }
    refused = reader.post("/ar/report", wrong)
    assert refused.status_code == 400
    assert read_english(refused) == {"actors", "hezbollah"}
    assert "اكتب ما الخطأ، أو من في خطر." in text_of(refused)
    for number in range(5):
        taken = reader.post("/ar/report", SENT | {"kind": "danger", "text": f"Report {number}."})
        assert taken["Location"].startswith("/ar/report?received=")
    thanks = reader.get(taken["Location"])
    assert read_english(thanks) == set()
    assert REFERENCE.search(text_of(thanks))
    busy = reader.post("/ar/report", SENT | {"text": "The sixth."})
    assert (busy.status_code, "بعد 60 دقيقة" in text_of(busy)) == (429, True)
    assert read_english(busy) == {"actors", "hezbollah"}


# --- where else to report


def test_an_operator_may_take_reports_elsewhere(
    reader: Reader, client: Client, kataib: Actor, publish: Any, settings: Any
) -> None:
    publish(kataib)
    snapshot = Edition.objects.newest_snapshot()
    before = reader.get("/actors/kataib")
    settings.REPORTS = "mailto:errors@example.org"
    page = reader.get("/actors/kataib", headers={"If-None-Match": before["ETag"]})
    assert page.status_code == 200, "the page has changed"
    written = (
        "mailto:errors@example.org?subject=Report%3A%20/actors/kataib"
        f"&body=/actors/kataib%0ASnapshot%3A%20{snapshot}%0A%0A"
    )
    assert written.replace("&", "&amp;") in page.content.decode()
    form = reader.read("/report?page=/actors/kataib")
    assert '<form action="/report"' not in form
    assert '<a href="mailto:errors@example.org" dir="ltr">errors@example.org</a>' in form
    assert reader.post("/report", SENT).status_code == 404
    settings.REPORTS = "https://example.org/errors?of=muster"
    link = client.get(f"{API}actors/kataib", secure=True)["Link"]
    assert (
        f"<https://example.org/errors?of=muster&page={API}actors/kataib&snapshot={snapshot}>;"
        ' rel="help"'
    ) in link
    assert not Report.objects.exists()


def test_a_node_without_editors_shows_no_form(
    reader: Reader, client: Client, kataib: Actor, publish: Any, settings: Any
) -> None:
    publish(kataib)
    settings.REPORTS = find_reports_address("", "on", "", "/report")
    assert 'rel="help"' not in reader.read("/actors/kataib")
    assert "help" not in client.get(f"{API}actors/kataib", secure=True)["Link"]
    assert "Link" not in client.get(f"{API}vocabularies", secure=True).headers
    page = reader.read("/report", 404)
    assert '<form action="/report"' not in page
    assert "its operator has given no address for reports" in page
    assert reader.post("/report", SENT).status_code == 404
    settings.REPORTS = find_reports_address("", "https://main.example/", "", "/report")
    assert 'href="https://main.example/report?page=/actors/kataib&amp;snap' in reader.read(
        "/actors/kataib"
    )
    assert '<a href="https://main.example/report" dir="ltr">' in reader.read("/report")


@pytest.mark.parametrize(
    ("reports", "follows", "contact", "found"),
    [
        ("", "off", "", "/report"),
        ("", "off", "me@example.org", "/report"),
        ("errors@example.org", "off", "", "mailto:errors@example.org"),
        ("mailto:errors@example.org", "off", "", "mailto:errors@example.org"),
        ("https://example.org/e", "https://main.example", "", "https://example.org/e"),
        ("", "https://main.example", "me@example.org", "https://main.example/report"),
        ("", "on", "me@example.org", "mailto:me@example.org"),
        ("", "on", "https://example.org", "https://example.org"),
        ("", "on", "", ""),
    ],
)
def test_where_reports_are_taken(reports: str, follows: str, contact: str, found: str) -> None:
    assert find_reports_address(reports, follows, contact, "/report") == found


@pytest.mark.parametrize("reports", ["javascript:alert(1)", "a b@example.org", "example.org", "@"])
def test_an_address_that_is_none_is_refused(reports: str) -> None:
    with pytest.raises(ValueError, match="MUSTER_REPORTS"):
        find_reports_address(reports, "off", "", "/report")


# --- the admin


def test_editors_read_reports_with_open_dangers_first(
    editor_client: AdminClient, editor: User
) -> None:
    done = Report.objects.create(text="Done.", kind="danger", page="/actors/done")
    done.handle(editor, "Corrected.")
    Report.objects.create(text="A danger.", kind="danger", page="/a?b=c", snapshot="7-0123abcd")
    Report.objects.create(text="An <b>error</b>.")
    page = text_of(editor_client.get(address(Report, "changelist")))
    texts = re.findall(r'<td class="field-beginning">([^<]+)</td>', page)
    assert texts == ["A danger.", "An &lt;b&gt;error&lt;/b&gt;.", "Done."]
    assert page.count("URGENT: a danger") == 1
    assert '<a href="/a?b=c">/a?b=c</a>' in page
    open_ = text_of(editor_client.get(address(Report, "changelist") + "?handled=no"))
    assert "Done." not in open_
    index = text_of(editor_client.get("/admin/"))
    assert "2 open reports of readers, 1 of a danger: read it now" in index
    danger = Report.objects.get(text="A danger.")
    detail = text_of(editor_client.get(address(danger)))
    assert '<a href="/a?b=c&amp;snapshot=7-0123abcd">7-0123abcd</a>' in detail


def test_editors_mark_a_report_as_handled_with_a_note(
    editor_client: AdminClient, editor: User
) -> None:
    report = Report.objects.create(text="The year is wrong.")
    empty = editor_client.do(report, "handle")
    assert "Say what was done: other editors read it." in empty.content.decode()
    editor_client.do(report, "handle", "Corrected in edition 2.")
    report.refresh_from_db()
    assert (report.handled_by, report.answer) == (editor, "Corrected in edition 2.")
    with pytest.raises(ValidationError, match="handled already"):
        report.handle(editor, "Again.")
    page = text_of(editor_client.get(address(report)))
    assert "Mark as handled" not in page
    assert "Corrected in edition 2." in page
    assert "open report" not in text_of(editor_client.get("/admin/"))


def test_reports_are_neither_written_nor_changed_in_the_admin(
    editor_client: AdminClient, reviewer_client: AdminClient
) -> None:
    report = Report.objects.create(text="The year is wrong.")
    for desk in (editor_client, reviewer_client):
        assert desk.get(address(Report, "add")).status_code == 403
        assert desk.post(address(report), {"text": "Nothing."}).status_code == 403
    assert editor_client.get(address(report, "delete")).status_code == 403
    assert reviewer_client.post(address(report, "delete"), {"post": "yes"}).status_code == 302
    assert not Report.objects.exists()
    stranger = Client(SERVER_NAME="localhost").get(address(Report, "changelist"), secure=True)
    assert stranger.status_code == 302


def test_handled_reports_are_deleted_after_half_a_year(reader: Reader, editor: User) -> None:
    old, new, open_ = (Report.objects.create(text=text) for text in ("Old.", "New.", "Open."))
    for report in (old, new):
        report.handle(editor, "Done.")
    now = timezone.now()
    Report.objects.filter(pk=old.pk).update(handled_at=now - timedelta(days=181))
    Report.objects.filter(pk=new.pk).update(handled_at=now - timedelta(days=179))
    Report.objects.filter(pk=open_.pk).update(reported_at=now - timedelta(days=1000))
    assert send(reader).status_code == 303
    assert set(Report.objects.values_list("text", flat=True)) == {"New.", "Open.", SENT["text"]}


def test_the_database_refuses_half_a_handling(editor: User) -> None:
    for values in ({"answer": "Done."}, {"handled_at": timezone.now()}, {"handled_by": editor}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.create(text="A text.", **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(text="")


# --- in a browser


@pytest.mark.parametrize("width", [1280, 390])
def test_a_reader_reports_without_scripts(
    browser: Any, bare: None, live: Live, kataib: Actor, publish: Any, width: int
) -> None:
    publish(kataib)
    context = browser.new_context(
        base_url=live.url, viewport={"width": width, "height": 900}, java_script_enabled=False
    )
    page, requests = context.new_page(), list[str]()
    page.on("request", lambda request: requests.append(request.url))
    page.goto("/actors/kataib")
    assert context.cookies() == []
    page.get_by_role("link", name="Report an error or a danger on this page").click()
    assert page.get_by_label("Which page?").input_value() == "/actors/kataib"
    trap = page.locator("p.hidden", has=page.get_by_label("Leave this field empty"))
    assert trap.bounding_box()["width"] == 1
    page.get_by_label("A danger").check()
    page.get_by_label("How can we reach you?").fill("قارئ")
    page.get_by_role("button", name="Send the report").click()
    page.get_by_text("The report has not been sent yet.").wait_for()
    assert page.get_by_label("A danger").is_checked()
    assert page.get_by_label("How can we reach you?").input_value() == "قارئ"
    page.get_by_label("What is wrong").fill("اسم الشاهد مذكور.")
    page.get_by_role("button", name="Send the report").click()
    page.get_by_text("Thank you: the report has arrived").wait_for()
    report = Report.objects.get()
    assert page.locator(".reference").inner_text() == report.reference
    assert (report.kind, report.text, report.contact) == ("danger", "اسم الشاهد مذكور.", "قارئ")
    page.reload()
    assert Report.objects.count() == 1
    assert all(url.startswith((live.url, "data:")) for url in requests)
    assert [cookie["name"] for cookie in context.cookies()] == ["csrftoken"]
    context.close()
