"""Imported data: private rows with the input that a record was made from."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db import models


class ImportedData(models.Model):
    """A row about a record that is not a part of it, such as the row of a dataset it comes from.

    A redaction of the record also cleans this row. Otherwise an import could restore what the
    redaction removed.
    """

    record = models.UUIDField(help_text="The public id of the record that was made from it.")

    class Meta:
        abstract = True

    @classmethod
    def filter_referencing(cls, record: Any, records: Iterable[UUID]) -> models.QuerySet:
        """Return the rows that mention `record`; `records` are those known to reference it."""
        return cls._default_manager.filter(record__in=list(records))

    def redact(self, clean: Callable[[str], str] | None) -> None:
        """Replace every text by `clean(text)`; without `clean`, remove all imported data."""
        raise NotImplementedError

    def redact_references(self, clean: Callable[[str], str]) -> None:
        """Replace the texts that may name another record, which was redacted, by `clean(text)`."""
        raise NotImplementedError
