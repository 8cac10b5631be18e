"""The log of accounts: who signed in, and who changed what others may do."""

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from publishing.clients import identify_client
from publishing.fields import Enumeration, WordField

if TYPE_CHECKING:
    from editorial.models import User

SIGN_INS_KEPT_FOR = timedelta(days=90)
"""How long sign-ins stay in the log. All other events stay for good."""


class AccountEventKind(Enumeration):
    """What happened to an account."""

    SIGNED_IN = "signed_in", "signed in"
    REFUSED = "refused", "sign-in refused"
    SIGNED_OUT = "signed_out", "signed out"
    SESSION_ENDED = "session_ended", "session ended"
    INVITED = "invited", "invited"
    LINK_MADE = "link_made", "one-time link made"
    PASSWORD_SET = "password_set", "password set"
    TWO_FACTOR_SET_UP = "two_factor_set_up", "two-factor sign-in set up"
    TWO_FACTOR_RESET = "two_factor_reset", "two-factor sign-in reset"
    CODES_MADE = "codes_made", "recovery codes made"
    PERMISSIONS = "permissions", "permissions changed"
    DEACTIVATED = "deactivated", "deactivated"
    REACTIVATED = "reactivated", "reactivated"
    EXPORTED = "exported", "private data exported"


SIGN_INS = (AccountEventKind.SIGNED_IN, AccountEventKind.REFUSED, AccountEventKind.SIGNED_OUT)
"""The kinds that are deleted after a time."""


class AccountEventManager(models.Manager["AccountEvent"]):
    """A manager that adds events and deletes old sign-ins."""

    def note(
        self,
        kind: AccountEventKind,
        user: "User | None",
        *,
        by: "User | None" = None,
        request: HttpRequest | None = None,
        detail: str = "",
    ) -> None:
        """Add an event, with the client of a request, if it came by one.

        Without `by`, the command line or nobody known did it.
        """
        client = identify_client(request)[:60] if request else ""
        self.create(kind=kind, user=user, by=by, client=client, detail=detail[:500])

    def delete_expired(self) -> None:
        """Delete the sign-ins of more than `SIGN_INS_KEPT_FOR` ago."""
        self.filter(kind__in=SIGN_INS, at__lt=timezone.now() - SIGN_INS_KEPT_FOR).delete()


class AccountEvent(models.Model):
    """Something that happened to an account. Nobody can change it in the admin.

    It never has what somebody typed as a user name or a password.
    """

    kind = WordField(AccountEventKind, help_text="What happened.")
    at = models.DateTimeField(auto_now_add=True, help_text="When it happened.")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="account_events",
        null=True,
        help_text="Whose account it is; empty for an unknown name or the whole database.",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="caused_account_events",
        null=True,
        help_text="Who did it; empty if it was done on the command line or by nobody known.",
    )
    client = models.CharField(
        max_length=60, blank=True, help_text="The network address from which it was done."
    )
    detail = models.CharField(max_length=500, blank=True, help_text="What changed.")

    objects: ClassVar[AccountEventManager] = AccountEventManager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            # The log, newest first, and the deletion of old sign-ins.
            models.Index("at", name="accountevent_at"),
        ]

    def __str__(self) -> str:
        return f"{AccountEventKind(self.kind).label}, {self.at:%Y-%m-%d %H:%M} UTC"
