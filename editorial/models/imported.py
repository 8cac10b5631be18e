"""Kept: a private row that keeps what was read of a record, besides the working rows."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db import models


class ImportedData(models.Model):
    """A row about a record that is no part of it, such as the row of a dataset it was made of.

    A redaction of the record reaches it: it must not bring back what was removed.
    """

    record = models.UUIDField(help_text="The public id of the record that was made of it.")

    class Meta:
        abstract = True

    @classmethod
    def filter_referencing(cls, record: Any, records: Iterable[UUID]) -> models.QuerySet:
        """Return the rows that quote a record: those of `records`, which do, and others."""
        return cls._default_manager.filter(record__in=list(records))

    def redact(self, clean: Callable[[str], str] | None) -> None:
        """Remove what `clean` removes from a text; without it, all that was read."""
        raise NotImplementedError

    def redact_references(self, clean: Callable[[str], str]) -> None:
        """Remove what `clean` removes where the row is about a record that quotes the redacted."""
        raise NotImplementedError
