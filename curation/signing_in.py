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
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone

from editorial.models import User
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
    """A sign-in form that says when to try again."""

    error_messages = AdminAuthenticationForm.error_messages | {
        "locked": "Too many wrong passwords. Try again in five minutes.",
        "busy": "Other users are signing in. Try again in a few seconds.",
    }
    retry_after: int | None = None
    """The seconds to wait, if the password was not checked."""

    def clean(self) -> dict[str, Any]:
        with _turn() as has_turn:
            if not has_turn:
                raise self._refuse("busy", 5)
            try:
                return super().clean()
            except ValidationError:
                if getattr(self.request, "axes_locked_out", False):
                    raise self._refuse("locked", 300) from None
                raise

    def _refuse(self, code: str, seconds: int) -> ValidationError:
        self.retry_after = seconds
        return ValidationError(self.error_messages[code], code=code)


def log_outcome(request: HttpRequest, form: SignInForm | None) -> None:
    """Log a sign-in, or a refused one, with the user name and the client.

    An unknown user name is not logged, because people sometimes type their password there.
    """
    if form is None:
        logger.info("Signed in: %s from %s", request.user.get_username(), identify_client(request))
        return
    typed = str(form.data.get("username", ""))[:150].replace("\0", "")
    known = User.objects.filter(username=typed).values_list("username", flat=True).first()
    codes = ", ".join(sorted(e.code or "" for e in form.errors.as_data().get("__all__", ())))
    logger.warning(
        "Sign-in refused (%s): %s from %s",
        codes or "incomplete",
        ascii(known) if known else "an unknown name",
        identify_client(request),
    )


def delete_expired() -> None:
    """Delete a batch of expired sessions and of old sign-ins."""
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
def _turn() -> Iterator[bool]:
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
