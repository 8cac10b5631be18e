"""Merge: that two records of one thing became one, for ever or until it is undone."""

from django.db import models

from editorial.models.submission import Submission


class Merge(models.Model):
    """That a record became another, and which working rows were repointed for it."""

    submission = models.OneToOneField(
        Submission, models.PROTECT, related_name="merge", help_text="Who merged them, and why."
    )
    record = models.UUIDField(help_text="The public id of the record that was merged.")
    survivor = models.UUIDField(help_text="The public id of the record that it became.")
    undone = models.OneToOneField(
        Submission,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="unmerge",
        help_text="Who undid it, and why.",
    )
    repointed = models.JSONField(
        default=list,
        help_text="The columns that were changed: model, key, column, value before and after.",
    )
    removed = models.JSONField(
        default=list, help_text="The rows that would have tied the survivor to itself."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "record", condition=models.Q(undone=None), name="merge_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.record} into {self.survivor}"
