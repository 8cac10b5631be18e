"""Sessions: where a person is signed in."""

from typing import ClassVar

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone


class UserSessionManager(models.Manager["UserSession"]):
    """A manager of sessions."""

    def current(self) -> "models.QuerySet[UserSession]":
        """Return the sessions that have not expired, the newest first."""
        rows = self.filter(session__expire_date__gt=timezone.now())
        return rows.select_related("session").order_by("-started_at")


class UserSession(models.Model):
    """A session of a person, which is deleted together with the session of Django."""

    session = models.OneToOneField(
        Session, models.CASCADE, related_name="owner", help_text="The session of Django."
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="sessions",
        help_text="Who is signed in.",
    )
    started_at = models.DateTimeField(auto_now_add=True, help_text="When the person signed in.")
    client = models.CharField(max_length=60, help_text="The network address of the sign-in.")
    browser = models.CharField(max_length=80, help_text="The browser and its system.")

    objects: ClassVar[UserSessionManager] = UserSessionManager()

    def __str__(self) -> str:
        return f"{self.browser}, {self.client}"
