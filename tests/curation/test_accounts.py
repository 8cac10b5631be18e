"""Accounts: groups, two-factor sign-in, one-time links, sessions, deactivation and the log."""

import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from actors.models import Actor
from config.operator import parse_mail
from config.safety import parse_two_factor
from curation.accounts import confirmation, links
from curation.models import AccountEvent, UserSession
from editorial import two_factor, workflow
from editorial.models import User
from editorial.permissions import GROUPS
from tests.cast import UNCITED, person
from tests.curation.admin_client import AdminClient, address

SECRET = "correct-horse-battery"
NEW = "another-staple-of-hay"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cheap(settings: Any) -> None:
    """Hashing costs nothing here, and codes may be tried without waiting."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.OTP_TOTP_THROTTLE_FACTOR = settings.OTP_STATIC_THROTTLE_FACTOR = 0
    links.LIMIT.clear()


@pytest.fixture
def owner() -> User:
    """A reviewer with a password."""
    user = person("owner", "reviewer")
    user.email = "owner@example.org"
    user.set_password(SECRET)
    user.save()
    return user


@pytest.fixture
def administrator_client() -> AdminClient:
    """An administrator at the desk."""
    return AdminClient(person("administrator", "administrator"))


class Visitor(Client):
    """A browser that signs in with a form."""

    def generic(self, *args: Any, **kwargs: Any) -> Any:
        """Ask over HTTPS, as browsers must."""
        return super().generic(*args, **kwargs | {"secure": True, "HTTP_USER_AGENT": FIREFOX})

    def sign_in(self, password: str = SECRET, token: str = "", name: str = "owner") -> Any:
        sent = {"username": name, "password": password, "token": token}
        return self.post("/admin/login/", sent)


def code_now(user: User, ahead: int = 0) -> str:
    """Return the code that the app of a user shows, some steps of 30 seconds from now."""
    device = TOTPDevice.objects.filter(user=user).order_by("confirmed").first()
    assert device is not None
    return f"{totp(device.bin_key, t0=-30 * ahead):06d}"


def set_up(user: User) -> list[str]:
    """Set up two-factor sign-in; return the recovery codes. The code of now is used."""
    two_factor.begin(user)
    assert two_factor.confirm(user, code_now(user))
    return two_factor.make_recovery_codes(user)


def log() -> list[tuple[str, str | None, str | None, str]]:
    """Return the events of accounts, the oldest first."""
    rows = AccountEvent.objects.order_by("pk")
    return list(rows.values_list("kind", "user__username", "by__username", "detail"))


def test_migrations_make_four_groups_and_their_permissions_are_rules(db: None) -> None:
    assert set(Group.objects.filter(name__in=GROUPS).values_list("name", flat=True)) == set(GROUPS)
    can = {
        name: (user.is_reviewer, user.is_coordinator, user.is_administrator)
        for name in GROUPS
        for user in [person(name, name)]
    }
    assert can == {
        "editor": (False, False, False),
        "reviewer": (True, False, False),
        "coordinator": (True, True, False),
        "administrator": (False, False, True),
    }
    administrator = User.objects.get(username="administrator")
    assert not administrator.has_perm("actors.change_actor")
    assert User.objects.get(username="coordinator").has_perm("actors.change_actor")
    with pytest.raises(PermissionDenied):
        User.objects.get(username="reviewer").require_administrator()


def test_people_set_up_a_second_factor_and_need_it_from_then_on(owner: User) -> None:
    here, elsewhere = Visitor(), Visitor()
    assert here.sign_in().status_code == elsewhere.sign_in().status_code == 302
    page = here.get("/admin/account/two-factor/")
    assert 'src="data:image/svg+xml' in page.text
    assert "password" not in re.findall(r'<input[^>]+name="(\w+)"', page.text), "typed just now"
    wrong = here.post("/admin/account/two-factor/", {"code": "000000"})
    assert "This code is wrong or too old." in wrong.text
    done = here.post("/admin/account/two-factor/", {"code": code_now(owner)})
    codes = re.findall(r"<code>([a-z2-7]{4}-[a-z2-7]{4})</code>", done.text)
    assert len(set(codes)) == 10
    assert here.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302, "other sessions end"

    for token in ("", "000000", "abcd-efgh", codes[0][:-1], code_now(owner)):
        refused = Visitor().sign_in(token=token)
        assert "The user name, the password or the code is wrong." in refused.text, token
        AccessAttempt.objects.all().delete()
    assert Visitor().sign_in(token=code_now(owner, ahead=1)).status_code == 302
    assert Visitor().sign_in(token=codes[0].upper()).status_code == 302
    assert Visitor().sign_in(token=codes[0]).status_code == 200, "it is valid once"
    page = here.get("/admin/account/")
    assert "You have 9 recovery codes left." in page.text
    page = here.post("/admin/account/recovery-codes/")
    assert codes[1] not in page.text
    assert Visitor().sign_in(token=codes[1]).status_code == 200
    kinds = [kind for kind, *_ in log() if not kind.startswith("signed") and kind != "refused"]
    assert kinds == ["two_factor_set_up", "codes_made"]


def test_wrong_codes_are_limited_like_wrong_passwords(owner: User) -> None:
    set_up(owner)
    for number in range(5):
        refused = Visitor().sign_in(token=f"00000{number}")
    assert (refused.status_code, refused["Retry-After"]) == (429, "300")
    assert Visitor().sign_in(token=code_now(owner, ahead=1)).status_code == 429


def test_the_setting_requires_it_of_reviewers_and_administrators(
    owner: User, settings: Any, editor: User
) -> None:
    settings.TWO_FACTOR = "reviewers"
    editor.set_password(SECRET)
    editor.save()
    writer = Visitor()
    writer.sign_in(name="editor")
    assert writer.get("/admin/").status_code == 200
    visitor = Visitor()
    visitor.sign_in()
    led = visitor.get("/admin/actors/actor/?kind__exact=unit", follow=True)
    assert led.redirect_chain[-1][0].startswith("/admin/account/two-factor/?next=")
    assert "Your account needs a second factor." in led.text
    assert "Kataib" not in led.text
    for page in ("/admin/account/", "/admin/actors/actor/add/", "/admin/log/", "/admin/dates/"):
        assert visitor.get(page).status_code == 302, page
        assert visitor.post(page).status_code == 302, page
    assert visitor.get("/api/v1/actors").status_code == 200, "the public API never asks"
    assert visitor.get("/explore").status_code == 200
    sent = {"code": code_now(owner), "next": "/admin/actors/actor/?kind__exact=unit"}
    done = visitor.post("/admin/account/two-factor/", sent)
    assert 'href="/admin/actors/actor/?kind__exact=unit"' in done.text
    assert visitor.get("/admin/actors/actor/").status_code == 200
    sent["next"] = "https://evil.example/"
    assert "evil" not in visitor.get("/admin/account/two-factor/", sent).text
    assert visitor.post("/admin/logout/").status_code == 200
    settings.TWO_FACTOR = "everyone"
    assert writer.get("/admin/").status_code == 302
    assert writer.post("/admin/logout/").status_code == 200, "signing out is always possible"


def test_an_administrator_or_the_command_line_resets_it(
    owner: User, administrator_client: AdminClient
) -> None:
    set_up(owner)
    signed_in = Visitor()
    assert signed_in.sign_in(token=code_now(owner, ahead=1)).status_code == 302
    assert administrator_client.get(address(owner, "reset")).status_code == 200
    done = administrator_client.post(address(owner, "reset"), {"confirmed": "yes"}, follow=True)
    assert "Two-factor sign-in is reset." in done.text
    assert not TOTPDevice.objects.exists()
    assert not StaticDevice.objects.exists()
    assert signed_in.get("/admin/").status_code == 302, "all sessions end"
    assert Visitor().sign_in().status_code == 302
    set_up(owner)
    call_command("account", "reset-two-factor", "owner", stdout=StringIO())
    assert Visitor().sign_in().status_code == 302
    with pytest.raises(CommandError, match="owner has not set up two-factor sign-in"):
        call_command("account", "reset-two-factor", "owner", stdout=StringIO())
    assert [row for row in log() if row[0] == "two_factor_reset"] == [
        ("two_factor_reset", "owner", "administrator", ""),
        ("two_factor_reset", "owner", None, ""),
    ]


def test_nobody_sees_the_keys_of_others(db: None) -> None:
    root = AdminClient(User.objects.create_superuser("root"))
    assert "otp" not in root.get("/admin/").text.lower()
    assert root.get("/admin/otp_totp/totpdevice/").status_code == 404
    assert root.get("/admin/otp_static/staticdevice/").status_code == 404


def open_link(visitor: Client, link: str) -> Any:
    """Open a one-time link; return the page with the form and the address it is sent to."""
    page = visitor.get(link.removeprefix("https://localhost").removeprefix("https://testserver"))
    return (
        (visitor.get(page["Location"]), page["Location"]) if page.status_code == 302 else (page, "")
    )


def test_an_administrator_invites_by_a_one_time_link(administrator_client: AdminClient) -> None:
    page = administrator_client.get(address(User, "add"))
    groups = [str(Group.objects.get(name=name).pk) for name in ("editor", "reviewer")]
    sent = {"username": "rana", "first_name": "رنا", "email": "rana@example.org", "groups": groups}
    sent["form_state"] = page.context["form_state"]
    made = administrator_client.post(address(User, "add"), sent)
    rana = User.objects.get(username="rana")
    assert made["Location"] == address(rana, "link")
    assert rana.is_staff
    assert not rana.has_usable_password()
    assert "Send it" not in administrator_client.get(address(rana, "link")).text, "no mail server"
    shown = administrator_client.post(address(rana, "link"), {})
    (link,) = re.findall(r'value="(https://[^"]+/admin/link/[^"]+)"', shown.text)
    visitor = Visitor()
    page, target = open_link(visitor, link)
    assert "<bdi>rana</bdi>" in page.text
    short = {"new_password1": "short", "new_password2": "short"}
    assert "at least 12 characters" in visitor.post(target, short).text
    assert (
        visitor.post(target, {"new_password1": SECRET, "new_password2": SECRET}).status_code == 302
    )
    assert visitor.sign_in(name="rana").status_code == 302
    assert "This link is not valid any more" in open_link(Visitor(), link)[0].text
    assert log()[:3] == [
        ("invited", "rana", "administrator", "editor, reviewer"),
        ("link_made", "rana", "administrator", "shown"),
        ("password_set", "rana", "rana", "by a one-time link"),
    ]


def test_a_link_ends_with_time_and_deactivation_and_does_not_replace_the_second_factor(
    owner: User, administrator_client: AdminClient, time_machine: Any
) -> None:
    output = StringIO()
    call_command("account", "link", "owner", "--site", "https://localhost", stdout=output)
    link = output.getvalue().strip()
    page, _ = open_link(Visitor(), link)
    assert "Choose a password" in page.text
    User.objects.update(is_active=False)
    assert "not valid any more" in open_link(Visitor(), link)[0].text
    User.objects.update(is_active=True)
    time_machine.move_to(timezone.now() + timedelta(days=3, seconds=5))
    assert "not valid any more" in open_link(Visitor(), link)[0].text
    set_up(owner)
    visitor = Visitor()
    _, target = open_link(visitor, links.make_link(owner, "https://localhost"))
    visitor.post(target, {"new_password1": NEW, "new_password2": NEW})
    assert visitor.sign_in(NEW).status_code == 200
    assert visitor.sign_in(NEW, code_now(owner, ahead=1)).status_code == 302


def test_a_forgotten_password_is_reset_by_mail_where_mail_is_set_up(
    owner: User, settings: Any, administrator_client: AdminClient
) -> None:
    assert Visitor().get("/admin/forgotten/").status_code == 404
    assert "Forgotten" not in Visitor().get("/admin/login/").text
    settings.MAIL = parse_mail("smtps://muster:a%40b@mail.example.org", "muster@example.org")
    visitor = Visitor()
    assert "/admin/forgotten/" in visitor.get("/admin/login/").text
    answers = [
        visitor.post("/admin/forgotten/", {"email": each}, follow=True).text.partition("<main")[2]
        for each in ("OWNER@example.org", "nobody@example.org")
    ]
    assert "If an account has this address, a link is on its way." in answers[0]
    hidden = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert hidden.sub("", answers[0]) == hidden.sub("", answers[1])
    (message,) = mail.outbox
    assert message.to == ["owner@example.org"]
    (link,) = re.findall(r"https://\S+", message.body)
    assert "Your user name is owner." in message.body
    _, target = open_link(visitor, link)
    visitor.post(target, {"new_password1": NEW, "new_password2": NEW})
    assert Visitor().sign_in(NEW).status_code == 302
    visitor.post("/admin/forgotten/", {"email": "nobody@example.org"})
    refused = visitor.post("/admin/forgotten/", {"email": "owner@example.org"})
    assert refused.status_code == 429
    assert "Too many requests." in refused.text
    assert len(mail.outbox) == 1
    administrator_client.post(address(owner, "link"), {"send": "yes"})
    assert len(mail.outbox) == 2


def test_settings_of_mail_and_two_factor_say_what_is_wrong() -> None:
    assert parse_mail("", "") is None
    mail_server = parse_mail("smtp://mail.example.org", "Muster <muster@example.org>")
    assert mail_server is not None
    assert (mail_server.host, mail_server.port) == ("mail.example.org", 587)
    assert (mail_server.encrypted, mail_server.starts_tls) == (False, True)
    for server, sender in (
        ("mail.example.org", "muster@example.org"),
        ("smtp://mail.example.org", ""),
        ("", "muster@example.org"),
        ("smtp://mail.example.org:port", "muster@example.org"),
        ("smtp://mail.example.org", "a@b.org\nBcc: c@d.org"),
    ):
        with pytest.raises(ImproperlyConfigured, match="MUSTER_SMTP and MUSTER_MAIL_FROM"):
            parse_mail(server, sender)
    with pytest.raises(ImproperlyConfigured, match="Write off, reviewers or everyone"):
        parse_two_factor("yes")


def test_people_see_and_end_their_sessions(owner: User) -> None:
    here, elsewhere, third = Visitor(), Visitor(), Visitor()
    for visitor in (here, elsewhere, third):
        visitor.sign_in()
    page = here.get("/admin/account/")
    assert page.text.count("Firefox on Linux</th>") == 3
    assert page.text.count("this session") == 1
    other = UserSession.objects.get(session_id=elsewhere.session.session_key)
    foreign = Visitor()
    stranger = person("stranger", "editor")
    stranger.set_password(SECRET)
    stranger.save()
    foreign.sign_in(name="stranger")
    assert (
        "had ended already"
        in foreign.post("/admin/account/", {"session": other.pk}, follow=True).text
    )
    here.post("/admin/account/", {"session": other.pk})
    assert elsewhere.get("/admin/").status_code == 302
    assert third.get("/admin/").status_code == 200
    here.post("/admin/account/", {"session": "others"})
    assert third.get("/admin/").status_code == 302
    assert here.get("/admin/").status_code == 200
    assert foreign.get("/admin/").status_code == 200
    change = {"old_password": SECRET, "new_password1": NEW, "new_password2": NEW}
    assert here.post("/admin/password_change/", change).status_code == 302
    assert "this session" in here.get("/admin/account/").text
    assert [kind for kind, *_ in log()][-3:] == ["session_ended", "session_ended", "password_set"]


def test_administrators_end_sessions_but_do_not_touch_superusers(
    owner: User, administrator_client: AdminClient
) -> None:
    visitor = Visitor()
    visitor.sign_in()
    page = administrator_client.get(address(owner, "sessions"))
    assert "Firefox on Linux" in page.text
    administrator_client.post(address(owner, "sessions"), {"session": "all"})
    assert visitor.get("/admin/").status_code == 302
    root = User.objects.create_superuser("root", password=SECRET)
    for page in ("link", "sessions", "reset", "deactivate", "reactivate"):
        assert administrator_client.post(address(root, page), {}).status_code == 403, page
    password = address(root).replace("change", "password")
    assert administrator_client.post(password, {}).status_code == 403
    assert 'name="_save"' not in administrator_client.get(address(root)).text


def test_administrators_change_groups_and_cannot_make_superusers(
    owner: User, administrator_client: AdminClient
) -> None:
    sent = administrator_client.fields(address(owner))
    assert "is_superuser" not in sent
    editors = Group.objects.get(name="editor").pk
    sent |= {"groups": [str(editors)], "is_superuser": "on", "is_active": ""}
    assert administrator_client.post(address(owner), sent).status_code == 302
    owner = User.objects.get(pk=owner.pk)
    assert not owner.is_superuser
    assert owner.is_active
    assert [group.name for group in owner.groups.all()] == ["editor"]
    assert log()[-1] == ("permissions", "owner", "administrator", "+editor, −reviewer")
    for page in ("link", "sessions", "reset", "deactivate", "reactivate"):
        assert AdminClient(owner).post(address(owner, page), {}).status_code == 403, page
    assert AdminClient(owner).get("/admin/log/").status_code == 403


def test_deactivation_keeps_the_history_and_hands_over_the_work(
    owner: User, editor: User, kataib: Actor, administrator_client: AdminClient
) -> None:
    submission = workflow.submit(kataib, editor, "A correction")
    visitor = Visitor()
    editor.set_password(SECRET)
    editor.save()
    visitor.sign_in(name="editor")
    page = administrator_client.get(address(editor, "deactivate"))
    assert "A correction" in page.text
    bad = administrator_client.post(address(editor, "deactivate"), {"to": editor.pk})
    assert "Select a valid choice" in bad.text
    sent = {"to": owner.pk, "confirmed": "yes"}
    administrator_client.post(address(editor, "deactivate"), sent)
    editor.refresh_from_db()
    submission.refresh_from_db()
    assert not editor.is_active
    assert visitor.get("/admin/").status_code == 302
    assert visitor.sign_in(name="editor").status_code == 200
    assert (submission.submitted_by, submission.taken_over_by) == (editor, owner)
    assert log()[-2][0] == "deactivated"
    assert log()[-2][3] == "1 open submissions handed over to owner"
    with pytest.raises(PermissionDenied, match="You took it over"):
        workflow.approve(submission, owner, UNCITED)
    assert "editor, taken over by owner" in AdminClient(owner).get(address(submission)).text
    workflow.recall(submission, owner)
    own = administrator_client.user
    refused = administrator_client.post(address(own, "deactivate"), sent, follow=True)
    assert "You cannot deactivate your own account." in refused.text
    administrator_client.post(address(editor, "reactivate"), {})
    assert User.objects.get(pk=editor.pk).is_active


def test_the_command_line_invites_deactivates_and_says_what_is_wrong(owner: User) -> None:
    output = StringIO()
    call_command("account", "invite", "rana", "--group", "editor", stdout=output)
    assert re.fullmatch(r"https://localhost/admin/link/\S+\n", output.getvalue())
    assert [group.name for group in User.objects.get(username="rana").groups.all()] == ["editor"]
    with pytest.raises(CommandError, match="already exists"):
        call_command("account", "invite", "rana")
    with pytest.raises(CommandError, match="There is no account nobody"):
        call_command("account", "link", "nobody")
    with pytest.raises(CommandError, match="Choose another person"):
        call_command("account", "deactivate", "rana", "--to", "rana")
    Visitor().sign_in()
    call_command("account", "end-sessions", "owner", stdout=output)
    assert output.getvalue().splitlines()[-1] == "Ended: 1"
    call_command("account", "deactivate", "rana", "--to", "owner", stdout=output)
    with pytest.raises(CommandError, match="is deactivated"):
        call_command("account", "link", "rana")


def test_the_log_shows_sign_ins_permissions_and_redactions(
    owner: User,
    publish: Any,
    kataib: Actor,
    administrator_client: AdminClient,
    django_assert_max_num_queries: Any,
) -> None:
    publish(kataib)
    workflow.withdraw(kataib, owner, "It is doubtful.")
    Visitor().sign_in()
    Visitor().sign_in("wrong")
    Visitor().sign_in("wrong", name="a password")
    with django_assert_max_num_queries(20):
        page = administrator_client.get("/admin/log/")
    lines = [(line.by, str(line.what), line.about) for line in page.context["lines"]]
    assert lines == [
        ("", "sign-in refused", ""),
        ("", "sign-in refused", "owner"),
        ("owner", "signed in", ""),
        ("owner", "withdraw", "Kataib Hezbollah (armed organisation)"),
    ]
    assert "a password" not in page.text
    acts = administrator_client.get("/admin/log/", {"topic": "acts"})
    assert [line.detail for line in acts.context["lines"]] == ["It is doubtful."]
    for topic, number in (("sign-ins", 3), ("permissions", 0), ("exports", 0)):
        page = administrator_client.get("/admin/log/", {"topic": topic})
        assert len(page.context["lines"]) == number, topic
    AccountEvent.objects.bulk_create(AccountEvent(kind="signed_in", user=owner) for _ in range(60))
    page = administrator_client.get("/admin/log/", {"topic": "sign-ins"})
    assert len(page.context["lines"]) == 50
    AccountEvent.objects.update(at=timezone.now() - timedelta(days=91))
    Visitor().sign_in()
    assert [kind for kind, *_ in log()] == ["signed_in"]
    assert Session.objects.count() == UserSession.objects.count() + 1  # the administrator's


def test_a_password_is_asked_for_again_after_some_minutes(owner: User, time_machine: Any) -> None:
    visitor = Visitor()
    visitor.sign_in()
    set_up(owner)
    assert 'name="password"' not in visitor.get("/admin/account/recovery-codes/").text
    time_machine.move_to(timezone.now() + timedelta(seconds=confirmation.VALID_FOR + 1))
    assert 'name="password"' in visitor.get("/admin/account/recovery-codes/").text
    for sent in ({}, {"password": "wrong"}):
        refused = visitor.post("/admin/account/recovery-codes/", sent)
        assert "<code>" not in refused.text
    assert "This is not your password." in refused.text
    done = visitor.post("/admin/account/recovery-codes/", {"password": SECRET})
    assert done.text.count("<code>") == 10, "a session needs no second code"
    time_machine.shift(confirmation.VALID_FOR + 1)
    for _ in range(5):
        refused = visitor.post("/admin/account/recovery-codes/", {"password": "wrong"})
    assert "Too many wrong passwords." in refused.text
