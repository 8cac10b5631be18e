"""The admin site: its index, sign-in, and the search for related records."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path

from publishing.normalization import fold_text

_ORDER = ("actors", "incidents", "places", "sources", "editorial", "curation", "auth")


class LabellingView(AutocompleteJsonView):
    """A search for related records that shows the label of each."""

    def get_queryset(self) -> QuerySet:
        """Return the records with the typed words in a name, then those that only sound alike."""
        matches = super().get_queryset()
        keys = [
            path.removesuffix("__sounds_like")
            for path in self.model_admin.get_search_fields(self.request)
            if path.endswith("search_key__sounds_like")
        ]
        words = f" {fold_text(self.term)} "
        same_words = Q(*((f"{key}__contains", words) for key in keys), _connector=Q.OR)
        if not keys or not words.strip():
            return matches
        model = matches.model
        exact = model._default_manager.filter(same_words, pk=OuterRef("pk"))
        ordering = self.model_admin.get_ordering(self.request) or model._meta.ordering
        return matches.order_by(Exists(exact).desc(), *ordering, "pk")

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        model_admin: Any = self.model_admin
        return super().serialize_result(obj, to_field_name) | {"text": model_admin.label(obj)}


class MusterSite(AdminSite):
    """The admin site."""

    site_header = site_title = "Muster"
    index_title = "Records and submissions"

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the apps with actors and incidents first."""
        apps = super().get_app_list(request, app_label)
        positions = {label: index for index, label in enumerate(_ORDER)}
        return sorted(apps, key=lambda app: positions.get(app["app_label"], len(positions)))

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show the index, with the numbers of pending submissions and of open reports."""
        from curation.models import Report, ReportKind
        from editorial.models.submission import State, Submission

        is_danger = Q(kind=ReportKind.DANGER)
        numbers = {
            "pending": Submission.objects.filter(state=State.PENDING).count(),
            "reports": Report.objects.filter(handled_at=None).aggregate(
                all=Count("pk"), dangers=Count("pk", filter=is_danger)
            ),
        }
        return super().index(request, numbers | (extra_context or {}))

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Limit and log sign-ins; after a sign-in, delete expired sessions."""
        from curation import signing_in

        self.login_form = signing_in.SignInForm
        response = super().login(request, extra_context)
        if request.method == "POST":
            form = getattr(response, "context_data", {}).get("form")
            signing_in.log_outcome(request, form)
            if form is None:
                signing_in.delete_expired()
            elif form.retry_after:
                response.status_code = 429
                response["Retry-After"] = str(form.retry_after)
        return response

    def get_urls(self) -> Any:
        """Add the view that explains dates; remove the redirect to pages that do not exist."""
        from curation.widgets import explain_date_view

        views = [page for page in super().get_urls() if getattr(page, "name", "") != "view_on_site"]
        return [path("dates/", self.admin_view(explain_date_view), name="dates"), *views]

    def autocomplete_view(self, request: HttpRequest) -> Any:
        """Return the results of a search for related records."""
        return LabellingView.as_view(admin_site=self)(request)


class SiteConfig(AdminConfig):
    """An app config that replaces the default site of Django by `MusterSite`."""

    default_site = "curation.site.MusterSite"
