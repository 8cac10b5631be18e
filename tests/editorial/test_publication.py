"""What publishing promises: one state, in order, under four eyes, of exactly the frozen text."""

import hashlib
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from actors.models import Actor, Affiliation
from editorial import workflow
from editorial.models import Submission, User
from incidents.models import Incident, Involvement
from places.models import Place
from publishing import documents
from publishing.models import FOREVER, Edition, Reference
from publishing.snapshots import START, Snapshot
from sources.models import Publisher, Source
from tests.cast import UNCITED, person
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def test_a_record_is_private_until_it_is_published(
    api: ContractClient, kataib: Actor, publish: Any
) -> None:
    api.ask("actors/kataib", 404)
    assert api.names("actors") == []
    publish(kataib)
    assert api.ask("actors/kataib")["name"] == "Kataib Hezbollah"
    assert api.names("actors") == ["Kataib Hezbollah"]


def test_editions_are_numbered_without_gaps_and_chained(
    kataib: Actor, pmf: Actor, publish: Any
) -> None:
    publish(kataib, pmf)
    kataib.summary = "A militia."
    kataib.save()
    publish(kataib)
    editions = list(Edition.objects.order_by("seq"))
    assert [edition.seq for edition in editions] == [1, 2, 3]
    assert [edition.kind for edition in editions] == ["publish", "publish", "correct"]
    snapshot = START
    for edition in editions:
        text = f"{snapshot.hash} {edition.seq} {edition.record} {edition.version} {edition.kind}"
        snapshot = Snapshot(edition.seq, hashlib.sha256(text.encode()).hexdigest()[:8])
        assert edition.snapshot == snapshot


def test_all_editions_of_one_act_share_a_moment_and_later_acts_come_later(
    kataib: Actor, pmf: Actor, publish: Any
) -> None:
    publish(kataib, pmf)
    pmf.summary = "An umbrella."
    pmf.save()
    publish(pmf)
    first, second, third = Edition.objects.order_by("seq").values_list("published_at", flat=True)
    assert first == second < third


def test_what_is_published_is_the_frozen_text(
    api: ContractClient, kataib: Actor, editor: User, reviewer: User
) -> None:
    submission = workflow.submit(kataib, editor)
    workflow.approve(submission, reviewer, UNCITED)
    Actor.objects.update(name="Changed after the approval")
    workflow.publish(submission, reviewer)
    assert api.ask("actors/kataib")["name"] == "Kataib Hezbollah"


def test_approval_is_refused_when_the_working_rows_changed_meanwhile(
    kataib: Actor, editor: User, reviewer: User
) -> None:
    submission = workflow.submit(kataib, editor)
    Actor.objects.update(summary="Changed after the submission")
    with pytest.raises(ValidationError, match="was changed after it was submitted"):
        workflow.approve(submission, reviewer, UNCITED)
    submission.refresh_from_db()
    assert submission.state == "pending"


def test_who_submitted_cannot_approve(kataib: Actor) -> None:
    both = person("both", "editor", "reviewer")
    with pytest.raises(PermissionDenied):
        workflow.approve(workflow.submit(kataib, both), both, UNCITED)


def test_four_eyes_are_kept_by_the_database_too(
    kataib: Actor, editor: User, reviewer: User
) -> None:
    submission = workflow.submit(kataib, editor)
    workflow.approve(submission, reviewer, UNCITED)
    with pytest.raises(IntegrityError, match="submission_four_eyes"), transaction.atomic():
        Submission.objects.update(decided_by=editor)


def test_only_reviewers_decide(kataib: Actor, editor: User, reviewer: User, publish: Any) -> None:
    other = person("other", "editor")
    submission = workflow.submit(kataib, editor)
    for verb in (workflow.approve, workflow.publish):
        with pytest.raises((PermissionDenied, ValidationError)):
            verb(submission, other)
    with pytest.raises(PermissionDenied):
        workflow.reject(submission, other, "No.")
    workflow.approve(submission, reviewer, UNCITED)
    with pytest.raises(PermissionDenied):
        workflow.publish(submission, other)
    workflow.publish(submission, reviewer)
    with pytest.raises(PermissionDenied):
        workflow.withdraw(kataib, other, "Because.")


def test_a_submission_is_decided_once(kataib: Actor, editor: User, reviewer: User) -> None:
    submission = workflow.submit(kataib, editor)
    workflow.reject(submission, reviewer, "Cite a source.")
    for verb in (workflow.approve, workflow.publish, workflow.recall):
        with pytest.raises(ValidationError, match="It is rejected"):
            verb(submission, reviewer)


def test_a_rejection_says_why(kataib: Actor, editor: User, reviewer: User) -> None:
    with pytest.raises(ValidationError, match="Give the reason"):
        workflow.reject(workflow.submit(kataib, editor), reviewer, " ")


def test_a_record_stands_in_one_open_submission(kataib: Actor, editor: User) -> None:
    submission = workflow.submit(kataib, editor)
    with pytest.raises(ValidationError, match=f"is in submission {submission.pk}"):
        workflow.submit(kataib, editor)
    workflow.recall(submission, editor)
    workflow.submit(kataib, editor)


def test_nothing_new_is_nothing_to_submit(
    kataib: Actor, pmf: Actor, editor: User, publish: Any
) -> None:
    publish(kataib)
    with pytest.raises(ValidationError, match="Nothing to submit"):
        workflow.submit(kataib, editor)
    batch = workflow.submit([kataib, pmf], editor)
    assert [item.title for item in batch.items.all()] == ["Popular Mobilization Forces"]


def test_what_is_quoted_must_be_public_or_in_the_batch(
    kataib: Actor, pmf: Actor, editor: User, publish: Any
) -> None:
    affiliation = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    publish(pmf)
    with pytest.raises(ValidationError, match="“Kataib Hezbollah” is referenced but not public"):
        workflow.submit(affiliation, editor)
    publish(affiliation, kataib)


def test_a_failed_publication_leaves_no_trace(
    kataib: Actor, pmf: Actor, editor: User, reviewer: User, publish: Any
) -> None:
    affiliation = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    publish(pmf, kataib)
    submission = workflow.submit(affiliation, editor)
    workflow.approve(submission, reviewer, UNCITED)
    workflow.withdraw(pmf, reviewer, "Not a group of its own.")
    newest = Edition.objects.newest_snapshot()
    with pytest.raises(ValidationError, match="referenced but not public"):
        workflow.publish(submission, reviewer)
    assert Edition.objects.newest_snapshot() == newest
    submission.refresh_from_db()
    assert submission.state == "approved"


def test_a_rename_reads_so_in_every_document_that_quotes_it(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    affiliation = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    incident = Incident.objects.create(title="An attack", date="2020-01-03")
    Involvement.objects.create(incident=incident, role="perpetrator", actor=kataib)
    publish(kataib, pmf, affiliation, incident)
    before = api.ask(f"incidents/{incident.public_id}")
    kataib.name = "Brigades of the Party of God"
    kataib.save()
    publish(kataib)
    after = api.ask(f"incidents/{incident.public_id}")
    assert after["perpetrators"][0]["name"] == "Brigades of the Party of God"
    assert api.results("affiliations")[0]["subject"]["name"] == "Brigades of the Party of God"
    assert after["version"] == before["version"] + 1
    assert after["edited_at"] == before["edited_at"] < after["published_at"]
    assert Edition.objects.filter(kind="refresh").count() == 2


def test_a_rename_that_is_not_published_appears_nowhere(
    api: ContractClient, kataib: Actor, publish: Any
) -> None:
    publish(kataib)
    Actor.objects.update(name="A name not yet decided")
    incident = Incident.objects.create(title="An attack")
    Involvement.objects.create(incident=incident, role="perpetrator", actor=kataib)
    publish(incident)
    document = api.ask(f"incidents/{incident.public_id}")
    assert document["perpetrators"][0]["name"] == "Kataib Hezbollah"


def test_a_correction_that_leaves_the_name_re_issues_nothing(
    kataib: Actor, pmf: Actor, publish: Any
) -> None:
    affiliation = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    publish(kataib, pmf, affiliation)
    kataib.summary = "A militia."
    kataib.save()
    publish(kataib)
    assert not Edition.objects.filter(kind="refresh").exists()


def test_a_withdrawn_record_is_gone_with_its_reason_and_its_quoters_say_so(
    api: ContractClient, kataib: Actor, pmf: Actor, reviewer: User, publish: Any
) -> None:
    affiliation = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    publish(kataib, pmf, affiliation)
    workflow.withdraw(kataib, reviewer, "It never existed.")
    problem = api.ask("actors/kataib", 410)
    assert problem["detail"] == "It never existed."
    assert api.names("actors") == ["Popular Mobilization Forces"]
    subject = api.ask(f"affiliations/{affiliation.public_id}")["subject"]
    assert subject == {
        "id": str(kataib.public_id),
        "type": "actor",
        "kind": None,
        "name": None,
        "slug": None,
        "withdrawn": True,
    }
    assert api.results(f"affiliations?subject={kataib.public_id}") == api.results(
        "affiliations?subject=kataib"
    )


def test_what_was_withdrawn_can_be_published_again(
    api: ContractClient, kataib: Actor, reviewer: User, publish: Any
) -> None:
    publish(kataib)
    workflow.withdraw(kataib, reviewer, "Doubts.")
    publish(kataib)
    assert api.ask("actors/kataib")["version"] == 3
    kinds = Edition.objects.order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["publish", "withdraw", "publish"]


def test_a_withdrawal_needs_a_reason_and_something_public(
    kataib: Actor, reviewer: User, publish: Any
) -> None:
    with pytest.raises(ValidationError, match="not public"):
        workflow.withdraw(kataib, reviewer, "A reason.")
    publish(kataib)
    with pytest.raises(ValidationError, match="reason"):
        workflow.withdraw(kataib, reviewer, "")


def test_what_has_been_public_cannot_be_deleted_nor_its_slug_changed(
    kataib: Actor, pmf: Actor, publish: Any
) -> None:
    publish(kataib)
    with pytest.raises(IntegrityError, match="withdraw it instead"), transaction.atomic():
        kataib.delete()
    with pytest.raises(IntegrityError, match="slug cannot change"), transaction.atomic():
        Actor.objects.filter(pk=kataib.pk).update(slug="another")
    Actor.objects.filter(pk=pmf.pk).update(slug="another")
    pmf.delete()


def test_a_public_id_never_changes(kataib: Actor) -> None:
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Actor.objects.update(public_id="00000000-0000-4000-8000-000000000000")


def test_a_confidential_source_is_never_published_and_its_citation_tells_nothing(
    api: ContractClient, kataib: Actor, editor: User, publish: Any
) -> None:
    source = Source.objects.create(title="A talk with a commander", confidential=True)
    with pytest.raises(ValidationError, match="confidential"):
        workflow.submit(source, editor)
    kataib.citations.create(source=source, field="name", quote="a sentence", locator="page 3")
    publish(kataib)
    (citation,) = api.ask("actors/kataib")["citations"]
    assert citation == dict.fromkeys(citation) | {
        "withheld": True,
        "field": "name",
        "stance": "supports",
    }
    assert not Reference.objects.exists()


def test_superseded_rows_are_closed_where_their_successor_begins(
    kataib: Actor, publish: Any
) -> None:
    from actors.entries import ActorEntry

    publish(kataib)
    kataib.name = "Another name"
    kataib.save()
    publish(kataib)
    rows = ActorEntry.objects.order_by("seq").values_list("seq", "until_seq")
    assert list(rows) == [(1, 2), (2, FOREVER)]


def test_one_publication_takes_few_statements(
    kataib: Actor, publish: Any, editor: User, reviewer: User, django_assert_max_num_queries: Any
) -> None:
    submission = workflow.submit(kataib, editor)
    workflow.approve(submission, reviewer, UNCITED)
    # An actor has six tables of side rows to close. The first publication begins the totals.
    with django_assert_max_num_queries(33):
        workflow.publish(submission, reviewer)


def test_a_body_is_the_same_text_every_time(kataib: Actor) -> None:
    for text in ("b", "a", "c"):
        kataib.names.create(text=text)
    assert kataib.render() == kataib.render()


def test_text_that_looks_like_a_quote_is_text(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    trap = f'{{"id":"{pmf.public_id}"}},"version":9,{{"id":"{pmf.public_id}","type":"actor"}}'
    kataib.description = trap
    kataib.save()
    publish(kataib)
    document = api.ask("actors/kataib")
    assert document["description"] == trap
    assert document["version"] == 1
    assert documents.remove_envelope(Edition.objects.get().document.encode()) == kataib.render()


def test_sources_quote_their_publisher(api: ContractClient, publish: Any) -> None:
    publisher = Publisher.objects.create(name="شفق نيوز", country="IQ", scale="national")
    source = Source.objects.create(title="خبر", kind="article", publisher=publisher)
    publish(publisher, source)
    (row,) = api.results("sources")
    assert row["publisher"]["name"] == "شفق نيوز"
    assert row["publisher"]["kind"] is None


def test_the_lock_is_held_until_the_end_of_the_transaction(kataib: Actor, publish: Any) -> None:
    publish(kataib)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted")
        assert cursor.fetchone()[0] >= 1


def test_moments_never_go_back(kataib: Actor, publish: Any, monkeypatch: Any) -> None:
    from datetime import UTC, datetime

    from publishing import publication

    publish(kataib)
    monkeypatch.setattr(publication, "read_clock", lambda: datetime(2000, 1, 1, tzinfo=UTC))
    for n in range(3):
        kataib.summary = f"Text {n}"
        kataib.save()
        publish(kataib)
    moments = Edition.objects.order_by("seq").values_list("published_at", flat=True)
    assert all(earlier < later for earlier, later in pairwise(moments))


def test_records_without_any_citation_are_approved_only_with_a_reason(
    kataib: Actor, iraq: Place, editor: User, reviewer: User
) -> None:
    submission = workflow.submit([kataib, iraq], editor)
    with pytest.raises(ValidationError, match="Without any citation: Kataib") as refused:
        workflow.approve(submission, reviewer)
    assert "Publish without a citation" in refused.value.messages[0]
    workflow.approve(submission, reviewer, "It is in its own flag.")
    submission.refresh_from_db()
    assert (submission.state, submission.uncited_reason) == ("approved", "It is in its own flag.")


def test_a_citation_of_any_part_suffices(kataib: Actor, editor: User, reviewer: User) -> None:
    source = Source.objects.create(title="A report")
    kataib.names.create(text="KH", kind="acronym").citations.create(source=source)
    submission = workflow.submit([source, kataib], editor)
    workflow.approve(submission, reviewer, "Not needed.")
    assert submission.uncited_reason == ""
