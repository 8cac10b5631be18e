"""The admin of users and their groups, for superusers only."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from curation.optimistic_locking import OptimisticLockingAdmin
from editorial.models import User


@admin.register(User)
class AccountAdmin(OptimisticLockingAdmin, UserAdmin):
    """The pages of users. The permissions of editors and reviewers are fixed in the code."""

    change_form_template = "admin/muster/change_form.html"
    add_form_template = "admin/muster/user_add.html"
    readonly_fields = ("last_login", "date_joined")  # a sign-in changes it

    list_display = ("username", "first_name", "last_name", "is_active", "is_superuser")
    list_filter = ("is_active", "is_superuser", "groups")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_superuser(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_superuser(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_superuser(request)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_active and getattr(request.user, "is_superuser", False))
