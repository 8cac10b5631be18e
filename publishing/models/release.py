"""Releases: named snapshots, with the counts and checksums of their exports."""

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from publishing.fields import LinesField
from publishing.models.edition import Edition
from publishing.snapshots import START, Snapshot
from publishing.triggers import unless_allowed

NAME = r"[a-z0-9]+([.-][a-z0-9]+)*"
NAME_LENGTH = 60
_NAME_MESSAGE = (
    "A release name consists of lowercase letters and digits, with hyphens or dots between them: "
    "2026-q1."
)
_EMPTY_MESSAGE = "A release needs published records, and nothing has been published yet."


class Release(models.Model):
    """A named snapshot, which never changes."""

    name = models.CharField(
        max_length=NAME_LENGTH,
        unique=True,
        validators=[RegexValidator(f"^{NAME}$", _NAME_MESSAGE)],
        error_messages={
            "unique": "A release with this name exists already, and a release never changes."
        },
        help_text="The name that it is cited by, such as 2026-q1. It can never be changed.",
    )
    seq = models.BigIntegerField(editable=False, help_text="The seq of the newest edition in it.")
    hash = models.CharField(
        max_length=8, editable=False, help_text="The chained hash of the snapshot."
    )
    published_at = models.DateTimeField(editable=False, help_text="When it was made.")
    licence = models.CharField(max_length=200, editable=False, help_text="The licence of its data.")
    note = LinesField(blank=True, help_text="A note to readers, such as what is new.")
    before = models.CharField(
        max_length=NAME_LENGTH,
        blank=True,
        editable=False,
        help_text="The name of the previous release; blank for the first.",
    )
    exports = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="For each resource the number of records, and for each format of its export the "
        "size in bytes and the SHA-256.",
    )
    changes = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="For each resource the number of editions of each kind since the previous "
        "release.",
    )

    class Meta:
        ordering = ("-published_at",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(name__regex=f"^{NAME}$"),
                name="release_name_readable",
                violation_error_message=_NAME_MESSAGE,
            ),
            models.CheckConstraint(
                condition=models.Q(seq__gt=0),
                name="release_holds_something",
                violation_error_message=_EMPTY_MESSAGE,
            ),
        ]
        indexes = [
            # The list of releases, newest first, and the release previous to a new one.
            models.Index(models.F("published_at").desc(), name="release_published_at"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="release_no_update_or_delete",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=f"IF {unless_allowed('redact')} THEN "
                "RAISE integrity_constraint_violation USING MESSAGE = "
                "'A release never changes.'; END IF; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a release before anything was published."""
        if Edition.objects.newest_snapshot() == START:
            raise ValidationError(_EMPTY_MESSAGE)

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot that it names."""
        return Snapshot(self.seq, self.hash)
