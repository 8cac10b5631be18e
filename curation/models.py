"""SavedForm: that a form of the admin was saved, so that sending it again changes nothing."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone

_REMEMBERED = timedelta(days=30)


class SavedFormManager(models.Manager["SavedForm"]):
    """How saved forms are remembered."""

    def remember(self, token: str, digest: str, object_id: str) -> None:
        """Remember that a form was saved, and forget what was saved long ago."""
        self.filter(saved_at__lt=timezone.now() - _REMEMBERED).delete()
        # After Back, a form that had changed nothing may be saved once more, with other values.
        values = {"digest": digest, "object_id": object_id}
        self.update_or_create(token=token, defaults=values)


class SavedForm(models.Model):
    """A form that was saved; a second click on its button finds what the first one did."""

    token = models.UUIDField(unique=True, help_text="Random, made when the form was opened.")
    digest = models.CharField(max_length=64, help_text="HMAC of what was sent.")
    object_id = models.CharField(max_length=40, help_text="The primary key of what was saved.")
    saved_at = models.DateTimeField(auto_now_add=True, help_text="When it was saved.")

    objects: ClassVar[SavedFormManager] = SavedFormManager()

    class Meta:
        # Serves the deletion of old rows.
        indexes = [models.Index("saved_at", name="savedform_saved_at")]

    def __str__(self) -> str:
        return str(self.token)
