"""The pages of redaction guards: for reviewers alone, who can lift one with a reason."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from curation.actions import PageAction, PageActionAdmin
from curation.labels import find_labels_and_urls
from editorial.models import RedactionGuard


def _lift(guard: RedactionGuard, user: Any, reason: str) -> str:
    guard.lift(user, reason)
    return f"Lifted, because: {reason.strip()}"


LIFT = PageAction(
    name="lift",
    label="Lift",
    explanation="What the redaction removed may be written to the record again, by everybody and "
    "by imports. The redaction itself is not undone. This cannot be taken back: redact again.",
    asks="Reason: it is recorded with your name, and stays private",
    do=_lift,
    allowed=lambda pages, request, guard: bool(getattr(request.user, "is_reviewer", False)),
    offered=lambda guard, user: guard.lifted_at is None,
)


class LiftedFilter(admin.SimpleListFilter):
    """Filters guards by whether a reviewer lifted them."""

    title = "state"
    parameter_name = "lifted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "in force"), ("yes", "lifted")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Return the guards in the chosen state."""
        chosen = {"no": True, "yes": False}.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(lifted_at__isnull=chosen)


class GuardChangeList(ChangeList):
    """A page of guards that know what their records are called."""

    def get_results(self, request: HttpRequest) -> None:
        """Name the records of the whole page at once."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        name_records(self.model_admin.admin_site, request, self.result_list)


def name_records(site: Any, request: HttpRequest, guards: list[Any]) -> None:
    """Remember on each guard what its record is called now, and its page."""
    labels = find_labels_and_urls(site, request, (str(guard.record) for guard in guards))
    for guard in guards:
        vars(guard)["named"] = labels.get(str(guard.record))


@admin.register(RedactionGuard)
class GuardAdmin(PageActionAdmin):
    """Nothing is edited here, and no text is shown: there is none."""

    verbs = (LIFT,)
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
    nothing_yet = "A redaction makes guards, which keep what it removed from coming back."

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(getattr(request.user, "is_reviewer", False))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return GuardChangeList

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        guard = super().get_object(request, *args, **kwargs)
        if guard is not None:
            name_records(self.admin_site, request, [guard])
        return guard

    @admin.display(description="redaction")
    def redaction(self, guard: RedactionGuard) -> SafeString:
        """Show which redaction it is, by whom and when."""
        made = guard.submission
        url = reverse("admin:editorial_submission_change", args=[made.pk])
        when = f"{made.published_at:%Y-%m-%d %H:%M}" if made.published_at else ""
        return format_html('<a href="{}">{}</a>, {}, {} UTC', url, made, made.submitted_by, when)

    @admin.display(description="record")
    def record_page(self, guard: RedactionGuard) -> SafeString:
        """Show the record, with a link to its page where there is one."""
        label, url = vars(guard).get("named") or (str(guard.record), "")
        if not url:
            return format_html("{} {}", guard.type, label)
        return format_html('{} <a href="{}">{}</a>', guard.type, url, label)

    @admin.display(description="reason of the redaction")
    def reason(self, guard: RedactionGuard) -> str:
        """Show what readers see of the reason."""
        return guard.submission.note

    @admin.display(description="state")
    def state(self, guard: RedactionGuard) -> str:
        """Show whether it is in force, or who lifted it and when."""
        if guard.lifted_at is None:
            return "in force"
        return f"lifted by {guard.lifted_by}, {guard.lifted_at:%Y-%m-%d %H:%M} UTC"
