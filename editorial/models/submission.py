"""Submission: frozen bodies on their way from an editor through a reviewer to the public."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone

from editorial import audit, bodies, conflicts, publication
from editorial.chunks import in_chunks
from editorial.fields import Enumeration, WordField
from editorial.models.edition import Edition
from editorial.models.item import SubmissionItem, stale
from editorial.models.record import Record, record_types

if TYPE_CHECKING:
    from editorial.models.user import User


class State(Enumeration):
    """Where a submission stands."""

    PENDING = "pending", "waits for a reviewer"
    APPROVED = "approved", "approved, not yet published"
    PUBLISHING = "publishing", "published in part: publish again to go on"
    PUBLISHED = "published"
    REJECTED = "rejected"
    RECALLED = "recalled", "taken back before it was published"


class Act(Enumeration):
    """What a submission asks for; all but the first is done by a reviewer alone, at once."""

    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    UNMERGE = "unmerge"
    REDACT = "redact"


OPEN = (State.PENDING, State.APPROVED)
_APPROVED = [State.APPROVED, State.PUBLISHING, State.PUBLISHED]
_CHUNK = 500
_UNCHANGED = "It reads as it is published: nothing to submit."


class SubmissionManager(models.Manager["Submission"]):
    """How submissions come to be."""

    @conflicts.told()
    @transaction.atomic
    def freeze(self, records: Iterable[Record], by: "User", note: str = "") -> "Submission":
        """Freeze the bodies of `records`, to be decided on as one.

        What reads as it is published is left out. Raises ValidationError where nothing is left, a
        record stands in another open submission, a body quotes what is neither public nor in the
        batch, or a redaction removed what a record says. Bodies are rendered and stored in
        chunks, so memory does not grow with them.
        """
        from editorial.redaction import refusals

        keys: dict[type[Record], list[int]] = {model: [] for model in record_types().values()}
        for record in records:
            with audit.acting(by, "submit"):
                record.prepare()
            keys[type(record)].append(record.pk)
        for model, some in keys.items():
            if some:
                model.check_submitted(some)
        submission = self.create(submitted_by=by, note=note)
        whole, frozen, quoters = hashlib.sha256(), set[str](), dict[str, str]()
        editors: set[int] = set()
        for model, chunk in _chunks(keys):
            refusals.hold_off_redactions(model, chunk)
            items = _changed(model, chunk)
            _refuse_open(items)
            refusals.refuse_frozen(model, items, note)
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
    def at_once(self, act: Act, record: Record, by: "User", reason: str) -> "Submission":
        """Log what a reviewer does alone; from here on what is public stands still.

        Raises PermissionDenied, and ValidationError without a reason.
        """
        from editorial.redaction import guards, refusals

        by.require_review()
        if not reason.strip():
            raise ValidationError("Give the reason: readers are told it.", code="reason")
        publication.lock()
        refusals.refuse([guards.Text(record.type_name, str(record.public_id), None, reason)])
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
                condition=~models.Q(
                    act=Act.PUBLISH, state__in=[State.APPROVED, State.PUBLISHING, State.PUBLISHED]
                )
                | ~models.Q(decided_by=models.F("submitted_by")),
                name="submission_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"Submission {self.pk}"

    @conflicts.told()
    @transaction.atomic
    def approve(self, by: "User") -> None:
        """Approve the frozen texts.

        Raises PermissionDenied where `by` is no reviewer, submitted it or edited what it holds;
        ValidationError where it is not pending, the working rows read otherwise by now, or a
        redaction removed what it holds.
        """
        from editorial.redaction import refusals

        self._lock(State.PENDING, verb="approved")
        by.require_review()
        if by == self.submitted_by or self.editors.filter(pk=by.pk).exists():
            raise PermissionDenied("Who edited or submitted a text cannot approve it.")
        self._refuse_stale()
        refusals.refuse_submission(self)
        self._decide(State.APPROVED, by)

    def publish(self, by: "User", chunk: int | None = None) -> None:
        """Publish the approved texts as one state, or `chunk` of them at a time.

        In chunks each is a state of its own, and what was interrupted goes on where it stopped
        when it is called again. Raises as `approve` does.
        """
        while not self._publish_some(by, chunk):
            pass

    @conflicts.told()
    @transaction.atomic
    def _publish_some(self, by: "User", chunk: int | None) -> bool:
        """Publish the next texts; return whether they were the last."""
        self._lock(State.APPROVED, State.PUBLISHING, verb="published")
        by.require_review()
        waiting = self.items.filter(open=True)
        some = waiting if chunk is None else waiting.filter(pk__in=self._closed(chunk))
        publication.publish(_Acts(some, self.note))
        some.update(open=False)
        done = not waiting.exists()
        self.state = State.PUBLISHED if done else State.PUBLISHING
        self.published_by, self.published_at = by, timezone.now()
        self.save()
        return done

    def _closed(self, size: int) -> list[int]:
        """Return the keys of the next `size` texts, and of those that they quote."""
        waiting = self.items.filter(open=True)
        found = {item.pk: item for item in waiting.order_by("pk")[:size]}
        fresh = list(found.values())
        while fresh:
            quoted = set().union(*(bodies.quoted(item.bytes) for item in fresh))
            fresh = list(waiting.filter(record__in=quoted).exclude(pk__in=list(found)))
            found |= {item.pk: item for item in fresh}
        return list(found)

    @conflicts.told()
    @transaction.atomic
    def reject(self, by: "User", reply: str) -> None:
        """Send it back with an answer. Raises PermissionDenied, ValidationError."""
        from editorial.redaction import refusals

        self._lock(*OPEN, verb="rejected")
        by.require_review()
        if not reply.strip():
            raise ValidationError("Say why, so that the editor can mend it.", code="reply")
        refusals.refuse_submission(self, reply)
        self.reply = reply
        self._decide(State.REJECTED, by)

    @conflicts.told()
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
        changed = stale(self.items.values_list("type", "record", "sha256"))
        if changed:
            first = self.items.filter(record__in=changed)[0]
            raise ValidationError(
                f"{first.title} was changed after it was submitted: recall this submission and "
                "submit it again.",
                code="stale",
            )

    def _decide(self, state: State, by: "User") -> None:
        self.state, self.decided_by, self.decided_at = state, by, timezone.now()
        self.items.update(open=state in OPEN)
        self.save()


class _Acts:
    """The acts that publish some items, read from the database each time they are gone through."""

    def __init__(self, items: models.QuerySet[SubmissionItem], note: str) -> None:
        self.items, self.note = items, note

    def __iter__(self) -> Iterator[publication.Act]:
        for item in in_chunks(self.items):
            yield publication.Act(item.type, str(item.record), None, item.bytes, self.note)


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
    for model, all_of_it in keys.items():
        some = sorted(set(all_of_it))  # in one order, so that no two wait for each other
        for start in range(0, len(some), _CHUNK):
            yield model, some[start : start + _CHUNK]


def _changed(model: type[Record], keys: list[int]) -> list[SubmissionItem]:
    """Freeze the bodies of those records that read otherwise than what is public."""
    items = [
        SubmissionItem.of(record, body)
        for record, body in model.objects.filter(pk__in=keys).bodies()
    ]
    standing = Edition.objects.standing([item.record for item in items])
    found = standing.values_list("record", "sha256", "merged_into")
    publication.refuse_merged(record for record, _, merged in found if merged)
    public = {record: sha256 for record, sha256, _ in found}
    return [item for item in items if public.get(item.record) != item.sha256]
