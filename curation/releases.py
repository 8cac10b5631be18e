"""The pages of releases: made once by a reviewer, never changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from api.releases import make_release
from curation.base import MusterAdmin
from editorial.redaction.validation import check_note
from publishing.models import Release


@admin.register(Release)
class ReleaseAdmin(MusterAdmin):
    """Nothing can be edited: a release is a name that others rely on."""

    list_display = ("name", "published_at", "snapshot", "documents", "public_page")
    search_fields = ("name", "note")
    nothing_yet = "A release names the newest public state, to be cited and asked for by name."

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask for the name and the note; then show what became of them."""
        made = ("published_at", "snapshot", "licence", "before", "held", "changed", "public_page")
        return ("name", "note", *(made if obj else ()))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Make the release by the verb that `manage.py release` uses."""
        made = make_release(obj.name, obj.note, check_note)
        vars(obj).update({field.attname: getattr(made, field.attname) for field in _COLUMNS})

    @admin.display(description="snapshot")
    def snapshot(self, release: Release) -> str:
        """Show the snapshot that it names."""
        return str(release.snapshot)

    @admin.display(description="documents")
    def documents(self, release: Release) -> str:
        """Show how many documents it holds."""
        return f"{sum(export['count'] for export in release.exports.values()):,}"

    @admin.display(description="holds")
    def held(self, release: Release) -> SafeString:
        """Show each export with its SHA-256."""
        told = [
            (resource, f"{held['count']:,}", format_, export["sha256"])
            for resource, held in sorted(release.exports.items())
            for format_, export in held["formats"].items()
        ]
        return format_html_join("", "{}: {}, {} <code>{}</code><br>", told)

    @admin.display(description="changed since the release before")
    def changed(self, release: Release) -> SafeString:
        """Show how many Editions of each kind there are since the release before."""
        told = [
            (resource, ", ".join(f"{kind} {number:,}" for kind, number in sorted(kinds.items())))
            for resource, kinds in sorted(release.changes.items())
        ]
        return format_html_join("", "{}: {}<br>", told)

    @admin.display(description="public page")
    def public_page(self, release: Release) -> SafeString:
        """Link to what readers are told."""
        url = reverse("releases-get", args=[release.name])
        return format_html('<a href="{}">{}</a>', url, url)


_COLUMNS = Release._meta.concrete_fields
