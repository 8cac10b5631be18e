"""The base of the admin of records: submitting, withdrawing, preview and deletion."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from pghistory.core import event_models

from curation import articles, diff, status
from curation.actions import ActionForm, PageAction
from curation.base import is_reviewer
from curation.comments import find_return, list_threads
from curation.findings import list_findings
from curation.history import HistoryAdmin
from curation.labels import find_labels
from curation.merging import UNMERGE, merge_selected
from curation.widgets import NEW
from editorial import workflow
from editorial.models import NamedRecord, Record, Submission, record_models
from editorial.models.record import referencing_fields
from editorial.quality import path_to_record
from publishing import documents
from publishing.normalization import clean_line
from publishing.publication import require_public_references

_LISTED_REFUSALS = 5
_MAX_OFFERING = 500
"""From how many selected records on drafts that refer to them are not offered."""


class RecordChangeList(ChangeList):
    """A list of records with their status."""

    def get_results(self, request: HttpRequest) -> None:
        """Load the status of all records of the page at once."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        status.load_status(self.result_list)
        status.load_changes(self.result_list)


def find_referenced_drafts(record: Record) -> list[Record]:
    """Return the drafts that a record refers to, directly or through other drafts."""
    drafts, new = {str(record.public_id): record}, [record]
    while new:
        ids = set[str]().union(*(documents.find_bare_references(row.render()) for row in new))
        rows: list[Record] = []
        for model in record_models().values():
            rows += model._default_manager.filter(public_id__in=ids - drafts.keys())
        status.load_status(rows)
        new = [row for row in rows if status.get_status(row).is_draft]
        drafts |= {str(row.public_id): row for row in new}
    return list(drafts.values())[1:]


def find_referencing_drafts(records: list[Record]) -> list[Record]:
    """Return the other drafts that refer to a new record, such as affiliations of a new actor."""
    found: dict[UUID, Record] = {}
    status.load_status(records)
    new = [record for record in records if status.get_status(record).version is None]
    for model in {type(record) for record in new}:
        keys = [record.pk for record in new if type(record) is model]
        for part, column in referencing_fields(model):
            if not (issubclass(part, Record) or event_models(tracks_model=part)):
                continue  # a private row beside the records
            path, referencing = path_to_record(part)
            rows = part._default_manager.filter(**{f"{column.name}__in": keys})
            ids = rows.values(path or "pk")
            for row in referencing._default_manager.filter(pk__in=ids).order_by("pk"):
                found[row.public_id] = row
    others = [row for key, row in found.items() if key not in {r.public_id for r in records}]
    status.load_status(others)
    return [row for row in others if status.get_status(row).is_draft]


def with_referenced_drafts(records: Iterable[Record]) -> list[Record]:
    """Return some records, and the drafts that they refer to."""
    listed = {record.public_id: record for record in records}
    for record in list(listed.values()):
        listed |= {draft.public_id: draft for draft in find_referenced_drafts(record)}
    return list(listed.values())


def _submit(record: Record, user: Any, note: str, along: Sequence[Record] = ()) -> str:
    return _submitted_message(workflow.submit(with_referenced_drafts([record, *along]), user, note))


def _submitted_message(submission: Submission) -> SafeString:
    return format_html(
        'Submitted for review as <a href="{}">{}</a>.',
        reverse("admin:editorial_submission_change", args=[submission.pk]),
        submission,
    )


def _withdraw(record: Record, user: Any, reason: str) -> str:
    workflow.withdraw(record, user, reason)
    status.forget_status(record)
    return "Withdrawn: the public page now shows the reason. Earlier versions stay public."


def _explain_uncited(records: list[Record]) -> str:
    uncited = [
        str(record) for record in records if record.serializer().lacks_citation(record.render())
    ]
    if not uncited:
        return ""
    return f"{workflow.name_uncited(uncited)} A reviewer can approve them only with a reason."


SUBMIT = PageAction(
    name="submit",
    label="Submit for review",
    explanation="This freezes the current text. A reviewer who neither edited nor submitted it can "
    "approve it, and exactly that text is then published.",
    text_label="Note on the change (optional, public)",
    run=_submit,
    is_allowed=lambda admin, request, record: admin.has_change_permission(request, record),
    is_available=lambda record, user: status.get_status(record).submission is None,
    other_rows=find_referenced_drafts,
    offered_rows=lambda record: find_referencing_drafts([record]),
    notice=_explain_uncited,
)
WITHDRAW = PageAction(
    name="withdraw",
    label="Withdraw",
    explanation="The public page is replaced by the reason at once; earlier versions stay public. "
    "Documents that refer to this record show that it is withdrawn, without its name.",
    text_label="Reason (public)",
    run=_withdraw,
    is_available=lambda record, user: False,  # "Withdraw or redact" leads to it
)


class RecordAdmin(HistoryAdmin):
    """The admin of one type of record."""

    page_actions = (SUBMIT, WITHDRAW, UNMERGE)
    actions = ("submit_selected", merge_selected, "delete_selected")
    change_form_template = "admin/muster/record.html"
    save_on_top = True
    new_kinds: ClassVar[tuple[str, ...]] = ()
    """The kinds of records that other forms can make by a name, the most frequent first; `("",)` if
    they have no kind."""

    def create_new(self, request: HttpRequest, kind: str, name: str) -> Any:
        """Return a draft with a kind and a name; an existing record if it has just the same."""
        if kind not in self.new_kinds:
            raise ValidationError(f"“{kind}” is no kind of {self.opts.verbose_name}.", code="kind")
        values = {"name": clean_line(name)} | ({"kind": kind} if kind else {})
        existing = self.model._default_manager.filter(**values).order_by("pk").first()
        if existing is not None:
            return existing
        record = self.model(**values)
        record.full_clean(exclude=["slug"])
        record.save()
        self.log_addition(request, record, "Added by its name in another form.")
        return record

    def list_new(self, term: str) -> list[dict[str, str]]:
        """Return what a search for a name offers to make."""
        name = clean_line(term)[:300]
        kinds = dict(self.model._meta.get_field("kind").flatchoices) if any(self.new_kinds) else {}
        return [
            {
                "id": f"{NEW}{kind}:{name}",
                "text": gettext("New %(kind)s: “%(name)s”")
                % {"kind": kinds.get(kind, self.opts.verbose_name), "name": name},
            }
            for kind in (self.new_kinds if name else ())
        ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RecordChangeList

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [*super().get_list_display(request), "state"]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [status.StateFilter, *super().get_list_filter(request)]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        return [*super().get_search_fields(request), "=public_id"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Add the slug once the record has been public: the database refuses to change it."""
        fields = [*super().get_readonly_fields(request, obj), "state"]
        if obj is not None and hasattr(obj, "slug") and status.get_status(obj).version is not None:
            fields.append("slug")
        return fields

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Add the state of the record at the top, and the internal note at the bottom."""
        first = [(None, {"fields": [("state", "public_id")]})] if obj is not None else []
        named = ["dropped_name"] if issubclass(self.model, NamedRecord) else []
        last = ("Not public", {"fields": ["internal_note", *named]})
        return [*first, *super().get_fieldsets(request, obj), last]

    def has_review_permission(self, request: HttpRequest) -> bool:
        """Return whether the list offers the actions of reviewers."""
        return is_reviewer(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether a record can be deleted: only drafts can."""
        is_allowed = super().has_delete_permission(request, obj)
        return is_allowed and (obj is None or status.get_status(obj).is_draft)

    def get_urls(self) -> Any:
        return [self.row_path("preview", self.preview_view), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Add the status, the findings, and links to the preview and the public document."""
        if (record := kwargs.get("obj")) is not None:
            record_status = status.get_status(record)
            context["status"] = record_status
            context["threads"] = list_threads([record.public_id]).get(record.public_id, [])
            context["returned"] = find_return(record, record_status)
            context["findings"] = list_findings(self.admin_site, request, record)
            context["preview_url"] = self.url_of("preview", record)
            context["public_url"] = status.public_url(record) if record_status.is_public else None
        return super().render_change_form(request, context, *args, **kwargs)

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the text that a submission would freeze now, and how it differs from the public."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self.redirect_missing(request)
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        body, drafts = record.render(), find_referenced_drafts(record)
        edition = record.edition
        if edition is not None and not edition.document:
            edition = None
        public = edition.document if edition else ""
        labels = find_labels(self.admin_site, request, diff.find_ids(body.decode(), public or ""))
        return self.render_page(
            request,
            "preview",
            "Preview",
            record,
            self.url_of("change", record),
            sha256=documents.digest(body),
            notices=_list_notices(record, body, drafts),
            drafts=find_labels(self.admin_site, request, (str(d.public_id) for d in drafts)),
            lines=diff.list_lines(body, labels),
            edition=edition,
            article=articles.make_draft_article(
                self.admin_site, request, record.type_name, body, edition
            ),
        )

    @admin.display(description="state")
    def state(self, record: Record) -> SafeString:
        """Return the status of the record as HTML."""
        return status.render_status(record)

    @admin.action(permissions=["change"], description="Submit for review in one submission")
    def submit_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Submit the selected records in one submission after a confirmation."""
        data = request.POST if "confirmed" in request.POST else None
        rows = list(queryset.order_by("pk"))
        offered = find_referencing_drafts(rows) if len(rows) <= _MAX_OFFERING else []
        form = ActionForm(
            data, text_label=SUBMIT.text_label, offered=self.name_offered(request, offered)
        )

        def run(note: str) -> str:
            user: Any = request.user
            along = with_referenced_drafts(form.choose(offered))
            return _submitted_message(workflow.submit(chain(queryset, along), user, note))

        url, across = request.get_full_path(), request.POST.get("select_across", "0")
        return self.run_confirmed(
            request, form, "submit_selected", rows, run, url
        ) or self.render_confirmation(
            request,
            form,
            f"Submit {len(rows)} for review",
            f"{SUBMIT.explanation} All of its records are approved or rejected together.",
            rows,
            url,
            name="submit_selected",
            notice=_explain_uncited(rows),
            keys=[row.pk for row in (rows[:1] if across == "1" else rows)],
            checkbox=ACTION_CHECKBOX_NAME,
            action="submit_selected",
            across=across,
        )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Explain why a record cannot be deleted, even if it was submitted a moment ago."""
        record: Any = self.get_object(request, unquote(object_id))
        if (
            record is not None
            and super().has_delete_permission(request, record)
            and not status.get_status(record).is_draft
        ):
            raise PermissionDenied(self._explain_refusal(record))
        return super().delete_view(request, object_id, extra_context)

    def _explain_refusal(self, record: Record) -> str:
        """Return why a record cannot be deleted."""
        record_status = status.get_status(record)
        reason = (
            "has been public and cannot be deleted: withdraw it instead"
            if record_status.version is not None
            else f"is in submission {record_status.submission}: recall or reject that first"
        )
        return f"{self.label(record)} {reason}."

    @admin.action(permissions=["delete"], description="Delete if never public")
    def delete_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Delete the selected records, or none if one is submitted or has been public."""
        rows = list(queryset)
        status.load_status(rows)
        refused = [row for row in rows if not status.get_status(row).is_draft]
        if not refused:
            return super().delete_selected(request, queryset)
        for row in refused[:_LISTED_REFUSALS]:
            messages.error(request, self._explain_refusal(row))
        rest = len(refused) - _LISTED_REFUSALS
        more = f" {rest} more cannot be deleted." if rest > 0 else ""
        messages.warning(request, f"Nothing was deleted.{more}")
        return HttpResponseRedirect(request.get_full_path())


def _list_notices(record: Record, body: bytes, drafts: list[Record]) -> list[str]:
    """Return what else submitting a record with its drafts changes, or why it is refused."""
    notices = [
        f"The public name “{name}” will be added to the other names. To drop it, enter it as the "
        "dropped name."
        for _, name in (
            record.find_former_names([record.pk]) if isinstance(record, NamedRecord) else ()
        )
    ]
    submitted = {str(row.public_id) for row in (record, *drafts)}
    try:
        require_public_references(documents.find_bare_references(body), submitted)
    except ValidationError as error:
        notices += error.messages
    return notices
