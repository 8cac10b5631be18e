"""The status of records: which version is public, and which submission is open."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from editorial.models import Record
from editorial.models.submission import Act, State, SubmissionItem
from publishing.models import Edition
from publishing.publication import find_changed


class RecordStatus(NamedTuple):
    """The status of a record."""

    version: int | None = None
    """The version of its newest edition; None if it was never public."""
    is_public: bool = False
    submission: int | None = None
    """The open submission that contains it."""
    is_approved: bool = False
    is_returned: bool = False
    """Whether a reviewer returned it and it was not submitted again."""
    is_merged: bool = False

    @property
    def is_draft(self) -> bool:
        """Whether it was never public and is not submitted."""
        return self.version is None and self.submission is None


def load_status(records: Iterable[Record]) -> None:
    """Load the status of records with two queries, and store it on each."""
    rows = list(records)
    ids = [record.public_id for record in rows]
    newest = Edition.objects.newest_of(ids).values_list(
        "record", "version", "public", "merged_into"
    )
    editions = {record: (version, public, into) for record, version, public, into in newest}
    items = SubmissionItem.objects.filter(record__in=ids, submission__act=Act.PUBLISH)
    latest = items.order_by("record", "-submission_id").distinct("record")
    submissions = {
        record: (submission if is_open else None, State(state))
        for record, submission, is_open, state in latest.values_list(
            "record", "submission_id", "open", "submission__state"
        )
    }
    for record in rows:
        version, is_public, into = editions.get(record.public_id, (None, False, None))
        submission, state = submissions.get(record.public_id, (None, None))
        vars(record)["_status"] = RecordStatus(
            version=version,
            is_public=is_public,
            submission=submission,
            is_approved=submission is not None and state == State.APPROVED,
            is_returned=state == State.REJECTED,
            is_merged=into is not None,
        )


def load_changes(records: Iterable[Record]) -> None:
    """Store on each record whether its text differs from the public one; status is loaded before.

    Records that are in review are left out: their change is the submission.
    """
    public: dict[type[Record], list[Record]] = {}
    for record in records:
        status = get_status(record)
        vars(record)["_is_changed"] = False
        if status.is_public and status.submission is None:
            public.setdefault(type(record), []).append(record)
    for model, rows in public.items():
        working = model.objects.filter(pk__in=[row.pk for row in rows])
        bodies = {record.public_id: body for record, body in working.render_bodies()}
        changed = find_changed(model.type_name, bodies)
        for row in rows:
            vars(row)["_is_changed"] = row.public_id in changed


def is_changed(record: Record) -> bool:
    """Return whether a public record has changes that nobody submitted."""
    if "_is_changed" not in vars(record):
        load_changes([record])
    return bool(vars(record)["_is_changed"])


def get_status(record: Record) -> RecordStatus:
    """Return the status of a record; it is loaded once for each instance."""
    if "_status" not in vars(record):
        load_status([record])
    return vars(record)["_status"]


def forget_status(record: Record) -> None:
    """Forget the status of a record that has changed."""
    vars(record).pop("_status", None)
    vars(record).pop("_is_changed", None)


def render_status(record: Record) -> SafeString:
    """Return the status of a record as HTML, with links to its document and its submission."""
    status = get_status(record)
    badges = []
    if status.is_public:
        text = f"published, version {status.version}"
        badges.append(_render_badge("published", text, public_url(record)))
        if is_changed(record):
            badges.append(_render_badge("changed", "unpublished changes"))
    elif status.version is not None:
        text = "merged" if status.is_merged else "withdrawn"
        badges.append(_render_badge("withdrawn", text))
    elif not status.submission and not status.is_returned:
        badges.append(_render_badge("draft", "draft"))
    if status.is_returned:
        badges.append(_render_badge("returned", "returned"))
    if status.submission:
        url = reverse("admin:editorial_submission_change", args=[status.submission])
        text = "approved" if status.is_approved else "in review"
        badges.append(_render_badge("submitted", text, url))
    return format_html_join(" ", "{}", ((badge,) for badge in badges))


def _render_badge(state: str, text: str, url: str = "") -> SafeString:
    if url:
        return format_html('<a class="state {}" href="{}">{}</a>', state, url, text)
    return format_html('<span class="state {}">{}</span>', state, text)


def public_url(record: Record) -> str:
    """Return the address of the public document of a record."""
    return reverse(f"{record.type_name}s-get", args=[record.public_id])


class StateFilter(admin.SimpleListFilter):
    """A filter of records by their status."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("draft", "draft, never public"),
            ("submitted", "in review"),
            ("returned", "returned"),
            ("published", "published"),
            ("withdrawn", "withdrawn"),
            ("merged", "merged"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the records in the chosen state."""
        editions = Edition.objects.filter(record=OuterRef("public_id")).order_by("-seq")
        submitted = SubmissionItem.objects.filter(record=OuterRef("public_id"))
        items = submitted.filter(open=True)
        texts = submitted.filter(submission__act=Act.PUBLISH).order_by("-submission_id")
        returned = queryset.alias(last=Subquery(texts.values("submission__state")[:1]))
        newest = queryset.alias(
            public=Subquery(editions.values("public")[:1]),
            into=Subquery(editions.values("merged_into")[:1]),
        )
        match self.value():
            case "draft":
                drafts = returned.filter(~Exists(editions), ~Exists(items))
                return drafts.exclude(last__isnull=False, last=State.REJECTED)
            case "submitted":
                return queryset.filter(Exists(items))
            case "returned":
                return returned.filter(last=State.REJECTED)
            case "published" | "withdrawn" as state:
                return newest.filter(public=state == "published", into=None)
            case "merged":
                return newest.filter(into__isnull=False)
        return queryset
