"""Names in Arabic letters turn nothing around: measured in a browser, word by word."""

import re
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.test import RequestFactory
from django.urls import reverse

from actors.models import Actor, Affiliation
from editorial import workflow
from editorial.models import Submission, User
from editorial.redaction.redact import redact
from incidents.models import Incident
from places.models import Place
from publishing.bidi import isolate
from sources.models import Publisher, Source
from tests.contract.client import API, ContractClient
from tests.curation import test_admin_browser as browsed
from tests.curation.admin_client import AdminClient, address
from tests.live import ready

desk = browsed.desk

FACADE, BACKER = "عصبة الثائرين", "كتائب حزب الله"
KIND = "facade of"
LEFT = """([root, words]) => {
    const walker = document.createTreeWalker(document.querySelector(root), NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    const text = nodes.map(node => node.data).join("");
    const point = at => {
        for (const node of nodes) {
            if (at <= node.data.length) return [node, at];
            at -= node.data.length;
        }
    };
    return words.map(word => {
        const at = text.indexOf(word);
        if (at < 0) return null;
        const range = document.createRange();
        range.setStart(...point(at + 1));  // inside the first letter's node
        range.setStart(range.startContainer, range.startOffset - 1);
        range.setEnd(...point(at + word.length));
        const [box] = range.getClientRects();
        return [Math.round(box.left), Math.round(box.top)];
    });
}"""


def in_order(page: Any, root: str, *words: str) -> None:
    """Hold the words of an element to follow each other from left to right, line by line."""
    found = page.evaluate(LEFT, [root, list(words)])
    assert None not in found, (root, words, page.locator(root).first.inner_text())
    for (left, top), (next_left, next_top) in pairwise(found):
        assert next_top > top + 8 or (abs(next_top - top) <= 8 and next_left > left), (root, found)


@pytest.fixture
def affiliation(transactional_db: None) -> Affiliation:
    facade = Actor.objects.create(name=FACADE, kind="armed_organisation", slug="facade")
    backer = Actor.objects.create(name=BACKER, kind="armed_organisation", slug="backer")
    return Affiliation.objects.create(subject=facade, kind="facade_of", object=backer)


def test_every_page_of_a_tie_reads_subject_kind_object(
    desk: Any, affiliation: Affiliation, editor: User
) -> None:
    parts = (FACADE, KIND, BACKER)
    desk.goto(address(affiliation))
    in_order(desk, "#content > h2", *parts)
    in_order(desk, ".breadcrumbs", "Home", "Affiliations", *parts)
    for page, last in (("preview", "Preview"), ("submit", "Submit for review")):
        desk.goto(address(affiliation, page))
        in_order(desk, "#content > h2", *parts)
        in_order(desk, ".breadcrumbs", "Affiliations", *parts, last)
    for page in ("history", "delete"):
        desk.goto(address(affiliation, page))
        in_order(desk, ".breadcrumbs", "Affiliations", *parts)
    in_order(desk, "#content > p", "the affiliation", *parts, "? All")
    in_order(desk, "#content ul:not(.deletelist, .object-tools) li a", *parts)
    desk.goto(address(Affiliation, "changelist"))
    in_order(desk, "#result_list tbody th", *parts)
    desk.goto(address(affiliation, "history"))
    in_order(desk, "#content h1, #content > h2", "Change history", *parts)


def test_lists_choices_and_messages_keep_their_order(
    desk: Any, affiliation: Affiliation, editor: User
) -> None:
    parts = (FACADE, KIND, BACKER)
    attack = Incident.objects.create(title="هجوم على قاعدة", date="2019-12-27")
    attack.effects.create(kind="starts", affiliation=affiliation)
    desk.goto(address(attack))
    in_order(desk, "#content > h2", "هجوم على قاعدة", "(2019-12-27)")
    in_order(desk, "#effects-0 .sentence", "starts", *parts)
    desk.locator("#effects-0 > summary").click()
    in_order(desk, "#effects-0 .select2-selection__rendered", *parts)
    desk.locator("#effects-0 .select2-selection").first.click()
    desk.locator(".select2-results__option--highlighted", has_text=KIND).wait_for()
    in_order(desk, ".select2-results__option--highlighted", *parts)
    desk.keyboard.press("Escape")
    desk.goto(address(affiliation.subject))
    in_order(desk, "#content > h2", FACADE, "(armed organisation)")
    desk.goto(address(affiliation))
    desk.locator("#id_note").fill("Checked.")
    desk.locator("input[name=_save]").first.click()
    desk.wait_for_url("**/affiliation/")
    in_order(desk, ".messagelist", "The affiliation", *parts, "was changed")
    desk.goto(address(attack, "submit"))
    for draft in (*parts, BACKER, FACADE):
        in_order(desk, ".action-rows", draft)
    desk.goto(reverse("admin:index"))
    in_order(desk, ".actionlist a", *parts)


def test_a_long_name_that_is_cut_leaves_the_path_in_order(
    desk: Any, affiliation: Affiliation, editor: User
) -> None:
    Actor.objects.filter(pk=affiliation.subject_id).update(name=f"{FACADE} " * 12)
    for page, last in (("submit", "Submit for review"), ("delete", "Delete")):
        desk.goto(address(affiliation, page))
        in_order(desk, ".breadcrumbs", "Affiliations", FACADE, last)


def test_the_submission_of_a_tie_is_called_as_it_reads(
    desk: Any, affiliation: Affiliation, editor: User
) -> None:
    workflow.submit(affiliation.subject, editor)
    desk.goto(address(Submission, "changelist"))
    number = str(Submission.objects.get().pk)
    in_order(desk, "#result_list tbody th", f"{number}:", FACADE)


def test_the_pages_on_which_a_tie_is_decided_read_subject_kind_object(
    desk: Any, affiliation: Affiliation, editor: User, publish: Any
) -> None:
    parts = (FACADE, KIND, BACKER)
    publish(affiliation.subject, affiliation.object)
    submission = workflow.submit(affiliation, editor)
    for page in (address(submission), address(affiliation, "preview")):
        desk.goto(page)
        in_order(desk, ".review-text h2", *parts)
        desk.locator(".review-json summary").click()
        in_order(desk, "pre.body .line:nth-child(2)", '"id":', *parts)
        in_order(desk, "pre.body .line:nth-child(3)", '"subject":', FACADE, "(armed organisation)")


def test_what_others_changed_and_what_was_not_saved_reads_as_it_was_entered(
    desk: Any, affiliation: Affiliation, editor: User
) -> None:
    parts = (FACADE, KIND, BACKER)
    attack = Incident.objects.create(title="Attack", date="2019-12-27")
    effect = attack.effects.create(kind="starts", affiliation=affiliation)
    desk.goto(address(attack))
    ready(desk)
    effect.delete()
    desk.locator("#id_summary").fill("Typed")
    desk.locator("input[name=_save]").first.click()
    desk.locator(".comparison").wait_for()
    in_order(desk, ".comparison tr:nth-child(3)", "Affiliation", *parts)
    desk.goto(address(affiliation))
    ready(desk)
    desk.locator("#id_note").fill("Typed")
    desk.goto(reverse("admin:index"))
    in_order(desk, ".unsaved bdi", *parts, "Change affiliation")


def test_what_is_plain_text_isolates_each_name(
    db: None,
    reviewer_client: AdminClient,
    editor_client: AdminClient,
    publish: Any,
    api: ContractClient,
) -> None:
    one, two = (
        Actor.objects.create(name=name, kind="armed_organisation", slug=slug)
        for name, slug in ((FACADE, "facade"), (BACKER, "backer"))
    )
    affiliation = Affiliation.objects.create(subject=one, kind="facade_of", object=two)
    reads = f"\u2068{FACADE}\u2069 – {KIND} – \u2068{BACKER}\u2069"
    assert str(affiliation) == reads
    for page in ("change", "submit", "delete", "history", "preview"):
        text = editor_client.get(address(affiliation, page)).text
        title = re.search(r"<title>(.*?)</title>", text, re.S)
        assert title
        assert FACADE not in title[1] or reads in title[1]
        assert_isolated(text)
    publish(one, two, affiliation)
    selected = {"action": "merge_selected", "_selected_action": [one.pk, two.pk]}
    page = address(Actor, "changelist")
    assert f"\u2068{FACADE}\u2069 (armed organisation)" in reviewer_client.post(page, selected).text
    merged = selected | {"confirmed": "yes", "stays": two.pk, "text": "One group."}
    answer = reviewer_client.post(page, merged, follow=True)
    assert f"Merged: \u2068{FACADE}\u2069 is now \u2068{BACKER}\u2069." in answer.text
    assert "\u2068" not in api.get(f"{API}actors/documents", secure=True).content.decode()
    assert "\u2068" not in api.get(f"{API}changes?documents=true", secure=True).content.decode()


def test_a_name_that_is_copied_from_a_heading_is_the_name(
    db: None,
    editor_client: AdminClient,
    reviewer_client: AdminClient,
    publish: Any,
    api: ContractClient,
) -> None:
    copied = isolate(FACADE)
    form = editor_client.fields(address(Actor, "add")) | {
        "name": copied,
        "kind": "armed_organisation",
    }
    form["description"] = f"Also {copied}."
    assert editor_client.post(address(Actor, "add"), form).status_code == 302
    actor = Actor.objects.get()
    assert (actor.name, actor.description) == (FACADE, f"Also {FACADE}.")
    attack = Incident.objects.create(title=f"هجوم {FACADE}")
    for row in (actor, attack):
        found = editor_client.get(address(type(row), "changelist"), {"q": copied})
        assert list(found.context["cl"].result_list) == [row]
    actor.slug = "facade"
    actor.save()
    publish(actor)
    redact(actor, reviewer_client.user, "Private.", values=[copied])
    assert FACADE not in api.get(f"{API}actors/facade", secure=True).content.decode()


def assert_isolated(text: str) -> None:
    """Hold every name outside of fields, documents and single cells to be isolated."""
    bare = re.sub(r"(?s)<(script|textarea|pre)\b.*?</\1>|<input[^>]*>|<bdi.*?</bdi>", "", text)
    for name in (FACADE, BACKER):
        for found in re.finditer(name, bare):
            assert bare[found.start() - 1] == "\u2068", bare[found.start() - 60 : found.end()]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Kataib Hezbollah", "Kataib Hezbollah"),
        ("حزب", "\u2068حزب\u2069"),
        ("צה״ל", "\u2068צה״ל\u2069"),
        ("K-1 حزب (2)", "\u2068K-1 حزب (2)\u2069"),
        ("\u202eevil\u2069 حزب", "\u2068evil حزب\u2069"),
        ("\u202eevil", "evil"),
        ("", ""),
    ],
)
def test_a_name_reaches_no_further_than_its_end(text: str, parts: str) -> None:
    assert isolate(text) == parts


def test_every_row_that_is_shown_by_a_name_isolates_it(
    one_of_each: dict[type[Model], Model], rf: RequestFactory
) -> None:
    name, own = "كتائب 5", "\u2068كتائب 5\u2069"
    attack: Any = one_of_each[Incident]
    kataib: Any = one_of_each[Actor]
    rows = [
        *(Actor(name=name), Place(name=name), Publisher(name=name), Source(title=name)),
        *(Incident(title=name), kataib.names.create(text=name, language="ar")),
        attack.involvements.create(role="party", label=name),
        attack.statements.create(kind="claim", speaker_label=name),
        attack.weapons.create(designation=name),
        attack.target_objects.create(name=name),
        attack.citations.create(source=one_of_each[Source], quote=name),
        kataib.attributes.create(kind="ideology", value=name),
        kataib.external_ids.create(scheme="wikidata", value=name),
    ]
    for row in rows:
        assert own in str(row), type(row)
    assert not LogEntry.objects.exists()
