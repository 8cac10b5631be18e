"""Checks of `manage.py check --deploy` that only hint: nothing is unsafe without them."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Info, Tags, Warning, register
from django.utils import timezone


@register(Tags.security, deploy=True)
def check_security_contact(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Hint at /.well-known/security.txt if nobody is named in it, or no longer."""
    if settings.SECURITY is None:
        return [
            Info(
                "Nobody can find out where to report a vulnerability of this server.",
                hint="Set MUSTER_SECURITY_CONTACT and MUSTER_SECURITY_EXPIRES: they make "
                "/.well-known/security.txt.",
                id="muster.I001",
            )
        ]
    if settings.SECURITY.expires < timezone.now().date():
        return [
            Warning(
                f"/.well-known/security.txt expired on {settings.SECURITY.expires} and is no "
                "longer served.",
                hint="Check MUSTER_SECURITY_CONTACT, and set MUSTER_SECURITY_EXPIRES to a day "
                "within a year.",
                id="muster.W001",
            )
        ]
    return []
