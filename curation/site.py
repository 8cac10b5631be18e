"""The admin site: its name, the order of its index, and how it words what it offers to pick."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path

from publishing.normalization import fold_text

_ORDER = ("actors", "incidents", "places", "sources", "editorial", "auth")


class LabellingView(AutocompleteJsonView):
    """Offers rows to pick from, each worded as its own admin page words it."""

    def get_queryset(self) -> QuerySet:
        """Offer first what has the very words in a name, then what only sounds alike."""
        found = super().get_queryset()
        keys = [
            path.removesuffix("__sounds_like")
            for path in self.model_admin.get_search_fields(self.request)
            if path.endswith("search_key__sounds_like")
        ]
        words = f" {fold_text(self.term)} "
        said = Q(*((f"{key}__contains", words) for key in keys), _connector=Q.OR)
        if not keys or not words.strip():
            return found
        rows = found.model._default_manager.filter(said, pk=OuterRef("pk"))
        usual = self.model_admin.get_ordering(self.request) or found.model._meta.ordering
        return found.order_by(Exists(rows).desc(), *usual, "pk")

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        pages: Any = self.model_admin
        return super().serialize_result(obj, to_field_name) | {"text": pages.label(obj)}


class MusterSite(AdminSite):
    """The one admin site."""

    site_header = site_title = "Muster"
    index_title = "The desk"

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the apps in the order of the domain: what the desk is about comes first."""
        listed = super().get_app_list(request, app_label)
        place = {label: index for index, label in enumerate(_ORDER)}
        return sorted(listed, key=lambda app: place.get(app["app_label"], len(place)))

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show the index, with what waits for a reviewer."""
        from editorial.models.submission import State, Submission

        waiting = Submission.objects.filter(state=State.PENDING).count()
        return super().index(request, {"waiting": waiting, **(extra_context or {})})

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Sign in within the limits, log it, and take the time to forget what has expired."""
        from curation import signing_in

        self.login_form = signing_in.SignInForm
        response = super().login(request, extra_context)
        if request.method == "POST":
            form = getattr(response, "context_data", {}).get("form")
            signing_in.log_outcome(request, form)
            if form is None:
                signing_in.forget_expired()
            elif form.retry_after:
                response.status_code = 429
                response["Retry-After"] = str(form.retry_after)
        return response

    def get_urls(self) -> Any:
        """Add what a field for a date asks; leave out links to pages that no row has."""
        from curation.widgets import explain_date_view

        usual = [page for page in super().get_urls() if getattr(page, "name", "") != "view_on_site"]
        return [path("dates/", self.admin_view(explain_date_view), name="dates"), *usual]

    def autocomplete_view(self, request: HttpRequest) -> Any:
        """Answer what a field that quotes another row offers."""
        return LabellingView.as_view(admin_site=self)(request)


class SiteConfig(AdminConfig):
    """Puts `MusterSite` in the place of Django's own site."""

    default_site = "curation.site.MusterSite"
