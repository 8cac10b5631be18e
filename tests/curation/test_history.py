"""The history of a record with values, reverting to a state, and the bin."""

from datetime import datetime
from typing import Any

import pghistory
import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.urls import reverse

from actors.models import Actor, Affiliation
from curation.differences import RowChange
from editorial import history, merging, workflow
from editorial.history import History
from editorial.models import User
from editorial.redaction.redact import redact
from incidents.models import Incident
from places.models import Place
from publishing.models import Edition
from sources.models import Source
from tests.curation.admin_client import AdminClient, address

pytestmark = pytest.mark.django_db(transaction=True)  # each act has a time of its own


@pytest.fixture
def attack(kataib: Actor, iraq: Place, editor: User) -> Incident:
    """An incident that was made, edited, and edited on the page of a part."""
    source = Source.objects.create(title="A report")
    with pghistory.context(user=editor.pk):
        attack = Incident.objects.create(title="Attack on K-1", date="2019-12-27")
    location = attack.locations.create(place=iraq, precision="exact", public_precision="country")
    attack.involvements.create(role="perpetrator", actor=kataib)
    with pghistory.context(user=editor.pk):
        location.citations.create(source=source, quote="قرب القاعدة")
    attack.title, attack.event_type = "Rocket attack on K-1", "battle"
    with pghistory.context(user=editor.pk):
        attack.save()
    return attack


def texts(rows: list[RowChange]) -> list[tuple[str, str, dict[str, tuple[str, str]]]]:
    return [
        (row.title, row.kind, {field.label: (field.was, field.now) for field in row.fields})
        for row in rows
    ]


def times(record: Any) -> list[datetime]:
    """Return the times of the states of a record, the oldest first."""
    return History(type(record), record.pk).times[::-1]


def key(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_the_history_has_names_and_values_and_the_edits_of_parts(
    attack: Incident, editor_client: AdminClient
) -> None:
    page = editor_client.get(address(attack, "history"))
    changes = page.context["changes"]
    name = editor_client.user.username
    assert [change.by for change in changes] == [name, name, "a command", "a command", name]
    newest, cited, involved, located, made = (texts(change.rows) for change in changes)
    (title, kind, fields) = newest[0]
    assert (kind, fields["title"]) == ("changed", ("Attack on K-1", "Rocket attack on K-1"))
    assert fields["event type"] == ("unknown", "battle")
    assert len(newest) == 1
    ((title, kind, fields),) = cited
    assert kind == "added"
    assert title.startswith("incident location citation: ")
    assert ", of incident location: " in title
    assert fields["quote"] == ("", "قرب القاعدة")
    assert fields["source"] == ("", "A report")
    ((_, kind, fields),) = involved
    assert (kind, fields["actor"]) == ("added", ("", "Kataib Hezbollah (armed organisation)"))
    assert [kind for _, kind, _ in located] == ["added"]
    assert made[0][2]["title"] == ("", "Attack on K-1")
    html = page.content.decode()
    assert "<del>Attack on K-1</del>" in html
    assert "<ins>Rocket attack on K-1</ins>" in html


def test_any_two_states_are_compared(attack: Incident, editor_client: AdminClient) -> None:
    states = times(attack)
    query = {"from": key(states[0]), "to": key(states[-1])}
    page = editor_client.get(address(attack, "history"), query)
    rows = texts(page.context["differences"])
    assert [kind for _, kind, _ in rows] == ["changed", "added", "added", "added"]
    back = editor_client.get(address(attack, "history"), {"from": query["to"], "to": query["from"]})
    rows = texts(back.context["differences"])
    assert [kind for _, kind, _ in rows] == ["changed", "deleted", "deleted", "deleted"]
    assert rows[0][2]["title"] == ("Rocket attack on K-1", "Attack on K-1")
    for wrong in ("x", "2020-13-01T00:00Z", "2020-01-01"):
        answer = editor_client.get(address(attack, "history"), query | {"from": wrong, "page": "x"})
        assert answer.context["differences"] is None


def test_the_history_of_a_part_is_that_of_its_record(
    attack: Incident, editor_client: AdminClient
) -> None:
    location = attack.locations.get()
    answer = editor_client.get(address(location, "history"))
    assert answer["Location"] == address(attack, "history")


def test_reverting_is_a_new_change_that_publishes_nothing(
    attack: Incident, editor: User, editor_client: AdminClient, publish: Any
) -> None:
    """Deleted parts come back with their citations; parts that were added since go."""
    full = times(attack)[-1]
    location = attack.locations.get()
    first = (location.pk, location.citations.get().pk)
    location.delete()
    attack.weapons.create(weapon="rocket")
    attack.title = "A mistake"
    attack.save()
    page = f"{address(attack, 'revert')}?at={key(full)}"
    shown = editor_client.get(page)
    kinds = sorted(row.kind for row in shown.context["differences"])
    assert kinds == ["added", "added", "changed", "deleted"]
    attack.refresh_from_db()
    assert attack.title == "A mistake", "nothing happens before it is confirmed"
    done = editor_client.post(page, {}, follow=True)
    assert "Reverted to the state of" in done.content.decode()
    attack.refresh_from_db()
    assert attack.title == "Rocket attack on K-1"
    location = attack.locations.get()
    assert (location.pk, location.citations.get().pk) == first
    assert not attack.weapons.exists()
    assert History(Incident, attack.pk).list_changes(0, 1)[0].user == editor.pk
    assert workflow.find_editors(Incident, [attack]) >= {editor.pk}
    assert not Edition.objects.filter(record=attack.public_id).exists()
    assert LogEntry.objects.latest("pk").get_change_message().startswith("Reverted")
    then = History(Incident, attack.pk)
    was, now = then.state(full), history.read_current(attack)
    assert was.keys() == now.keys()
    assert not [k for k in was if history.changed_columns(was[k], now[k])]


def test_reverting_is_refused_when_others_changed_it_or_it_is_not_valid_any_more(
    attack: Incident, kataib: Actor, editor_client: AdminClient
) -> None:
    full = times(attack)[-1]
    attack.involvements.all().delete()
    attack.title = "A mistake"
    attack.save()
    page = f"{address(attack, 'revert')}?at={key(full)}"
    opened = editor_client.get(page).context["form_state"]
    Incident.objects.update(summary="By somebody else")
    said = editor_client.post(page, {"form_state": opened})
    assert "it was changed since you opened this page" in said.content.decode()
    Actor.objects.all().delete()
    said = editor_client.post(page, {})
    assert "actor instance with id" in said.content.decode()
    attack.refresh_from_db()
    assert attack.title == "A mistake", "all or nothing"
    assert editor_client.get(f"{address(attack, 'revert')}?at=x").status_code == 404
    assert editor_client.get(f"{address(attack, 'revert')}?at=2001-01-01T00:00Z").status_code == 404


def test_the_slug_of_a_public_record_stays(
    kataib: Actor, editor_client: AdminClient, publish: Any
) -> None:
    first = times(kataib)[0]
    Actor.objects.update(summary="New", slug="kataib-2")
    kataib.refresh_from_db()
    publish(kataib)
    editor_client.post(f"{address(kataib, 'revert')}?at={key(first)}", {})
    kataib.refresh_from_db()
    assert (kataib.summary, kataib.slug) == ("", "kataib-2")


def test_a_revert_brings_back_nothing_that_was_redacted(
    kataib: Actor, editor_client: AdminClient, reviewer: User
) -> None:
    kataib.description = "Led by Zaynab Example."
    kataib.save()
    state = times(kataib)[-1]
    kataib.description = "Unknown leaders."
    kataib.save()
    redact(kataib, reviewer, "Privacy.", values=["Zaynab Example"])
    html = editor_client.get(address(kataib, "history")).content.decode()
    assert "Zaynab" not in html
    editor_client.post(f"{address(kataib, 'revert')}?at={key(state)}", {})
    kataib.refresh_from_db()
    assert kataib.description == "Led by [redacted]."


def test_merges_and_redactions_are_in_the_history(
    kataib: Actor, pmf: Actor, editor_client: AdminClient, reviewer: User, publish: Any
) -> None:
    kataib.names.create(text="KH", kind="alias")
    publish(kataib, pmf)
    merging.merge(kataib, pmf, reviewer, "One group.")
    changes = editor_client.get(address(pmf, "history")).context["changes"]
    assert (changes[0].act, changes[0].by) == ("merged", reviewer.username)


def test_deleted_drafts_come_back_from_the_bin_with_their_parts(
    attack: Incident, editor: User, editor_client: AdminClient
) -> None:
    row, public_id = attack.pk, attack.public_id
    location = attack.locations.get().pk
    editor_client.post(address(attack, "delete"), {"post": "yes"})
    assert not Incident.objects.exists()
    (item,) = editor_client.get(reverse("admin:bin")).context["deleted"]
    assert (item.type, item.key, item.by) == ("incident", row, editor.username)
    assert "Rocket attack on K-1" in item.label
    answer = editor_client.post(reverse("admin:bin"), {"type": "incident", "key": row})
    assert answer["Location"] == address(Incident(pk=row))
    back = Incident.objects.get()
    assert (back.pk, back.public_id, back.title) == (row, public_id, "Rocket attack on K-1")
    assert back.locations.get().pk == location
    assert back.locations.get().citations.get().quote == "قرب القاعدة"
    assert back.involvements.count() == 1
    assert editor_client.get(reverse("admin:bin")).context["deleted"] == []
    again = editor_client.post(reverse("admin:bin"), {"type": "incident", "key": row}, follow=True)
    assert "It is not in the bin any more" in again.content.decode()
    back.title = "Edited again"
    back.save()


def test_what_the_bin_refuses(
    kataib: Actor, pmf: Actor, editor_client: AdminClient, client: Any, django_user_model: Any
) -> None:
    tie = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    row = tie.pk
    tie.delete()
    kataib.delete()
    page = editor_client.get(reverse("admin:bin"))
    assert [item.type for item in page.context["deleted"]] == ["actor", "affiliation"]
    said = editor_client.post(
        reverse("admin:bin"), {"type": "affiliation", "key": row}, follow=True
    )
    assert "Nothing was restored" in said.content.decode()
    assert not Affiliation.objects.exists()
    for wrong in ({"type": "x", "key": row}, {"type": "actor", "key": "x"}):
        assert editor_client.post(reverse("admin:bin"), wrong).status_code == 404
    nobody = django_user_model.objects.create(username="nobody", is_staff=True)
    assert AdminClient(nobody).get(reverse("admin:bin")).context["deleted"] == []
    answer = AdminClient(nobody).post(reverse("admin:bin"), {"type": "actor", "key": row})
    assert answer.status_code == 403
    slug = Actor.objects.create(name="Another", kind="state", slug="kataib")
    gone = next(item for item in page.context["deleted"] if item.type == "actor")
    editor_client.post(reverse("admin:bin"), {"type": "actor", "key": gone.key})
    assert Actor.objects.get(name="Kataib Hezbollah").slug is None
    assert slug.slug == "kataib"


def test_queries_do_not_grow_with_changes_and_rows(
    attack: Incident, iraq: Place, kataib: Actor, editor_client: AdminClient
) -> None:
    def count(page: str) -> int:
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert editor_client.get(page).status_code == 200
        return len(queries)

    pages = [address(attack, "history"), f"{address(attack, 'revert')}?at={key(times(attack)[1])}"]
    few = [count(page) for page in pages]
    for number in range(10):
        location = attack.locations.create(
            place=iraq, precision="country", public_precision="country", role="other"
        )
        location.citations.create(source=Source.objects.create(title=f"Report {number}"))
    more = [count(page) for page in pages]
    assert all(after <= before for after, before in zip(more, few, strict=True))
