"""Stored texts: private rows that repeat texts of records, and that every redaction cleans."""

from collections.abc import Callable

from django.db import models


class StoredTexts(models.Model):
    """A private row that repeats texts of records, such as a form that somebody has not saved.

    A redaction of texts cleans all rows. A redaction of fields or of a whole record deletes the
    rows about that record. Each writer of a subclass takes a lock on its table that conflicts with
    `SHARE ROW EXCLUSIVE`, as every INSERT and UPDATE does, and then checks for new redactions.
    """

    record = models.UUIDField(
        null=True, blank=True, help_text="The public id of the record that it is about, if any."
    )

    class Meta:
        abstract = True

    def redact(self, clean: Callable[[str], str]) -> None:
        """Replace every text by `clean(text)`, and save the row if that changes anything."""
        raise NotImplementedError
