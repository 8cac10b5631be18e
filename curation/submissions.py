"""The pages of submissions: read what is asked for, what it changes, and decide."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, F, JSONField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.http import HttpRequest

from curation import diff, labels
from curation.actions import PageAction, PageActionAdmin
from editorial import workflow
from editorial.models import Submission, SubmissionItem
from editorial.models.submission import OPEN, Act, State
from editorial.workflow import find_stale
from publishing.bidi import isolate
from publishing.models import Edition

_ITEMS_A_PAGE = 25


def _approve(submission: Submission, user: Any, _: str) -> str:
    workflow.approve(submission, user)
    return "Approved: any reviewer can publish it now."


@transaction.atomic
def _approve_and_publish(submission: Submission, user: Any, _: str) -> str:
    workflow.approve(submission, user)
    workflow.publish(submission, user)
    return "Approved and published."


def _publish(submission: Submission, user: Any, _: str) -> str:
    workflow.publish(submission, user)
    return "Published."


def _reject(submission: Submission, user: Any, reply: str) -> str:
    workflow.reject(submission, user, reply)
    return "Rejected: the reply stands on this page."


def _recall(submission: Submission, user: Any, _: str) -> str:
    workflow.recall(submission, user)
    return "Recalled: its records can be submitted again."


def _reviews(_: Any, request: HttpRequest, __: Any) -> bool:
    return bool(getattr(request.user, "is_reviewer", False))


def _views(pages: Any, request: HttpRequest, submission: Any) -> bool:
    return pages.has_view_permission(request, submission)


def _approvable(submission: Submission, user: Any) -> bool:
    return submission.state == State.PENDING and not workflow.why_not_approve(submission, user)


ACTIONS = (
    PageAction(
        name="approve",
        label="Approve",
        explanation="You have read the texts and vouch for them. They are not public yet.",
        do=_approve,
        allowed=_reviews,
        offered=_approvable,
    ),
    PageAction(
        name="approve_and_publish",
        label="Approve and publish",
        explanation="You have read the texts and vouch for them. They are public at once.",
        do=_approve_and_publish,
        allowed=_reviews,
        offered=_approvable,
    ),
    PageAction(
        name="publish",
        label="Publish",
        explanation="The approved texts become public at once, exactly as they were frozen.",
        do=_publish,
        allowed=_reviews,
        offered=lambda submission, user: submission.state in (State.APPROVED, State.PUBLISHING),
    ),
    PageAction(
        name="reject",
        label="Reject",
        explanation="It goes back to who submitted it. Nothing that was entered is lost.",
        asks="Reply to who submitted it: it stays private",
        do=_reject,
        allowed=_reviews,
        offered=lambda submission, user: submission.state in OPEN,
    ),
    PageAction(
        name="recall",
        label="Recall",
        explanation="It is taken back. Its records can be changed and submitted again.",
        do=_recall,
        allowed=_views,
        offered=lambda submission, user: (
            submission.state in OPEN and (submission.submitted_by_id == user.pk or user.is_reviewer)
        ),
    ),
)


@admin.register(Submission)
class SubmissionAdmin(PageActionAdmin):
    """Nothing is edited here: a submission is read and decided on."""

    verbs = ACTIONS
    change_form_template = "admin/muster/submission.html"
    list_display = ("what", "count", "state_word", "submitted_by", "submitted_at", "decided_by")
    list_filter = ("state", "act", "submitted_by")
    list_select_related = ("submitted_by", "decided_by")
    search_fields = ("note", "reply", "=items__record", "submitted_by__username")
    ordering = ("-submitted_at", "-pk")
    fields = (
        ("state_word", "act"),
        ("who_submitted", "submitted_at"),
        "note",
        "edited_by",
        ("who_decided", "decided_at"),
        "reply",
        ("who_published", "published_at"),
        "sha256",
    )
    nothing_yet = "Editors submit records from their pages, or several at once from a list."

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Fetch what the first text is called, and how many there are."""
        first = SubmissionItem.objects.filter(submission=OuterRef("pk")).order_by("pk")
        body = Cast(NullIf(F("body"), Value("")), JSONField())
        called = first.annotate(read=body).annotate(
            called=Coalesce(F("read__name"), F("read__title"))
        )
        return (
            super()
            .get_queryset(request)
            .annotate(
                called=Subquery(called.values("called")[:1]),
                type=Subquery(first.values("type")[:1]),
                count=Count("items"),
            )
        )

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Show the texts beside the decision."""
        if (submission := kwargs.get("obj")) is not None:
            items = Paginator(submission.items.order_by("pk"), _ITEMS_A_PAGE)
            page = items.get_page(request.GET.get("page"))
            context |= {
                "page": page,
                "shown": self._shown(request, submission, list(page.object_list)),
                "why_not": submission.state == State.PENDING
                and workflow.why_not_approve(submission, request.user),  # type: ignore[arg-type]
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def _shown(
        self, request: HttpRequest, submission: Submission, items: list[SubmissionItem]
    ) -> list[dict[str, Any]]:
        """Return each text, and what it changes in the one that was public when it was frozen."""
        before = Edition.objects.filter(published_at__lt=submission.submitted_at)
        editions = {e.record: e for e in before.newest_of([item.record for item in items])}
        documents = {record: edition.document or "" for record, edition in editions.items()}
        told = [item.body for item in items] + list(documents.values())
        records = {str(item.record) for item in items}
        found = labels.find_labels_and_urls(self.admin_site, request, diff.ids(*told) | records)
        names = {key: label for key, (label, _) in found.items()}
        pending = items if submission.state == State.PENDING else []
        changed = find_stale(pending)
        shown = []
        for item in items:
            document = documents.get(item.record)
            shown.append(
                {
                    "item": item,
                    "working": found.get(str(item.record)),
                    "edition": editions[item.record] if document else None,
                    "lines": item.body and diff.text(item.body, names),
                    "changes": item.body and document and diff.changes(document, item.body, names),
                    "stale": item.record in changed,
                }
            )
        return shown

    @admin.display(description="what")
    def what(self, submission: Any) -> str:
        """Show what the first text is called."""
        title = isolate((submission.called or submission.type or "").strip('"'))
        act = "" if submission.act == Act.PUBLISH else submission.act
        return f"{submission.pk}: {title} {act}".strip()

    @admin.display(description="texts", ordering="count")
    def count(self, submission: Any) -> int:
        """Show how many texts are decided on as one."""
        return submission.count

    @admin.display(description="state", ordering="state")
    def state_word(self, submission: Submission) -> str:
        """Show where it stands."""
        return submission.get_state_display()

    @admin.display(description="submitted by")
    def who_submitted(self, submission: Submission) -> str:
        """Show who asks for it, without a link: people's pages are for superusers."""
        return str(submission.submitted_by or "-")

    @admin.display(description="decided by")
    def who_decided(self, submission: Submission) -> str:
        """Show who approved, rejected or recalled it."""
        return str(submission.decided_by or "-")

    @admin.display(description="published by")
    def who_published(self, submission: Submission) -> str:
        """Show who published it."""
        return str(submission.published_by or "-")

    @admin.display(description="edited by")
    def edited_by(self, submission: Submission) -> str:
        """Show who edited the records since they were last published: none may approve."""
        names = sorted(isolate(editor.get_username()) for editor in submission.editors.all())
        return ", ".join(names) or "nobody is recorded (a command, or no change)"
