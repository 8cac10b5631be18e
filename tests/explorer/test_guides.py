"""The documents on the site: their frame, their links and how Markdown becomes HTML."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from api import kept
from api.releases import make_release
from editorial.redaction.validation import check_note
from explorer import guides
from explorer.markdown import render
from publishing.models import Edition
from tests.explorer.conftest import Reader, Story

pytestmark = pytest.mark.django_db


class Links(HTMLParser):
    """The links and the ids of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.targets, self.ids = list[str](), list[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the target of a link, and the id of anything."""
        values = dict(attrs)
        if tag == "a":
            self.targets.append(str(values["href"]))
        if values.get("id"):
            self.ids.append(str(values["id"]))


def test_every_document_is_a_page(reader: Reader) -> None:
    index = reader.read("/docs/")
    ids = {}
    for name in guides.NAMES:
        page = reader.read(f"/docs/{name}")
        title = guides.read(name).title
        assert f'<h1 lang="en" dir="ltr">{title}</h1>' in page
        assert f'<a href="/docs/{name}">{title}</a>' in index
        assert " style=" not in page
        ids[name] = Links(page).ids
        assert len(set(ids[name])) == len(ids[name]), "an anchor occurs twice"
    for name in guides.NAMES:
        for target in Links(reader.read(f"/docs/{name}")).targets:
            address, _, anchor = target.partition("#")
            if address.startswith("/"):
                assert resolve(address.partition("?")[0])
            if anchor and (not address or address.startswith("/docs/")):
                linked = address.removeprefix("/docs/") or name
                assert anchor in ids[linked] or anchor == "main", target


def test_what_is_no_document_is_not_found(reader: Reader) -> None:
    for name in ("nothing", "..%2FREADME", "faq.md", "FAQ"):
        assert reader.get(f"/docs/{name}").status_code == 404, name
    assert reader.get("/docs").status_code == 301
    assert "<code>colour</code>" in reader.read("/docs/faq?colour=red", 400)


def test_a_document_has_no_past_but_its_links_have(reader: Reader, story: Story) -> None:
    old = Edition.objects.newest_snapshot()
    page = reader.read(f"/docs/faq?snapshot={old}")
    assert "This page shows the public record as it was" not in page
    assert f'<a href="/docs/?snapshot={old}">' in page


def test_uncertain_words_lead_to_what_they_mean(reader: Reader, story: Story) -> None:
    for address in ("/incidents/irq-2019-aaaa", "/actors/kataib"):
        targets = re.findall(
            r'class="explain" href="/docs/([\w-]+)#([\w-]+)"', reader.read(address)
        )
        assert len(targets) == 5
        for name, anchor in targets:
            assert anchor in [heading.anchor for heading in guides.read(name).headings], anchor


def test_the_page_about_says_who_publishes(reader: Reader, settings: Any) -> None:
    assert "The operator of this server has given none." in reader.read("/docs/")
    settings.CONTACT = "editors@example.org"
    guides.fingerprint.cache_clear()
    assert '<a href="mailto:editors@example.org">editors@example.org</a>' in reader.read("/docs/")
    settings.CONTACT = "https://example.org/contact"
    guides.fingerprint.cache_clear()
    assert '<a href="https://example.org/contact">' in reader.read("/docs/")
    guides.fingerprint.cache_clear()


def test_a_new_release_is_cited(reader: Reader, story: Story) -> None:
    before = reader.get("/docs/citing")
    assert "@misc{muster-first" not in before.content.decode()
    make_release("first", "", check_note)
    after = reader.get("/docs/citing", headers={"If-None-Match": before["ETag"]})
    text = " ".join(after.content.decode().split())
    assert "@misc{muster-first, title = {{Muster, release first}}, author = {{Muster}}," in text
    (address,) = re.findall(r"url = \{(https://localhost/[^}]+)\}", text)
    assert reader.get(address.removeprefix("https://localhost")).status_code == 200


def test_documents_need_a_fixed_number_of_queries(
    reader: Reader, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "STORE", kept.Store(0))
    for address, number in (("/docs/", 3), ("/docs/faq", 3), ("/docs/citing", 9)):
        reader.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert reader.get(address).status_code == 200
        assert len(captured) == number, address


def test_markdown_is_written_safely() -> None:
    text = render(
        "# A & B\n\nLead *text*.\n\n## Same\n\n<script>alert(1)</script>\n\n## Same\n\n"
        "[a](dates.md#same) [b](../secret.py) [c](javascript:alert(1)) [d](https://example.org)\n\n"
        "| n | x |\n|--:|---|\n| 1 | `a|b` |\n",
        guides.resolve,
    )
    assert (text.title, text.lead) == ("A & B", "Lead text.")
    assert [heading.anchor for heading in text.headings] == ["same", "same-1"]
    assert "<script>" not in text.html
    assert "<h1" not in text.html
    assert 'href="/docs/dates#same"' in text.html
    assert "javascript:" not in re.findall(r'href="([^"]*)"', text.html)
    assert '<a href="https://example.org">d</a>' in text.html
    assert "secret.py" not in text.html
    assert '<th class="number" scope="col">n</th>' in text.html
    assert "style" not in text.html


def test_a_diagram_is_a_table_of_what_it_connects() -> None:
    source = """```mermaid
erDiagram
    Incident ||--o{ Involvement : "we conclude"
flowchart BT
    a["Brigade"] -- "subordinate_of<br>2016" --> b["Group"]
    b --> a
```"""
    html = render(source, guides.resolve).html
    assert "<td>Incident</td><td>we conclude</td><td>Involvement</td>" in html
    assert "<td>Brigade</td><td>subordinate_of 2016</td><td>Group</td>" in html
    assert "<td>Group</td><td></td><td>Brigade</td>" in html
