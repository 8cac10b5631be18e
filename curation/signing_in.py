"""Signing in: limits on wrong passwords, and on passwords that are checked at the same time.

django-axes counts wrong passwords for five minutes after the last one. Checking a password is slow
on purpose, so each process checks one at a time and refuses further sign-ins.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_address
from threading import BoundedSemaphore
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessLog
from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import authenticate
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from curation.accounts.sessions import describe_browser, end_sessions, register
from curation.models import AccountEvent, AccountEventKind
from editorial.models import User
from editorial.redaction.restoring import destroy_expired
from publishing.clients import identify_client

logger = logging.getLogger(__name__)

CLIENT_SHARE, ACCOUNT_SHARE = 4, 10
"""The limits for one client and for one account, in multiples of AXES_FAILURE_LIMIT, which is the
limit for one client and one account."""
KNOWN_FOR = timedelta(days=90)
"""How long a client is known to an account after it signed in."""
_BATCH = 500
_WAIT = 3.0
_PLACES, _TURN = BoundedSemaphore(2), BoundedSemaphore(1)
"""One password is checked and one waits: signing in never uses more than two threads."""


class Limits(AxesDatabaseHandler):
    """A handler that counts wrong passwords by client and account, by client, and by account.

    Each count is divided so that AXES_FAILURE_LIMIT limits it. The count by account does not apply
    to clients that signed in to it before: nobody can lock out the owner by trying passwords from
    many addresses.
    """

    def get_failures(self, request: Any, credentials: dict[str, Any] | None = None) -> int:
        """Return the largest of the three counts, after division."""
        by_pair, by_client, by_account = (
            attempts.aggregate(sum=Sum("failures_since_start"))["sum"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        )
        counts = [by_pair, by_client // CLIENT_SHARE]
        if by_account >= ACCOUNT_SHARE and not _is_known(request, credentials):
            counts.append(by_account // ACCOUNT_SHARE)
        return int(max(counts))

    def reset_user_attempts(self, request: Any, credentials: dict[str, Any] | None = None) -> int:
        """Delete the wrong passwords of this client for this account, and no others."""
        pair, _, _ = self.filter_user_attempts(request, credentials)
        count, _ = pair.delete()
        return int(count)


class SignInForm(AdminAuthenticationForm):
    """A sign-in form with a field for the second factor, which says when to try again.

    The code is in the same form as the password, so that a wrong code and a wrong password look
    alike, count alike, and nobody is half signed in.
    """

    token = forms.CharField(
        label=gettext_lazy("Code"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"}),
        help_text=gettext_lazy(
            "Only if you have set up two-factor sign-in: the code of your app, or a recovery code."
        ),
    )
    error_messages = AdminAuthenticationForm.error_messages | {
        "invalid_login": gettext_lazy(
            "The user name, the password or the code is wrong. Capital letters count."
        ),
        "locked": "Too many wrong passwords. Try again in five minutes.",
        "busy": "Other users are signing in. Try again in a few seconds.",
    }
    retry_after: int | None = None
    """The seconds to wait, if the password was not checked."""

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        with take_turn() as has_turn:
            if not has_turn:
                raise self._refuse("busy", 5)
            name, password = (self.cleaned_data.get(key) for key in ("username", "password"))
            if name is None or not password:
                return self.cleaned_data
            self.user_cache = authenticate(
                self.request,
                username=name,
                password=password,
                token=self.cleaned_data.get("token"),
            )
            if self.user_cache is None and getattr(self.request, "axes_locked_out", False):
                raise self._refuse("locked", 300)
            if self.user_cache is None:
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(self.user_cache)
            return self.cleaned_data

    def _refuse(self, code: str, seconds: int) -> ValidationError:
        self.retry_after = seconds
        return ValidationError(self.error_messages[code], code=code)


def log_outcome(request: HttpRequest, form: SignInForm | None) -> None:
    """Log a sign-in, or a refused one, with the user name and the client.

    An unknown user name is not logged, because people sometimes type their password there.
    """
    client = identify_client(request)
    if form is None:
        user: Any = request.user
        logger.info("Signed in: %s from %s", user.get_username(), client)
        browser = describe_browser(request.headers.get("User-Agent", ""))
        AccountEvent.objects.note(
            AccountEventKind.SIGNED_IN, user, by=user, request=request, detail=browser
        )
        return
    typed = str(form.data.get("username", ""))[:150].replace("\0", "")
    known = User.objects.filter(username=typed).first()
    codes = ", ".join(sorted(e.code or "" for e in form.errors.as_data().get("__all__", ())))
    logger.warning(
        "Sign-in refused (%s): %s from %s",
        codes or "incomplete",
        ascii(known.username) if known else "an unknown name",
        client,
    )
    if codes:
        AccountEvent.objects.note(AccountEventKind.REFUSED, known, request=request, detail=codes)


def log_sign_out(request: HttpRequest) -> None:
    """Log a sign-out, unless nobody was signed in."""
    user: Any = request.user
    if request.method == "POST" and user.is_authenticated:
        AccountEvent.objects.note(AccountEventKind.SIGNED_OUT, user, by=user, request=request)


def log_new_password(request: HttpRequest) -> None:
    """Log that somebody changed their own password, and end their other sessions.

    The key of this session has changed, so it is stored anew.
    """
    user: Any = request.user
    request.session.save()
    register(request)
    end_sessions(user, but=request.session.session_key)
    AccountEvent.objects.note(AccountEventKind.PASSWORD_SET, user, by=user, request=request)


def delete_expired() -> None:
    """Delete a batch of expired sessions, old sign-ins, and what redactions removed long ago."""
    destroy_expired()
    AccountEvent.objects.delete_expired()
    now = timezone.now()
    for rows in (
        Session.objects.filter(expire_date__lt=now),
        AccessLog.objects.filter(attempt_time__lt=now - KNOWN_FOR),
    ):
        batch: Any = rows.order_by().values_list("pk", flat=True)[:_BATCH]
        rows.model._default_manager.filter(pk__in=list(batch)).delete()


def client_address(request: HttpRequest) -> str | None:
    """Return the address of a client for a column; for a network, its first address."""
    try:
        return str(ip_address(identify_client(request).partition("/")[0]))
    except ValueError:
        return None


def _is_known(request: Any, credentials: dict[str, Any] | None) -> bool:
    """Return whether this client signed in to this account in the last 90 days."""
    return AccessLog.objects.filter(
        username=(credentials or {}).get("username"),
        ip_address=request.axes_ip_address,
        attempt_time__gte=timezone.now() - KNOWN_FOR,
    ).exists()


@contextmanager
def take_turn() -> Iterator[bool]:
    """Wait for the turn to check a password; yield False if another waits, or after a timeout."""
    if not _PLACES.acquire(blocking=False):
        yield False
        return
    try:
        if not _TURN.acquire(timeout=_WAIT):
            yield False
            return
        try:
            yield True
        finally:
            _TURN.release()
    finally:
        _PLACES.release()
