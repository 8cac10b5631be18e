"""Two people at one form: the second to save sees what the first did, and loses nothing."""

import threading
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Model

from actors.models import Actor, Affiliation
from curation.models import SavedForm
from editorial.models import Submission, User
from editorial.redaction.redact import redact
from incidents.models import Incident
from places.models import Place
from sources.models import Publisher, Source
from tests.curation.admin_client import AdminClient, address

pytestmark = pytest.mark.django_db
CHANGED = "others changed this since you opened it"


def send(desk: AdminClient, page: str, sent: dict[str, Any], **more: Any) -> Any:
    """Send a form exactly as it is."""
    return super(AdminClient, desk).post(
        page, {k: v for k, v in (sent | more).items() if v is not None}
    )


def resend(desk: AdminClient, page: str, answer: Any, **more: Any) -> Any:
    """Send the form that an answer shows."""
    return send(desk, page, desk.read_form(answer), **more)


def table(answer: Any) -> dict[tuple[str, str], tuple[str, str, str]]:
    """Return what the page of a conflict compares, by row and field."""
    return {
        (row.change, field.label): field[1:]
        for row in answer.context["comparison"].differences
        for field in row.fields
    }


@pytest.fixture
def other(reviewer_client: AdminClient) -> AdminClient:
    """Another person at the admin."""
    return reviewer_client


def test_a_later_save_writes_nothing_and_shows_what_was_is_and_was_typed(
    kataib: Actor, editor_client: AdminClient, other: AdminClient
) -> None:
    page = address(kataib)
    mine, theirs = editor_client.fields(page), other.fields(page)
    assert send(other, page, theirs, name="كتائب حزب الله", summary="Theirs").status_code == 302
    refused = send(editor_client, page, mine, summary="Mine", description="Also mine")
    assert CHANGED in refused.text
    kataib.refresh_from_db()
    assert (kataib.name, kataib.summary, kataib.description) == ("كتائب حزب الله", "Theirs", "")
    assert table(refused) == {
        ("changed", "Name"): ("Kataib Hezbollah", "كتائب حزب الله", ""),
        ("changed", "Summary"): ("", "Theirs", "Mine"),
    }
    (row,) = refused.context["comparison"].differences
    assert row.by == other.user.username
    assert row.at is not None

    assert resend(editor_client, page, refused).status_code == 302
    kataib.refresh_from_db()
    assert (kataib.name, kataib.summary, kataib.description) == (
        "كتائب حزب الله",
        "Mine",
        "Also mine",
    )


def test_saving_from_that_page_is_checked_again(
    kataib: Actor, editor_client: AdminClient, other: AdminClient
) -> None:
    page = address(kataib)
    mine = editor_client.fields(page)
    send(other, page, other.fields(page), summary="First")
    refused = send(editor_client, page, mine, summary="Mine")
    send(other, page, other.fields(page), summary="Second")
    again = resend(editor_client, page, refused)
    assert table(again) == {("changed", "Summary"): ("First", "Second", "Mine")}
    assert resend(editor_client, page, again).status_code == 302
    kataib.refresh_from_db()
    assert kataib.summary == "Mine"


def test_a_row_that_another_person_deleted_can_be_saved_anew(
    kataib: Actor, editor_client: AdminClient, other: AdminClient
) -> None:
    edited, left = kataib.names.create(text="KH"), kataib.names.create(text="The Brigades")
    page = address(kataib)
    mine, theirs = editor_client.fields(page), other.fields(page)
    send(other, page, theirs, **{"names-0-DELETE": "on", "names-1-DELETE": "on"})
    refused = send(editor_client, page, mine, **{"names-0-text": "KH of Iraq"})
    assert CHANGED in refused.text
    assert table(refused)["deleted", "Text"] in [("KH", "", "KH of Iraq"), ("The Brigades", "", "")]
    assert not kataib.names.exists()
    assert resend(editor_client, page, refused).status_code == 302
    (name,) = kataib.names.all()
    assert name.text == "KH of Iraq"
    assert name.pk not in (edited.pk, left.pk)


def test_a_row_that_another_person_added_or_changed_stays(
    kataib: Actor, editor_client: AdminClient, other: AdminClient
) -> None:
    name = kataib.names.create(text="KH", language="en")
    page = address(kataib)
    mine, theirs = editor_client.fields(page), other.fields(page)
    other.add_row(theirs, "names", text="كتائب", kind="alias", language="ar")
    send(other, page, theirs, **{"names-0-language": "fr"})
    editor_client.add_row(mine, "names", text="The Brigades", kind="alias")
    refused = send(editor_client, page, mine, **{"names-0-text": "K.H."})
    compared = table(refused)
    assert compared["added", "Text"] == ("", "كتائب", "")
    assert compared["changed", "Language"] == ("en", "fr", "")
    assert set(kataib.names.values_list("text", flat=True)) == {"KH", "كتائب"}
    assert resend(editor_client, page, refused).status_code == 302
    name.refresh_from_db()
    assert (name.text, name.language) == ("K.H.", "fr")
    assert set(kataib.names.values_list("text", flat=True)) == {"K.H.", "كتائب", "The Brigades"}


def test_a_record_that_another_person_deleted_is_saved_as_a_new_one(
    kataib: Actor, editor_client: AdminClient
) -> None:
    kataib.names.create(text="KH")
    page = address(kataib)
    mine = editor_client.fields(page)
    Actor.objects.all().delete()
    refused = send(editor_client, page, mine, summary="Typed for an hour")
    assert "it was deleted since you opened it" in refused.text
    assert "Typed for an hour" in refused.text
    assert not Actor.objects.exists()
    assert resend(editor_client, address(Actor, "add"), refused).status_code == 302
    anew = Actor.objects.get()
    assert (anew.name, anew.summary) == ("Kataib Hezbollah", "Typed for an hour")
    assert [name.text for name in anew.names.all()] == ["KH"]


def test_a_part_that_another_person_deleted_goes_back_to_its_record(
    kataib: Actor, editor_client: AdminClient
) -> None:
    name = kataib.names.create(text="KH")
    page = address(name)
    mine = editor_client.fields(page)
    name.delete()
    refused = send(editor_client, page, mine, meaning="Battalions")
    assert "it was deleted since you opened it" in refused.text
    assert resend(editor_client, address(type(name), "add"), refused).status_code == 302
    assert kataib.names.get().meaning == "Battalions"


def test_a_part_changed_on_its_own_page_is_seen_on_that_of_its_record_and_the_other_way_round(
    kataib: Actor, editor_client: AdminClient, other: AdminClient
) -> None:
    name = kataib.names.create(text="KH")
    for here, there, mine in (
        (address(kataib), address(name), {"names-0-kind": "alias"}),
        (address(name), address(kataib), {"meaning": "Mine"}),
    ):
        form, theirs = editor_client.fields(here), other.fields(there)
        key = "text" if there == address(name) else "names-0-text"
        assert send(other, there, theirs, **{key: f"Theirs {name.pk} {key}"}).status_code == 302
        assert CHANGED in send(editor_client, here, form, **mine).text


def test_commands_and_imports_are_others_too(kataib: Actor, editor_client: AdminClient) -> None:
    page = address(kataib)
    form = editor_client.fields(page)
    Actor.objects.update(summary="Imported")
    refused = send(editor_client, page, form, summary="Typed")
    assert table(refused) == {("changed", "Summary"): ("", "Imported", "Typed")}
    assert refused.context["comparison"].differences[0].by == "a command"


def test_a_citation_added_meanwhile_stops_the_deletion_of_its_row_alone(
    kataib: Actor, editor_client: AdminClient
) -> None:
    name = kataib.names.create(text="KH")
    page, source = address(kataib), Source.objects.create(title="A report")
    form = editor_client.fields(page)
    name.citations.create(source=source)
    refused = send(editor_client, page, form, **{"names-0-DELETE": "on"})
    assert "changed on its own page" in refused.text
    assert kataib.names.exists()
    assert resend(editor_client, page, refused).status_code == 302
    assert not kataib.names.exists()

    other = kataib.names.create(text="KH")
    form = editor_client.fields(page)
    other.citations.create(source=source)
    assert send(editor_client, page, form, summary="A militia.").status_code == 302


@pytest.mark.parametrize("forged", [None, "", "x", "e30:1abc:def", "another's"])
def test_a_missing_or_forged_state_is_refused_and_nothing_typed_is_lost(
    forged: str | None, kataib: Actor, editor_client: AdminClient, other: AdminClient
) -> None:
    page = address(kataib)
    form = editor_client.fields(page)
    if forged == "another's":
        forged = other.fields(page)["form_state"]
    editor_client.add_row(form, "names", text="The Brigades", kind="alias")
    refused = send(editor_client, page, form, summary="Typed", form_state=forged)
    assert "does not say when you opened it" in refused.text
    assert "Typed" in refused.text
    assert "The Brigades" in refused.text
    kataib.refresh_from_db()
    assert kataib.summary == ""
    assert resend(editor_client, page, refused).status_code == 302
    kataib.refresh_from_db()
    assert (kataib.summary, kataib.names.count()) == ("Typed", 1)


def test_the_state_of_one_record_does_not_serve_for_another(
    kataib: Actor, pmf: Actor, editor_client: AdminClient
) -> None:
    form = editor_client.fields(address(kataib)) | {
        "form_state": editor_client.fields(address(pmf))["form_state"]
    }
    refused = send(editor_client, address(kataib), form, summary="Typed")
    assert "does not say when you opened it" in refused.text


def test_no_removed_value_is_shown_after_a_redaction(
    kataib: Actor, editor_client: AdminClient, reviewer_client: AdminClient, publish: Any
) -> None:
    kataib.summary = "Led by Zaynab"
    kataib.save()
    kataib.names.create(text="Zaynab's men")
    publish(kataib)
    page = address(kataib)
    form = editor_client.fields(page)
    redact(kataib, reviewer_client.user, "It endangers somebody.", values=["Zaynab"])
    refused = send(
        editor_client, page, form, description="Typed", **{"names-0-meaning": "Typed too"}
    )
    assert "Zaynab" not in refused.text
    assert "redacted" in refused.text
    assert "Typed" in refused.text
    assert "Typed too" in refused.text


def test_a_whole_redaction_leaves_only_what_was_typed(
    kataib: Actor, editor_client: AdminClient, reviewer_client: AdminClient, publish: Any
) -> None:
    publish(kataib)
    form = editor_client.fields(address(kataib))
    redact(kataib, reviewer_client.user, "It endangers somebody.", whole=True)
    refused = send(editor_client, address(kataib), form, summary="Typed")
    assert "Kataib Hezbollah" not in refused.text
    assert "Typed" in refused.text


def test_every_page_that_edits_compares(
    one_of_each: dict[type[Model], Model], editor_client: AdminClient
) -> None:
    """A field of each changes behind the form's back; nothing is written over it."""
    checked = []
    for model, row in one_of_each.items():
        page = address(row)
        context = editor_client.get(page).context
        if not context["has_change_permission"]:
            continue
        form = editor_client.fields(page)
        names = [f.name for f in model._meta.fields if f.name in form and not f.is_relation]
        text = [n for n in names if model._meta.get_field(n).get_internal_type() == "TextField"]
        chosen = next(iter(text), "note") if text else None
        if chosen is None:
            continue
        model._default_manager.filter(pk=row.pk).update(**{chosen: "Changed by another"})
        assert CHANGED in send(editor_client, page, form).text, model
        checked.append(model)
    assert len(checked) > 10


def test_people_are_compared_too_but_not_for_signing_in(
    admin_user: User, editor: User, kataib: Actor
) -> None:
    desk = AdminClient(admin_user)
    page = address(editor)
    form = desk.fields(page)
    AdminClient(editor)
    assert send(desk, page, form, first_name="Amira").status_code == 302
    form = desk.fields(page)
    assert editor.password not in form["form_state"]
    editor.groups.add(Group.objects.get(name="reviewer"))
    refused = send(desk, page, form, last_name="Haddad")
    assert ("changed", "Groups") in table(refused)
    assert resend(desk, page, refused).status_code == 302
    editor.refresh_from_db()
    assert editor.last_name == "Haddad"
    assert editor.groups.filter(name="reviewer").exists()


def test_a_line_break_of_the_browser_is_no_change(
    kataib: Actor, editor_client: AdminClient
) -> None:
    kataib.description = "One\nTwo"
    kataib.save()
    form = editor_client.fields(address(kataib)) | {"description": "One\r\nTwo"}
    Actor.objects.update(description="Theirs")
    refused = send(editor_client, address(kataib), form, summary="Typed")
    assert table(refused) == {("changed", "Description"): ("One\nTwo", "Theirs", "")}


def test_a_form_of_many_parts_is_read_whole(kataib: Actor, editor_client: AdminClient) -> None:
    form = editor_client.fields(address(kataib))
    many = {f"names-9-field{number}": "" for number in range(1500)}
    assert send(editor_client, address(kataib), form | many).status_code == 302


def test_what_the_database_refuses_loses_nothing(
    kataib: Actor, pmf: Actor, editor_client: AdminClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = editor_client.fields(address(kataib))
    monkeypatch.setattr(Actor, "full_clean", lambda *args, **kwargs: None)
    monkeypatch.setattr(Actor, "validate_unique", lambda *args, **kwargs: None)
    editor_client.add_row(form, "names", text="The Brigades", kind="alias")
    refused = send(editor_client, address(kataib), form, slug="pmf", summary="Typed")
    assert refused.status_code == 200
    assert "Nothing was saved" in refused.text
    assert "The Brigades" in refused.text
    assert "Typed" in refused.text
    assert not SavedForm.objects.exists()


# Sent twice ------------------------------------------------------------------------------------


def test_a_form_sent_twice_makes_one_record(editor_client: AdminClient) -> None:
    page = address(Actor, "add")
    form = editor_client.fields(page) | {
        "name": "Kataib Hezbollah",
        "kind": "unit",
        "_continue": "Save",
    }
    editor_client.add_row(form, "names", text="KH", kind="alias")
    first, second = send(editor_client, page, form), send(editor_client, page, form)
    actor = Actor.objects.get()
    assert first["Location"] == second["Location"] == address(actor)
    assert actor.names.count() == 1

    form = editor_client.fields(address(actor))
    editor_client.add_row(form, "names", text="The Brigades", kind="alias")
    assert send(editor_client, address(actor), form).status_code == 302
    assert send(editor_client, address(actor), form).status_code == 302
    assert actor.names.count() == 2


def test_a_saved_form_that_is_changed_after_back_is_shown_before_it_adds_another(
    editor_client: AdminClient,
) -> None:
    page = address(Publisher, "add")
    form = editor_client.fields(page) | {"name": "Shafaq News"}
    send(editor_client, page, form)
    refused = send(editor_client, page, form, name="Shafaq")
    assert "already saved this form with other values" in refused.text
    assert Publisher.objects.count() == 1
    assert resend(editor_client, page, refused).status_code == 302
    assert Publisher.objects.count() == 2


def test_a_form_that_changed_nothing_can_be_saved_after_back(
    kataib: Actor, editor_client: AdminClient
) -> None:
    form = editor_client.fields(address(kataib))
    assert send(editor_client, address(kataib), form).status_code == 302
    assert send(editor_client, address(kataib), form, summary="Typed").status_code == 302
    kataib.refresh_from_db()
    assert kataib.summary == "Typed"


def test_a_verb_sent_twice_is_done_once_and_says_so(
    kataib: Actor, editor_client: AdminClient, reviewer_client: AdminClient
) -> None:
    page = address(kataib, "submit")
    sent = {"text": "", "form_state": editor_client.get(page).context["form_state"]}
    assert "Submitted for review" in editor_client.post(page, sent, follow=True).text
    assert "it was not repeated" in editor_client.post(page, sent, follow=True).text
    submission = Submission.objects.get()
    page = address(submission, "approve_and_publish")
    sent = {
        "tick": "on",
        "text": "T",
        "form_state": reviewer_client.get(page).context["form_state"],
    }
    assert "Approved and published" in reviewer_client.post(page, sent, follow=True).text
    assert "it was not repeated" in reviewer_client.post(page, sent, follow=True).text
    other = {
        "tick": "on",
        "text": "T",
        "form_state": reviewer_client.get(page).context["form_state"],
    }
    assert "cannot be approved" in reviewer_client.post(page, other, follow=True).text


# Verbs and deletions from a page that is out of date --------------------------------------------


@pytest.mark.parametrize("verb", ["submit", "withdraw", "redact"])
def test_a_verb_acts_only_on_what_its_page_was_opened_for(
    verb: str, kataib: Actor, reviewer_client: AdminClient, publish: Any
) -> None:
    publish(kataib)
    kataib.summary = "A militia."
    kataib.save()
    page = address(kataib, verb)
    words = {"text": "A reason.", "what": "fields", "fields_named": "names[0]", "reason": "Harm."}
    sent = words | {"form_state": reviewer_client.get(page).context["form_state"]}
    kataib.names.create(text="KH")
    submissions = Submission.objects.count()
    refused = send(reviewer_client, page, sent)
    assert "changed since you opened this page" in refused.text
    assert Submission.objects.count() == submissions
    assert "A reason." in refused.text or "Harm." in refused.text


def test_a_merge_and_a_bulk_submission_act_only_on_what_was_selected(
    kataib: Actor, pmf: Actor, reviewer_client: AdminClient, publish: Any
) -> None:
    publish(kataib, pmf)
    page = address(Actor, "changelist")
    for action in ("merge_selected", "submit_selected"):
        sent = {"action": action, "_selected_action": [kataib.pk, pmf.pk]}
        state = reviewer_client.post(page, sent).context["form_state"]
        Actor.objects.filter(pk=pmf.pk).update(summary=f"Changed before {action}")
        more = {"confirmed": "yes", "text": "One.", "stays": pmf.pk, "form_state": state}
        refused = send(reviewer_client, page, sent | more)
        assert "changed since you opened this page" in refused.text
        assert not Submission.objects.filter(act="merge").exists()


def test_only_what_was_shown_is_deleted(
    kataib: Actor, pmf: Actor, editor_client: AdminClient
) -> None:
    page = address(kataib, "delete")
    sent = {"post": "yes", "form_state": editor_client.get(page).context["form_state"]}
    kataib.names.create(text="KH")
    refused = send(editor_client, page, sent)
    assert "changed since you opened this page" in refused.text
    sent["form_state"] = refused.context["form_state"]
    assert send(editor_client, page, sent).status_code == 302
    assert Actor.objects.get() == pmf
    assert send(editor_client, page, sent).status_code == 302, "again: it is gone, which is said"


def test_only_what_was_shown_is_deleted_from_a_list(
    kataib: Actor, editor_client: AdminClient
) -> None:
    page = address(Actor, "changelist")
    sent = {"action": "delete_selected", "_selected_action": [kataib.pk]}
    state = editor_client.post(page, sent).context["form_state"]
    kataib.names.create(text="KH")
    refused = send(editor_client, page, sent | {"post": "yes", "form_state": state})
    assert "changed since you opened this page" in refused.text
    assert Actor.objects.exists()
    more = {"post": "yes", "form_state": refused.context["form_state"]}
    assert send(editor_client, page, sent | more).status_code == 302
    assert not Actor.objects.exists()


# Two at the same moment --------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same", [True, False])
def test_of_two_who_save_at_the_same_moment_one_wins(
    same: bool, kataib: Actor, editor: User, reviewer: User
) -> None:
    """One person's double click saves once; of two people the later one is shown the difference."""
    page = address(kataib)
    for turn in range(5):
        people = [AdminClient(editor), AdminClient(editor if same else reviewer)]
        forms = [desk.fields(page) for desk in people]
        if same:
            forms[1] = dict(forms[0])
        for number, (desk, form) in enumerate(zip(people, forms, strict=True)):
            desk.add_row(form, "names", kind="alias", text=f"Name {turn} {0 if same else number}")
        answers: list[Any] = []
        ready = threading.Barrier(2)

        def save(
            desk: AdminClient, form: dict[str, Any], ready: Any = ready, to: Any = answers
        ) -> None:
            try:
                ready.wait()
                to.append(send(desk, page, form).status_code)
            finally:
                connection.close()

        threads = [
            threading.Thread(target=save, args=pair) for pair in zip(people, forms, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == ([302, 302] if same else [200, 302])
        assert kataib.names.count() == turn + 1


@pytest.mark.django_db(transaction=True)
def test_four_clicks_at_once_make_one_record(editor: User) -> None:
    desks = [AdminClient(editor) for _ in range(4)]
    page = address(Incident, "add")
    form = desks[0].fields(page) | {"title": "Attack on K-1"}
    answers: list[Any] = []

    def save(desk: AdminClient) -> None:
        try:
            answers.append(send(desk, page, form).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[desk]) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * 4
    assert Incident.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_form_that_waits_for_an_import_is_shown_again(
    kataib: Actor, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another transaction holds the row for longer than a person waits."""
    import psycopg

    desk = AdminClient(editor)
    form = desk.fields(address(kataib))
    with psycopg.connect(**connection.get_connection_params()) as importing:
        importing.execute("UPDATE actors_actor SET summary = 'Imported'")
        refused = send(desk, address(kataib), form, summary="Typed")
        importing.rollback()
    assert "is writing to the same rows" in refused.text
    assert "Typed" in refused.text
    assert resend(desk, address(kataib), refused).status_code == 302


def test_places_and_ties_too(
    iraq: Place, kataib: Actor, pmf: Actor, editor_client: AdminClient
) -> None:
    affiliation = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    form = editor_client.fields(address(affiliation))
    iran = Actor.objects.create(name="Iran", kind="unit")
    Affiliation.objects.update(object=iran)
    refused = send(editor_client, address(affiliation), form, note="Typed")
    assert "Popular Mobilization Forces" in table(refused)["changed", "Object"][0]
    assert "Iran" in table(refused)["changed", "Object"][1]
    resend(editor_client, address(affiliation), refused)
    affiliation.refresh_from_db()
    assert (affiliation.object, affiliation.note) == (iran, "Typed")
