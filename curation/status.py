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
from editorial.models.submission import State, SubmissionItem
from publishing.models import Edition


class RecordStatus(NamedTuple):
    """The status of a record."""

    version: int | None = None
    """The version of its newest edition; None if it was never public."""
    is_public: bool = False
    submission: int | None = None
    """The open submission that contains it."""
    is_approved: bool = False

    @property
    def is_draft(self) -> bool:
        """Whether it was never public and is not submitted."""
        return self.version is None and self.submission is None


def load_status(records: Iterable[Record]) -> None:
    """Load the status of records with two queries, and store it on each."""
    rows = list(records)
    ids = [record.public_id for record in rows]
    newest = Edition.objects.newest_of(ids).values_list("record", "version", "public")
    editions = {record: (version, public) for record, version, public in newest}
    items = SubmissionItem.objects.filter(record__in=ids, open=True)
    submissions = {
        record: (submission, state == State.APPROVED)
        for record, submission, state in items.values_list(
            "record", "submission_id", "submission__state"
        )
    }
    for record in rows:
        vars(record)["_status"] = RecordStatus(
            *editions.get(record.public_id, (None, False)),
            *submissions.get(record.public_id, (None, False)),
        )


def get_status(record: Record) -> RecordStatus:
    """Return the status of a record; it is loaded once for each instance."""
    if "_status" not in vars(record):
        load_status([record])
    return vars(record)["_status"]


def forget_status(record: Record) -> None:
    """Forget the status of a record that has changed."""
    vars(record).pop("_status", None)


def render_status(record: Record) -> SafeString:
    """Return the status of a record as HTML, with links to its document and its submission."""
    status = get_status(record)
    badges = []
    if status.is_public:
        badges.append(
            _render_badge("published", f"published, version {status.version}", public_url(record))
        )
    elif status.version is not None:
        badges.append(_render_badge("withdrawn", "withdrawn"))
    elif not status.submission:
        badges.append(_render_badge("draft", "draft"))
    if status.submission:
        url = reverse("admin:editorial_submission_change", args=[status.submission])
        text = "approved" if status.is_approved else "submitted"
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
            ("submitted", "submitted"),
            ("published", "published"),
            ("withdrawn", "withdrawn"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the records in the chosen state."""
        editions = Edition.objects.filter(record=OuterRef("public_id")).order_by("-seq")
        items = SubmissionItem.objects.filter(record=OuterRef("public_id"), open=True)
        match self.value():
            case "draft":
                return queryset.filter(~Exists(editions), ~Exists(items))
            case "submitted":
                return queryset.filter(Exists(items))
            case "published" | "withdrawn" as state:
                newest = queryset.alias(public=Subquery(editions.values("public")[:1]))
                return newest.filter(public=state == "published")
        return queryset
