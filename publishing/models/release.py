"""Release: a name for a snapshot, with what it held, to be cited and checked by."""

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from publishing.models.edition import Edition
from publishing.snapshots import START, Snapshot
from publishing.triggers import unless_allowed

NAME = r"[a-z0-9]+([.-][a-z0-9]+)*"
NAME_LENGTH = 60
_SAY_NAME = (
    "A release's name is made of lowercase letters and digits, with hyphens or dots between them: "
    "2026-q1."
)
_SAY_EMPTY = "Nothing has been published yet: a release holds what is public."


class Release(models.Model):
    """A name for a snapshot: made once, read by everyone, changed by nobody."""

    name = models.CharField(
        max_length=NAME_LENGTH,
        unique=True,
        validators=[RegexValidator(f"^{NAME}$", _SAY_NAME)],
        error_messages={"unique": "There is a release of this name: a release never changes."},
        help_text="What it is cited by, such as 2026-q1; fixed for ever.",
    )
    seq = models.BigIntegerField(editable=False, help_text="The newest Edition that it holds.")
    hash = models.CharField(
        max_length=8, editable=False, help_text="The chained hash of the snapshot."
    )
    published_at = models.DateTimeField(editable=False, help_text="When it was made.")
    licence = models.CharField(
        max_length=200, editable=False, help_text="Under which its data may be used."
    )
    note = models.TextField(blank=True, help_text="What readers are told about it.")
    before = models.CharField(
        max_length=NAME_LENGTH,
        blank=True,
        editable=False,
        help_text="The name of the release before it; blank for the first.",
    )
    exports = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="Of each resource the count of records, and of each format of its export the "
        "size and the SHA-256.",
    )
    changes = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="How many Editions of each kind each resource got since the release before.",
    )

    class Meta:
        ordering = ("-published_at",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(name__regex=f"^{NAME}$"),
                name="release_name_readable",
                violation_error_message=_SAY_NAME,
            ),
            models.CheckConstraint(
                condition=models.Q(seq__gt=0),
                name="release_holds_something",
                violation_error_message=_SAY_EMPTY,
            ),
        ]
        indexes = [
            # The list of releases, newest first, and the release before a new one.
            models.Index(models.F("published_at").desc(), name="release_published_at"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="release_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=f"IF {unless_allowed('redact')} THEN "
                "RAISE integrity_constraint_violation USING MESSAGE = "
                "'A release stays as it was made.'; END IF; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a release of nothing."""
        if Edition.objects.newest_snapshot() == START:
            raise ValidationError(_SAY_EMPTY)

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot that it names."""
        return Snapshot(self.seq, self.hash)
