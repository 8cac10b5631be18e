"""The admin while the database is unavailable, full, busy or read-only: 503 with what was typed."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from actors.models import Actor
from config import failures
from editorial.models import User
from tests.curation.admin_client import AdminClient, address

pytestmark = pytest.mark.django_db(transaction=True)

STATES = {
    "53100": "no space left",
    "25006": "only be read",
    "40001": "same moment",
    "57014": "took too long",
    "58030": "does not answer",
    "XX000": None,
}
TYPED = {
    "name": 'كتائب <b>"حزب"</b>\r\nالله',
    "kind": "unit",
    "internal_note": "&amp;\r\nthe second",
}


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def refusing() -> Iterator[Any]:
    """Let every write to actors fail with a given SQLSTATE, or kill the connection."""

    def refuse(state: str) -> None:
        act = (
            "PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW;"
            if state == "kill"
            else f"RAISE EXCEPTION 'refused' USING ERRCODE = '{state}';"
        )
        execute(
            f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {act} END$$;"
            "CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON actors_actor "
            "FOR EACH ROW EXECUTE FUNCTION refuse()"
        )

    yield refuse
    connection.close()
    execute("DROP FUNCTION IF EXISTS refuse CASCADE")


@pytest.fixture
def patient(editor_client: AdminClient) -> AdminClient:
    editor_client.raise_request_exception = False
    return editor_client


def resend(answer: Any) -> dict[str, str]:
    """Return what the button of the page sends, as a browser reads it."""
    found = re.findall(r'<textarea hidden name="([^"]*)">\n(.*?)</textarea>', answer.text, re.S)
    return {html.unescape(name): html.unescape(text) for name, text in found}


@pytest.mark.parametrize(("state", "words"), STATES.items())
def test_a_form_that_the_database_refuses_can_be_sent_again(
    patient: AdminClient, refusing: Any, state: str, words: str | None
) -> None:
    sent = patient.fields(address(Actor, "add")) | TYPED
    refusing(state)
    answer = patient.post(address(Actor, "add"), sent)
    if words is None:
        assert answer.status_code == 500, "a bug is not an outage"
        return
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert words in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert resend(answer) == sent
    assert '<form method="post" action="/admin/actors/actor/add/">' in answer.text
    assert not Actor.objects.exists()

    execute("DROP FUNCTION refuse CASCADE")
    assert patient.post(address(Actor, "add"), resend(answer)).status_code == 302
    assert Actor.objects.get().name.startswith("كتائب")


@pytest.mark.parametrize("state", ["40P01", "55P03"])
def test_a_form_that_waited_for_somebody_else_is_shown_again(
    patient: AdminClient, refusing: Any, state: str
) -> None:
    sent = patient.fields(address(Actor, "add")) | TYPED
    refusing(state)
    answer = patient.post(address(Actor, "add"), sent)
    assert answer.status_code == 200
    assert "Try again in a moment" in answer.text
    assert html.escape(TYPED["name"].splitlines()[0]) in answer.text
    assert not Actor.objects.exists()


def test_after_a_killed_connection_the_page_says_probably(
    patient: AdminClient, refusing: Any
) -> None:
    sent = patient.fields(address(Actor, "add")) | TYPED
    refusing("kill")
    answer = patient.post(address(Actor, "add"), sent)
    assert answer.status_code == 503
    assert "Probably nothing was saved" in answer.text
    assert resend(answer) == sent


def test_a_read_only_database_shows_pages_and_refuses_forms(
    patient: AdminClient, kataib: Actor
) -> None:
    sent = patient.fields(address(kataib)) | {"name": "Another name"}
    execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    try:
        for page in ("/admin/", address(kataib), address(Actor, "changelist")):
            assert patient.get(page).status_code == 200
        answer = patient.post(address(kataib), sent)
    finally:
        execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE")
    assert answer.status_code == 503
    assert "only be read" in answer.text
    assert resend(answer)["name"] == "Another name"


def test_every_page_is_a_503_while_the_database_is_unavailable(
    patient: AdminClient, kataib: Actor, monkeypatch: Any
) -> None:
    sent = patient.fields(address(kataib)) | {"name": "Another name"}
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "/nowhere")
        pages = ("/admin/", address(kataib), "/admin/autocomplete/?term=a", "/admin/logout/")
        answers = [patient.get(page) for page in pages]
        posted = patient.post(address(kataib), sent)
        signing_in = Client(raise_request_exception=False).post(
            "/admin/login/", {"username": "editor", "password": "a secret of mine"}, secure=True
        )
        api = patient.get("/api/v1/actors")
    connection.close()
    for answer in (*answers[:3], posted, signing_in, api):
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert resend(posted)["name"] == "Another name"
    assert "a secret of mine" not in signing_in.text
    assert "textarea" not in signing_in.text
    assert patient.post(address(kataib), resend(posted)).status_code == 302


def test_a_form_of_another_site_is_not_shown_again(kataib: Actor, monkeypatch: Any) -> None:
    stranger = Client(enforce_csrf_checks=True, raise_request_exception=False)
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "/nowhere")
        answer = stranger.post(address(kataib), {"name": "planted"}, secure=True)
    connection.close()
    assert answer.status_code == 403
    assert "planted" not in answer.text


def test_passwords_are_never_shown_again(refusing: Any, db: None) -> None:
    root = AdminClient(User.objects.create(username="root", is_staff=True, is_superuser=True))
    root.raise_request_exception = False
    execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
        "RAISE EXCEPTION 'refused' USING ERRCODE = '53100'; END$$;"
        "CREATE TRIGGER refuse BEFORE INSERT ON editorial_user "
        "FOR EACH ROW EXECUTE FUNCTION refuse()"
    )
    secret = "correct-horse-battery"
    sent = {"username": "new", "usable_password": "true", "password1": secret, "password2": secret}
    answer = root.post("/admin/editorial/user/add/", sent)
    assert answer.status_code == 503
    assert secret not in answer.text
    assert "does not contain passwords" in answer.text


def test_other_errors_are_not_outages() -> None:
    assert failures.classify(ValueError()) is None
    assert failures.classify(None) is None
