"""Signing in: limits on wrong passwords that do not lock an owner out, and a log of who came."""

import logging
import threading
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from actors.models import Actor
from curation import signing_in
from editorial.models import User
from editorial.permissions import create_demo_users
from tests.curation.admin_client import AdminClient, address

SECRET = "correct-horse-battery"
pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(settings: Any) -> User:
    """Somebody with a password; hashing costs nothing here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.TRUSTED_PROXIES = []
    return User.objects.create_user("owner", "owner@example.org", SECRET, is_staff=True)


def sign_in(password: str, client: str = "192.0.2.1", name: str = "owner", **more: str) -> Any:
    sent = {"username": name, "password": password}
    return Client().post("/admin/login/", sent, secure=True, REMOTE_ADDR=client, **more)


def test_a_client_is_refused_after_five_wrong_passwords_and_says_when_to_come_back(
    owner: User, monkeypatch: Any
) -> None:
    for _ in range(4):
        assert sign_in("wrong").status_code == 200
    refused = sign_in("wrong")
    assert (refused.status_code, refused["Retry-After"]) == (429, "300")
    assert "Try again in five minutes" in refused.text
    monkeypatch.setattr(User, "check_password", None)  # nothing is hashed any more
    refused = sign_in(SECRET)
    assert refused.status_code == 429
    assert 'value="owner"' in refused.text, "the name stays in the form"
    assert SECRET not in refused.text


def test_another_client_does_not_lock_the_owner_out(owner: User) -> None:
    for _ in range(30):
        sign_in("wrong", "203.0.113.9")
    assert sign_in(SECRET, "192.0.2.1").status_code == 302
    assert sign_in("wrong", "203.0.113.9", HTTP_X_FORWARDED_FOR="198.51.100.1").status_code == 429


def test_many_clients_are_bounded_but_not_the_clients_that_the_owner_comes_from(
    owner: User,
) -> None:
    assert sign_in(SECRET).status_code == 302
    for number in range(60):
        sign_in("wrong", f"203.0.113.{number}")
    assert sign_in(SECRET, "198.51.100.7").status_code == 429, "a new client has to wait"
    assert sign_in(SECRET).status_code == 302


def test_one_client_does_not_try_many_accounts(owner: User) -> None:
    for number in range(20):
        sign_in("wrong", name=f"nobody{number}")
    assert sign_in("wrong", name="another").status_code == 429
    assert sign_in("wrong", "192.0.2.2", name="another").status_code == 200


def test_an_ipv6_network_is_one_client(owner: User) -> None:
    for number in range(5):
        sign_in("wrong", f"2001:db8::{number}")
    assert sign_in(SECRET, "2001:db8::ffff").status_code == 429
    assert sign_in(SECRET, "2001:db8:0:1::1").status_code == 302


def test_success_and_time_forget_wrong_passwords(owner: User) -> None:
    for _ in range(4):
        sign_in("wrong")
    assert sign_in(SECRET).status_code == 302
    for _ in range(4):
        assert sign_in("wrong").status_code == 200
    sign_in("wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=6))
    assert sign_in("wrong").status_code == 200
    assert AccessAttempt.objects.count() == 1, "old ones are deleted"


def test_sign_ins_and_refusals_are_logged_without_what_was_typed(owner: User) -> None:
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    signing_in.logger.addHandler(handler)
    try:
        sign_in(SECRET)
        sign_in("wrong-" + SECRET)
        sign_in("x", name=SECRET + "\n")
    finally:
        signing_in.logger.removeHandler(handler)
    assert lines == [
        "Signed in: owner from 192.0.2.1",
        "Sign-in refused (invalid_login): 'owner' from 192.0.2.1",
        "Sign-in refused (invalid_login): an unknown name from 192.0.2.1",
    ]
    stored = [value for row in AccessAttempt.objects.values() for value in row.values()]
    assert not any("wrong-" in str(value) for value in stored)


def test_no_more_than_two_threads_are_busy_with_passwords(owner: User, monkeypatch: Any) -> None:
    began, go = threading.Semaphore(0), threading.Event()
    answers: list[bool] = []

    def check() -> None:
        with signing_in.take_turn() as has_turn:
            answers.append(has_turn)
            began.release()
            go.wait(10)

    first = threading.Thread(target=check)
    first.start()
    began.acquire()
    second = threading.Thread(target=check)
    second.start()
    refused = sign_in(SECRET)
    while signing_in._PLACES.acquire(blocking=False):  # the second has not come yet
        signing_in._PLACES.release()
    refused = sign_in(SECRET)
    go.set()
    first.join()
    second.join()
    assert (refused.status_code, refused["Retry-After"]) == (429, "5")
    assert answers == [True, True], "they took turns"
    assert sign_in(SECRET).status_code == 302


def test_a_sign_in_deletes_what_has_expired(owner: User) -> None:
    ago = timezone.now() - timedelta(days=100)
    Session.objects.create(session_key="old", session_data="", expire_date=ago)
    AccessLog.objects.create(username="owner", ip_address="192.0.2.1")
    AccessLog.objects.update(attempt_time=ago)
    sign_in(SECRET)
    assert not Session.objects.filter(pk="old").exists()
    assert AccessLog.objects.count() == 1


@pytest.mark.parametrize(
    "password", ["Tr0ub4dor&3", "1q2w3e4r5t6y", "123456789012", "owner@example.org"]
)
def test_short_common_and_obvious_passwords_are_refused(owner: User, password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, owner)


def test_the_passwords_of_the_demo_obey(db: None) -> None:
    for name, password in create_demo_users().items():
        validate_password(password, User.objects.get(username=name))


def test_what_a_page_was_to_say_ends_with_its_session(
    editor_client: AdminClient, kataib: Actor
) -> None:
    """Who comes next to the browser is told nothing of it."""
    saved = editor_client.post(address(kataib), editor_client.fields(address(kataib)))
    assert saved.status_code == 302
    Session.objects.all().delete()
    page = editor_client.get("/admin/", follow=True)
    assert "id_password" in page.text
    assert kataib.name not in page.text
