"""SubmissionItem: one frozen body of a submission."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import models

from editorial import bodies
from editorial.bidi import isolated
from editorial.models.record import Record, record_types


class SubmissionItem(models.Model):
    """The frozen body of one record."""

    submission = models.ForeignKey("editorial.Submission", models.CASCADE, related_name="items")
    type = models.CharField(max_length=20, help_text="The type of the record.")
    record = models.UUIDField(help_text="The public id of the record.")
    body = models.TextField(blank=True, help_text="The frozen text, as JSON.")
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, help_text="Of the frozen text.")
    open = models.BooleanField(default=True, help_text="Whether its submission is undecided.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                "record", condition=models.Q(open=True), name="one_open_submission_per_record"
            )
        ]
        indexes = [models.Index("record", name="submissionitem_record")]

    def __str__(self) -> str:
        return f"{self.type} {self.record}"

    @classmethod
    def of(cls, record: Record, body: bytes) -> "SubmissionItem":
        """Freeze the body of `record`."""
        return cls(
            type=record.type_name,
            record=record.public_id,
            body=body.decode(),
            sha256=bodies.digest(body),
        )

    @property
    def bytes(self) -> bytes:
        """The frozen body."""
        return self.body.encode()

    @property
    def title(self) -> str:
        """What the frozen body is called."""
        body: dict[str, Any] = bodies.load(self.body) if self.body else {}
        return isolated(body.get("name") or body.get("title") or str(self))


def stale(frozen: Iterable[tuple[str, UUID, str]]) -> set[UUID]:
    """Return the records whose working rows read otherwise by now, or are gone.

    `frozen` are the type, the record and the SHA-256 of each text.
    """
    digests: dict[str, dict[UUID, str]] = {}
    for type_name, record, sha256 in frozen:
        digests.setdefault(type_name, {})[record] = sha256
    changed = set()
    for type_name, some in digests.items():
        working = record_types()[type_name].objects.filter(public_id__in=list(some))
        same = {
            record.public_id
            for record, body in working.bodies()
            if some[record.public_id] == bodies.digest(body)
        }
        changed |= some.keys() - same
    return changed
