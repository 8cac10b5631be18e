"""Removing what is public: the page that asks which is meant, to withdraw or to redact."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse

from curation import status
from curation.actions import ActionForm, PageActionAdmin
from curation.labels import find_labels
from editorial.models import RedactionGuard
from editorial.redaction.mentions import find_mentions
from editorial.redaction.redact import redact

_LINES = {"dir": "auto", "rows": 4}
REDACTION = (
    "It is removed from today's text and from every past one, from submissions, from the audit and "
    "from whatever quotes the record. Whoever writes it again is refused, until a reviewer lifts "
    "its guard. Nobody can bring it back. Dumps of the database, exports and "
    "copies that were made before this moment still hold it: destroy them, or make them anew. "
    "Mirrors learn of it from the feed."
)


class RedactionForm(ActionForm):
    """What is to be removed, and why."""

    what = forms.ChoiceField(
        label="What is removed",
        choices=[
            ("values", "some texts, wherever they stand in this record"),
            ("fields", "some fields, whatever they say"),
            ("whole", "the whole record"),
        ],
        widget=forms.RadioSelect,
    )
    values = forms.CharField(
        label="The texts, one a line: each spelling and script of a name is a text of its own",
        required=False,
        widget=AdminTextareaWidget(attrs=_LINES),
    )
    fields_named = forms.CharField(
        label="The fields, one a line, as the public document names them: description, "
        "individual.birth, names[2]; the first row is [0]",
        required=False,
        widget=AdminTextareaWidget(attrs=_LINES | {"dir": "ltr"}),
    )
    reason = forms.CharField(
        label="Reason: readers are told it, so it must not tell what is removed",
        required=False,
        widget=AdminTextareaWidget(attrs=_LINES),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, asks="", **kwargs)

    def asked(self) -> dict[str, Any]:
        """Return what `Record.redact` is to remove."""
        given, what = self.cleaned_data, self.cleaned_data["what"]
        return {
            "values": given["values"].splitlines() if what == "values" else (),
            "fields": given["fields_named"].splitlines() if what == "fields" else (),
            "whole": what == "whole",
        }


class RedactionAdmin(PageActionAdmin):
    """The pages on which a reviewer removes what is, or was, public."""

    def get_urls(self) -> Any:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        pages = {"remove": self.remove_view, "redact": self.redact_view}
        asked = [
            path(f"<path:object_id>/{page}/", self.admin_site.admin_view(v), name=f"{name}_{page}")
            for page, v in pages.items()
        ]
        return [*asked, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Offer the page that asks."""
        record = kwargs.get("obj")
        context["remove_url"] = context["guards_url"] = None
        if record is not None and request.user.is_reviewer:  # type: ignore[union-attr]
            context["remove_url"] = self._url("remove", record)
            if RedactionGuard.objects.filter(record=record.public_id).exists():
                pages = reverse("admin:editorial_redactionguard_changelist")
                context["guards_url"] = f"{pages}?q={record.public_id}"
        return super().render_change_form(request, context, *args, **kwargs)

    def remove_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask which of the two is meant."""
        record = self._removable(request, object_id)
        if record is None:
            return self.missing(request)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Withdraw or redact",
            "subtitle": self.label(record),
            "public": status.get_status(record).public,
            "back": self._url("change", record),
            "withdraw_url": self._url("withdraw", record),
            "redact_url": self._url("redact", record),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/muster/remove.html", context)

    def redact_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask what is to be redacted, and on POST do it."""
        record = self._removable(request, object_id)
        if record is None:
            return self.missing(request)
        form = RedactionForm(request.POST if request.method == "POST" else None)
        back = self._url("change", record)
        done = self.confirmed(
            request, form, "redact", [record], lambda _: self._redact(request, record, form), back
        )
        return done or self.ask(request, form, "Redact", REDACTION, [record], back, name="redact")

    def _redact(self, request: HttpRequest, record: Any, form: RedactionForm) -> str:
        by: Any = request.user
        submission = redact(record, by, form.cleaned_data["reason"], **form.asked())
        record.refresh_from_db()
        said = (
            "Redacted: it stands in no text and in no past of this record. What was dumped, "
            f"exported or copied before {submission.published_at:%Y-%m-%d %H:%M:%S} UTC still "
            "holds it."
        )
        self.log_change(request, record, "Redact")
        others = find_mentions(form.asked()["values"])
        if others:
            labels = find_labels(self.admin_site, request, [str(key) for _, key in others[:20]])
            more = f" and {len(others) - 20} more" if len(others) > 20 else ""
            messages.warning(
                request,
                "The same text stands in other records, as their own, and was left there: "
                + ", ".join(labels.get(str(key), f"{type_} {key}") for type_, key in others[:20])
                + f"{more}. Redact it there too if it must go.",
            )
        return said

    def _removable(self, request: HttpRequest, object_id: str) -> Any:
        record = self.get_object(request, unquote(object_id))
        if not request.user.is_reviewer:  # type: ignore[union-attr]
            raise PermissionDenied
        return record
