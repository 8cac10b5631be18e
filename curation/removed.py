"""The admin of what redactions removed: two reviewers restore it, or have it destroyed."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from curation.actions import PageAction, PageActionAdmin
from curation.base import ReadOnlyAdmin
from curation.guards import LabelledChangeList, load_labels
from editorial.models import RemovedData
from editorial.redaction.restoring import destroy, restore


def _ask(data: RemovedData, user: Any, reason: str) -> str:
    data.ask(user, reason)
    return "Another reviewer has to confirm now. They see it on their first page."


def _restore(data: RemovedData, user: Any, _: str) -> str:
    left = restore(data, user)
    if not left:
        return "Restored, as it was before the redaction."
    return (
        f"Restored. {left} rows that were changed since the redaction stay as they are: compare "
        "the record with its public versions."
    )


def _refuse(data: RemovedData, user: Any, _: str) -> str:
    data.refuse(user)
    return "The request is gone. What was removed stays removed."


def _destroy(data: RemovedData, user: Any, _: str) -> str:
    destroy(data, user)
    return "Destroyed for good."


ASK = PageAction(
    name="ask",
    label="Ask to restore",
    explanation="If another reviewer confirms, what was removed comes back into all versions, its "
    "guards are lifted, and an edition with your reason says so.",
    text_label="Reason (public once it is restored)",
    run=_ask,
    is_available=lambda data, user: data.is_kept and data.asked_by_id is None,
)
RESTORE = PageAction(
    name="restore",
    label="Confirm and restore",
    explanation="What was removed becomes public again at once, in all versions. Mirrors and "
    "readers get it with the next request.",
    run=_restore,
    is_available=lambda data, user: (
        data.is_kept and data.asked_by_id is not None and data.asked_by_id != user.pk
    ),
    asks_password=True,
)
REFUSE = PageAction(
    name="refuse",
    label="Do not restore",
    explanation="This takes back or refuses the request. It can be made again.",
    run=_refuse,
    is_available=lambda data, user: data.is_kept and data.asked_by_id is not None,
)
DESTROY = PageAction(
    name="destroy",
    label="Destroy for good",
    explanation="You confirm the redaction as a second reviewer: nobody can restore it any more. "
    "What earlier redactions of the same record removed is destroyed with it.",
    run=_destroy,
    is_available=lambda data, user: data.is_kept and data.submission.submitted_by_id != user.pk,
    asks_password=True,
)


@admin.register(RemovedData)
class RemovedDataAdmin(ReadOnlyAdmin, PageActionAdmin):
    """The pages of what redactions removed. They never show it."""

    page_actions = (ASK, RESTORE, REFUSE, DESTROY)
    list_display = ("redaction", "subject", "redacted_by", "removed_at", "state")
    list_select_related = (
        "submission__submitted_by",
        "asked_by",
        "destroyed_by",
        "restored__decided_by",
    )
    fields = ("subject", "redacted_by", "removed_at", "why", "state", "reason")
    empty_message = "What a redaction removes can be restored from here for some days."

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LabelledChangeList

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        data = super().get_object(request, *args, **kwargs)
        if data is not None:
            load_labels(self.admin_site, request, [data])
        return data

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the fields; the reason only if somebody gave one."""
        return [name for name in self.fields if name != "reason" or (obj and obj.reason)]

    @admin.display(description="redaction", ordering="pk")
    def redaction(self, data: RemovedData) -> str:
        """Return the number of the redaction."""
        return f"Redaction {data.submission_id}"

    @admin.display(description="record")
    def subject(self, data: RemovedData) -> str | SafeString:
        """Return the label of the record, with a link to its page if it has one."""
        label, url = vars(data).get("label_and_url") or (str(data.record), "")
        return format_html('{} <a href="{}">{}</a>', data.type, url, label) if url else label

    @admin.display(description="redacted by")
    def redacted_by(self, data: RemovedData) -> str:
        """Return who redacted it."""
        return str(data.submission.submitted_by) if data.submission else "-"

    @admin.display(description="public reason")
    def why(self, data: RemovedData) -> str:
        """Return the public reason of the redaction."""
        return data.submission.note if data.submission else ""

    @admin.display(description="state")
    def state(self, data: RemovedData) -> str:
        """Return whether it can be restored, and until when."""
        if data.restored is not None:
            return f"restored by {data.restored.submitted_by} and {data.restored.decided_by}"
        if data.destroyed_at is not None:
            by = f" by {data.destroyed_by}" if data.destroyed_by else ""
            return f"destroyed{by}, {data.destroyed_at:%Y-%m-%d %H:%M} UTC"
        until = f"kept until {data.expires_at:%Y-%m-%d %H:%M} UTC"
        return f"{until}; {data.asked_by} asks to restore it" if data.asked_by else until
