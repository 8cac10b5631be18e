"""Merges of two records that describe the same subject."""

from django.db import models

from editorial.models.submission import Submission


class Merge(models.Model):
    """A merge of a record into another, with the changes that it made to working rows."""

    submission = models.OneToOneField(
        Submission,
        models.PROTECT,
        related_name="merge",
        help_text="Who merged the records, and why.",
    )
    record = models.UUIDField(help_text="The public id of the record that was merged.")
    survivor = models.UUIDField(help_text="The public id of the record that it was merged into.")
    undone = models.OneToOneField(
        Submission,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="unmerge",
        help_text="Who undid the merge, and why.",
    )
    repointed = models.JSONField(
        default=list,
        help_text="The changed columns: model, key, column, and the value before and after.",
    )
    removed = models.JSONField(
        default=list, help_text="The rows that would have related the survivor to itself."
    )

    carried_rows = models.JSONField(
        default=list,
        help_text="The rows that moved to the survivor: model, key, columns before, digest after. "
        "A row that the merge made has no columns before.",
    )
    carried_texts = models.JSONField(
        default=list,
        help_text="The texts that were added to the survivor: property and digest of each.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "record", condition=models.Q(undone=None), name="merge_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.record} into {self.survivor}"
