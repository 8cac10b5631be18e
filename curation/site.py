"""The admin site: its index, sign-in, and the search for related records."""

import json
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django_otp import DEVICE_ID_SESSION_KEY

from publishing.normalization import fold_text

_ORDER = ("actors", "incidents", "places", "sources", "editorial", "curation", "jobs", "auth")


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

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        """Offer to make a new record after the last result, where the form can do so."""
        response: Any = super().get(request, *args, **kwargs)
        model_admin: Any = self.model_admin
        content = json.loads(response.content)
        if (
            "new" not in request.GET
            or content["pagination"]["more"]
            or not getattr(model_admin, "new_kinds", ())
            or not model_admin.has_add_permission(request)
        ):
            return response
        content["results"] += model_admin.list_new(self.term)
        return JsonResponse(content)

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
        """Show the index, with unsaved text, submissions, reports, and if no worker runs."""
        from curation.accounts.acts import list_sole_acts
        from curation.base import is_reviewer
        from curation.job_pages import is_worker_missing
        from curation.models import Report, ReportKind
        from curation.open_forms import list_unsaved
        from editorial.models.submission import State, Submission

        is_danger = Q(kind=ReportKind.DANGER)
        context: dict[str, Any] = {
            "pending": Submission.objects.filter(state=State.PENDING).count(),
            "reports": Report.objects.filter(handled_at=None).aggregate(
                all=Count("pk"), dangers=Count("pk", filter=is_danger)
            ),
            "unsaved_forms": list_unsaved(self, request),
            "worker_is_missing": is_worker_missing(),
        }
        if is_reviewer(request):
            context["sole_acts"] = list_sole_acts(self, request)
        return super().index(request, context | (extra_context or {}))

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Limit and log sign-ins; after a sign-in, delete expired sessions.

        Who has signed in and lacks a second factor that is required is led to its page.
        """
        from curation import signing_in
        from curation.accounts import confirmation, sessions

        if request.method == "GET" and self.is_signed_in(request) and self._lacks_factor(request):
            target = request.GET.get(REDIRECT_FIELD_NAME, reverse("admin:index"))
            query = urlencode({"next": target})
            return HttpResponseRedirect(f"{reverse('admin:two_factor')}?{query}")
        self.login_form = signing_in.SignInForm
        context = {"sends_mail": bool(settings.MAIL)}
        response = super().login(request, context | (extra_context or {}))
        if request.method == "POST":
            form = getattr(response, "context_data", {}).get("form")
            signing_in.log_outcome(request, form)
            if form is None:
                sessions.register(request)
                confirmation.remember(request)
                signing_in.delete_expired()
            elif form.retry_after:
                response.status_code = 429
                response["Retry-After"] = str(form.retry_after)
        return response

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Log who signed out."""
        from curation import signing_in

        signing_in.log_sign_out(request)
        return super().logout(request, extra_context)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Change one's password, which ends one's other sessions."""
        from curation import signing_in

        response = super().password_change(request, extra_context)
        if request.method == "POST" and isinstance(response, HttpResponseRedirect):
            signing_in.log_new_password(request)
        return response

    def is_signed_in(self, request: HttpRequest) -> bool:
        """Return whether somebody with access to the admin is signed in."""
        return super().has_permission(request)

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether somebody is signed in, with a second factor where one is required."""
        if not self.is_signed_in(request):
            return False
        return not self._lacks_factor(request) or request.path == reverse("admin:logout")

    def _lacks_factor(self, request: HttpRequest) -> bool:
        """Return whether a second factor is required and this session was started without one."""
        from editorial import two_factor

        user: Any = request.user
        has_factor = DEVICE_ID_SESSION_KEY in request.session
        return settings.TWO_FACTOR != "off" and not has_factor and two_factor.is_required(user)

    def _own_view(self, view: Any) -> Any:
        """Return a view that needs a sign-in, but no second factor: it may set one up."""
        from django.contrib.auth.views import redirect_to_login

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.is_signed_in(request):
                return redirect_to_login(request.get_full_path(), reverse("admin:login"))
            return view(request, *args, **kwargs)

        return never_cache(csrf_protect(inner))

    def get_urls(self) -> Any:
        """Add our pages; remove the redirect to pages that do not exist."""
        from curation.accounts import links, log, pages
        from curation.history import bin_view
        from curation.open_forms import discard_view, keep_view
        from curation.widgets import explain_date_view

        views = [page for page in super().get_urls() if getattr(page, "name", "") != "view_on_site"]
        own = self._own_view
        return [
            path("dates/", self.admin_view(explain_date_view), name="dates"),
            path("bin/", self.admin_view(bin_view), name="bin"),
            path("open-forms/keep/", self.admin_view(keep_view), name="keep_form"),
            path("open-forms/discard/", self.admin_view(discard_view), name="discard_form"),
            path("account/", self.admin_view(pages.AccountView.as_view(site=self)), name="account"),
            path(
                "account/two-factor/",
                own(pages.TwoFactorView.as_view(site=self)),
                name="two_factor",
            ),
            path(
                "account/recovery-codes/",
                self.admin_view(pages.RecoveryCodesView.as_view(site=self)),
                name="recovery_codes",
            ),
            path("log/", self.admin_view(log.LogView.as_view(site=self)), name="log"),
            path("forgotten/", links.ForgottenView.as_view(site=self), name="forgotten"),
            path("link/<uidb64>/<token>/", links.LinkView.as_view(site=self), name="link"),
            *views,
        ]

    def autocomplete_view(self, request: HttpRequest) -> Any:
        """Return the results of a search for related records."""
        return LabellingView.as_view(admin_site=self)(request)


class SiteConfig(AdminConfig):
    """An app config that replaces the default site of Django by `MusterSite`."""

    default_site = "curation.site.MusterSite"

    def ready(self) -> None:
        """Remove the pages of django-otp, which show the keys of all people."""
        from django.contrib import admin
        from django_otp.plugins.otp_static.models import StaticDevice
        from django_otp.plugins.otp_totp.models import TOTPDevice

        super().ready()
        for model in (TOTPDevice, StaticDevice):
            admin.site.unregister(model)
