"""The history of a record in the admin: its changes with values, reverting, and the bin."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from curation import status
from curation.actions import ActionForm
from curation.differences import Describer, RowChange
from curation.optimistic_locking import refusal_message
from curation.redaction import RedactionAdmin
from editorial import history
from editorial.history import Change, History, Rows
from editorial.models import Record, User, record_models
from publishing.models import Edition

PER_PAGE = 20
BIN_LENGTH = 100
"""How many deleted records of each type the bin lists."""
_REVERT = (
    "The record and its parts get these values again, with the citations that they had then. What "
    "was added since is deleted. Nothing is published: submit the record afterwards."
)
_ACTS = {"submit": "submitted", "merge": "merged", "redact": "redacted"}


class ListedChange(NamedTuple):
    """A change of a record as its history shows it."""

    at: datetime
    by: str
    act: str
    """submitted, merged or redacted, if it was no edit."""
    rows: list[RowChange]

    @property
    def key(self) -> str:
        """The time, as an address has it."""
        return _key(self.at)


class HistoryAdmin(RedactionAdmin):
    """An admin of records with their history."""

    object_history_template = "admin/muster/history.html"

    def get_urls(self) -> Any:
        return [self.row_path("revert", self.revert_view), *super().get_urls()]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show the changes of a record and of its parts, and compare two of its states."""
        record = self.get_object(request, unquote(object_id))
        context: dict[str, Any] = {}
        if record is not None and self.has_view_or_change_permission(request, record):
            past = History(self.model, record.pk)
            page = _read_page(request)
            changes = past.list_changes(page * PER_PAGE, page * PER_PAGE + PER_PAGE)
            states = _read_states(request, past)
            rows = [row for change in changes for row in _rows_of(change)]
            rows += [row for state in states for row in state.values()]
            describer = Describer(self.admin_site, request, rows, past.newest)
            editions = Edition.objects.filter(record=record.public_id).order_by("-version")
            context = {
                "changes": list(_describe_changes(describer, changes)),
                "differences": describer.compare(*states) if states else None,
                "compared": states and [_parse(request.GET[name]) for name in ("from", "to")],
                "newer": page - 1 if page else None,
                "older": page + 1 if len(past.times) > (page + 1) * PER_PAGE else None,
                "can_revert": self.has_change_permission(request, record),
                "newest": _key(past.times[0]) if past.times else "",
                "oldest": _key(changes[-1].at) if changes else "",
                "revert_url": self.url_of("revert", record),
                "editions": editions.defer("summary", "document"),
                "editions_url": f"{status.public_url(record)}/editions",
            }
        return super().history_view(request, object_id, context | (extra_context or {}))

    def revert_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what reverting to a state changes; on POST, revert."""
        record: Any = self.get_object(request, unquote(object_id))
        if record is None:
            return self.redirect_missing(request)
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        at = _parse(request.GET.get("at", ""))
        past = History(self.model, record.pk)
        if at is None or at not in past.times:
            raise Http404
        form = ActionForm(request.POST if request.method == "POST" else None, text_label="")
        name = f"revert:{_key(at)}"

        def run(_: str) -> str:
            count = history.revert(record, at)
            message = gettext("Reverted to the state of %(time)s.") % {"time": _show(at)}
            self.log_change(request, record, message)
            return f"{message} {_count_rows(count)}"

        back = self.url_of("change", record)
        response = self.run_confirmed(request, form, name, [record], run, back)
        if response is not None:
            return response
        then, now = past.state(at), history.read_current(record)
        rows = [*then.values(), *now.values()]
        describer = Describer(
            self.admin_site, request, rows, lambda key: now.get(key, then.get(key))
        )
        title = gettext("Revert to the state of %(time)s") % {"time": _show(at)}
        return self.render_confirmation(
            request,
            form,
            title,
            _REVERT,
            [record],
            back,
            name=name,
            differences=describer.compare(now, then),
        )


def _rows_of(change: Change) -> list[Any]:
    return [*change.before.values(), *change.after.values()]


def _describe_changes(describer: Describer, changes: list[Change]) -> Iterable[ListedChange]:
    people = User.objects.in_bulk({change.user for change in changes if change.user is not None})
    for change in changes:
        by = _name(people.get(change.user or 0))
        rows = describer.compare(change.before, change.after)
        yield ListedChange(change.at, by, _ACTS.get(change.act, ""), rows)


def _name(person: User | None) -> str:
    return person.get_username() if person else gettext("a command")


def _read_states(request: HttpRequest, past: History) -> tuple[Rows, Rows] | tuple[()]:
    """Return the two states that a request compares, if it does."""
    first, second = (_parse(request.GET.get(name, "")) for name in ("from", "to"))
    if first is None or second is None:
        return ()
    return past.state(first), past.state(second)


def _read_page(request: HttpRequest) -> int:
    page = request.GET.get("page", "")
    return min(int(page), 10_000) if page.isdecimal() and len(page) < 6 else 0


def _key(at: datetime) -> str:
    return at.astimezone(timezone.get_default_timezone()).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _parse(text: str) -> datetime | None:
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at is not None and timezone.is_aware(at) else None


def _show(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local:%Y-%m-%d %H:%M:%S} {local.tzname()}"


def _count_rows(count: int) -> str:
    return gettext("%(count)s rows changed.") % {"count": count}


class Deleted(NamedTuple):
    """A deleted draft in the bin."""

    type: str
    """The name of its type, as the API has it."""
    name: str
    key: int
    label: str
    at: datetime
    by: str
    can_restore: bool


def bin_view(request: HttpRequest) -> HttpResponse:
    """Show the deleted drafts; on POST, restore one with its parts."""
    from django.contrib import admin

    if request.method == "POST":
        return _restore(request)
    deleted = []
    for name, model in record_models().items():
        model_admin: Any = admin.site._registry.get(model)
        if model_admin is None or not model_admin.has_view_or_change_permission(request):
            continue
        events = list(history.list_deleted(model, BIN_LENGTH))
        describer = Describer(
            admin.site, request, [event.row for event in events], lambda key: None
        )
        people = {int(event.context["user"]) for event in events if event.context.get("user")}
        users = User.objects.in_bulk(people)
        for event in events:
            by = _name(users.get(int(event.context.get("user") or 0)))
            deleted.append(
                Deleted(
                    name,
                    str(model._meta.verbose_name),
                    event.row.pk or 0,
                    describer.title(event.row),
                    event.at,
                    by,
                    model_admin.has_add_permission(request),
                )
            )
    context = admin.site.each_context(request) | {
        "title": gettext("Bin"),
        "deleted": sorted(deleted, key=lambda item: item.at, reverse=True),
    }
    return TemplateResponse(request, "admin/muster/bin.html", context)


def _restore(request: HttpRequest) -> HttpResponse:
    from django.contrib import admin

    model = record_models().get(request.POST.get("type", ""))
    model_admin: Any = admin.site._registry.get(model) if model else None
    key = request.POST.get("key", "")
    if model is None or model_admin is None or not key.isdecimal():
        raise Http404
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    back = HttpResponseRedirect(reverse("admin:bin"))
    try:
        with transaction.atomic():
            record: Record = history.restore(model, int(key))
            model_admin.log_addition(request, record, gettext("Restored from the bin."))
    except ValidationError as error:
        messages.error(
            request, gettext("Nothing was restored. %(why)s") % {"why": " ".join(error.messages)}
        )
        return back
    except IntegrityError as error:
        messages.error(
            request, gettext("Nothing was restored. %(why)s") % {"why": refusal_message(error)}
        )
        return back
    messages.success(request, gettext("Restored as a draft, with its parts."))
    return HttpResponseRedirect(model_admin.url_of("change", record))
