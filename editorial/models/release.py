"""Release: a name for a horizon, with what it held, to be cited and checked by."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from editorial import guards, publication, streams
from editorial.marks import START, Mark
from editorial.models.edition import Edition
from editorial.models.record import record_types

NAME = r"[a-z0-9]+([.-][a-z0-9]+)*"
NAME_LENGTH = 60
_SAY_NAME = (
    "A release's name is made of lowercase letters and digits, with hyphens or dots between them: "
    "2026-q1."
)
_SAY_EMPTY = "Nothing has been published yet: a release holds what is public."


class ReleaseManager(models.Manager["Release"]):
    """How releases come to be."""

    def make(
        self, name: str, note: str = "", tell: Callable[[int], object] = lambda number: None
    ) -> "Release":
        """Name the newest horizon, and write down what it holds. Nothing but the row is written.

        Every export is gone through once, in constant memory; `tell` is called with the number of
        records that were just gone through. Raises ValidationError where the name is malformed
        or taken, nothing has been published yet, or a redaction removed what the note says.
        """
        mark = Edition.objects.newest_mark()
        before = self.order_by("-published_at").first()
        release = Release(
            name=name,
            seq=mark.seq,
            hash=mark.hash,
            published_at=publication.clock(),
            licence=settings.LICENCE,
            note=note.strip(),
            before=before.name if before else "",
        )
        release.full_clean(validate_constraints=False)
        for word, model in record_types().items():
            entries = model.entries().objects.at(mark.seq)
            release.exports[f"{word}s"] = {
                "count": entries.count(),
                "formats": {
                    format_: _export(streams.export(format_, entries, mark), tell)
                    for format_ in streams.formats(model.serializer())
                },
            }
        release.changes = _changes(before.seq if before else 0, mark.seq)
        release.save(force_insert=True)
        return release


class Release(models.Model):
    """A name for a horizon: made once, read by everyone, changed by nobody."""

    name = models.CharField(
        max_length=NAME_LENGTH,
        unique=True,
        validators=[RegexValidator(f"^{NAME}$", _SAY_NAME)],
        error_messages={"unique": "There is a release of this name: a release never changes."},
        help_text="What it is cited by, such as 2026-q1; fixed for ever.",
    )
    seq = models.BigIntegerField(editable=False, help_text="The newest Edition that it holds.")
    hash = models.CharField(max_length=8, editable=False, help_text="The chained hash of the mark.")
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

    objects: ClassVar[ReleaseManager] = ReleaseManager()

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
                func=f"IF {guards.unless('redact')} THEN "
                "RAISE integrity_constraint_violation USING MESSAGE = "
                "'A release stays as it was made.'; END IF; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a release of nothing, and a note that says what a redaction removed."""
        from editorial.redaction.refusals import refuse_note

        refuse_note(self.note)
        if Edition.objects.newest_mark() == START:
            raise ValidationError(_SAY_EMPTY)

    @property
    def mark(self) -> Mark:
        """The horizon that it names."""
        return Mark(self.seq, self.hash)


def _export(pieces: Iterator[bytes], tell: Callable[[int], object]) -> dict[str, Any]:
    """Return size and SHA-256 of what an export sends."""
    size, sha256 = 0, hashlib.sha256()
    for number, piece in enumerate(pieces):
        size += len(piece)
        sha256.update(piece)
        if number:  # one piece, the head or the end, is no record
            tell(1)
    return {"size": size, "sha256": sha256.hexdigest()}


def _changes(after: int, until: int) -> dict[str, Any]:
    """Return the number of Editions in a stretch of the record, by resource and kind."""
    editions = Edition.objects.filter(seq__gt=after, seq__lte=until)
    counted = editions.order_by("type", "kind").values_list("type", "kind")
    found: dict[str, Any] = defaultdict(Counter)
    for type_, kind, number in counted.annotate(number=models.Count("seq")):
        found[f"{type_}s"][kind] = number
    return found
