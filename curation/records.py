"""The base of the pages of records: their state, their verbs, and what cannot be undone."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from curation import diff, status
from curation.actions import ActionForm, PageAction
from curation.drafts import drafts_quoted
from curation.drafts import submit as submit_with_drafts
from curation.labels import find_labels
from curation.merging import UNMERGE, merge_selected
from curation.problems import findings
from curation.redaction import RedactionAdmin
from editorial import workflow
from editorial.models import Record
from publishing import documents
from publishing.models import Edition
from publishing.publication import require_public_references


class RecordChangeList(ChangeList):
    """A page of records that know where they stand."""

    def get_results(self, request: HttpRequest) -> None:
        """Ask for the whole page at once."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        status.load_status(self.result_list)


def _submit(record: Record, user: Any, note: str) -> str:
    return _submitted(submit_with_drafts(record, user, note))


def _submitted(submission: Any) -> SafeString:
    return format_html(
        'Submitted for review as <a href="{}">{}</a>.',
        reverse("admin:editorial_submission_change", args=[submission.pk]),
        submission,
    )


def _withdraw(record: Record, user: Any, reason: str) -> str:
    workflow.withdraw(record, user, reason)
    vars(record).pop("standing", None)
    return "Withdrawn: its address now answers with the reason, and its past stays readable."


SUBMIT = PageAction(
    name="submit",
    label="Submit for review",
    explanation="The text is frozen as it reads now. Somebody who neither edited nor submitted it "
    "approves it, and that exact text is published.",
    asks="Public note (optional): what readers are told of the reason",
    do=_submit,
    allowed=lambda pages, request, record: pages.has_change_permission(request, record),
    offered=lambda record, user: status.get_status(record).submission is None,
    besides=drafts_quoted,
)
WITHDRAW = PageAction(
    name="withdraw",
    label="Withdraw",
    explanation="Its public page ends at once and answers with the reason; its past stays "
    "readable. Documents that quote it show that it is withdrawn, without its name.",
    asks="Reason: readers are told it",
    do=_withdraw,
    allowed=lambda pages, request, record: request.user.is_reviewer,  # type: ignore[union-attr]
    offered=lambda record, user: False,  # the page that asks which is meant leads to it
)


class RecordAdmin(RedactionAdmin):
    """The pages of one type of record."""

    verbs = (SUBMIT, WITHDRAW, UNMERGE)
    actions = ("submit_selected", merge_selected, "delete_selected")
    change_form_template = "admin/muster/record.html"
    object_history_template = "admin/muster/history.html"
    save_on_top = True

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RecordChangeList

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [*super().get_list_display(request), "state"]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [status.StateFilter, *super().get_list_filter(request)]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        return [*super().get_search_fields(request), "=public_id"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Fix the slug once it has been public, as the database does."""
        fields = [*super().get_readonly_fields(request, obj), "state"]
        if obj is not None and hasattr(obj, "slug") and status.get_status(obj).version is not None:
            fields.append("slug")
        return fields

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Begin with where it stands and end with what is for the desk alone."""
        desk = ("For the desk alone", {"fields": ["internal_note"]})
        first = (None, {"fields": [("state", "public_id")]})
        own = list(super().get_fieldsets(request, obj))
        return [*([first] if obj is not None else []), *own, desk]

    def has_review_permission(self, request: HttpRequest) -> bool:
        """Offer what reviewers do alone to reviewers alone."""
        return bool(getattr(request.user, "is_reviewer", False))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Offer to delete only what nobody outside the desk relies on."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or status.get_status(obj).draft)

    def get_urls(self) -> Any:
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        view = self.admin_site.admin_view(self.preview_view)
        return [path("<path:object_id>/preview/", view, name=name), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Offer the preview, and the public document where there is one."""
        if (record := kwargs.get("obj")) is not None:
            found = status.get_status(record)
            context["standing"] = found
            context["findings"] = findings(self.admin_site, request, record)
            context["preview_url"] = self._url("preview", record)
            context["public_url"] = status.public_url(record) if found.public else None
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show what readers were told, and what was done on these pages."""
        record = self.get_object(request, unquote(object_id))
        told = {}
        if record is not None:
            editions = Edition.objects.filter(record=record.public_id).order_by("-version")
            told = {
                "editions": editions.defer("summary", "document"),
                "editions_url": f"{status.public_url(record)}/editions",
            }
        return super().history_view(request, object_id, told | (extra_context or {}))

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the exact text that would be frozen now, and what it changes."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self.missing(request)
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        body, drafts = record.render(), drafts_quoted(record)
        edition = record.edition
        document = edition.document if edition else None
        names = find_labels(self.admin_site, request, diff.ids(body.decode(), document or ""))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Preview",
            "subtitle": self.label(record),
            "original": record,
            "back": self._url("change", record),
            "sha256": documents.digest(body),
            "hindrances": _hindrances(record, body, drafts),
            "besides": find_labels(self.admin_site, request, (str(d.public_id) for d in drafts)),
            "lines": diff.text(body.decode(), names),
            "edition": edition if document else None,
            "changes": document and diff.changes(document, body.decode(), names),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/muster/preview.html", context)

    @admin.display(description="state")
    def state(self, record: Record) -> SafeString:
        """Show where it stands."""
        return status.show(record)

    @admin.action(permissions=["change"], description="Submit for review, as one")
    def submit_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Freeze the selected records into one submission, after asking."""
        form = ActionForm(request.POST if "asked" in request.POST else None, asks=SUBMIT.asks)
        rows = list(queryset.order_by("pk"))
        done = self.confirmed(
            request,
            form,
            "submit_selected",
            rows,
            lambda note: _submitted(workflow.submit(queryset, request.user, note)),  # type: ignore[arg-type]
            request.get_full_path(),
        )
        if done is not None:
            return done
        across = request.POST.get("select_across", "0")
        chosen = rows[:1] if across == "1" else rows
        return self.ask(
            request,
            form,
            f"Submit {len(rows)} for review",
            f"{SUBMIT.explanation} They are decided on as one.",
            rows,
            request.get_full_path(),
            name="submit_selected",
            keys=[row.pk for row in chosen],
            checkbox=ACTION_CHECKBOX_NAME,
            action="submit_selected",
            across=across,
        )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Say why a record cannot be deleted: it may have been submitted since its page asked."""
        record: Any = self.get_object(request, unquote(object_id))
        if (
            record is not None
            and super().has_delete_permission(request, record)
            and not status.get_status(record).draft
        ):
            raise PermissionDenied(self._why_kept(record))
        return super().delete_view(request, object_id, extra_context)

    def _why_kept(self, record: Record) -> str:
        found = status.get_status(record)
        why = (
            "has been public and cannot be deleted: withdraw it instead"
            if found.version is not None
            else f"stands in submission {found.submission}: recall or reject that first"
        )
        return f"{self.label(record)} {why}."

    @admin.action(permissions=["delete"], description="Delete, if never public")
    def delete_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Delete the selected records, unless one has been public or is submitted."""
        rows = list(queryset)
        status.load_status(rows)
        kept = [row for row in rows if not status.get_status(row).draft]
        if not kept:
            return super().delete_selected(request, queryset)
        for row in kept[:5]:
            messages.error(request, self._why_kept(row))
        more = f" {len(kept) - 5} more cannot be deleted." if len(kept) > 5 else ""
        messages.warning(request, f"Nothing was deleted.{more}")
        return HttpResponseRedirect(request.get_full_path())


def _hindrances(record: Record, body: bytes, drafts: list[Record]) -> list[str]:
    """Return why `body` could not be submitted as it is, with some drafts that it quotes."""
    try:
        require_public_references(
            documents.find_bare_references(body), {str(one.public_id) for one in (record, *drafts)}
        )
    except ValidationError as error:
        return error.messages
    return []
