"""The review of submissions: what the page says, and what refuses an approval."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actors.models import Actor, Affiliation
from curation import status
from editorial import comments, merging, workflow
from editorial.models import Comment, Submission, User
from editorial.redaction.redact import redact
from incidents.models import Incident
from places.models import Place
from sources.models import Publisher, Source
from tests.curation.admin_client import AdminClient, address

pytestmark = pytest.mark.django_db


@pytest.fixture
def attack(iraq: Place, kataib: Actor) -> Incident:
    """An attack near Dorren, with its location, perpetrator and casualties, by one source."""
    publisher = Publisher.objects.create(name="Dorren News")
    source = Source.objects.create(title="Rockets hit Dorren", publisher=publisher)
    attack = Incident.objects.create(title="Rocket attack near Dorren", date="2024-06-10~")
    attack.locations.create(place=iraq, precision="country", public_precision="country")
    involvement = attack.involvements.create(role="perpetrator", actor=kataib)
    involvement.citations.create(source=source, quote="تبنى الهجوم", quote_language="ar")
    attack.casualties.create(measure="killed", best=4, low=4, high=4, role="recommended")
    return attack


def text_of(desk: AdminClient, submission: Any) -> Any:
    """Return the first text of the page of a submission."""
    return desk.get(address(submission)).context["texts"][0][0]


def test_a_new_record_reads_as_an_article_named_by_its_subject(
    attack: Incident, editor: User, reviewer_client: AdminClient
) -> None:
    source = Source.objects.get()
    records: list[Any] = [source.publisher, source, Place.objects.get(), Actor.objects.get()]
    submission = workflow.submit([*records, attack], editor, "First report")
    page = reviewer_client.get(address(submission))
    named = "with 1 actor, 1 place, 1 source and 1 publisher"
    assert page.context["title"] == f"Rocket attack near Dorren, {named}"
    text, _ = page.context["texts"][0]
    facts = {fact.name: fact.value for fact in text.article.facts}
    assert facts["Date"] == "about 10 June 2024, give or take 3 days"
    assert "Injured" not in facts
    sections = {section.name: section for section in text.article.sections}
    (row,) = sections["involvements"].rows
    assert row.title.startswith("perpetrator, ")
    assert "Kataib Hezbollah" in row.title
    assert row.url == address(Actor.objects.get())
    (citation,) = row.sections[0].rows
    assert {fact.value for fact in citation.facts if fact.is_quote} == {"تبنى الهجوم"}
    assert sections["casualties"].rows[0].facts[0].value == "4"
    assert "First report" in page.text
    assert "<summary>JSON</summary>" in page.text
    listed = reviewer_client.get(reverse("admin:editorial_submission_changelist"))
    assert named in listed.text


def test_old_values_are_beside_new_ones_and_rows_are_matched_by_identity(
    attack: Incident, editor: User, publish: Any, reviewer_client: AdminClient
) -> None:
    source = Source.objects.get()
    publish(source.publisher, source, Place.objects.get(), Actor.objects.get(), attack)
    attack.casualties.create(measure="injured", best=9, low=9, high=9, role="recommended")
    attack.casualties.filter(measure="killed").update(best=7, low=7, high=7)
    attack.involvements.all().delete()
    submission = workflow.submit(attack, editor)
    text = text_of(reviewer_client, submission)
    killed = next(fact for fact in text.article.facts if fact.name == "Killed")
    assert (killed.kind, killed.old, killed.value) == ("changed", "4", "7")
    sections = {section.name: section for section in text.article.sections}
    rows = [(row.title, row.kind) for row in sections["casualties"].rows]
    assert sorted(rows) == [("injured, total", "added"), ("killed, total", "changed")]
    assert [row.kind for row in sections["involvements"].rows] == ["removed"]
    assert not sections["locations"].is_changed


def test_the_page_says_what_changed_since_it_was_returned(
    attack: Incident, kataib: Actor, editor: User, reviewer: User, reviewer_client: AdminClient
) -> None:
    first = workflow.submit(kataib, editor)
    workflow.reject(first, reviewer, "Say what it is.")
    kataib.summary = "An armed group."
    kataib.save()
    second = workflow.submit(kataib, editor)
    text = text_of(reviewer_client, second)
    assert text.returned.submission == first
    (change,) = text.changes
    assert (change.where, change.new) == (("Summary",), "An armed group.")
    page = reviewer_client.get(address(second)).text
    assert "Say what it is." in page
    assert reviewer_client.get(address(first)).context["texts"][0][0].returned is None


def test_the_page_leads_to_the_oldest_other_submission_that_one_may_decide(
    kataib: Actor, pmf: Actor, iraq: Place, editor: User, reviewer: User, editor_client: AdminClient
) -> None:
    first, own, last = (
        workflow.submit(kataib, editor),
        workflow.submit(pmf, reviewer),
        workflow.submit(iraq, editor),
    )
    desk = AdminClient(reviewer)
    assert desk.get(address(first)).context["next_url"] == address(last)
    assert desk.get(address(last)).context["next_url"] == address(first)
    assert desk.get(address(own)).context["next_url"] == address(last)
    assert editor_client.get(address(first)).context["next_url"] == ""


def test_a_page_costs_the_same_however_many_texts_it_has(
    db: None, editor: User, reviewer_client: AdminClient
) -> None:
    actors = [Actor.objects.create(name=f"Actor {n}", kind="armed_organisation") for n in range(30)]
    few, many = workflow.submit(actors[:11], editor), workflow.submit(actors[11:29], editor)
    workflow.submit(actors[29], editor)
    counts = []
    for submission in (few, many):
        reviewer_client.get(address(submission))
        with CaptureQueriesContext(connection) as queries:
            reviewer_client.get(address(submission))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 41


def comment_page(desk: AdminClient, submission: Submission, named: str = "") -> str:
    """Return the address of the form for a comment on the first text, or on one of its rows."""
    text = text_of(desk, submission)
    page = f"{address(submission, 'comment')}?text={text.item.pk}"
    paths = {name: path for path, name in text.article.iterate_paths()}
    return f"{page}&path={quote(paths[named], safe='')}" if named else page


def test_a_blocker_is_answered_resolved_and_until_then_refuses_every_approval(
    kataib: Actor, editor: User, reviewer: User, editor_client: AdminClient
) -> None:
    desk = AdminClient(reviewer)
    kataib.summary = "A militia."
    kataib.save()
    submission = workflow.submit(kataib, editor)
    page = comment_page(desk, submission, "Summary")
    written = desk.post(page, {"text": "Whose militia?", "kind": "blocker"}, follow=True)
    assert "1 blocker is not resolved" in written.text
    assert "Whose militia?" in written.text
    comment = Comment.objects.get()
    assert (comment.path, comment.place, comment.author) == ("summary", "Summary", reviewer)
    for action in ("approve", "approve_and_publish"):
        assert "There are unresolved blockers (1)" in desk.do(submission, action).text
    with pytest.raises(ValidationError, match="unresolved blockers"):
        workflow.approve(submission, reviewer, "No source yet.")

    assert "Returned" in desk.do(submission, "reject").text
    submission.refresh_from_db()
    assert (submission.state, submission.reply) == ("rejected", "See the comments.")
    record = editor_client.get(address(kataib)).text
    assert "Whose militia?" in record
    assert "See the comments." in record

    thread = reverse("admin:editorial_submission_thread", args=[submission.pk, comment.pk])
    editor_client.post(thread, {"text": "Of the PMF.", "resolve": "on"}, follow=True)
    comment.refresh_from_db()
    assert comment.resolved_at is None, "an editor does not resolve a blocker on their own text"
    kataib.summary = "A militia of the PMF."
    kataib.save()
    second = workflow.submit(kataib, editor)
    again = desk.get(address(second)).text
    assert "Whose militia?" in again
    assert "Of the PMF." in again
    assert "There are unresolved blockers (1)" in desk.do(second, "approve").text
    assert "is resolved" in desk.post(thread, {"resolve": "on"}, follow=True).text
    assert "Approved and published." in desk.do(second, "approve_and_publish").text
    assert "Whose militia?" not in editor_client.get(address(kataib)).text


def test_forged_comments_write_nothing(
    kataib: Actor, pmf: Actor, editor: User, reviewer: User, editor_client: AdminClient
) -> None:
    desk = AdminClient(reviewer)
    one, other = workflow.submit(kataib, editor), workflow.submit(pmf, editor)
    page = comment_page(desk, one)
    foreign = page.replace(str(one.pk), str(other.pk), 1)
    for forged in (foreign, f"{page}&path=nothing", f"{page}9", address(one, "comment")):
        assert desk.post(forged, {"text": "Forged", "kind": "note"}).status_code == 404
    assert editor_client.post(page, {"text": "Mine", "kind": "blocker"}).status_code == 302
    assert list(Comment.objects.values_list("kind", "text")) == [("note", "Mine")]
    comment = Comment.objects.get()
    thread = reverse("admin:editorial_submission_thread", args=[other.pk, comment.pk])
    assert desk.post(thread, {"text": "Forged"}).status_code == 404
    comments.write(one, reviewer, kataib.public_id, "No.", kind="blocker")
    own = workflow.recall(one, editor) or workflow.submit(kataib, reviewer)
    blocker = Comment.objects.blockers().get()
    second = User.objects.create(username="second", is_staff=True)
    second.groups.set(reviewer.groups.all())
    own.editors.add(second)
    with pytest.raises(PermissionDenied):
        comments.resolve(blocker, second)
    with pytest.raises(PermissionDenied):
        comments.write(own, editor, kataib.public_id, "No.", kind="blocker")
    workflow.recall(own, reviewer)
    assert Comment.objects.count() == 2


def test_a_redaction_cleans_comments(kataib: Actor, editor: User, reviewer: User) -> None:
    kataib.names.create(text="Abu Secret", language="en")
    submission = workflow.submit(kataib, editor)
    written = comments.write(
        submission,
        reviewer,
        kataib.public_id,
        "Is Abu Secret right?",
        path="names/1",
        place="Name: Abu Secret",
    )
    comments.answer(written, editor, "Abu Secret is.")
    redact(kataib, reviewer, "For safety", values=["Abu Secret"])
    written.refresh_from_db()
    assert (written.text, written.place) == ("Is [redacted] right?", "Name: [redacted]")
    assert written.path == ""
    assert written.answers.get().text == "[redacted] is."
    redact(kataib, reviewer, "For safety", whole=True)
    assert not Comment.objects.exists()


def test_a_submission_offers_to_take_along_drafts_that_refer_to_its_new_records(
    kataib: Actor, pmf: Actor, iraq: Place, editor_client: AdminClient, publish: Any
) -> None:
    publish(pmf)
    tie = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    attack = Incident.objects.create(title="Attack on K-1")
    attack.involvements.create(role="perpetrator", actor=kataib)
    attack.locations.create(place=iraq, precision="country", public_precision="country")
    page = editor_client.get(address(kataib, "submit"))
    offered = {key for key, _ in page.context["form"].fields["along"].choices}
    assert offered == {str(tie.public_id), str(attack.public_id)}
    forged = [str(tie.public_id), str(pmf.public_id)]
    editor_client.post(address(kataib, "submit"), {"text": "", "along": forged})
    assert not Submission.objects.filter(state="pending").exists()
    editor_client.post(address(kataib, "submit"), {"text": "", "along": [str(attack.public_id)]})
    submission = Submission.objects.latest("pk")
    records = set(submission.items.values_list("record", flat=True))
    assert records == {kataib.public_id, attack.public_id, iraq.public_id}
    workflow.recall(submission, editor_client.user)
    chosen = {
        "action": "submit_selected",
        "_selected_action": [kataib.pk],
        "confirmed": "yes",
        "along": [str(tie.public_id)],
    }
    editor_client.post(address(Actor, "changelist"), chosen)
    records = set(Submission.objects.latest("pk").items.values_list("record", flat=True))
    assert records == {kataib.public_id, tie.public_id}


def test_states_are_the_same_in_the_list_the_filter_and_on_the_page(
    kataib: Actor, pmf: Actor, editor: User, reviewer: User, publish: Any
) -> None:
    desk = AdminClient(editor)

    def states(record: Actor) -> tuple[list[str], list[str]]:
        listing = address(Actor, "changelist")
        row = next(row for row in desk.get(listing).context["cl"].result_list if row == record)
        badges = re.findall(r">([^<>]+)<", status.render_status(row))
        page = desk.get(address(record)).text
        assert all(f">{badge}<" in page for badge in badges)
        filters = ("draft", "submitted", "returned", "published", "withdrawn", "merged")
        matching = [
            name
            for name in filters
            if record in desk.get(listing, {"state": name}).context["cl"].result_list
        ]
        return [badge for badge in badges if badge.strip()], matching

    assert states(kataib) == (["draft"], ["draft"])
    submission = workflow.submit(kataib, editor)
    assert states(kataib) == (["in review"], ["submitted"])
    workflow.reject(submission, reviewer, "No.")
    assert states(kataib) == (["returned"], ["returned"])
    publish(kataib, pmf)
    assert states(kataib) == (["published, version 1"], ["published"])
    kataib.summary = "A militia."
    kataib.save()
    changed = ["published, version 1", "unpublished changes"]
    assert states(kataib) == (changed, ["published"])
    workflow.submit(kataib, editor)
    in_review = ["published, version 1", "in review"]
    assert states(kataib) == (in_review, ["submitted", "published"])
    workflow.recall(Submission.objects.latest("pk"), editor)
    merging.merge(kataib, pmf, reviewer, "The same.")
    assert states(kataib) == (["merged"], ["merged"])
    workflow.withdraw(pmf, reviewer, "Wrong.")
    assert states(pmf) == (["withdrawn"], ["withdrawn"])


def test_several_submissions_are_approved_after_a_preview_each_with_its_result(
    kataib: Actor, pmf: Actor, iraq: Place, editor: User, reviewer: User, editor_client: AdminClient
) -> None:
    desk, listing = AdminClient(reviewer), address(Submission, "changelist")
    good, blocked, own = (
        workflow.submit(iraq, editor),
        workflow.submit(pmf, editor),
        workflow.submit(kataib, reviewer),
    )
    comments.write(blocked, reviewer, pmf.public_id, "No source.", kind="blocker")
    keys = [each.pk for each in (good, blocked, own)]
    chosen = {"action": "approve_selected", "_selected_action": keys}
    preview = desk.post(listing, chosen)
    refusals = {row.submission.pk: row.refusal for row in preview.context["listed"]}
    assert refusals[good.pk] == ""
    assert "blocker" in refusals[blocked.pk]
    assert "You submitted it" in refusals[own.pk]
    assert not Submission.objects.filter(state="published").exists()
    hashes = [f"{each.pk}:{each.sha256}" for each in (good, blocked, own)]
    forged = chosen | {"confirmed": "yes", "text_hash": [f"{good.pk}:{own.sha256}"]}
    desk.post(listing, forged)
    answer = editor_client.post(listing, forged | {"text_hash": hashes})
    assert "listed" not in answer.context
    assert not Submission.objects.filter(state="published").exists()
    done = desk.post(listing, chosen | {"confirmed": "yes", "text_hash": hashes})
    results = {row.submission.pk: row.result for row in done.context["listed"]}
    assert results[good.pk] == "Approved and published."
    assert "blocker" in results[blocked.pk]
    assert "You submitted it" in results[own.pk]
    states = Submission.objects.values_list("pk", "state")
    assert dict(states) == {good.pk: "published", blocked.pk: "pending", own.pk: "pending"}


def test_records_are_added_to_a_submission_by_whom_it_belongs_to(
    kataib: Actor, pmf: Actor, editor: User, reviewer: User, editor_client: AdminClient
) -> None:
    submission = workflow.submit(kataib, editor, "First")
    assert AdminClient(reviewer).do(submission, "add_records").status_code == 403
    wrong = editor_client.do(submission, "add_records", "nothing-here")
    assert "No record has the id or slug" in wrong.text
    submission.refresh_from_db()
    assert submission.state == "pending"
    editor_client.do(submission, "add_records", str(pmf.public_id))
    newest = Submission.objects.latest("pk")
    assert (newest.note, newest.state, newest.submitted_by) == ("First", "pending", editor)
    records = set(newest.items.values_list("record", flat=True))
    assert records == {kataib.public_id, pmf.public_id}
    submission.refresh_from_db()
    assert submission.state == "recalled"
