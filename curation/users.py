"""The admin of people: administrators invite and deactivate them, and change their groups."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from curation.accounts import deactivation, links
from curation.accounts.confirmation import PasswordForm
from curation.accounts.sessions import end_and_note, end_sessions
from curation.models import AccountEvent, AccountEventKind, UserSession
from curation.optimistic_locking import OptimisticLockingAdmin
from editorial import two_factor
from editorial.models import User

_NAMES = ("username", "first_name", "last_name", "email")
_FOR_SUPERUSERS = ("is_superuser", "user_permissions")


class InvitationForm(forms.ModelForm):
    """A form that makes an account without a password: its owner chooses one by a link."""

    class Meta:
        model = User
        fields = (*_NAMES, "groups")

    def save(self, commit: bool = True) -> Any:
        """Make the account, which may sign in to the admin."""
        self.instance.is_staff = True
        self.instance.set_unusable_password()
        return super().save(commit)


class HandOverForm(forms.Form):
    """A form that asks who continues the work of somebody who leaves."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Who takes over the open work"),
        required=False,
        empty_label=gettext_lazy("nobody: it stays as it is"),
    )

    def __init__(self, person: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = User.objects.filter(is_active=True, is_staff=True).exclude(pk=person.pk)
        self.fields["to"].queryset = others.order_by("username")  # type: ignore[attr-defined]


@admin.register(User)
class AccountAdmin(OptimisticLockingAdmin, UserAdmin):
    """The pages of people. What each group may do is fixed in the code.

    Administrators cannot change superusers, nor make one. Superusers can also grant single
    permissions.
    """

    change_form_template = "admin/muster/accounts/person.html"
    add_form_template = "admin/muster/user_add.html"
    add_form = InvitationForm
    add_fieldsets = ((None, {"fields": (*_NAMES, "groups")}),)
    readonly_fields = ("last_login", "date_joined", "is_active")  # a sign-in changes the first
    list_display = ("username", "first_name", "last_name", "roles", "is_active")
    list_filter = ("is_active", "is_superuser", "groups")
    filter_horizontal = ()
    _pages: ClassVar[tuple[str, ...]] = ("link", "deactivate", "reactivate", "reset", "sessions")

    def get_urls(self) -> Any:
        """Add the pages of what administrators do with an account."""
        pages = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(getattr(self, f"{name}_view")),
                name=f"editorial_user_{name}",
            )
            for name in self._pages
        ]
        return [*pages, *super().get_urls()]

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Show the groups with boxes to tick: there are few."""
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Read the groups of all rows at once."""
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="groups")
    def roles(self, person: User) -> str:
        """Return the names of the groups."""
        names = sorted(group.name for group in person.groups.all())
        return ", ".join([*names, *(["superuser"] if person.is_superuser else [])])

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the fields that the user may change."""
        if obj is None:
            return self.add_fieldsets
        more = _FOR_SUPERUSERS if _is_superuser(request) else ()
        return (
            (None, {"fields": _NAMES}),
            (_("Permissions"), {"fields": ("is_active", "groups", *more)}),
            (_("Dates"), {"fields": ("last_login", "date_joined")}),
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_administrator(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_administrator(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_administrator(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow administrators, but not to change superusers."""
        if obj is not None and obj.is_superuser and not _is_superuser(request):
            return False
        return _is_administrator(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_superuser(request)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Note in the log which permissions changed."""
        person: User = form.instance
        before = _describe_permissions(User.objects.get(pk=person.pk)) if change else set()
        was_superuser = bool(form.initial.get("is_superuser"))
        super().save_related(request, form, formsets, change)
        after = _describe_permissions(person)
        before |= {"superuser"} if was_superuser else set()
        after |= {"superuser"} if person.is_superuser else set()
        if not change:
            self._note(request, AccountEventKind.INVITED, person, ", ".join(sorted(after)))
        elif before != after:
            changes = [*(f"+{n}" for n in after - before), *(f"−{n}" for n in before - after)]
            detail = ", ".join(sorted(changes))
            self._note(request, AccountEventKind.PERMISSIONS, person, detail)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        """Lead to the page that makes the link of the invitation."""
        return HttpResponseRedirect(self.url_of("link", obj))

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        """Set the password of somebody, and note it in the log."""
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and isinstance(response, HttpResponseRedirect):
            person = User.objects.get(pk=unquote(id))
            end_sessions(person, but=request.session.session_key)
            self._note(request, AccountEventKind.PASSWORD_SET, person)
        return response

    def link_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Make a one-time link; on POST, show or send it."""
        person = self._get_person(request, object_id)
        can_send = bool(settings.MAIL and person.email)
        context: dict[str, Any] = {"can_send": can_send}
        if request.method == "POST" and person.is_active:
            link = links.make_link(person, links.find_site(request))
            by_mail = can_send and "send" in request.POST
            detail = f"sent to {person.email}" if by_mail else "shown"
            self._note(request, AccountEventKind.LINK_MADE, person, detail)
            if by_mail:
                links.send_link(person, link)
                messages.success(request, _("Sent to %(to)s.") % {"to": person.email})
                return HttpResponseRedirect(self.url_of("change", person))
            context["link"] = link
        return self._render(request, "make_link", _("One-time link"), person, **context)

    def deactivate_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Deactivate an account, and hand over its open work."""
        person = self._get_person(request, object_id)
        data = request.POST if request.method == "POST" else None
        form = HandOverForm(person, data)
        asked = PasswordForm(data, asking=request)
        if person == request.user:
            messages.error(request, _("You cannot deactivate your own account."))
            return HttpResponseRedirect(self.url_of("change", person))
        if form.is_valid() and asked.is_valid():
            to = form.cleaned_data["to"]
            by: Any = request.user
            try:
                number = deactivation.deactivate(person, to)
            except ValidationError as error:
                form.add_error("to", error)
            else:
                detail = f"{number} open submissions handed over to {to}" if to else ""
                self._note(request, AccountEventKind.DEACTIVATED, person, detail)
                self.log_change(request, person, f"Deactivated by {by}. {detail}".strip())
                messages.success(request, _("Deactivated. %(detail)s") % {"detail": detail})
                return HttpResponseRedirect(self.url_of("change", person))
        return self._render(
            request,
            "deactivate",
            _("Deactivate"),
            person,
            form=form,
            asked=asked,
            work=deactivation.find_open_work(person),
        )

    def reactivate_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Reactivate an account."""
        person = self._get_person(request, object_id)
        if request.method == "POST":
            User.objects.filter(pk=person.pk).update(is_active=True)
            self._note(request, AccountEventKind.REACTIVATED, person)
            messages.success(request, _("Reactivated."))
        return HttpResponseRedirect(self.url_of("change", person))

    def reset_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Reset two-factor sign-in, which ends all sessions of the person."""
        person = self._get_person(request, object_id)
        data = request.POST if request.method == "POST" else None
        asked = PasswordForm(data, asking=request)
        if asked.is_valid():
            with transaction.atomic():
                if two_factor.reset(person):
                    end_sessions(person, but=request.session.session_key)
                    self._note(request, AccountEventKind.TWO_FACTOR_RESET, person)
            messages.success(request, _("Two-factor sign-in is reset."))
            return HttpResponseRedirect(self.url_of("change", person))
        return self._render(request, "reset", _("Reset two-factor sign-in"), person, asked=asked)

    def sessions_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """List the sessions of somebody; on POST, end one or all."""
        person = self._get_person(request, object_id)
        key = request.POST.get("session", "")
        if request.method == "POST" and (key.isdecimal() or key == "all"):
            number = end_and_note(request, person, None if key == "all" else key)
            messages.success(request, _("Ended: %(number)s.") % {"number": number})
            return HttpResponseRedirect(self.url_of("sessions", person))
        sessions = UserSession.objects.current().filter(user=person)
        return self._render(
            request,
            "person_sessions",
            _("Sessions"),
            person,
            sessions=sessions,
            own=request.session.session_key,
        )

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Add links to the pages of the account."""
        person = kwargs.get("obj")
        if person is not None and self.has_change_permission(request, person):
            names = [("link", _("One-time link")), ("sessions", _("Sessions"))]
            if two_factor.has_two_factor(person):
                names.append(("reset", _("Reset two-factor sign-in")))
            if person.is_active and person != request.user:
                names.append(("deactivate", _("Deactivate")))
            context["account_pages"] = [(self.url_of(name, person), label) for name, label in names]
            context["reactivate"] = not person.is_active and self.url_of("reactivate", person)
        return super().render_change_form(request, context, *args, **kwargs)

    def _get_person(self, request: HttpRequest, object_id: str) -> User:
        """Return the person of a page. Raises PermissionDenied if the user may not change it."""
        person: Any = self.get_object(request, unquote(object_id))
        if person is None or not self.has_change_permission(request, person):
            raise PermissionDenied
        return person

    def _note(
        self, request: HttpRequest, kind: AccountEventKind, person: User, detail: str = ""
    ) -> None:
        by: Any = request.user
        AccountEvent.objects.note(kind, person, by=by, request=request, detail=detail)

    def _render(
        self, request: HttpRequest, template: str, title: str, person: User, **context: Any
    ) -> TemplateResponse:
        context |= self.admin_site.each_context(request) | {
            "title": title,
            "person": person,
            "back": self.url_of("change", person),
            "people": self.url_of("changelist"),
        }
        return TemplateResponse(request, f"admin/muster/accounts/{template}.html", context)


admin.site.unregister(Group)


@admin.register(Group)
class AccountGroupAdmin(GroupAdmin):
    """The pages of groups, for superusers: changes of their permissions are in the log."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Note in the log which permissions changed."""
        super().save_related(request, form, formsets, change)
        names = sorted(form.instance.permissions.values_list("codename", flat=True))
        by: Any = request.user
        AccountEvent.objects.note(
            AccountEventKind.PERMISSIONS,
            None,
            by=by,
            request=request,
            detail=f"group {form.instance.name}: {', '.join(names)}",
        )


def _is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_active and getattr(request.user, "is_superuser", False))


def _is_administrator(request: HttpRequest) -> bool:
    return bool(request.user.is_active and getattr(request.user, "is_administrator", False))


def _describe_permissions(person: User) -> set[str]:
    """Return the names of the groups and single permissions of a person."""
    names = set(person.groups.values_list("name", flat=True))
    return names | set(person.user_permissions.values_list("codename", flat=True))
