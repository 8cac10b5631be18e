"""The admin of redaction guards: reviewers see them and can lift one with a reason."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from curation.actions import PageAction, PageActionAdmin
from curation.base import EndedFilter, ReadOnlyAdmin, is_reviewer
from curation.labels import find_labels_and_urls
from editorial.models import RedactionGuard


def _lift(guard: RedactionGuard, user: Any, reason: str) -> str:
    guard.lift(user, reason)
    return f"Lifted. The reason: {reason.strip()}"


LIFT = PageAction(
    name="lift",
    label="Lift",
    explanation="Editors and imports may then write the removed text to the record again. The "
    "redaction itself is not undone. You cannot undo this: to protect the text again, make a new "
    "redaction.",
    text_label="Reason (recorded with your name, not public)",
    run=_lift,
    is_available=lambda guard, user: guard.lifted_at is None,
)


class LiftedFilter(EndedFilter):
    """A filter of guards by whether a reviewer lifted them."""

    parameter_name = "lifted"
    states = ("in force", "lifted")


class LabelledChangeList(ChangeList):
    """A list of rows about records, with the labels of these."""

    def get_results(self, request: HttpRequest) -> None:
        """Find the labels of all records of the page at once."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        load_labels(self.model_admin.admin_site, request, self.result_list)


def load_labels(site: Any, request: HttpRequest, rows: list[Any]) -> None:
    """Store on each row the current label of its record, and the address of its page."""
    labels = find_labels_and_urls(site, request, (str(row.record) for row in rows))
    for row in rows:
        vars(row)["label_and_url"] = labels.get(str(row.record))


@admin.register(RedactionGuard)
class GuardAdmin(ReadOnlyAdmin, PageActionAdmin):
    """The pages of guards. They cannot show the removed texts, which are not stored."""

    page_actions = (LIFT,)
    list_display = ("__str__", "record_page", "kind", "path", "state")
    list_filter = (LiftedFilter, "kind")
    list_select_related = ("submission", "lifted_by")
    search_fields = ("=record", "=submission__id")
    fields = (
        ("redaction", "record_page"),
        ("kind", "path"),
        "reason",
        "state",
        "lift_reason",
    )
    empty_message = "A redaction creates guards, which refuse the texts that it removed."

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_reviewer(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_reviewer(request)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LabelledChangeList

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        guard = super().get_object(request, *args, **kwargs)
        if guard is not None:
            load_labels(self.admin_site, request, [guard])
        return guard

    @admin.display(description="redaction")
    def redaction(self, guard: RedactionGuard) -> SafeString:
        """Return a link to the redaction, with its author and time."""
        submission = guard.submission
        url = reverse("admin:editorial_submission_change", args=[submission.pk])
        time = f"{submission.published_at:%Y-%m-%d %H:%M}" if submission.published_at else ""
        return format_html(
            '<a href="{}">{}</a>, {}, {} UTC', url, submission, submission.submitted_by, time
        )

    @admin.display(description="record")
    def record_page(self, guard: RedactionGuard) -> SafeString:
        """Return the label of the record, with a link to its page if it has one."""
        label, url = vars(guard).get("label_and_url") or (str(guard.record), "")
        if not url:
            return format_html("{} {}", guard.type, label)
        return format_html('{} <a href="{}">{}</a>', guard.type, url, label)

    @admin.display(description="reason of the redaction")
    def reason(self, guard: RedactionGuard) -> str:
        """Return the public reason."""
        return guard.submission.note

    @admin.display(description="state")
    def state(self, guard: RedactionGuard) -> str:
        """Return whether the guard is in force, or who lifted it and when."""
        if guard.lifted_at is None:
            return "in force"
        return f"lifted by {guard.lifted_by}, {guard.lifted_at:%Y-%m-%d %H:%M} UTC"
