"""Undoing a redaction in the admin: two reviewers, passwords, and what others see on their page."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from actors.models import Actor
from editorial import merging
from editorial.models import Merge, RemovedData, RemovedRow, User
from editorial.redaction.redact import redact
from publishing.models import Edition
from tests.cast import person
from tests.contract.client import ContractClient
from tests.curation.admin_client import AdminClient, address

SECRET = "correct-horse-battery"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cheap(settings: Any) -> None:
    """Hashing costs nothing here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def second_client() -> AdminClient:
    """Another reviewer at the desk."""
    return AdminClient(person("second", "reviewer"))


def forget_password(desk: AdminClient) -> None:
    """Let the last typed password be long ago, and set it."""
    desk.user.set_password(SECRET)
    desk.user.save()
    desk.force_login(desk.user)
    session = desk.session
    session.pop("password_typed_at", None)
    session.save()


def names_of_actions(desk: AdminClient, row: Model) -> set[str]:
    return {action["name"] for action in desk.get(address(row)).context["page_actions"]}


def test_two_reviewers_restore_what_one_redacted(
    publish: Any,
    kataib: Actor,
    editor_client: AdminClient,
    reviewer_client: AdminClient,
    second_client: AdminClient,
    api: ContractClient,
) -> None:
    kataib.description = "A witness lives there."
    kataib.save()
    publish(kataib)
    form = {"what": "values", "values": "A witness", "reason": "For safety."}
    page = reviewer_client.get(address(kataib, "redact"))
    assert "For 14 days two reviewers together can restore it" in page.text
    done = reviewer_client.post(address(kataib, "redact"), form, follow=True)
    assert "Redacted" in done.text
    data = RemovedData.objects.get()

    for desk in (reviewer_client, second_client):
        home = desk.get("/admin/").text
        assert "What one reviewer did alone" in home
        assert f'href="{address(data)}"' in home
        assert "A witness" not in home + desk.get(address(data)).text
    assert "What one reviewer did alone" not in editor_client.get("/admin/").text
    for page in (address(data), address(data, "ask"), address(data, "restore")):
        assert editor_client.get(page).status_code == 403
        assert editor_client.post(page, {}).status_code == 403
    assert names_of_actions(reviewer_client, data) == {"ask"}
    assert names_of_actions(second_client, data) == {"ask", "destroy"}

    reviewer_client.do(data, "ask", "It was a mistake.")
    assert names_of_actions(reviewer_client, data) == {"refuse"}
    assert names_of_actions(second_client, data) == {"restore", "refuse", "destroy"}
    assert "asks to undo it" in second_client.get("/admin/").text
    refused = reviewer_client.do(data, "restore")
    assert "You asked to restore it, so somebody else must confirm." in refused.text  # type: ignore[attr-defined]
    assert "[redacted]" in api.ask("actors/kataib")["description"]
    forget_password(second_client)
    refused = second_client.do(data, "restore")
    assert "This field is required." in refused.text  # type: ignore[attr-defined]
    sent = {"password": SECRET}
    done = second_client.post(address(data, "restore"), sent, follow=True)
    assert "Restored, as it was before the redaction." in done.text
    assert api.ask("actors/kataib")["description"] == "A witness lives there."
    assert names_of_actions(second_client, data) == set()
    listed = second_client.get(address(RemovedData, "changelist")).text
    assert "restored by reviewer and second" in listed
    assert "What one reviewer did alone" not in second_client.get("/admin/").text


def test_a_second_reviewer_has_it_destroyed(
    kataib: Actor, reviewer: User, second_client: AdminClient
) -> None:
    kataib.description = "A witness lives there."
    kataib.save()
    redact(kataib, reviewer, "For safety.", values=["A witness"])
    data = RemovedData.objects.get()
    assert "Destroyed for good." in second_client.do(data, "destroy").text  # type: ignore[attr-defined]
    assert not RemovedRow.objects.exists()
    assert "destroyed by second" in second_client.get(address(data)).text


def test_redacting_and_merging_ask_for_the_password_again(
    publish: Any, kataib: Actor, pmf: Actor, reviewer_client: AdminClient
) -> None:
    publish(kataib, pmf)
    forget_password(reviewer_client)
    redaction = {"what": "whole", "reason": "For safety."}
    merge = {
        "action": "merge_selected",
        "_selected_action": [kataib.pk, pmf.pk],
        "confirmed": "yes",
        "stays": str(pmf.pk),
        "text": "The same.",
    }
    listed = address(Actor, "changelist")
    for page, sent in ((address(kataib, "redact"), redaction), (listed, merge)):
        for password in ("", "wrong"):
            refused = reviewer_client.post(page, sent | {"password": password})
            assert 'name="password"' in refused.text
            assert "wrong" not in refused.text.replace("wrong or", "")
        assert not Edition.objects.filter(kind__in=["redact", "merge"]).exists()
    assert reviewer_client.post(listed, merge | {"password": SECRET}).status_code == 302
    assert Merge.objects.get().record == kataib.public_id
    home = reviewer_client.get("/admin/").text
    assert "Merged" in home
    assert "The same." in home
    done = reviewer_client.post(address(pmf, "redact"), redaction)
    assert done.status_code == 302, "it was typed just now"


def test_the_home_page_asks_as_often_for_many_acts(
    publish: Any, reviewer: User, reviewer_client: AdminClient
) -> None:
    def make(number: int) -> None:
        actors = [
            Actor.objects.create(name=f"Actor {number} {side}", kind="unit") for side in "abc"
        ]
        publish(*actors)
        merging.merge(actors[0], actors[1], reviewer, "The same.")
        redact(actors[2], reviewer, "For safety.", whole=True)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            reviewer_client.get("/admin/")
        return len(queries)

    make(1)
    before = count()
    for number in range(2, 5):
        make(number)
    assert count() == before
