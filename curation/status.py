"""Where records stand: asked for a whole page in two queries."""

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
    """Where a record stands between the desk and the public."""

    version: int | None = None
    """The version of its newest Edition; None if it was never public."""
    public: bool = False
    submission: int | None = None
    """The open submission that it is in."""
    approved: bool = False

    @property
    def draft(self) -> bool:
        """Whether it is the desk's alone: nobody relies on it, and nobody decides on it."""
        return self.version is None and self.submission is None


def load_status(records: Iterable[Record]) -> None:
    """Find out where `records` stand, and remember it on each."""
    listed = list(records)
    ids = [record.public_id for record in listed]
    newest = Edition.objects.newest_of(ids).values_list("record", "version", "public")
    editions = {record: (version, public) for record, version, public in newest}
    items = SubmissionItem.objects.filter(record__in=ids, open=True)
    submitted = {
        record: (submission, state == State.APPROVED)
        for record, submission, state in items.values_list(
            "record", "submission_id", "submission__state"
        )
    }
    for record in listed:
        vars(record)["standing"] = RecordStatus(
            *editions.get(record.public_id, (None, False)),
            *submitted.get(record.public_id, (None, False)),
        )


def get_status(record: Record) -> RecordStatus:
    """Return where `record` stands, asked once for each instance."""
    if "standing" not in vars(record):
        load_status([record])
    return vars(record)["standing"]


def show(record: Record) -> SafeString:
    """Word where `record` stands, with links to its public document and to its submission."""
    found = get_status(record)
    words = []
    if found.public:
        words.append(_word("published", f"published, version {found.version}", public_url(record)))
    elif found.version is not None:
        words.append(_word("withdrawn", "withdrawn"))
    elif not found.submission:
        words.append(_word("draft", "draft"))
    if found.submission:
        url = reverse("admin:editorial_submission_change", args=[found.submission])
        words.append(_word("submitted", "approved" if found.approved else "submitted", url))
    return format_html_join(" ", "{}", ((word,) for word in words))


def _word(state: str, text: str, url: str = "") -> SafeString:
    if url:
        return format_html('<a class="state {}" href="{}">{}</a>', state, url, text)
    return format_html('<span class="state {}">{}</span>', state, text)


def public_url(record: Record) -> str:
    """Return the address of the public document."""
    return reverse(f"{record.type_name}s-get", args=[record.public_id])


class StateFilter(admin.SimpleListFilter):
    """Filters a list by where its records stand."""

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
        """Keep the records in the chosen state."""
        editions = Edition.objects.filter(record=OuterRef("public_id")).order_by("-seq")
        items = SubmissionItem.objects.filter(record=OuterRef("public_id"), open=True)
        match self.value():
            case "draft":
                return queryset.filter(~Exists(editions), ~Exists(items))
            case "submitted":
                return queryset.filter(Exists(items))
            case "published" | "withdrawn" as chosen:
                newest = queryset.alias(public=Subquery(editions.values("public")[:1]))
                return newest.filter(public=chosen == "published")
        return queryset
