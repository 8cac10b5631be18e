"""The pages of one's own account: sessions, two-factor sign-in and recovery codes."""

from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django_otp import login as remember_device

from curation.accounts import confirmation
from curation.accounts.sessions import end_and_note, end_sessions
from curation.models import AccountEvent, AccountEventKind, UserSession
from editorial import two_factor
from editorial.models import User


class CodeForm(forms.Form):
    """The first code of an authenticator app."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class AccountPageView(View):
    """The base of the pages of one's own account; `site` is the admin site."""

    site: Any = None
    title: Any = ""
    template = ""

    @property
    def person(self) -> User:
        """The user of the request."""
        user: Any = self.request.user
        return user

    def render(self, request: HttpRequest, **context: Any) -> TemplateResponse:
        """Render the page with what every page of the admin shows."""
        context |= self.site.each_context(request) | {"title": self.title}
        return TemplateResponse(request, f"admin/muster/accounts/{self.template}.html", context)

    def note(self, kind: AccountEventKind, detail: str = "") -> None:
        """Add an event to the log of accounts."""
        AccountEvent.objects.note(
            kind, self.person, by=self.person, request=self.request, detail=detail
        )


class AccountView(AccountPageView):
    """One's own account, and its sessions."""

    title, template = gettext_lazy("Your account"), "account"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the page."""
        return self.render(
            request,
            sessions=UserSession.objects.current().filter(user=self.person),
            own=request.session.session_key,
            has_two_factor=two_factor.has_two_factor(self.person),
            is_required=two_factor.is_required(self.person),
            codes_left=two_factor.count_recovery_codes(self.person),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """End one session, or all but this one."""
        key = request.POST.get("session", "")
        if key.isdecimal() or key == "others":
            number = end_and_note(request, self.person, None if key == "others" else key)
            messages.success(
                request,
                _("Ended: %(number)s.") % {"number": number}
                if number
                else _("That session had ended already."),
            )
        return HttpResponseRedirect(reverse("admin:account"))


class TwoFactorView(AccountPageView):
    """The page that sets up two-factor sign-in, or replaces the app."""

    title, template = gettext_lazy("Two-factor sign-in"), "two_factor"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the QR code and its key."""
        return self._show(request, CodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Check the first code; then show the recovery codes, once."""
        form = CodeForm(request.POST)
        asked = confirmation.PasswordForm(request.POST, asking=request)
        if not form.is_valid() or not asked.is_valid():
            return self._show(request, form, asked)
        device = two_factor.confirm(self.person, form.cleaned_data["code"])
        if device is None:
            form.add_error("code", _("This code is wrong or too old. Wait for the next one."))
            return self._show(request, form, asked)
        remember_device(request, device)
        end_sessions(self.person, but=request.session.session_key)
        codes = two_factor.make_recovery_codes(self.person)
        self.note(AccountEventKind.TWO_FACTOR_SET_UP)
        return _show_codes(self, request, codes, self._find_next())

    def _show(
        self,
        request: HttpRequest,
        form: CodeForm,
        asked: confirmation.PasswordForm | None = None,
    ) -> HttpResponse:
        device = two_factor.begin(self.person)
        secret = device.config_url.partition("secret=")[2].partition("&")[0]
        image = segno.make(device.config_url, error="m", micro=False)
        return self.render(
            request,
            form=form,
            asked=asked or confirmation.PasswordForm(asking=request),
            image=image.svg_data_uri(scale=5, border=4, dark="#000", light="#fff"),
            secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
            next=self._find_next(),
            is_required=two_factor.is_required(self.person),
            has_two_factor=two_factor.has_two_factor(self.person),
        )

    def _find_next(self) -> str:
        """Return where to go afterwards: a page of this site."""
        target = self.request.POST.get("next") or self.request.GET.get("next") or ""
        host = {self.request.get_host()}
        if url_has_allowed_host_and_scheme(target, host, require_https=self.request.is_secure()):
            return target
        return reverse("admin:account")


class RecoveryCodesView(AccountPageView):
    """The page that makes new recovery codes and shows them, once."""

    title, template = gettext_lazy("Recovery codes"), "new_codes"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask whether to replace the codes."""
        if not two_factor.has_two_factor(self.person):
            return HttpResponseRedirect(reverse("admin:two_factor"))
        return self.render(request, asked=confirmation.PasswordForm(asking=request))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Replace the codes."""
        asked = confirmation.PasswordForm(request.POST, asking=request)
        if not two_factor.has_two_factor(self.person) or not asked.is_valid():
            return self.render(request, asked=asked)
        codes = two_factor.make_recovery_codes(self.person)
        self.note(AccountEventKind.CODES_MADE)
        return _show_codes(self, request, codes, reverse("admin:account"))


def _show_codes(
    page: AccountPageView, request: HttpRequest, codes: list[str], target: str
) -> HttpResponse:
    page.template, page.title = "codes", _("Your recovery codes")
    return page.render(request, codes=codes, next=target)
