"""The admin of releases: reviewers create them, and nobody changes them."""

from types import SimpleNamespace
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from api.releases import make_release
from curation import jobs
from curation.base import MusterAdmin, ReadOnlyAdmin
from curation.jobs import count_lines
from curation.models import SavedForm
from editorial.redaction.validation import check_note
from jobs.models import Job
from jobs.starting import start_job
from publishing.models import Release

_JOB = "job:"
"""What a saved form remembers before the key of the job that makes its release."""


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
        """Make the release as `manage.py release` does: at once if it is small, else by a job."""
        if count_lines() > jobs.LARGE_RELEASE:
            check_note(obj.note)
            user: Any = request.user
            title = f"release {obj.name}"
            job = start_job("make_release", user, title, name=obj.name, note=obj.note)
            request.job = job  # type: ignore[attr-defined]
            return
        release = make_release(obj.name, obj.note, check_note)
        columns = Release._meta.concrete_fields
        vars(obj).update({field.attname: getattr(release, field.attname) for field in columns})

    def save_related(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Remember a job instead of the release that it makes, so that it is started once."""
        super().save_related(request, *args, **kwargs)
        if job := getattr(request, "job", None):
            request.saved_row = SimpleNamespace(pk=f"{_JOB}{job.pk}")  # type: ignore[attr-defined]

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log a release that exists; the page of a job says who started it."""
        return None if hasattr(request, "job") else super().log_addition(request, obj, message)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the page of the job, if there is one."""
        job: Job | None = getattr(request, "job", None)
        return redirect(job) if job else super().response_add(request, obj, post_url_continue)

    def _repeat_response(
        self, request: HttpRequest, saved: SavedForm, object_id: str | None
    ) -> HttpResponse:
        if saved.object_id.startswith(_JOB):
            return redirect("admin:jobs_job_change", saved.object_id.removeprefix(_JOB))
        return super()._repeat_response(request, saved, object_id)

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
