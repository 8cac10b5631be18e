"""The admin of submissions: reviewers read the texts, compare them, and decide."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, F, JSONField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.http import HttpRequest

from curation import diff, labels
from curation.actions import PageAction, PageActionAdmin
from curation.base import ReadOnlyAdmin
from editorial import workflow
from editorial.models import Submission, SubmissionItem
from editorial.models.submission import OPEN, Act, State
from editorial.workflow import find_stale
from publishing.bidi import isolate
from publishing.models import Edition

_ITEMS_PER_PAGE = 25
_TICK = "Publish without a citation"


def _approve(submission: Submission, user: Any, uncited_reason: str) -> str:
    workflow.approve(submission, user, uncited_reason)
    return f"Approved: any reviewer can publish it now.{_repeat_reason(submission)}"


@transaction.atomic
def _approve_and_publish(submission: Submission, user: Any, uncited_reason: str) -> str:
    workflow.approve(submission, user, uncited_reason)
    workflow.publish(submission, user)
    return f"Approved and published.{_repeat_reason(submission)}"


def _repeat_reason(submission: Submission) -> str:
    """Return the reason why there are records without a citation, for the log; blank if none."""
    reason = submission.uncited_reason
    return f" Without a citation, because: {isolate(reason)}" if reason else ""


def _explain_uncited(submissions: list[Submission]) -> str:
    return workflow.explain_uncited(submissions[0])


def _publish(submission: Submission, user: Any, _: str) -> str:
    workflow.publish(submission, user)
    return "Published."


def _reject(submission: Submission, user: Any, reply: str) -> str:
    workflow.reject(submission, user, reply)
    return "Rejected: this page shows your reply."


def _recall(submission: Submission, user: Any, _: str) -> str:
    workflow.recall(submission, user)
    return "Recalled: you can change the records and submit them again."


def _can_approve(submission: Submission, user: Any) -> bool:
    return submission.state == State.PENDING and not workflow.why_not_approve(submission, user)


ACTIONS = (
    PageAction(
        name="approve",
        label="Approve",
        explanation="By approving, you confirm that you have read and checked the texts. They are "
        "not public yet.",
        run=_approve,
        is_available=_can_approve,
        notice=_explain_uncited,
        tick_label=_TICK,
    ),
    PageAction(
        name="approve_and_publish",
        label="Approve and publish",
        explanation="By approving, you confirm that you have read and checked the texts. They "
        "become public at once.",
        run=_approve_and_publish,
        is_available=_can_approve,
        notice=_explain_uncited,
        tick_label=_TICK,
    ),
    PageAction(
        name="publish",
        label="Publish",
        explanation="The approved texts become public at once, exactly as they were frozen.",
        run=_publish,
        is_available=lambda submission, user: (
            submission.state in (State.APPROVED, State.PUBLISHING)
        ),
    ),
    PageAction(
        name="reject",
        label="Reject",
        explanation="The submission goes back to the editor who made it. Nothing that was entered "
        "is lost.",
        text_label="Reply to the editor (not public)",
        run=_reject,
        is_available=lambda submission, user: submission.state in OPEN,
    ),
    PageAction(
        name="recall",
        label="Recall",
        explanation="This takes the submission back. You can then change its records and submit "
        "them again.",
        run=_recall,
        is_allowed=lambda admin, request, submission: admin.has_view_permission(
            request, submission
        ),
        is_available=lambda submission, user: (
            submission.state in OPEN and (user.pk in submission.people or user.is_reviewer)
        ),
    ),
)


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin, PageActionAdmin):
    """The pages of submissions, on which nothing is edited."""

    page_actions = ACTIONS
    change_form_template = "admin/muster/submission.html"
    list_display = ("title", "count", "state_label", "submitted_by", "submitted_at", "decided_by")
    list_filter = ("state", "act", "submitted_by")
    list_select_related = ("submitted_by", "decided_by")
    search_fields = ("note", "reply", "uncited_reason", "=items__record", "submitted_by__username")
    ordering = ("-submitted_at", "-pk")
    fields = (
        ("state_label", "act"),
        ("submitter", "submitted_at"),
        "note",
        "edited_by",
        ("decider", "decided_at"),
        "uncited_reason",
        "reply",
        ("publisher", "published_at"),
        "sha256",
    )
    empty_message = "To submit a record, open its page; to submit several, select them in a list."

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Add the name and the type of the first text, and the number of texts."""
        first = SubmissionItem.objects.filter(submission=OuterRef("pk")).order_by("pk")
        json = Cast(NullIf(F("body"), Value("")), JSONField())
        named = first.annotate(json=json).annotate(
            first_name=Coalesce(F("json__name"), F("json__title"))
        )
        return (
            super()
            .get_queryset(request)
            .annotate(
                first_name=Subquery(named.values("first_name")[:1]),
                first_type=Subquery(first.values("type")[:1]),
                count=Count("items"),
            )
        )

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Add one page of the texts, those without citations, and why the user cannot approve."""
        if (submission := kwargs.get("obj")) is not None:
            items = Paginator(submission.items.order_by("pk"), _ITEMS_PER_PAGE)
            page = items.get_page(request.GET.get("page"))
            context |= {
                "page": page,
                "texts": self._list_texts(request, submission, list(page.object_list)),
                "uncited": workflow.explain_uncited(submission),
                "why_not": submission.state == State.PENDING
                and workflow.why_not_approve(submission, request.user),  # type: ignore[arg-type]
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def _list_texts(
        self, request: HttpRequest, submission: Submission, items: list[SubmissionItem]
    ) -> list[dict[str, Any]]:
        """Return each text, and its changes to the text that was public when it was frozen."""
        before = Edition.objects.filter(published_at__lt=submission.submitted_at)
        newest = before.newest_of([item.record for item in items])
        editions = {edition.record: edition for edition in newest if edition.document}
        ids = diff.find_ids(
            *(item.body for item in items),
            *(edition.document or "" for edition in editions.values()),
        ) | {str(item.record) for item in items}
        records = labels.find_labels_and_urls(self.admin_site, request, ids)
        names = {key: label for key, (label, _) in records.items()}
        stale = find_stale(items if submission.state == State.PENDING else [])
        return [
            {
                "item": item,
                "working": records.get(str(item.record)),
                "edition": edition,
                "lines": item.body and diff.list_lines(item.body, names),
                "changes": item.body and edition and diff.compare(edition, item.body, names),
                "is_stale": item.record in stale,
            }
            for item in items
            for edition in [editions.get(item.record)]
        ]

    @admin.display(description="submission")
    def title(self, submission: Any) -> str:
        """Return the number, the name of the first text, and the act unless it publishes."""
        name = isolate((submission.first_name or submission.first_type or "").strip('"'))
        act = "" if submission.act == Act.PUBLISH else submission.act
        return f"{submission.pk}: {name} {act}".strip()

    @admin.display(description="texts", ordering="count")
    def count(self, submission: Any) -> int:
        """Return the number of texts."""
        return submission.count

    @admin.display(description="state", ordering="state")
    def state_label(self, submission: Submission) -> str:
        """Return the state in words."""
        return submission.get_state_display()

    # The names have no links: only superusers can open the pages of users.

    @admin.display(description="submitted by")
    def submitter(self, submission: Submission) -> str:
        """Return the user who submitted it."""
        if submission.taken_over_by is None:
            return str(submission.submitted_by or "-")
        return f"{submission.submitted_by}, taken over by {submission.taken_over_by}"

    @admin.display(description="decided by")
    def decider(self, submission: Submission) -> str:
        """Return the user who approved, rejected or recalled it."""
        return str(submission.decided_by or "-")

    @admin.display(description="published by")
    def publisher(self, submission: Submission) -> str:
        """Return the user who published it."""
        return str(submission.published_by or "-")

    @admin.display(description="edited by")
    def edited_by(self, submission: Submission) -> str:
        """Return who edited the records since the last edition, and so may not approve it."""
        names = sorted(isolate(editor.get_username()) for editor in submission.editors.all())
        return ", ".join(names) or "nobody is recorded (a command, or no change)"
