"""Saved forms of the admin: sending the same form again changes nothing."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone

_MAX_AGE = timedelta(days=30)


class SavedFormManager(models.Manager["SavedForm"]):
    """A manager that adds saved forms and deletes old ones."""

    def delete_expired(self) -> int:
        """Delete the forms that were saved long ago, and return their number."""
        return self.filter(saved_at__lt=timezone.now() - _MAX_AGE).delete()[0]

    def remember(self, token: str, digest: str, object_id: str) -> None:
        """Store that a form was saved, and delete forms that were saved long ago."""
        self.delete_expired()
        # After Back, a form that changed nothing can be saved again with other values.
        values = {"digest": digest, "object_id": object_id}
        self.update_or_create(token=token, defaults=values)


class SavedForm(models.Model):
    """A form that was saved, so that a second click on its button finds the saved row."""

    token = models.UUIDField(unique=True, help_text="A random id, made when the form was opened.")
    digest = models.CharField(max_length=64, help_text="The HMAC of the data that was sent.")
    object_id = models.CharField(max_length=40, help_text="The primary key of the saved row.")
    saved_at = models.DateTimeField(auto_now_add=True, help_text="When it was saved.")

    objects: ClassVar[SavedFormManager] = SavedFormManager()

    class Meta:
        # Serves the deletion of old rows.
        indexes = [models.Index("saved_at", name="savedform_saved_at")]

    def __str__(self) -> str:
        return str(self.token)
