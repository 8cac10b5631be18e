"""What is typed is kept for its person alone, until it is saved, discarded, redacted or old."""

import json
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from actors.models import Actor
from curation.models import OpenForm
from curation.models.open_form import ALIVE, MAX_AGE, MAX_FORMS, MAX_LENGTH
from editorial.models import User
from editorial.redaction.redact import redact
from incidents.models import Incident
from tests.curation.admin_client import AdminClient, address

KEEP, DISCARD = reverse("admin:keep_form"), reverse("admin:discard_form")
SECRET = "Zaynab Example"


@pytest.fixture
def attack(db: None) -> Incident:
    return Incident.objects.create(title="Attack on K-1", date="2019-12-27")


def open_form(client: AdminClient, page: str) -> dict[str, Any]:
    """Open a page, and return what it would report: its form, and what it is about."""
    answer = client.get(page)
    sent = client.read_form(answer)
    return {"page": page, "sent": sent, "subject": answer.context["form_subject"]}


def keep(client: AdminClient, form: dict[str, Any], typed: bool = True, **more: Any) -> Any:
    """Report a form as its page does; what the answer says goes into the next report."""
    sent = form["sent"]
    data = {"subject": form["subject"], "form_state": sent["form_state"]}
    data |= {"open_form": form.get("open_form", "")} | more
    if typed:
        lists = {n: v if isinstance(v, list) else [v] for n, v in sent.items() if n != "form_state"}
        data["sent"] = json.dumps([(n, str(v)) for n, values in lists.items() for v in values])
    answer = client.post(KEEP, data)
    if answer.status_code == 200:
        form["open_form"] = answer.json()["open_form"]
    return answer


def test_a_kept_form_comes_back_once_and_is_forgotten_when_it_is_saved(
    attack: Incident, editor_client: AdminClient
) -> None:
    form = open_form(editor_client, address(attack))
    form["sent"]["title"] = "Typed for an hour"
    editor_client.add_row(
        form["sent"], "locations", precision="country", public_precision="country"
    )
    assert keep(editor_client, form).json()["others"] == []
    row = OpenForm.objects.get()
    assert form["open_form"] == f"{row.pk}.1"
    later = editor_client.get(address(attack))
    assert [unsaved.key for unsaved in later.context["unsaved_forms"]] == [row.pk]
    assert "with unsaved text from" in later.content.decode(), "its page is still open"
    index = editor_client.get(reverse("admin:index"))
    assert [u.title for u in index.context["unsaved_forms"]] == ["Attack on K-1 (2019-12-27)"]
    restored = editor_client.post(address(attack), {"_unsaved": row.pk, "form_state": "x"})
    assert restored.context["refusal"].startswith("Your unsaved changes are in the form again")
    sent = editor_client.read_form(restored)
    assert sent["title"] == "Typed for an hour"
    assert sent["locations-0-precision"] == "country"
    assert restored.context["open_form"] == f"{row.pk}.2"
    attack.refresh_from_db()
    assert attack.title == "Attack on K-1"
    sent |= {"locations-TOTAL_FORMS": "0", "open_form": restored.context["open_form"]}
    assert editor_client.post(address(attack), sent).status_code == 302
    attack.refresh_from_db()
    assert attack.title == "Typed for an hour"
    assert not OpenForm.objects.exists()
    late = keep(editor_client, form).json()
    assert late == {"open_form": "", "saved": True, "others": []}, "a report that came too late"
    assert not OpenForm.objects.exists()
    gone = editor_client.post(address(attack), {"_unsaved": row.pk, "form_state": "x"}, follow=True)
    assert "is not kept any more" in gone.content.decode()


def test_a_form_that_adds_a_record_comes_back(editor_client: AdminClient) -> None:
    form = open_form(editor_client, address(Incident, "add"))
    form["sent"] |= {"title": "New attack", "date": "2020"}
    keep(editor_client, form)
    key = OpenForm.objects.get().pk
    (unsaved,) = editor_client.get(reverse("admin:index")).context["unsaved_forms"]
    assert (unsaved.title, unsaved.url) == ("New incident: New attack", form["page"])
    restored = editor_client.post(unsaved.url, {"_unsaved": key, "form_state": "x"})
    sent = editor_client.read_form(restored)
    editor_client.post(form["page"], sent)
    assert Incident.objects.get().title == "New attack"
    assert not OpenForm.objects.exists()


def test_nobody_else_reads_restores_overwrites_or_discards_it(
    attack: Incident, editor_client: AdminClient, reviewer_client: AdminClient
) -> None:
    form = open_form(editor_client, address(attack))
    form["sent"]["title"] = "Typed for an hour"
    keep(editor_client, form)
    row = OpenForm.objects.get()
    page = reviewer_client.get(address(attack))
    assert page.context["unsaved_forms"] == []
    assert "Typed for an hour" not in page.content.decode()
    tried = reviewer_client.post(
        address(attack), {"_unsaved": row.pk, "form_state": "x"}, follow=True
    )
    assert "is not kept any more" in tried.content.decode()
    assert "Typed for an hour" not in tried.content.decode()
    assert reviewer_client.get(reverse("admin:index")).context["unsaved_forms"] == []
    reviewer_client.post(DISCARD, {"_unsaved": row.pk})
    stolen = keep(reviewer_client, dict(form))
    assert stolen.json() == {"open_form": "", "others": []}, "the state is not theirs"
    assert OpenForm.objects.get().sent == row.sent
    reviewer_client.logout()
    assert reviewer_client.post(KEEP, {"open_form": form["open_form"]}).status_code == 302


def test_two_pages_never_overwrite_each_other(attack: Incident, editor_client: AdminClient) -> None:
    first = open_form(editor_client, address(attack))
    first["sent"]["title"] = "First"
    keep(editor_client, first)
    second = dict(first, sent=dict(first["sent"], title="Second"))
    keep(editor_client, second)
    first["sent"]["title"] = "First again"
    keep(editor_client, first)
    texts = {dict(row.sent)["title"] for row in OpenForm.objects.all()}
    assert texts == {"First again", "Second"}
    editor_client.post(address(attack), first["sent"] | {"open_form": first["open_form"]})
    assert not OpenForm.objects.exists(), "they are the same form"


def test_others_see_who_has_it_open_and_since_when(
    attack: Incident,
    editor_client: AdminClient,
    reviewer_client: AdminClient,
    django_assert_num_queries: Any,
) -> None:
    form = open_form(editor_client, address(attack))
    assert keep(editor_client, form, typed=False).json()["others"] == []
    row = OpenForm.objects.get()
    assert (row.sent, row.state, row.changed_at) == ([], {}, None)
    page = reviewer_client.get(address(attack))
    assert page.context["open_elsewhere"] == [
        {"name": editor_client.user.username, "since": row.opened_at}
    ]
    assert "has had this open since" in page.content.decode()
    theirs = {"page": address(attack), "subject": form["subject"]}
    theirs["sent"] = reviewer_client.read_form(page)
    others = keep(reviewer_client, theirs, typed=False).json()["others"]
    assert others == [{"name": editor_client.user.username, "since": row.opened_at.isoformat()}]
    beat = editor_client.post(KEEP, {"open_form": form["open_form"]}).json()
    assert [other["name"] for other in beat["others"]] == [reviewer_client.user.username]
    reviewer_client.post(KEEP, {"open_form": theirs["open_form"], "left": "1"})
    assert OpenForm.objects.count() == 1, "its page was closed, and nothing was typed"
    OpenForm.objects.update(seen_at=timezone.now() - ALIVE)
    assert reviewer_client.get(address(attack)).context["open_elsewhere"] == []


def test_the_page_of_a_part_counts_as_its_record(
    attack: Incident, editor_client: AdminClient, reviewer_client: AdminClient
) -> None:
    figure = attack.casualties.create(measure="killed", best=1)
    keep(editor_client, open_form(editor_client, address(figure)), typed=False)
    (other,) = reviewer_client.get(address(attack)).context["open_elsewhere"]
    assert other["name"] == editor_client.user.username


def test_what_is_undone_or_discarded_is_forgotten(
    attack: Incident, editor_client: AdminClient
) -> None:
    form = open_form(editor_client, address(attack))
    form["sent"]["title"] = "Typed"
    keep(editor_client, form)
    keep(editor_client, form, typed=False, sent="[]")
    row = OpenForm.objects.get()
    assert (row.sent, row.state, row.changed_at) == ([], {}, None)
    keep(editor_client, form)
    answer = editor_client.post(DISCARD, {"_unsaved": row.pk, "next": address(attack)})
    assert answer["Location"] == address(attack)
    assert not OpenForm.objects.exists()
    evil = editor_client.post(DISCARD, {"_unsaved": "x", "next": "https://evil.example/"})
    assert evil["Location"] == reverse("admin:index")


def test_kept_forms_are_limited_in_size_number_and_age(
    attack: Incident, editor: User, editor_client: AdminClient
) -> None:
    form = open_form(editor_client, address(attack))
    assert keep(editor_client, form, typed=False, sent="{}").status_code == 400
    assert keep(editor_client, form, typed=False, sent="[[1,2]]").status_code == 400
    assert keep(editor_client, form, typed=False, sent="[").status_code == 400
    long = json.dumps([["title", "x" * MAX_LENGTH]])
    assert keep(editor_client, form, typed=False, sent=long).status_code == 413
    assert not OpenForm.objects.exists()
    now = timezone.now()
    values = {"user": editor, "subject": form["subject"], "sent": [["title", "x"]]}
    values["token"] = "00000000-0000-0000-0000-000000000000"
    OpenForm.objects.bulk_create(
        OpenForm(**values, changed_at=now - timedelta(hours=hours)) for hours in range(MAX_FORMS)
    )
    OpenForm.objects.create(**values, changed_at=now - MAX_AGE)
    OpenForm.objects.create(**values | {"sent": []}, seen_at=now - ALIVE)
    keep(editor_client, form)
    assert OpenForm.objects.count() == MAX_FORMS
    oldest = OpenForm.objects.order_by("changed_at")[0]
    assert oldest.changed_at == now - timedelta(hours=MAX_FORMS - 2)


def test_the_form_of_a_deleted_record_comes_back_as_a_new_one(
    attack: Incident, editor_client: AdminClient
) -> None:
    form = open_form(editor_client, address(attack))
    form["sent"]["title"] = "Typed for an hour"
    keep(editor_client, form)
    page = address(attack)
    Incident.objects.all().delete()
    (unsaved,) = editor_client.get(reverse("admin:index")).context["unsaved_forms"]
    assert (unsaved.title, unsaved.url) == ("Deleted incident: Typed for an hour", page)
    restored = editor_client.post(page, {"_unsaved": unsaved.key, "form_state": "x"})
    assert restored.context["comparison"].is_deleted
    sent = editor_client.read_form(restored) | {"open_form": restored.context["open_form"]}
    assert editor_client.post(address(Incident, "add"), sent).status_code == 302
    assert Incident.objects.get().title == "Typed for an hour"
    assert not OpenForm.objects.exists()


def everything() -> str:
    """Return all that is kept of forms."""
    return repr(list(OpenForm.objects.values()))


def test_a_redaction_of_texts_cleans_all_kept_forms(
    kataib: Actor, attack: Incident, editor_client: AdminClient, reviewer: User
) -> None:
    kataib.description = f"Led by {SECRET}."
    kataib.save()
    about = open_form(editor_client, address(kataib))
    about["sent"]["description"] = f"Led by {SECRET}, they say."
    other = open_form(editor_client, address(attack))
    other["sent"]["summary"] = f"It was {SECRET.upper()} who ordered it, and others."
    fresh = open_form(editor_client, address(Incident, "add"))
    fresh["sent"]["title"] = "zaynab-example strikes"
    for form in (about, other, fresh):
        keep(editor_client, form)
    assert everything().lower().count("zaynab") == 4
    redact(kataib, reviewer, "Privacy.", values=[SECRET])
    assert "zaynab" not in everything().lower()
    assert OpenForm.objects.count() == 3, "the rest of the text is kept"
    for form in (about, other, fresh):
        assert keep(editor_client, form).json()["redacted"], "an open page brings nothing back"
    assert "zaynab" not in everything().lower()
    key = OpenForm.objects.get(subject=other["subject"]).pk
    restored = editor_client.post(address(attack), {"_unsaved": key, "form_state": "x"})
    sent = editor_client.read_form(restored)
    assert sent["summary"] == "It was [redacted] who ordered it, and others."
    assert editor_client.post(address(attack), sent).status_code == 302


def test_what_guards_forbid_is_not_kept_from_a_page_that_was_opened_afterwards(
    kataib: Actor, editor_client: AdminClient, reviewer: User
) -> None:
    kataib.description = f"Led by {SECRET}."
    kataib.save()
    redact(kataib, reviewer, "Privacy.", values=[SECRET])
    form = open_form(editor_client, address(kataib))
    form["sent"]["description"] = f"Led by {SECRET}."
    assert keep(editor_client, form).json()["redacted"]
    assert not OpenForm.objects.exists()


@pytest.mark.parametrize("what", [{"whole": True}, {"fields": ["description"]}])
def test_a_redaction_of_fields_or_of_a_record_deletes_its_kept_forms(
    what: dict[str, Any],
    kataib: Actor,
    attack: Incident,
    editor_client: AdminClient,
    reviewer: User,
) -> None:
    kataib.description = f"Led by {SECRET}."
    kataib.save()
    name = kataib.names.create(text="KH", kind="alias")
    for row in (kataib, name, attack):
        form = open_form(editor_client, address(row))
        keep(editor_client, form)
    redact(kataib, reviewer, "Privacy.", **what)
    assert [row.subject for row in OpenForm.objects.all()] == [f"incidents.incident:{attack.pk}"]
    assert "zaynab" not in everything().lower()


@pytest.mark.django_db(transaction=True)
def test_a_page_that_reports_during_a_redaction_waits_for_it(
    kataib: Actor, editor_client: AdminClient, reviewer: User
) -> None:
    kataib.description = f"Led by {SECRET}."
    kataib.save()
    form = open_form(editor_client, address(kataib))
    answers: list[Any] = []

    def report() -> None:
        answers.append(keep(editor_client, form).json())
        connection.close()

    with transaction.atomic():
        redact(kataib, reviewer, "Privacy.", values=[SECRET])
        thread = threading.Thread(target=report)
        thread.start()
        time.sleep(0.3)
        assert answers == []
    thread.join()
    assert answers[0]["redacted"]
    assert not OpenForm.objects.exists()


def test_accounts_are_not_kept(editor: User, admin_client: Any) -> None:
    page = admin_client.get(address(editor), secure=True)
    assert "form_subject" not in page.context
    assert "data-keep" not in page.content.decode()
