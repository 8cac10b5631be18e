"""The admin of submissions: reviewers read the texts, compare them, and decide."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, F, JSONField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy

from curation import articles, bulk_approval, jobs, labels
from curation.actions import PageAction
from curation.base import ReadOnlyAdmin, is_reviewer
from curation.bulk_approval import MAX_SUBMISSIONS, Listed, count_texts, find_refusal
from curation.comments import CommentAdmin, list_threads
from curation.records import with_referenced_drafts
from editorial import workflow
from editorial.models import (
    Comment,
    Record,
    SluggedRecord,
    Submission,
    SubmissionItem,
    record_models,
)
from editorial.models.submission import OPEN, Act, State
from editorial.workflow import find_stale
from jobs.models import Job
from jobs.starting import start_job
from publishing.bidi import isolate
from publishing.presentation import words

_ITEMS_PER_PAGE = 20
_TICK = "Publish without a citation"


def _approve(submission: Submission, user: Any, uncited_reason: str) -> str:
    workflow.approve(submission, user, uncited_reason)
    return f"Approved: any reviewer can publish it now.{_repeat_reason(submission)}"


@transaction.atomic
def _approve_and_publish(submission: Submission, user: Any, uncited_reason: str) -> str | Job:
    if jobs.is_large(submission):
        if reason := workflow.why_not_approve(submission, user):
            raise PermissionDenied(reason)
        return start_job(
            "approve_and_publish",
            user,
            f"submission {submission.pk}",
            submission=submission.pk,
            uncited_reason=uncited_reason,
        )
    workflow.approve(submission, user, uncited_reason)
    workflow.publish(submission, user)
    return f"Approved and published.{_repeat_reason(submission)}"


def _repeat_reason(submission: Submission) -> str:
    """Return the reason why there are records without a citation, for the log; blank if none."""
    reason = submission.uncited_reason
    return f" Without a citation, because: {isolate(reason)}" if reason else ""


def _explain_uncited(submissions: list[Submission]) -> str:
    return workflow.explain_uncited(submissions[0])


def _publish(submission: Submission, user: Any, _: str) -> str | Job:
    if jobs.is_large(submission):
        user.require_reviewer()
        name = f"submission {submission.pk}"
        return start_job("publish", user, name, submission=submission.pk)
    workflow.publish(submission, user)
    return "Published."


def _reject(submission: Submission, user: Any, reply: str) -> str:
    records = submission.items.values("record")
    if not reply and Comment.objects.unresolved().filter(record__in=records).exists():
        reply = gettext("See the comments.")
    workflow.reject(submission, user, reply)
    return "Returned: this page shows your reply."


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
        label="Return",
        explanation="The submission goes back to the editor who made it, with all comments. "
        "Nothing that was entered is lost.",
        text_label="Reply to the editor (not public; optional if there are comments)",
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


def _find_records(text: str) -> list[Record]:
    """Return the records with the public ids or slugs on the lines of a text."""
    found: list[Record] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        key = line.rstrip("/").rpartition("/")[2]
        matches: list[Record] = []
        for model in record_models().values():
            match = Q(slug=key) if issubclass(model, SluggedRecord) else Q(pk=None)
            with suppress(ValueError):
                match |= Q(public_id=UUID(key))
            matches += model.objects.filter(match)
        if len(matches) != 1:
            raise ValidationError(
                gettext("No record has the id or slug “%s”, or several have it.") % line
            )
        found += matches
    if not found:
        raise ValidationError(gettext("Give the id or slug of at least one record."))
    return found


@transaction.atomic
def _add_records(submission: Submission, user: Any, text: str) -> str:
    more = _find_records(text)
    records: list[Record] = []
    for type_, model in record_models().items():
        ids = submission.items.filter(type=type_).values("record")
        records += model.objects.filter(public_id__in=ids)
    if len(records) != submission.items.count():
        raise ValidationError(gettext("A record of the submission was deleted: submit anew."))
    workflow.recall(submission, user)
    made = workflow.submit([*records, *with_referenced_drafts(more)], user, submission.note)
    return gettext("They are together in %s now.") % made


ADD_RECORDS = PageAction(
    name="add_records",
    label="Add records",
    explanation="The submission is recalled, and a new one is made of its records, as they are "
    "now, and of those that you add, with the drafts to which they refer.",
    text_label="Public ids or slugs, one on each line",
    run=_add_records,
    is_allowed=lambda admin, request, submission: request.user.pk in submission.people,
    is_available=lambda submission, user: submission.state == State.PENDING,
)


class SubmissionChangeList(ChangeList):
    """A list of submissions, each named by its subject."""

    def get_results(self, request: HttpRequest) -> None:
        """Load the labels of the subjects without a name of their own at once."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        _load_subject_labels(self.model_admin.admin_site, request, self.result_list)


def _load_subject_labels(site: Any, request: HttpRequest, submissions: list[Any]) -> None:
    """Store the labels of the subjects that have no name, such as affiliations."""
    nameless = [each for each in submissions if not each.first_name and each.first_record]
    found = labels.find_labels(site, request, (str(each.first_record) for each in nameless))
    for each in nameless:
        vars(each)["subject_labels"] = found


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin, CommentAdmin):
    """The pages of submissions, on which nothing is edited."""

    page_actions = (*ACTIONS, ADD_RECORDS)
    actions = ("approve_selected",)
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

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return SubmissionChangeList

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Add what a submission is named by: its subject, and the numbers of texts by type."""
        first = SubmissionItem.objects.filter(submission=OuterRef("pk"))
        first = first.order_by(articles.RANK, "pk")
        json = Cast(NullIf(F("body"), Value("")), JSONField())
        named = first.annotate(json=json).annotate(
            first_name=Coalesce(F("json__name"), F("json__title"))
        )
        submissions = (
            super()
            .get_queryset(request)
            .annotate(
                first_name=Subquery(named.values("first_name")[:1]),
                first_type=Subquery(first.values("type")[:1]),
                first_record=Subquery(first.values("record")[:1]),
                count=Count("items"),
            )
        )
        return articles.annotate_subjects(submissions)

    def label(self, row: Any) -> str:
        """Return the name of a submission by its subject."""
        return f"{row}: {self._name(row)}" if hasattr(row, "count") else str(row)

    def _name(self, submission: Any) -> str:
        labels: dict[str, str] = vars(submission).get("subject_labels", {})
        label = labels.get(str(submission.first_record), "")
        subject = submission.first_name or label or words.record_type(submission.first_type or "")
        return articles.name_submission(submission, isolate(subject.strip('"')))

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Add one page of the texts, those without citations, and why the user cannot approve."""
        if (submission := kwargs.get("obj")) is not None:
            is_sample = "sample" in request.GET
            # The order of hashes follows from the texts and is as good as a random one.
            order = ("sha256",) if is_sample else (articles.RANK, "pk")
            items = submission.items.order_by(*order)
            page = Paginator(items, _ITEMS_PER_PAGE).get_page(request.GET.get("page"))
            listed = list(page.object_list)
            _load_subject_labels(self.admin_site, request, [submission])
            stale = find_stale(listed if submission.state == State.PENDING else [])
            threads = list_threads(item.record for item in listed)
            texts = articles.list_texts(self.admin_site, request, submission, listed)
            context |= {
                "page": page,
                "is_sample": is_sample,
                "counts": bulk_approval.count_texts(submission),
                "texts": [(text, threads.get(text.item.record, [])) for text in texts],
                "comment_url": submission.act == Act.PUBLISH
                and submission.state not in (State.PUBLISHED, State.PUBLISHING)
                and self.url_of("comment", submission),
                "blockers": Comment.objects.blockers()
                .filter(record__in=submission.items.values("record"))
                .count()
                if submission.state in OPEN
                else 0,
                "stale": [item.title for item in listed if item.record in stale],
                "title": self._name(submission),
                "uncited": workflow.explain_uncited(submission),
                "why_not": submission.state == State.PENDING
                and workflow.why_not_approve(submission, request.user),  # type: ignore[arg-type]
                "next_url": self._find_next(request, submission),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def has_review_permission(self, request: HttpRequest) -> bool:
        """Return whether the list offers the actions of reviewers."""
        return is_reviewer(request)

    @admin.action(permissions=["review"], description=gettext_lazy("Approve and publish"))
    def approve_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Show what approving the selected submissions means; once confirmed, approve each."""
        rows = list(queryset.select_related("submitted_by").order_by("pk")[: MAX_SUBMISSIONS + 1])
        if len(rows) > MAX_SUBMISSIONS:
            number = MAX_SUBMISSIONS
            messages.error(request, gettext("Select at most %s submissions.") % number)
            return None
        is_done = "confirmed" in request.POST
        hashes = set(request.POST.getlist("text_hash"))
        _load_subject_labels(self.admin_site, request, rows)
        listed = [self._list_approval(request, row, is_done, hashes) for row in rows]
        return self.render_page(
            request,
            "review/bulk",
            gettext("Approve and publish"),
            None,
            request.get_full_path(),
            listed=listed,
            is_done=is_done,
            number=sum(not row.refusal for row in listed),
        )

    def _list_approval(
        self, request: HttpRequest, submission: Any, is_done: bool, hashes: set[str]
    ) -> Listed:
        """Return a row of the preview, or of the result after approving the submission."""
        url, name = self.url_of("change", submission), self.title(submission)
        new, changed = count_texts(submission)
        refusal = "" if is_done else find_refusal(submission, request.user)
        listed = Listed(submission, name, url, new, changed, refusal)
        if not is_done:
            return listed
        if not submission.sha256 or listed.text_hash not in hashes:
            return listed._replace(result=gettext("Not approved: it is not what was shown."))
        result = bulk_approval.approve(submission, request.user)
        self.log_change(request, submission, f"Approve several: {result}")
        return listed._replace(result=result)

    def _find_next(self, request: HttpRequest, submission: Submission) -> str:
        """Return the page of the oldest other submission that the user may decide, if any."""
        user: Any = request.user
        if not user.is_reviewer:
            return ""
        waiting = Submission.objects.filter(state=State.PENDING).exclude(pk=submission.pk)
        others = waiting.exclude(submitted_by=user).exclude(taken_over_by=user)
        others = others.exclude(editors=user)
        later = others.filter(pk__gt=submission.pk).order_by("pk").first()
        found = later or others.order_by("pk").first()
        return self.url_of("change", found) if found else ""

    @admin.display(description="submission")
    def title(self, submission: Any) -> str:
        """Return the number, the name by its subject, and the act unless it publishes."""
        act = "" if submission.act == Act.PUBLISH else submission.act
        return f"{submission.pk}: {self._name(submission)} {act}".strip()

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
