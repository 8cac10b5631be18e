"""One-time links: the person who opens one chooses the password of an account.

An invitation and a forgotten password are the same: a link that is valid once, for three days. An
administrator or the command line makes it, or the server sends it if it can send mail.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.mail import send_mail
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse, reverse_lazy
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.views.generic import FormView

from curation.accounts.sessions import end_sessions
from curation.models import AccountEvent, AccountEventKind
from curation.rate_limits import RateLimit
from editorial.models import User
from publishing.clients import identify_client

LIMIT = RateLimit(per_client=3, overall=30, seconds=3600)
"""How often a forgotten password can be reported."""


class LinkTokens(PasswordResetTokenGenerator):
    """A generator of tokens that end with the next password, sign-in or deactivation."""

    key_salt = "curation.accounts.links"

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.is_active}"


TOKENS = LinkTokens()


def make_link(user: User, site: str) -> str:
    """Return a link to the page that sets the password of a user; `site` is as https://host."""
    parts = [urlsafe_base64_encode(force_bytes(user.pk)), TOKENS.make_token(user)]
    return f"{site}{reverse('admin:link', args=parts)}"


def find_site(request: HttpRequest | None = None) -> str:
    """Return the address of this server: that of a request, else the first one in the settings."""
    if request is not None:
        return f"{request.scheme}://{request.get_host()}"
    return f"{'https' if settings.HTTPS else 'http'}://{settings.ALLOWED_HOSTS[0]}"


def send_link(user: User, link: str) -> None:
    """Send a one-time link to the address of a user."""
    context = {"person": user, "link": link, "name": settings.NAME, "host": urlsplit(link).netloc}
    text = render_to_string("admin/muster/accounts/link.txt", context)
    subject = _("Your account at %(name)s") % {"name": settings.NAME}
    send_mail(subject, text, None, [user.email])


class LinkView(PasswordResetConfirmView):
    """The page of a one-time link: it sets the password, ends all sessions and leads to signing
    in, where a second factor is asked for as always."""

    template_name = "admin/muster/accounts/link.html"
    token_generator = TOKENS
    success_url = reverse_lazy("admin:login")
    title = "Choose your password"
    site: Any = None

    def get_user(self, uidb64: str) -> Any:
        """Return the user, if the account is active."""
        user = super().get_user(uidb64)
        return user if user is not None and user.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        """Set the password."""
        response = super().form_valid(form)
        end_sessions(form.user)
        AccountEvent.objects.note(
            AccountEventKind.PASSWORD_SET,
            form.user,
            by=form.user,
            request=self.request,
            detail="by a one-time link",
        )
        messages.success(self.request, _("Your password is set. Sign in with it."))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what every page of the admin shows."""
        context = super().get_context_data(**kwargs)
        return context | self.site.each_context(self.request)


class ForgottenView(FormView):
    """The page for a forgotten password. It says the same whether the address is known or not."""

    template_name = "admin/muster/accounts/forgotten.html"
    form_class = PasswordResetForm
    site: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer 404 if this server sends no mail."""
        if not settings.MAIL:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Send a link to each active account with the address."""
        if seconds := LIMIT.take(identify_client(self.request)):
            form.add_error(None, _("Too many requests. Try again in an hour."))
            response = self.form_invalid(form)
            response.status_code, response["Retry-After"] = 429, str(seconds)
            return response
        address = form.cleaned_data["email"]
        for user in User.objects.filter(email__iexact=address, is_active=True, is_staff=True):
            send_link(user, make_link(user, find_site(self.request)))
            AccountEvent.objects.note(
                AccountEventKind.LINK_MADE,
                user,
                request=self.request,
                detail="sent by mail: forgotten password",
            )
        messages.success(
            self.request,
            _("If an account has this address, a link is on its way. It is valid for three days."),
        )
        return HttpResponseRedirect(reverse("admin:login"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what every page of the admin shows."""
        title = {"title": _("Forgotten password")}
        return super().get_context_data(**kwargs) | self.site.each_context(self.request) | title
