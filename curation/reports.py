"""The admin of reports: editors read what readers reported, and note what was done."""

from typing import Any

from django.contrib import admin
from django.db.models import Case, Value, When
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from curation.actions import PageAction, PageActionAdmin
from curation.base import EndedFilter, ReadOnlyAdmin, is_reviewer
from curation.models import Report, ReportKind


def _handle(report: Report, user: Any, answer: str) -> str:
    report.handle(user, answer)
    return f"Handled. The note: {answer.strip()}"


HANDLE = PageAction(
    name="handle",
    label="Mark as handled",
    explanation="First do what the report asks for, or decide that nothing is to be done: correct "
    "the record, or let a reviewer redact what endangers somebody. Answer the reader if they left "
    "a contact. The report is deleted half a year later.",
    text_label="What was done (not public)",
    run=_handle,
    is_available=lambda report, user: report.handled_at is None,
    is_allowed=lambda admin, request, report: admin.has_view_permission(request, report),
)


class HandledFilter(EndedFilter):
    """A filter of reports by whether somebody handled them."""

    parameter_name = "handled"
    states = ("open", "handled")


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin, PageActionAdmin):
    """The pages of reports, open dangers first. Reviewers can delete one at once."""

    page_actions = (HANDLE,)
    ordering = (
        Case(
            When(handled_at=None, kind=ReportKind.DANGER, then=Value(0)),
            When(handled_at=None, then=Value(1)),
            default=Value(2),
        ).asc(),
        "-reported_at",
    )
    list_display = ("reference", "urgency", "about", "beginning", "reported_at", "state")
    list_filter = (HandledFilter, "kind")
    list_select_related = ("handled_by",)
    search_fields = ("=reference", "page", "text")
    fields = (
        ("reference", "reported_at"),
        "urgency",
        "about",
        "as_seen",
        "text",
        "contact",
        "state",
        "answer",
    )
    empty_message = "Readers report errors and dangers with the link at the end of every page."

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_reviewer(request)

    @admin.display(description="kind")
    def urgency(self, report: Report) -> str | SafeString:
        """Return the kind; a danger that nobody has handled stands out."""
        if report.kind == ReportKind.DANGER and report.handled_at is None:
            return format_html('<strong class="errornote">{}</strong>', "URGENT: a danger")
        return ReportKind(report.kind).label

    @admin.display(description="page")
    def about(self, report: Report) -> str | SafeString:
        """Return a link to the page as it is now."""
        if not report.page:
            return "the whole site"
        return format_html('<a href="{}">{}</a>', report.page, report.page)

    @admin.display(description="as the reader saw it")
    def as_seen(self, report: Report) -> str | SafeString:
        """Return a link to the page as it was."""
        if not report.snapshot:
            return "not known"
        return format_html('<a href="{}">{}</a>', report.pinned_page, report.snapshot)

    @admin.display(description="text")
    def beginning(self, report: Report) -> str:
        """Return the beginning of the text."""
        return report.text if len(report.text) <= 100 else f"{report.text[:99]}…"

    @admin.display(description="state")
    def state(self, report: Report) -> str:
        """Return whether it is open, or who handled it and when."""
        if report.handled_at is None:
            return "open"
        return f"handled by {report.handled_by}, {report.handled_at:%Y-%m-%d %H:%M} UTC"
