"""What editors and reviewers can do at the desk, from the first entry to the withdrawal."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry

from actors.models import Actor, Affiliation
from editorial import workflow
from editorial.models import Submission
from incidents.models import Incident
from places.models import Place
from tests.contract.client import ContractClient
from tests.curation.admin_client import AdminClient, address

pytestmark = pytest.mark.django_db


def test_an_actor_is_entered_submitted_approved_published_corrected_and_withdrawn(
    editor_client: AdminClient, reviewer_client: AdminClient, api: ContractClient
) -> None:
    form = editor_client.fields(address(Actor, "add"))
    form |= {"name": "Saraya al-Jihad", "kind": "armed_organisation", "start": "2015-03~"}
    editor_client.add_row(form, "names", text="سرايا الجهاد", kind="official", language="ar")
    assert editor_client.post(address(Actor, "add"), form).status_code == 302

    found = editor_client.get(address(Actor, "changelist"), {"q": "سرايا"})
    assert "Saraya al-Jihad" in found.text
    assert "draft" in found.text
    actor = Actor.objects.get()
    api.ask(f"actors/{actor.public_id}", 404)

    submitted = editor_client.do(actor, "submit", "First entry")
    assert "Submitted for review" in submitted.text
    first = Submission.objects.get()
    assert "سرايا الجهاد" in reviewer_client.get(address(first)).text
    approved = reviewer_client.do(first, "approve")
    assert "Approved: any reviewer can publish it now." in approved.text
    assert "Published." in reviewer_client.do(first, "publish").text
    document = api.ask("actors/saraya-al-jihad")
    assert [name["text"] for name in document["names"]] == ["سرايا الجهاد"]
    assert "published, version 1" in editor_client.get(address(actor)).text

    form = editor_client.fields(address(actor)) | {"summary": "A militia."}
    assert editor_client.post(address(actor), form).status_code == 302
    editor_client.do(actor, "submit")
    second = Submission.objects.first()
    assert "Changes to version 1" in reviewer_client.get(address(second)).text
    form = editor_client.fields(address(actor)) | {"summary": "A militia of 2015."}
    editor_client.post(address(actor), form)
    assert "was changed after it was submitted" in reviewer_client.get(address(second)).text
    refused = reviewer_client.do(second, "approve_and_publish")
    assert "was changed after it was submitted" in refused.text
    second.refresh_from_db()
    assert second.state == "pending"

    editor_client.do(second, "recall")
    editor_client.do(actor, "submit")
    third = Submission.objects.first()
    assert "Approved and published." in reviewer_client.do(third, "approve_and_publish").text
    assert api.ask("actors/saraya-al-jihad")["summary"] == "A militia of 2015."

    reviewer_client.do(actor, "withdraw", "It never existed.")
    api.ask("actors/saraya-al-jihad", 410)
    assert "withdrawn" in editor_client.get(address(Actor, "changelist")).text


def test_who_edited_at_the_desk_is_recorded_and_cannot_approve(
    kataib: Actor, editor_client: AdminClient, reviewer_client: AdminClient
) -> None:
    form = reviewer_client.fields(address(kataib)) | {"summary": "Mine."}
    reviewer_client.post(address(kataib), form)
    assert workflow.find_editors(Actor, [kataib]) == {reviewer_client.user.pk}
    editor_client.do(kataib, "submit")
    submission = Submission.objects.get()
    page = reviewer_client.get(address(submission))
    assert "You edited its records, so somebody else must approve it." in page.text
    assert "approve" not in {verb["name"] for verb in page.context["page_actions"]}
    assert "You edited its records" in reviewer_client.do(submission, "approve").text
    submission.refresh_from_db()
    assert submission.state == "pending"


def test_who_submitted_sees_why_another_must_approve(
    kataib: Actor, reviewer_client: AdminClient
) -> None:
    reviewer_client.do(kataib, "submit")
    page = reviewer_client.get(address(Submission.objects.get()))
    assert "You submitted it, so somebody else must approve it." in page.text


def test_an_editor_cannot_decide(kataib: Actor, editor_client: AdminClient, publish: Any) -> None:
    publish(kataib)
    kataib.summary = "More."
    kataib.save()
    submission = workflow.submit(kataib, editor_client.user)
    for verb in ("approve", "approve_and_publish", "publish", "reject"):
        assert editor_client.do(submission, verb, "why").status_code == 403
    assert editor_client.do(kataib, "withdraw", "why").status_code == 403
    page = editor_client.get(address(submission))
    offered = [verb["name"] for verb in page.context["page_actions"]]
    assert offered == ["recall", "add_records"]


def test_a_refusal_keeps_what_was_typed(
    kataib: Actor, pmf: Actor, editor_client: AdminClient
) -> None:
    affiliation = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    workflow.submit(kataib, editor_client.user)
    refused = editor_client.do(affiliation, "submit", "A note of some length")
    assert "Kataib Hezbollah” is referenced but not public" in refused.text
    assert "A note of some length" in refused.text


def test_the_drafts_that_a_record_quotes_are_submitted_with_it(
    iraq: Place, kataib: Actor, pmf: Actor, editor_client: AdminClient, publish: Any
) -> None:
    publish(iraq)
    publish(kataib)
    affiliation = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    attack = Incident.objects.create(title="Attack")
    attack.effects.create(kind="starts", affiliation=affiliation)
    labels = {
        affiliation.public_id: "Kataib Hezbollah – ",
        pmf.public_id: "<li>Popular Mobilization Forces",
    }
    for page in ("preview", "submit"):
        answer = editor_client.get(address(attack, page))
        assert all(label in answer.text for label in labels.values())
        assert set(answer.context["drafts"]) == {str(key) for key in labels}
    assert "Submitted for review" in editor_client.do(attack, "submit").text
    frozen = Submission.objects.latest("pk").items.values_list("record", flat=True)
    assert set(frozen) == {attack.public_id, *labels}


def test_a_withdrawal_needs_a_reason(
    kataib: Actor, reviewer_client: AdminClient, publish: Any
) -> None:
    publish(kataib)
    assert "Give the reason" in reviewer_client.do(kataib, "withdraw", " ").text
    assert kataib.edition.public


def test_a_rejection_needs_a_reply_and_shows_it(
    kataib: Actor, editor_client: AdminClient, reviewer_client: AdminClient
) -> None:
    submission = workflow.submit(kataib, editor_client.user)
    assert "Give the reason" in reviewer_client.do(submission, "reject").text
    assert "No source." in reviewer_client.do(submission, "reject", "No source.").text


def test_several_records_are_submitted_as_one(
    kataib: Actor, pmf: Actor, editor_client: AdminClient
) -> None:
    chosen = {"action": "submit_selected", "_selected_action": [kataib.pk, pmf.pk]}
    answer = editor_client.post(address(Actor, "changelist"), chosen)
    assert "Submit 2 for review" in answer.text
    assert not Submission.objects.exists()
    done = editor_client.post(
        address(Actor, "changelist"), chosen | {"confirmed": "yes", "text": "Both"}, follow=True
    )
    assert "Submitted for review" in done.text
    submission = Submission.objects.get()
    assert (submission.items.count(), submission.note) == (2, "Both")


def test_asking_changes_nothing(kataib: Actor, reviewer_client: AdminClient, publish: Any) -> None:
    publish(kataib)
    assert reviewer_client.get(address(kataib, "withdraw")).status_code == 200
    assert kataib.edition.public


def test_the_preview_is_the_text_that_would_be_frozen(
    kataib: Actor, editor_client: AdminClient, publish: Any
) -> None:
    publish(kataib)
    kataib.summary = "A militia."
    kataib.save()
    page = editor_client.get(address(kataib, "preview"))
    assert page.context["sha256"] == workflow.submit(kataib, editor_client.user).items.get().sha256
    facts = page.context["article"].facts
    changed = [(fact.name, fact.old, fact.value) for fact in facts if fact.kind != "same"]
    assert changed == [("Summary", "not known", "A militia.")]


def test_what_was_public_cannot_be_deleted(
    kataib: Actor, pmf: Actor, editor_client: AdminClient, publish: Any
) -> None:
    publish(kataib)
    assert address(kataib, "delete") not in editor_client.get(address(kataib)).text
    refused = editor_client.post(address(kataib, "delete"), {"post": "yes"})
    assert refused.status_code == 403
    assert "has been public and cannot be deleted: withdraw it instead" in refused.text
    chosen = {"action": "delete_selected", "_selected_action": [kataib.pk, pmf.pk], "post": "yes"}
    refused = editor_client.post(address(Actor, "changelist"), chosen, follow=True)
    assert "has been public and cannot be deleted: withdraw it instead" in refused.text
    assert Actor.objects.count() == 2
    editor_client.post(address(Actor, "changelist"), chosen | {"_selected_action": [pmf.pk]})
    assert Actor.objects.get() == kataib


def test_what_was_submitted_since_the_page_asked_is_not_deleted(
    kataib: Actor, editor_client: AdminClient
) -> None:
    page = address(kataib, "delete")
    state = editor_client.get(page).context["form_state"]
    submission = workflow.submit(kataib, editor_client.user)
    refused = editor_client.post(page, {"post": "yes", "form_state": state})
    assert refused.status_code == 403
    assert f"is in submission {submission.pk}: recall or reject that first" in refused.text
    assert Actor.objects.exists()


def test_what_has_no_citation_is_said_first_and_approved_with_a_tick_and_a_reason(
    editor_client: AdminClient, reviewer_client: AdminClient, kataib: Actor
) -> None:
    named = "Without any citation: "
    assert named in editor_client.get(address(kataib, "submit")).text
    editor_client.do(kataib, "submit")
    submission = Submission.objects.get()
    assert named in reviewer_client.get(address(submission)).text
    page = address(submission, "approve_and_publish")
    assert named in reviewer_client.get(page).text
    for sent in ({}, {"tick": "on"}, {"text": "Its own flag."}, {"tick": "on", "text": " "}):
        assert reviewer_client.post(page, sent).status_code == 200
        assert Submission.objects.get().state == "pending"
    reviewer_client.post(page, {"tick": "on", "text": "Its own flag."}, follow=True)
    assert Submission.objects.get().state == "published"
    assert Submission.objects.get().uncited_reason == "Its own flag."
    assert "Its own flag." in str(LogEntry.objects.latest("pk").get_change_message())
