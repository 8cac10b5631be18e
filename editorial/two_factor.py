"""The second factor of signing in: an authenticator app, and recovery codes.

django-otp stores the keys and checks the codes. It also makes a device wait longer after each wrong
code, and accepts no code twice.
"""

from typing import Any

from django.conf import settings
from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from editorial.models import User

RECOVERY_CODES = 10
"""How many recovery codes a person gets. Each is valid once."""
_DIGITS = 6


def is_required(user: User) -> bool:
    """Return whether the settings ask this user for a second factor."""
    if settings.TWO_FACTOR == "reviewers":
        return user.is_reviewer or user.is_administrator
    return bool(settings.TWO_FACTOR == "everyone")


def has_two_factor(user: User) -> bool:
    """Return whether this user has set up a second factor."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def match_code(user: User, code: str) -> Any:
    """Return the device that accepts a code of the app or a recovery code; None if none does."""
    code = code.replace(" ", "").replace("-", "").lower()
    model: Any = TOTPDevice if code.isdecimal() and len(code) == _DIGITS else StaticDevice
    with transaction.atomic():
        for device in model.objects.filter(user=user, confirmed=True).select_for_update():
            if device.verify_token(code):
                return device
    return None


@transaction.atomic
def begin(user: User) -> Any:
    """Return the device that a user is setting up; the same until it is confirmed."""
    User.objects.select_for_update().get(pk=user.pk)
    device = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return device or TOTPDevice.objects.create(user=user, name="app", confirmed=False)


@transaction.atomic
def confirm(user: User, code: str) -> Any:
    """Confirm the device with its first code; return it, or None if the code is wrong.

    The device that the user had before is deleted.
    """
    devices = TOTPDevice.objects.filter(user=user, confirmed=False).select_for_update()
    device = devices.first()
    if device is None or not device.verify_token(code.replace(" ", "")):
        return None
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    return device


@transaction.atomic
def make_recovery_codes(user: User) -> list[str]:
    """Replace the recovery codes of a user, and return the new ones."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def count_recovery_codes(user: User) -> int:
    """Return how many recovery codes a user has left."""
    return int(StaticToken.objects.filter(device__user=user).count())


@transaction.atomic
def reset(user: User) -> bool:
    """Remove the second factor of a user; return whether there was one."""
    number, _ = TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    return bool(number)
