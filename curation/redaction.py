"""Withdrawing and redacting in the admin: a page to choose between them, and the redaction form."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from curation import status
from curation.actions import ActionForm, PageActionAdmin
from curation.base import is_reviewer
from curation.labels import find_labels
from editorial.models import RedactionGuard
from editorial.redaction.mentions import find_mentions
from editorial.redaction.redact import redact

_LINES = {"dir": "auto", "rows": 4}
_LISTED_RECORDS = 20
EXPLANATION = (
    "This removes the text from the current version and from all earlier versions, from "
    "submissions, from the audit and from every reference to the record, at once. {keeping} If "
    "somebody writes the text to this record again, it is refused until a reviewer lifts the "
    "guard. Database dumps, exports and copies that already exist still contain the text: delete "
    "them, or make new ones. Mirrors apply the redaction when they next read the feed."
)
KEEPING = (
    "For {days} days two reviewers together can restore it, or destroy it for good; then it is "
    "destroyed.",
    "Nobody can restore it.",
)


def explain() -> str:
    """Return what a redaction does, on this server."""
    days = settings.ERASE_AFTER
    return EXPLANATION.format(keeping=KEEPING[0].format(days=days) if days else KEEPING[1])


class RedactionForm(ActionForm):
    """A form that asks what to remove, and for the reason."""

    what = forms.ChoiceField(
        label="Remove",
        choices=[
            ("values", "some texts, wherever they are in this record"),
            ("fields", "some fields, whatever they contain"),
            ("whole", "the whole record"),
        ],
        widget=forms.RadioSelect,
    )
    values = forms.CharField(
        label="Texts, one on each line; write every spelling and script of a name on its own line",
        required=False,
        widget=AdminTextareaWidget(attrs=_LINES),
    )
    fields_named = forms.CharField(
        label="Fields, one on each line, as the public document names them, such as description, "
        "individual.birth or names[2]; the first row is [0]",
        required=False,
        widget=AdminTextareaWidget(attrs=_LINES | {"dir": "ltr"}),
    )
    reason = forms.CharField(
        label="Reason (public: do not mention what you remove)",
        required=False,
        widget=AdminTextareaWidget(attrs=_LINES),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, text_label="", **kwargs)

    @property
    def targets(self) -> dict[str, Any]:
        """The arguments of `redact` that say what to remove."""
        data, what = self.cleaned_data, self.cleaned_data["what"]
        return {
            "values": data["values"].splitlines() if what == "values" else (),
            "fields": data["fields_named"].splitlines() if what == "fields" else (),
            "whole": what == "whole",
        }


class RedactionAdmin(PageActionAdmin):
    """An admin of records that reviewers can withdraw or redact."""

    def get_urls(self) -> Any:
        remove = self.row_path("remove", self.remove_view)
        return [remove, self.row_path("redact", self.redact_view), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Add links to the page of removal, and to the guards of the record."""
        record = kwargs.get("obj")
        context["remove_url"] = context["guards_url"] = None
        if record is not None and is_reviewer(request):
            context["remove_url"] = self.url_of("remove", record)
            if RedactionGuard.objects.filter(record=record.public_id).exists():
                guards = reverse("admin:editorial_redactionguard_changelist")
                context["guards_url"] = f"{guards}?q={record.public_id}"
        return super().render_change_form(request, context, *args, **kwargs)

    def remove_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the page to choose between withdrawing and redacting."""
        record = self._get_removable(request, object_id)
        if record is None:
            return self.redirect_missing(request)
        return self.render_page(
            request,
            "remove",
            "Withdraw or redact",
            record,
            self.url_of("change", record),
            is_public=status.get_status(record).is_public,
            withdraw_url=self.url_of("withdraw", record),
            redact_url=self.url_of("redact", record),
        )

    def redact_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the redaction form; on POST, redact the record."""
        record = self._get_removable(request, object_id)
        if record is None:
            return self.redirect_missing(request)
        data = request.POST if request.method == "POST" else None
        form = RedactionForm(data, asking=request)

        def run(_: str) -> str:
            return self._redact(request, record, form)

        back = self.url_of("change", record)
        return self.run_confirmed(
            request, form, "redact", [record], run, back
        ) or self.render_confirmation(
            request, form, "Redact", explain(), [record], back, name="redact"
        )

    def _redact(self, request: HttpRequest, record: Any, form: RedactionForm) -> str:
        user: Any = request.user
        submission = redact(record, user, form.cleaned_data["reason"], **form.targets)
        record.refresh_from_db()
        self.log_change(request, record, "Redact")
        if others := find_mentions(form.targets["values"]):
            listed = others[:_LISTED_RECORDS]
            labels = find_labels(self.admin_site, request, [str(key) for _, key in listed])
            names = [labels.get(str(key), f"{type_} {key}") for type_, key in listed]
            rest = len(others) - len(listed)
            more = f" and {rest} more" if rest else ""
            messages.warning(
                request,
                f"The same text is also in other records: {', '.join(names)}{more}. It was not "
                "removed there. Redact those records too if necessary.",
            )
        return (
            "Redacted: the text is in no version of this record any more. Database dumps, exports "
            f"and copies from before {submission.published_at:%Y-%m-%d %H:%M:%S} UTC still "
            "contain it."
        )

    def _get_removable(self, request: HttpRequest, object_id: str) -> Any:
        record = self.get_object(request, unquote(object_id))
        if not is_reviewer(request):
            raise PermissionDenied
        return record
