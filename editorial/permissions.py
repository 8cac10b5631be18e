"""The permissions of the groups `editor` and `reviewer`, granted by rules and not by rows."""

import secrets
from functools import cache
from typing import Any

from axes.backends import AxesBackend
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.http import HttpRequest

from editorial.models import User

EDITOR, REVIEWER = "editor", "reviewer"


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


_GRANTS = {
    EDITOR: {
        "curation.view_report",
        "editorial.view_submission",
        "publishing.view_edition",
        "publishing.view_release",
    },
    REVIEWER: {
        "curation.view_report",
        "curation.delete_report",
        "editorial.view_submission",
        "publishing.view_edition",
        "editorial.view_redactionguard",
        "editorial.review_submission",
        "publishing.view_release",
        "publishing.add_release",
    },
}


class GroupBackend(AxesBackend):
    """A backend that lets both groups edit and submit, and reviewers decide on submissions.

    Both groups may edit every working table. No permission rows are needed, so this includes new
    models. The database also restricts deleting: a record that has been public cannot be deleted.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """Check a password. Raises PermissionDenied after too many failed attempts."""
        if request is not None:
            super().authenticate(request, username, password, **kwargs)
        return ModelBackend.authenticate(self, request, username, password, **kwargs)

    def get_group_permissions(self, user_obj: Any, obj: models.Model | None = None) -> set[str]:
        """Return the permissions of the groups of `user_obj`, by rules and by rows."""
        permissions = set(super().get_group_permissions(user_obj, obj))
        if user_obj.is_active and not user_obj.is_anonymous and obj is None:
            for group in user_obj.groups.filter(name__in=_GRANTS).values_list("name", flat=True):
                permissions |= _working_permissions() | _GRANTS[group]
        return permissions


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
