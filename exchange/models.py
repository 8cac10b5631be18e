"""The imported rows of datasets, and what was made of them."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from editorial.models import ImportedData, Submission
from editorial.models.submission import Act
from editorial.redaction.guards import find_external_ids
from exchange.ucdp import ACTOR_IDS
from publishing.documents import REDACTED
from sources.codes import Scheme

LEFT_ALONE = "redacted, so left alone by later imports"


class ImportedRow(ImportedData):
    """The row of a dataset from which a record was made, as it was last read. Private.

    `row` keeps the columns that our model has no field for, for exporters. `made` distinguishes
    corrections of editors from changes of the source: a value that differs from the value that was
    made is an editor's, and no later release of the dataset changes it.
    """

    dataset = models.CharField(max_length=40, help_text="The dataset, such as ucdp_ged.")
    release = models.CharField(
        max_length=40, blank=True, help_text="Its release; blank where the file does not say."
    )
    key = models.CharField(max_length=100, help_text="The id of the row in the dataset.")
    row = models.JSONField(help_text="The row as read, by column; empty cells are null.")
    sha256 = models.CharField("SHA-256", max_length=64, help_text="Of the row as read.")
    source = models.ForeignKey(
        "sources.Source", models.PROTECT, related_name="+", help_text="The release, as a source."
    )
    made = models.JSONField(help_text="The rows and values that were made of it, by label.")
    flags = ArrayField(
        models.CharField(max_length=60), help_text="What is odd about the imported row."
    )

    class Meta:
        constraints = [
            # Also finds what was made of a row that is read again.
            models.UniqueConstraint("dataset", "key", name="importedrow_once"),
        ]
        indexes = [
            # What exporters need of a record beyond its own columns.
            models.Index("record", name="importedrow_record"),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} {self.release} {self.key}"

    @property
    def redaction(self) -> str:
        """Why imports leave the row alone: after which redaction; blank if they do not."""
        if LEFT_ALONE not in self.flags:
            return ""
        redactions = Submission.objects.filter(act=Act.REDACT, items__record=self.record)
        newest = redactions.order_by("-published_at").first()
        which = f"redaction {newest.pk} of {newest.published_at:%Y-%m-%d}" if newest else "one"
        return f"left alone by imports since {which} removed something of it: ask a reviewer"

    @classmethod
    def filter_referencing(cls, record: Any, records: Iterable[UUID]) -> models.QuerySet:
        """Return the rows that name a record; an actor by any of its UCDP ids, past ones too."""
        named = models.Q(record__in=list(records))
        ids = {value for scheme, value in find_external_ids(record) if scheme == Scheme.UCDP_ACTOR}
        among = rf"(^|,)\s*({'|'.join(map(re.escape, sorted(ids)))})(\.0+)?\s*(,|$)"
        for dataset, columns in ACTOR_IDS.items() if ids else ():
            for column in columns:
                named |= models.Q(dataset=dataset) & models.Q((f"row__{column}__regex", among))
        return cls._default_manager.filter(named)

    def redact(self, clean: Callable[[str], str] | None) -> None:
        """Remove texts from a row of the redacted record; later imports leave it alone.

        A redacted value is removed from `made` as well, so the present one counts as an editor's.
        """
        row = _clean(self.row, clean, REDACTED)
        made = _clean(self.made, clean, None)
        if (row, made) != (self.row, self.made):
            self.row, self.made = row, made
            if LEFT_ALONE not in self.flags:
                self.flags = [*self.flags, LEFT_ALONE]
            self.save()

    def redact_references(self, clean: Callable[[str], str]) -> None:
        """Remove texts from a row whose record only references the redacted one."""
        row = _clean(self.row, clean, REDACTED)
        if row != self.row:
            self.row = row
            self.save(update_fields=["row"])


def _clean(value: Any, clean: Callable[[str], str] | None, instead: str | None) -> Any:
    """Return JSON with each text cleaned, or replaced by `instead` where it would change."""
    if isinstance(value, dict):
        return {key: _clean(inner, clean, instead) for key, inner in value.items()}
    if isinstance(value, list):
        return [_clean(inner, clean, instead) for inner in value]
    if not isinstance(value, str) or (clean is not None and clean(value) == value):
        return value
    return clean(value) if clean is not None and instead is not None else instead
