"""The permissions of the four groups, granted by rules and not by rows.

| group         | what its members do                                                          |
|---------------|------------------------------------------------------------------------------|
| editor        | write and submit records                                                     |
| reviewer      | also approve, publish, withdraw, merge and redact                            |
| coordinator   | what reviewers do, and assign work to others                                 |
| administrator | invite and deactivate people, change their groups, read the log of accounts; |
|               | they write and review nothing unless they are in another group too           |
"""

import secrets
from functools import cache
from typing import Any

from axes.backends import AxesBackend
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.http import HttpRequest

from editorial import two_factor
from editorial.models import User

EDITOR, REVIEWER, COORDINATOR = "editor", "reviewer", "coordinator"
ADMINISTRATOR = "administrator"
GROUPS = (EDITOR, REVIEWER, COORDINATOR, ADMINISTRATOR)
"""The groups, in the order in which they are listed."""


@cache
def _working_permissions() -> frozenset[str]:
    """Return the permissions on every working table; these are the audited tables."""
    from pghistory.core import event_models

    tracked: set[Any] = {event.pgh_tracked_model._meta for event in event_models()}  # type: ignore[attr-defined]
    return frozenset(
        f"{meta.app_label}.{verb}_{meta.model_name}"
        for meta in tracked
        for verb in ("view", "add", "change", "delete")
    )


_EDITING = {
    "jobs.view_job",
    "curation.view_report",
    "editorial.view_submission",
    "publishing.view_edition",
    "publishing.view_release",
}
_REVIEWING = _EDITING | {
    "curation.delete_report",
    "editorial.view_redactionguard",
    "editorial.view_removeddata",
    "editorial.review_submission",
    "publishing.add_release",
}
_GRANTS = {
    EDITOR: _EDITING,
    REVIEWER: _REVIEWING,
    COORDINATOR: _REVIEWING | {"editorial.coordinate_submission"},
    ADMINISTRATOR: {
        "editorial.manage_accounts",
        "editorial.view_user",
        "editorial.add_user",
        "editorial.change_user",
    },
}


class GroupBackend(AxesBackend):
    """A backend that grants each group what it needs, and asks for the second factor.

    All groups but administrators may edit every working table. No permission rows are needed, so
    this includes new models. The database also restricts deleting: a record that has been public
    cannot be deleted.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """Check a password and, for who set up a second factor, the code in `token`.

        Django and axes count a wrong code as a failed attempt. Raises PermissionDenied after too
        many of them. Who is signed in and repeats the password needs no code.
        """
        if request is not None:
            super().authenticate(request, username, password, **kwargs)
        user: Any = ModelBackend.authenticate(self, request, username, password)
        if user is None or not two_factor.has_two_factor(user) or _is_signed_in(request, user):
            return user
        user.otp_device = two_factor.match_code(user, str(kwargs.get("token") or ""))
        return user if user.otp_device else None

    def get_group_permissions(self, user_obj: Any, obj: models.Model | None = None) -> set[str]:
        """Return the permissions of the groups of `user_obj`, by rules and by rows."""
        permissions = set(super().get_group_permissions(user_obj, obj))
        if user_obj.is_active and not user_obj.is_anonymous and obj is None:
            for group in user_obj.groups.filter(name__in=_GRANTS).values_list("name", flat=True):
                permissions |= _GRANTS[group]
                if group != ADMINISTRATOR:
                    permissions |= _working_permissions()
        return permissions


def _is_signed_in(request: HttpRequest | None, user: User) -> bool:
    """Return whether a request comes from a session of this user."""
    return request is not None and getattr(request, "user", None) == user


@transaction.atomic
def create_demo_users() -> dict[str, str]:
    """Create the users `editor` and `reviewer` if they are missing.

    Return the generated password of each new user by name; it is stored nowhere else.
    """
    passwords = {}
    for name in (EDITOR, REVIEWER):
        user, created = User.objects.get_or_create(username=name, defaults={"is_staff": True})
        if created:
            passwords[name] = secrets.token_urlsafe(12)
            user.set_password(passwords[name])
            user.save()
            user.groups.add(Group.objects.get_or_create(name=name)[0])
    return passwords
