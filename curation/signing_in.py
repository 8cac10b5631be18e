"""Signing in: how often a password may be tried, and how many are checked at once.

Wrong passwords are counted by django-axes, for five minutes after the last one. Checking a password
costs a good part of a second of a processor on purpose, so each process checks one at a time and
refuses before it checks.
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
"""How many times as many wrong passwords a client has for all accounts, and an account from all
clients, as one client has for one account (AXES_FAILURE_LIMIT)."""
REMEMBERED = timedelta(days=90)
"""How long a client counts as known to an account after it signed in."""
_BATCH = 500
_WAIT = 3.0
_PLACES, _TURN = BoundedSemaphore(2), BoundedSemaphore(1)
"""One password is checked and one waits; more threads than these never belong to signing in."""


class Limits(AxesDatabaseHandler):
    """The counts of wrong passwords, so weighed that AXES_FAILURE_LIMIT bounds each of them.

    The count of an account does not hold for clients that signed in to it before: whoever tries
    passwords from many other addresses does not lock its owner out.
    """

    def get_failures(self, request: Any, credentials: dict[str, Any] | None = None) -> int:
        """Return the largest of the three counts, weighed."""
        pair, of_client, of_account = (
            attempts.aggregate(sum=Sum("failures_since_start"))["sum"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        )
        weighed = [pair, of_client // CLIENT_SHARE]
        if of_account >= ACCOUNT_SHARE and not _is_known(request, credentials):
            weighed.append(of_account // ACCOUNT_SHARE)
        return int(max(weighed))

    def reset_user_attempts(self, request: Any, credentials: dict[str, Any] | None = None) -> int:
        """Forget what this client tried for this account, not what others did."""
        pair, _, _ = self.filter_user_attempts(request, credentials)
        count, _ = pair.delete()
        return int(count)


class SignInForm(AdminAuthenticationForm):
    """The form of the sign-in, which says when to try again."""

    error_messages = AdminAuthenticationForm.error_messages | {
        "locked": "Too many wrong passwords. Try again in five minutes.",
        "busy": "Others are signing in at this moment. Try again in a few seconds.",
    }
    retry_after: int | None = None
    """After how many seconds to try again, where the password was not looked at."""

    def clean(self) -> dict[str, Any]:
        with _turn() as is_ours:
            if not is_ours:
                raise self._refused("busy", 5)
            try:
                return super().clean()
            except ValidationError:
                if getattr(self.request, "axes_locked_out", False):
                    raise self._refused("locked", 300) from None
                raise

    def _refused(self, code: str, seconds: int) -> ValidationError:
        self.retry_after = seconds
        return ValidationError(self.error_messages[code], code=code)


def log_outcome(request: HttpRequest, form: SignInForm | None) -> None:
    """Log who signed in from where, or whose sign-in was refused.

    A name that no account has is not logged: people type their password there.
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


def forget_expired() -> None:
    """Delete some of the sessions that have expired, and of the sign-ins that are long ago."""
    now = timezone.now()
    for rows in (
        Session.objects.filter(expire_date__lt=now),
        AccessLog.objects.filter(attempt_time__lt=now - REMEMBERED),
    ):
        batch: Any = rows.order_by().values_list("pk", flat=True)[:_BATCH]
        rows.model._default_manager.filter(pk__in=list(batch)).delete()


def client_address(request: HttpRequest) -> str | None:
    """Return the address of a client as a column holds it; of a network, the first."""
    try:
        return str(ip_address(identify_client(request).partition("/")[0]))
    except ValueError:
        return None


def _is_known(request: Any, credentials: dict[str, Any] | None) -> bool:
    """Return whether this client signed in to this account lately."""
    return AccessLog.objects.filter(
        username=(credentials or {}).get("username"),
        ip_address=request.axes_ip_address,
        attempt_time__gte=timezone.now() - REMEMBERED,
    ).exists()


@contextmanager
def _turn() -> Iterator[bool]:
    """Wait for the turn to check a password; yield False where too many wait, or for too long."""
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
