"""The admin of releases: reviewers create them, and nobody changes them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from api.releases import make_release
from curation.base import MusterAdmin, ReadOnlyAdmin
from editorial.redaction.validation import check_note
from publishing.models import Release


@admin.register(Release)
class ReleaseAdmin(ReadOnlyAdmin, MusterAdmin):
    """The pages of releases. A release cannot change, because others cite its name."""

    can_add = True
    list_display = ("name", "published_at", "snapshot", "documents", "public_page")
    search_fields = ("name", "note")
    empty_message = "A release gives the current public data a name that others can cite."

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the name and the note; for an existing release, also its contents."""
        made = ("published_at", "snapshot", "licence", "before", "files", "editions", "public_page")
        return ("name", "note", *(made if obj else ()))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Make the release as `manage.py release` does."""
        release = make_release(obj.name, obj.note, check_note)
        columns = Release._meta.concrete_fields
        vars(obj).update({field.attname: getattr(release, field.attname) for field in columns})

    @admin.display(description="snapshot")
    def snapshot(self, release: Release) -> str:
        """Return the snapshot that the release names."""
        return str(release.snapshot)

    @admin.display(description="documents")
    def documents(self, release: Release) -> str:
        """Return the number of documents."""
        return f"{sum(export['count'] for export in release.exports.values()):,}"

    @admin.display(description="exports")
    def files(self, release: Release) -> SafeString:
        """Return each export with its SHA-256."""
        rows = [
            (resource, f"{export['count']:,}", format_, file["sha256"])
            for resource, export in sorted(release.exports.items())
            for format_, file in export["formats"].items()
        ]
        return format_html_join("", "{}: {}, {} <code>{}</code><br>", rows)

    @admin.display(description="changes since the previous release")
    def editions(self, release: Release) -> SafeString:
        """Return the number of editions of each kind since the previous release."""
        rows = [
            (resource, ", ".join(f"{kind} {number:,}" for kind, number in sorted(kinds.items())))
            for resource, kinds in sorted(release.changes.items())
        ]
        return format_html_join("", "{}: {}<br>", rows)

    @admin.display(description="public page")
    def public_page(self, release: Release) -> SafeString:
        """Return a link to the public page."""
        url = reverse("releases-get", args=[release.name])
        return format_html('<a href="{}">{}</a>', url, url)
