"""A redaction stays: whoever writes again what it removed is refused, until a reviewer lifts it."""

# ruff: noqa: F401, F811 - the fixtures of the tests in a browser

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given
from hypothesis import strategies as st

from actors.models import Actor, Affiliation
from api.releases import make_release
from editorial import checks, merging, workflow
from editorial.models import RedactionGuard, Submission, User
from editorial.models.submission import State
from editorial.redaction import guards, matching
from editorial.redaction.redact import redact
from editorial.redaction.validation import check_note
from incidents.models import Incident
from places.models import Place
from publishing import documents, publication
from publishing.models import Release
from sources.models import Source
from tests.cast import UNCITED
from tests.curation.admin_client import AdminClient, address
from tests.curation.test_admin_browser import desk

pytestmark = pytest.mark.django_db

NAME, ARABIC = "Zaynab Quwwati", "زينب قوتي"
REFUSED = "it cannot be written again"


@pytest.fixture
def zaynab(iraq: Place, publish: Any) -> Actor:
    """Somebody with a name in two scripts, born in a year, known elsewhere by an id."""
    zaynab = Actor.objects.create(
        name=NAME, kind="individual", birth="1970-03", description=f"Of {NAME}", summary="A poet."
    )
    zaynab.names.create(text=ARABIC, kind="alias", language="ar")
    zaynab.names.create(text="Mother of Courage", kind="alias")
    zaynab.external_ids.create(scheme="wikidata", value="Q42")
    publish(iraq, zaynab)
    zaynab.refresh_from_db()
    return zaynab


def redacted(record: Any, by: User, **what: Any) -> Submission:
    submission = redact(record, by, "In danger.", **what)
    record.refresh_from_db()
    return submission


# What is kept


def test_a_guard_holds_hashes_and_no_text(zaynab: Actor, reviewer: User) -> None:
    redacted(zaynab, reviewer, values=[NAME, ARABIC])
    latin, arabic = RedactionGuard.objects.order_by("pk")
    assert (latin.kind, latin.record, latin.submission.act) == (
        "phrase",
        zaynab.public_id,
        "redact",
    )
    assert latin.lengths == [len(NAME)]
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in latin.hashes + arabic.hashes)
    assert set(latin.hashes).isdisjoint(arabic.hashes)


def test_one_text_has_other_hashes_in_another_record(
    zaynab: Actor, kataib: Actor, reviewer: User
) -> None:
    kataib.description = f"Not {NAME}"
    kataib.save()
    redacted(zaynab, reviewer, values=[NAME])
    redacted(kataib, reviewer, values=[NAME])
    one, other = RedactionGuard.objects.all()
    assert set(one.hashes).isdisjoint(other.hashes)


@pytest.mark.parametrize(
    ("removed", "written"),
    [
        ("José Núñez", "the man Jose\u0301 Nu\u0301n\u0303ez said"),
        ("Jose\u0301 Nunez", "JOSÉ NÚÑEZ"),
        (ARABIC, "زَيْنَب\u200f قوّتي"),
        (ARABIC, "https://ar.wikipedia.org/wiki/زينب_قوتي"),
        (ARABIC, "https://ar.wikipedia.org/wiki/%D8%B2%D9%8A%D9%86%D8%A8_%D9%82%D9%88%D8%AA%D9%8A"),
        (NAME, "in Zaynab-Quwwati.pdf"),
        (NAME, "zaynab%20quwwati"),
        (NAME, "zaynab\n  quwwati"),
        ("P.K.K.", "the p.k.k. said"),
        ("P.K.K.", "the PKK said"),
        ("Straße", "STRASSE 5"),
        ("كتائب", "كتـائب"),
    ],
)
def test_a_text_is_known_again_however_it_is_written(
    removed: str, written: str, kataib: Actor
) -> None:
    guard = guards.guard_phrase(kataib, removed)
    assert guards.matches_phrase(guard, written)
    assert guards.matches_phrase(guard, f"before {written}, after")


@pytest.mark.parametrize("written", ["Zaynab", "Zaynabquwwati", "Quwwati Zaynab", "", "[redacted]"])
def test_another_text_is_not_taken_for_it(written: str, kataib: Actor) -> None:
    assert not guards.matches_phrase(guards.guard_phrase(kataib, NAME), written)


@pytest.mark.parametrize("removed", ["Ed", "act", "redacted"])
def test_what_a_redaction_puts_in_its_place_is_no_violation(removed: str, kataib: Actor) -> None:
    guard = guards.guard_phrase(kataib, removed)
    assert not guards.matches_phrase(guard, "So said [redacted], and [redacted].")
    assert not guards.matches_phrase(guard, "redacted-1ac7ed00")
    assert guards.matches_phrase(guard, f"So said {removed}, and [redacted].")


LETTERS = st.sampled_from(
    [*"aAbz12%_.-+ \t'éßİıأكتـَ\u0301\u200f٪０語", "%20", "%25", "%D8%A3", "  "]
)
TEXTS = st.lists(LETTERS, max_size=14).map("".join)


@given(phrase=st.lists(LETTERS, min_size=2, max_size=6).map("".join), before=TEXTS, after=TEXTS)
@example(phrase="20 a", before="%", after="")
@example(phrase="a%", before="", after="20")
@example(phrase="U.S.", before="", after="")
def test_what_a_redaction_finds_a_guard_finds(phrase: str, before: str, after: str) -> None:
    if not matching.passages(phrase.strip()):
        return
    guard = guards.guard_phrase(Actor(), phrase.strip())
    pattern = matching.pattern(phrase.strip())
    for text in (f"{before}{phrase}{after}", f"{before}{phrase.upper()}{after}", before + after):
        if matching.replace_matches(pattern, "\n", text) != text:
            assert guards.matches_phrase(guard, text)


# At the desk


def test_a_tab_from_before_the_redaction_brings_nothing_back_and_loses_nothing_typed(
    zaynab: Actor, reviewer: User, editor_client: AdminClient
) -> None:
    stale = editor_client.fields(address(zaynab)) | {"summary": "She writes."}
    redacted(zaynab, reviewer, values=[NAME, ARABIC])
    page = editor_client.post(address(zaynab), stale)
    assert page.status_code == 200
    assert NAME not in page.text
    assert ARABIC not in page.text
    form = page.context["adminform"].form
    assert form["summary"].value() == "She writes."
    assert form["name"].value() == "[redacted]"
    zaynab.refresh_from_db()
    assert zaynab.name == "[redacted]"
    assert zaynab.summary == "A poet."
    assert zaynab.names.filter(text="[redacted]").count() == 1


def test_what_was_redacted_is_refused_where_it_is_typed_again(
    zaynab: Actor, reviewer: User, editor_client: AdminClient
) -> None:
    redaction = redacted(zaynab, reviewer, values=[NAME, ARABIC])
    typed = editor_client.fields(address(zaynab)) | {"name": NAME, "summary": "She writes."}
    editor_client.add_row(typed, "names", text=ARABIC, kind="alias")
    page = editor_client.post(address(zaynab), typed)
    assert page.status_code == 200
    form = page.context["adminform"].form
    assert set(form.errors) == {"name"}
    assert f"Redaction {redaction.pk} of " in form.errors["name"][0]
    assert NAME not in form.errors["name"][0]
    assert form["summary"].value() == "She writes."
    assert form["name"].value() == NAME
    formsets = {f.formset.prefix: f.formset for f in page.context["inline_admin_formsets"]}
    assert [list(row.errors) for row in formsets["names"].forms if row.errors] == [["text"]]
    zaynab.refresh_from_db()
    assert zaynab.name == "[redacted]"


def test_the_page_of_a_part_and_its_citations_are_refused_too(
    zaynab: Actor, reviewer: User, editor_client: AdminClient
) -> None:
    name = zaynab.names.get(text="Mother of Courage")
    source = Source.objects.create(title="A report")
    redacted(zaynab, reviewer, values=[NAME])
    form = editor_client.fields(address(name)) | {"meaning": f"as {NAME.upper()} was called"}
    page = editor_client.post(address(name), form)
    assert REFUSED in str(page.context["adminform"].form.errors["meaning"])
    form = editor_client.fields(address(name))
    cited = {"stance": "supports", "locator_kind": "unknown"}
    editor_client.add_row(
        form, "citations", source=source.pk, quote="so zaynab  quwwati said", **cited
    )
    page = editor_client.post(address(name), form)
    (rows,) = [f.formset for f in page.context["inline_admin_formsets"]]
    assert REFUSED in str(rows.forms[0].errors["quote"])
    assert not name.citations.exists()


def test_a_private_note_is_refused_as_well(
    zaynab: Actor, reviewer: User, editor_client: AdminClient
) -> None:
    redacted(zaynab, reviewer, values=[NAME])
    form = editor_client.fields(address(zaynab)) | {"internal_note": f"{NAME} called"}
    assert REFUSED in editor_client.post(address(zaynab), form).text


def test_whatever_else_is_written_is_saved(
    zaynab: Actor, kataib: Actor, reviewer: User, editor_client: AdminClient, publish: Any
) -> None:
    redacted(zaynab, reviewer, values=[NAME])
    form = editor_client.fields(address(zaynab)) | {"name": "Zaynab", "summary": "A writer."}
    assert editor_client.post(address(zaynab), form).status_code == 302
    form = editor_client.fields(address(kataib)) | {"description": f"Not {NAME}"}
    assert editor_client.post(address(kataib), form).status_code == 302
    zaynab.refresh_from_db()
    publish(zaynab)


@pytest.mark.parametrize(
    ("path", "column", "same", "other"),
    [
        ("individual.birth", "birth", "1970-03?", "1971"),
        ("description", "description", f"of {NAME.upper()}!", "Of somebody"),
        ("name", "name", "zaynab quwwati", "Somebody"),
    ],
)
def test_what_a_field_said_is_refused_and_another_value_is_not(
    path: str,
    column: str,
    same: str,
    other: str,
    zaynab: Actor,
    reviewer: User,
    editor_client: AdminClient,
) -> None:
    redacted(zaynab, reviewer, fields=[path])
    sent = editor_client.fields(address(zaynab))
    page = editor_client.post(address(zaynab), sent | {column: same})
    assert REFUSED in str(page.context["adminform"].form.errors[column])
    assert editor_client.post(address(zaynab), sent | {column: other}).status_code == 302


def test_a_row_that_was_removed_is_known_by_its_text(
    zaynab: Actor, reviewer: User, editor_client: AdminClient
) -> None:
    place = [n["text"] for n in documents.load(zaynab.render())["names"]].index(ARABIC)
    redacted(zaynab, reviewer, fields=[f"names[{place}]"])
    form = editor_client.fields(address(zaynab))
    editor_client.add_row(form, "names", text=ARABIC, kind="former")
    assert REFUSED in editor_client.post(address(zaynab), form).text
    form = editor_client.fields(address(zaynab))
    editor_client.add_row(form, "names", text="Another", kind="alias", language="ar")
    assert editor_client.post(address(zaynab), form).status_code == 302


def test_a_row_is_known_by_what_it_quotes_unless_another_quotes_that_too(
    pmf: Actor, kataib: Actor, reviewer: User, editor: User, publish: Any
) -> None:
    attack = Incident.objects.create(title="Attack", date="2020")
    for role, actor in (("perpetrator", kataib), ("target", kataib), ("target", pmf)):
        attack.involvements.create(role=role, actor=actor)
    publish(pmf, kataib, attack)
    rows = [
        (row["role"], row["actor"]["id"]) for row in documents.load(attack.render())["involvements"]
    ]
    gone = [
        rows.index(("perpetrator", str(kataib.public_id))),
        rows.index(("target", str(pmf.public_id))),
    ]
    redacted(attack, reviewer, fields=[f"involvements[{row}]" for row in gone])
    attack.title = "Raid"
    attack.save()
    workflow.recall(workflow.submit(attack, editor), editor)
    again = attack.involvements.create(role="perpetrator", actor=kataib)
    with pytest.raises(ValidationError, match=REFUSED):
        workflow.submit(attack, editor)
    again.delete()
    attack.involvements.create(role="perpetrator", actor=pmf, note="By another.")
    with pytest.raises(ValidationError, match=REFUSED):
        workflow.submit(attack, editor)


# Submitting, approving, publishing


def test_rows_written_past_the_forms_are_refused_when_submitted(
    zaynab: Actor, reviewer: User, editor: User
) -> None:
    redacted(zaynab, reviewer, values=[NAME])
    Actor.objects.filter(pk=zaynab.pk).update(summary=f"By {NAME}")
    with pytest.raises(ValidationError, match=REFUSED) as refused:
        workflow.submit(zaynab, editor)
    assert str(zaynab.public_id) in str(refused.value)
    assert NAME not in str(refused.value)
    Actor.objects.filter(pk=zaynab.pk).update(summary="Hers", internal_note=NAME)
    with pytest.raises(ValidationError, match=REFUSED):
        workflow.submit(zaynab, editor)
    Actor.objects.filter(pk=zaynab.pk).update(internal_note="")
    with pytest.raises(ValidationError, match=REFUSED):
        workflow.submit(zaynab, editor, note=f"About {NAME}")
    assert workflow.submit(zaynab, editor, note="About her").state == "pending"


def test_what_was_submitted_at_the_same_moment_is_refused_when_approved_and_published(
    zaynab: Actor, reviewer: User, editor: User
) -> None:
    zaynab.summary = "Hers"
    zaynab.save()
    before = zaynab.render().decode()
    redacted(zaynab, reviewer, values=[NAME])
    submission = workflow.submit(zaynab, editor)
    item = submission.items.get()
    type(item).objects.filter(pk=item.pk).update(
        body=before, sha256=documents.digest(before.encode())
    )
    Submission.objects.filter(pk=submission.pk).update(state=State.APPROVED, decided_by=reviewer)
    with pytest.raises(ValidationError, match=REFUSED):
        workflow.publish(submission, reviewer)
    with pytest.raises(ValidationError, match=REFUSED):
        workflow.publish_changes(
            [publication.PublicChange("actor", str(zaynab.public_id), None, before.encode(), "")]
        )


@pytest.mark.parametrize("path", ["individual.birth", "names", "external_ids"])
def test_a_frozen_text_with_a_removed_field_is_not_published(
    path: str, zaynab: Actor, reviewer: User
) -> None:
    before = zaynab.render()
    redacted(zaynab, reviewer, fields=[path])
    act = publication.PublicChange("actor", str(zaynab.public_id), None, before, "")
    with pytest.raises(ValidationError, match=REFUSED):
        workflow.publish_changes([act])


def test_what_is_said_beside_the_text_is_refused_as_well(
    zaynab: Actor, kataib: Actor, reviewer: User, editor: User, publish: Any
) -> None:
    publish(kataib)
    redacted(zaynab, reviewer, values=[NAME])
    zaynab.summary = "Hers"
    zaynab.save()
    submission = workflow.submit(zaynab, editor)
    with pytest.raises(ValidationError, match=REFUSED):
        workflow.reject(submission, reviewer, f"{NAME} again")
    workflow.reject(submission, reviewer, "No.")
    with pytest.raises(ValidationError, match=REFUSED):
        workflow.withdraw(zaynab, reviewer, f"{NAME} asked")
    with pytest.raises(ValidationError, match=REFUSED):
        merging.merge(zaynab, kataib, reviewer, f"{NAME} asked")
    with pytest.raises(ValidationError, match=REFUSED):
        make_release("2026-q1", f"Without {NAME}", check_note)
    assert make_release("2026-q1", "All of it", check_note)


def test_a_merge_that_would_quote_a_removed_actor_is_refused(
    pmf: Actor, kataib: Actor, reviewer: User, publish: Any
) -> None:
    other = Actor.objects.create(name="Kataib", kind="armed_organisation")
    attack = Incident.objects.create(title="Attack", date="2020")
    attack.involvements.create(role="perpetrator", actor=kataib)
    attack.involvements.create(role="perpetrator", actor=other)
    publish(pmf, kataib, other, attack)
    at = [row["actor"]["id"] for row in documents.load(attack.render())["involvements"]]
    redacted(attack, reviewer, fields=[f"involvements[{at.index(str(kataib.public_id))}]"])
    with pytest.raises(ValidationError, match=REFUSED):
        merging.merge(other, kataib, reviewer, "One group.")
    assert attack.involvements.get().actor == other
    merging.merge(other, pmf, reviewer, "One group.")


def test_a_guard_is_asked_for_once_for_many_records(editor: User, reviewer: User) -> None:
    for number in range(30):
        Actor.objects.create(name=f"A{number}", slug=f"a{number}", kind="collective")
    submission = workflow.submit(Actor.objects.all(), editor)
    workflow.approve(submission, reviewer, UNCITED)
    with CaptureQueriesContext(connection) as captured:
        workflow.publish(submission, reviewer)
    queries = [query["sql"] for query in captured]
    assert len([sql for sql in queries if "editorial_redactionguard" in sql]) == 1


# The whole record


def test_a_whole_record_is_not_written_again(
    zaynab: Actor, reviewer: User, editor: User, editor_client: AdminClient
) -> None:
    stale = editor_client.fields(address(zaynab)) | {"summary": "Hers"}
    redacted(zaynab, reviewer, whole=True)
    page = editor_client.post(address(zaynab), stale)
    assert page.status_code == 200
    assert "removed this record as a whole" in page.text
    Actor.objects.filter(pk=zaynab.pk).update(name="Anew")
    with pytest.raises(ValidationError, match="as a whole"):
        workflow.submit(zaynab, editor)


def test_nor_under_another_id(
    zaynab: Actor, reviewer: User, editor: User, editor_client: AdminClient
) -> None:
    redacted(zaynab, reviewer, whole=True)
    form = editor_client.fields(address(Actor, "add")) | {"name": "Somebody", "kind": "individual"}
    editor_client.add_row(form, "external_ids", scheme="wikidata", value="q42", match="exact")
    page = editor_client.post(address(Actor, "add"), form)
    assert "removed this record as a whole" in page.text
    form["external_ids-0-value"] = "Q43"
    assert editor_client.post(address(Actor, "add"), form).status_code == 302
    again = Actor.objects.create(name="Somebody", kind="individual")
    again.external_ids.create(scheme="wikidata", value="Q42")
    with pytest.raises(ValidationError, match="as a whole"):
        workflow.submit(again, editor)


# Lifting


def test_a_reviewer_lifts_one_guard_with_a_reason(
    zaynab: Actor,
    reviewer: User,
    reviewer_client: AdminClient,
    editor_client: AdminClient,
    editor: User,
) -> None:
    redacted(zaynab, reviewer, values=[NAME, ARABIC])
    latin = RedactionGuard.objects.order_by("pk")[0]
    listed = reviewer_client.get(address(RedactionGuard, "changelist"), {"q": zaynab.public_id})
    assert listed.text.count("Guard ") >= 2
    assert "There are no" not in listed.text
    assert address(RedactionGuard, "changelist") in reviewer_client.get(address(zaynab)).text
    page = reviewer_client.get(address(latin)).text
    assert NAME not in page
    assert "Lift" in page
    assert "Give the reason" in reviewer_client.post(address(latin, "lift"), {"text": " "}).text
    reviewer_client.do(latin, "lift", "She asked to be named.")
    latin.refresh_from_db()
    assert (latin.lifted_by, latin.lift_reason) == (reviewer, "She asked to be named.")
    logged = LogEntry.objects.filter(content_type__model="redactionguard").get()
    assert (logged.user, "She asked to be named." in logged.change_message) == (reviewer, True)
    assert "lifted by reviewer" in reviewer_client.get(address(latin)).text
    form = editor_client.fields(address(zaynab)) | {"name": NAME}
    assert editor_client.post(address(zaynab), form).status_code == 302
    form = editor_client.fields(address(zaynab)) | {"summary": ARABIC}
    assert REFUSED in editor_client.post(address(zaynab), form).text
    with pytest.raises(ValidationError, match="lifted already"):
        latin.lift(reviewer, "Again.")


def test_nobody_else_sees_or_lifts_a_guard(
    zaynab: Actor, reviewer: User, editor_client: AdminClient, editor: User
) -> None:
    redacted(zaynab, reviewer, values=[NAME])
    guard = RedactionGuard.objects.get()
    for page in (address(RedactionGuard, "changelist"), address(guard), address(guard, "lift")):
        assert editor_client.get(page).status_code == 403
    assert address(RedactionGuard, "changelist") not in editor_client.get(address(zaynab)).text
    with pytest.raises(PermissionDenied):
        guard.lift(editor, "Because.")
    with pytest.raises(IntegrityError):
        RedactionGuard.objects.filter(pk=guard.pk).update(lift_reason="Because.")


# Another key


def test_guards_made_with_another_key_are_reported_and_let_nothing_pass(
    zaynab: Actor,
    kataib: Actor,
    reviewer: User,
    editor: User,
    editor_client: AdminClient,
    settings: Any,
    capsys: Any,
) -> None:
    redacted(zaynab, reviewer, values=[NAME])
    assert checks.check_foreign_guards(databases=["default"]) == []
    settings.GUARD_KEY = "another key of more than thirty-two characters"
    (fault,) = checks.check_foreign_guards(databases=["default"])
    assert "another key than MUSTER_GUARD_KEY" in fault.msg
    form = editor_client.fields(address(zaynab)) | {"summary": "Anything"}
    assert "made with another key" in editor_client.post(address(zaynab), form).text
    form = editor_client.fields(address(kataib)) | {"summary": "Anything"}
    assert editor_client.post(address(kataib), form).status_code == 302
    with pytest.raises(CommandError):
        call_command("check_quality")
    assert "redaction-guards (error): 1 were made with another key" in capsys.readouterr().out
    RedactionGuard.objects.get().lift(reviewer, "The key was lost.")
    assert checks.check_foreign_guards(databases=["default"]) == []


def test_a_key_that_could_be_guessed_is_refused(settings: Any) -> None:
    assert checks.check_guard_key() == []
    settings.GUARD_KEY = "short"
    assert [fault.id for fault in checks.check_guard_key()] == ["editorial.E002"]


# What else held it


def test_pending_submissions_of_other_records_that_hold_it_are_recalled(
    zaynab: Actor, kataib: Actor, pmf: Actor, reviewer: User, editor: User
) -> None:
    kataib.description = f"Led by {NAME.upper()}"
    kataib.save()
    holding, other = workflow.submit(kataib, editor), workflow.submit(pmf, editor)
    redacted(zaynab, reviewer, values=[NAME])
    states = dict(Submission.objects.values_list("pk", "state"))
    assert (states[holding.pk], states[other.pk]) == ("recalled", "pending")
    assert workflow.submit(kataib, editor).state == "pending", (
        "it is its own text: its editors decide"
    )


@pytest.mark.parametrize("what", [{"values": [NAME]}, {"fields": ["name"]}, {"whole": True}])
def test_labels_in_the_log_of_records_that_quote_it_are_cleaned(
    what: Any, zaynab: Actor, kataib: Actor, reviewer: User, editor_client: AdminClient
) -> None:
    affiliation = Affiliation.objects.create(subject=zaynab, kind="member_of", object=kataib)
    form = editor_client.fields(address(affiliation)) | {"note": "More"}
    assert editor_client.post(address(affiliation), form).status_code == 302
    attack = Incident.objects.create(title="Attack", date="2020")
    form = editor_client.fields(address(attack))
    inline = editor_client.get(address(attack)).context["inline_admin_formsets"]
    (rows,) = [part.formset for part in inline if part.formset.prefix == "involvements"]
    offered = {
        field.name: field.initial for field in rows.empty_form if isinstance(field.initial, str)
    }
    row = offered | {"role": "perpetrator", "actor": zaynab.pk}
    editor_client.add_row(form, "involvements", **row)
    assert editor_client.post(address(attack), form).status_code == 302
    entries = LogEntry.objects.values_list("object_repr", "change_message")
    assert NAME in str(list(entries.all()))
    redacted(zaynab, reviewer, **what)
    assert NAME not in str(list(entries.all()))
    assert LogEntry.objects.filter(object_repr="Attack").exists()


def test_the_reason_of_a_redaction_tells_nothing_of_a_field_or_of_the_record(
    zaynab: Actor, reviewer: User
) -> None:
    for what in ({"fields": ["description"]}, {"fields": ["names"]}, {"whole": True}):
        with pytest.raises(ValidationError, match="The reason contains"):
            redact(zaynab, reviewer, f"About “of {NAME}”, Mother of Courage", **what)


def test_a_redacted_draft_is_guarded_too(kataib: Actor, reviewer: User, editor: User) -> None:
    kataib.summary = f"Led by {NAME}."
    kataib.save()
    redacted(kataib, reviewer, values=[NAME])
    Actor.objects.filter(pk=kataib.pk).update(summary=f"Led by {NAME}.")
    with pytest.raises(ValidationError, match=REFUSED):
        workflow.submit(kataib, editor)


# In a browser


@pytest.mark.django_db(transaction=True)
def test_a_stale_tab_in_a_browser_keeps_what_was_typed(
    desk: Any, kataib: Actor, reviewer: User
) -> None:
    kataib.description = f"Led by {NAME}."
    kataib.names.create(text=ARABIC, language="ar")
    kataib.save()
    desk.goto(address(kataib))
    desk.locator("#id_summary").fill("More is known.")
    redacted(kataib, reviewer, values=[NAME, ARABIC])
    desk.locator("#id_description").fill(f"Led by {NAME}, they say.")
    desk.locator("input[name=_save]").first.click()
    refused = desk.locator(".field-description .errorlist")
    refused.wait_for()
    assert REFUSED in refused.inner_text()
    assert desk.locator("#id_summary").input_value() == "More is known."
    assert NAME in desk.locator("#id_description").input_value()
    kataib.refresh_from_db()
    assert kataib.description == "Led by [redacted]."
