"""Submission: frozen bodies on their way from an editor through a reviewer to the public."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone

from editorial import audit, bodies, publication
from editorial.chunks import in_chunks
from editorial.fields import WordField
from editorial.models.edition import Edition, EditionKind
from editorial.models.record import Record, record_types

if TYPE_CHECKING:
    from editorial.models.user import User


class State(models.TextChoices):
    """Where a submission stands."""

    PENDING = "pending", "waits for a reviewer"
    APPROVED = "approved", "approved, not yet published"
    PUBLISHED = "published"
    REJECTED = "rejected"
    RECALLED = "recalled", "taken back by who submitted it"


class Act(models.TextChoices):
    """What a submission asks for."""

    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    REDACT = "redact"


OPEN = (State.PENDING, State.APPROVED)
_CHUNK = 500
_UNCHANGED = "It reads as it is published: nothing to submit."
_STALE = "was changed after it was submitted: recall this submission and submit it again."


class SubmissionManager(models.Manager["Submission"]):
    """How submissions come to be."""

    @transaction.atomic
    def freeze(self, records: Iterable[Record], by: "User", note: str = "") -> "Submission":
        """Freeze the bodies of `records`, to be decided on as one.

        What reads as it is published is left out. Raises ValidationError where nothing is left, a
        record stands in another open submission, or a body quotes what is neither public nor in
        the batch. Bodies are rendered and stored in chunks, so memory does not grow with them.
        """
        keys: dict[type[Record], list[int]] = {model: [] for model in record_types().values()}
        for record in records:
            record.prepare()
            keys[type(record)].append(record.pk)
        submission = self.create(submitted_by=by, note=note)
        whole, frozen, quoters = hashlib.sha256(), set[str](), dict[str, str]()
        editors: set[int] = set()
        for model, chunk in _chunks(keys):
            items = _changed(model, chunk)
            _refuse_open(items)
            for item in items:
                item.submission = submission
                whole.update(item.sha256.encode())
                frozen.add(str(item.record))
                quoters |= dict.fromkeys(bodies.quoted(item.bytes), str(item.record))
            SubmissionItem.objects.bulk_create(items)
            public_ids = [item.record for item in items]
            editors |= audit.editors(model, model.objects.filter(public_id__in=public_ids))
        if not frozen:
            raise ValidationError(
                "It reads as it is published: nothing to submit.", code="unchanged"
            )
        publication.require_closure(quoters.keys(), frozen)
        submission.sha256 = whole.hexdigest()
        submission.save(update_fields=["sha256"])
        submission.editors.set(editors)
        return submission

    @transaction.atomic
    def withdraw(self, record: Record, by: "User", reason: str) -> "Submission":
        """See `Record.withdraw`."""
        require_reviewer(by)
        if not reason.strip():
            raise ValidationError("Give the reason: readers are told it.", code="reason")
        newest = record.edition
        if newest is None or not newest.public:
            raise ValidationError("It is not public, so it cannot be withdrawn.", code="not_public")
        submission = self.decided(Act.WITHDRAW, record, by, reason)
        publication.publish(
            [
                publication.Act(
                    record.type_name, str(record.public_id), EditionKind.WITHDRAW, None, reason
                )
            ]
        )
        return submission

    def decided(self, act: Act, record: Record, by: "User", reason: str) -> "Submission":
        """Note what a reviewer does to `record` at once, with a reason."""
        now = timezone.now()
        submission = self.create(
            act=act,
            submitted_by=by,
            note=reason,
            state=State.PUBLISHED,
            decided_by=by,
            decided_at=now,
            published_by=by,
            published_at=now,
        )
        submission.items.create(type=record.type_name, record=record.public_id, open=False)
        return submission


class Submission(models.Model):
    """One or more frozen bodies, decided on as one, published as one state.

    Four eyes: neither who submitted nor who edited since the last publication may approve.
    The approval is bound to `sha256`; what is published is the frozen text, never a new render.
    """

    act = WordField(Act, default=Act.PUBLISH, help_text="What is asked for.")
    state = WordField(State, default=State.PENDING, help_text="Where it stands.")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="submissions",
        help_text="Who submitted it.",
    )
    submitted_at = models.DateTimeField(auto_now_add=True, help_text="When the texts were frozen.")
    note = models.TextField(
        blank=True, help_text="What readers are told of the reason: it is published."
    )
    sha256 = models.CharField(
        "SHA-256", max_length=64, blank=True, help_text="Of the frozen texts: what is approved."
    )
    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="edited_submissions",
        blank=True,
        help_text="Who edited the records since they were last published: none may approve.",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="decided_submissions",
        null=True,
        blank=True,
        help_text="Who approved, rejected or recalled it.",
    )
    decided_at = models.DateTimeField(null=True, blank=True, help_text="When that was.")
    reply = models.TextField(blank=True, help_text="What the reviewer answers: it stays private.")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="published_submissions",
        null=True,
        blank=True,
        help_text="Who published it.",
    )
    published_at = models.DateTimeField(null=True, blank=True, help_text="When that was.")

    objects: ClassVar[SubmissionManager] = SubmissionManager()

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        permissions = [("review_submission", "Can approve, publish and withdraw")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(act=Act.PUBLISH, state__in=[State.APPROVED, State.PUBLISHED])
                | ~models.Q(decided_by=models.F("submitted_by")),
                name="submission_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"Submission {self.pk}"

    @transaction.atomic
    def approve(self, by: "User") -> None:
        """Approve the frozen texts.

        Raises PermissionDenied where `by` is no reviewer, submitted it or edited what it holds;
        ValidationError where it is not pending or the working rows read otherwise by now.
        """
        self._lock(State.PENDING, verb="approved")
        require_reviewer(by)
        if by == self.submitted_by or self.editors.filter(pk=by.pk).exists():
            raise PermissionDenied("Who edited or submitted a text cannot approve it.")
        self._refuse_stale()
        self._decide(State.APPROVED, by)

    @transaction.atomic
    def publish(self, by: "User") -> None:
        """Publish the approved texts, as one state. Raises as `approve` does."""
        self._lock(State.APPROVED, verb="published")
        require_reviewer(by)
        publication.publish(_Acts(self))
        self.state = State.PUBLISHED
        self.published_by, self.published_at = by, timezone.now()
        self.items.update(open=False)
        self.save()

    @transaction.atomic
    def reject(self, by: "User", reply: str) -> None:
        """Send it back with an answer. Raises PermissionDenied, ValidationError."""
        self._lock(*OPEN, verb="rejected")
        require_reviewer(by)
        if not reply.strip():
            raise ValidationError("Say why, so that the editor can mend it.", code="reply")
        self.reply = reply
        self._decide(State.REJECTED, by)

    @transaction.atomic
    def recall(self, by: "User") -> None:
        """Take it back. Raises PermissionDenied unless `by` submitted it or reviews."""
        self._lock(*OPEN, verb="recalled")
        if by != self.submitted_by and not by.reviews:
            raise PermissionDenied("Only who submitted it, or a reviewer, can recall it.")
        self._decide(State.RECALLED, by)

    def _lock(self, *states: State, verb: str) -> None:
        fresh = type(self).objects.select_for_update().get(pk=self.pk)
        if fresh.state not in states:
            raise ValidationError(f"It is {fresh.state}: it cannot be {verb}.", code="state")
        self.refresh_from_db()

    def _refuse_stale(self) -> None:
        """Refuse texts that the working rows do not read as any more."""
        frozen: dict[type[Record], dict[UUID, str]] = {}
        for type_name, record, sha256 in self.items.values_list("type", "record", "sha256"):
            frozen.setdefault(record_types()[type_name], {})[record] = sha256
        for model, digests in frozen.items():
            for working, body in model.objects.filter(public_id__in=list(digests)).bodies():
                if digests.pop(working.public_id) != bodies.digest(body):
                    raise ValidationError(f"{working} {_STALE}", code="stale")
            if digests:
                raise ValidationError(f"A deleted record {_STALE}", code="stale")

    def _decide(self, state: State, by: "User") -> None:
        self.state, self.decided_by, self.decided_at = state, by, timezone.now()
        self.items.update(open=state in OPEN)
        self.save()


class SubmissionItem(models.Model):
    """The frozen body of one record."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="items")
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
        return body.get("name") or body.get("title") or str(self)

    def is_stale(self) -> bool:
        """Whether the working rows read otherwise by now."""
        working = record_types()[self.type].objects.filter(public_id=self.record).first()
        return working is None or bodies.digest(working.render()) != self.sha256


class _Acts:
    """The acts of a submission, read from the database each time they are gone through."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission

    def __iter__(self) -> Iterator[publication.Act]:
        for item in in_chunks(self.submission.items.all()):
            yield publication.Act(
                item.type, str(item.record), None, item.bytes, self.submission.note
            )


def require_reviewer(by: "User") -> None:
    if not by.reviews:
        raise PermissionDenied("Only a reviewer can do this.")


def _refuse_open(items: list[SubmissionItem]) -> None:
    there = SubmissionItem.objects.filter(record__in=[i.record for i in items], open=True).first()
    if there:
        raise ValidationError(
            f"{there.title} stands in submission {there.submission_id}: "
            "recall or decide that first.",
            code="open",
        )


def _chunks(
    keys: dict[type[Record], list[int]],
) -> Iterator[tuple[type[Record], list[int]]]:
    for model, some in keys.items():
        for start in range(0, len(some), _CHUNK):
            yield model, some[start : start + _CHUNK]


def _changed(model: type[Record], keys: list[int]) -> list[SubmissionItem]:
    """Freeze the bodies of those records that read otherwise than what is public."""
    items = [
        SubmissionItem.of(record, body)
        for record, body in model.objects.filter(pk__in=keys).bodies()
    ]
    standing = Edition.objects.standing([item.record for item in items])
    public = dict(standing.values_list("record", "sha256"))
    return [item for item in items if public.get(item.record) != item.sha256]
