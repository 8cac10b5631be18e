"""Confirming with the password, before something that one person alone can do.

A person who typed the password within the last minutes, at the sign-in or for another such form,
need not type it again. So nobody can redact at a desk that somebody else has left.
"""

import time
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from curation import signing_in

VALID_FOR = 600
"""For how many seconds a password need not be typed again."""
_KEY = "password_typed_at"


def remember(request: HttpRequest) -> None:
    """Note in the session that the password was typed now."""
    request.session[_KEY] = int(time.time())


def is_recent(request: HttpRequest) -> bool:
    """Return whether the password was typed within the last minutes."""
    typed_at = request.session.get(_KEY, 0)
    return isinstance(typed_at, int) and 0 <= time.time() - typed_at < VALID_FOR


class PasswordForm(forms.Form):
    """A form that asks for the password, unless it was typed recently."""

    password = forms.CharField(
        label=gettext_lazy("Your password, to confirm that it is you"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, asking: HttpRequest | None, **kwargs: Any) -> None:
        """Make the form; without `asking`, the request that asks, it has no password."""
        super().__init__(*args, **kwargs)
        self.asking = asking
        if asking is None or is_recent(asking):
            del self.fields["password"]

    def clean_password(self) -> str:
        """Check the password, within the limits of signing in."""
        assert self.asking is not None
        check_password(self.asking, self.cleaned_data["password"])
        return ""


def check_password(request: HttpRequest, password: str) -> None:
    """Check the password of the user of a request; then it need not be typed for some minutes.

    Raises ValidationError if it is wrong, or was wrong too often.
    """
    with signing_in.take_turn() as has_turn:
        if not has_turn:
            raise ValidationError(signing_in.SignInForm.error_messages["busy"], code="busy")
        name = request.user.get_username()
        if authenticate(request, username=name, password=password) != request.user:
            is_locked = getattr(request, "axes_locked_out", False)
            raise ValidationError(
                signing_in.SignInForm.error_messages["locked"]
                if is_locked
                else _("This is not your password."),
                code="locked" if is_locked else "password",
            )
    remember(request)
