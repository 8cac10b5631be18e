"""Open forms: what a page of the admin reports about itself, so that no typed text is lost."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import quote
from django.db import OperationalError, connection, transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from curation import form_state
from curation.form_state import OPEN_FORM, RESTORE, FormState
from curation.models import OpenForm, SavedForm
from curation.models.open_form import MAX_LENGTH
from editorial.redaction.guards import Guards

UNSAVED = "_unsaved"
"""The parameter with the key of an open form whose text is to be shown again."""
_ADD = "add"
_LISTED = 5
_TITLES = ("title", "name", "text")
"""The fields that name a row that was never saved."""


class Unsaved(NamedTuple):
    """A form with typed text that its person can restore or discard."""

    key: int
    token: str
    at: datetime
    is_alive: bool
    """Whether another page has it open now."""
    title: str = ""
    url: str = ""


def describe_open_forms(request: HttpRequest, subject: str, record: Any) -> dict[str, Any]:
    """Return what the page of a form shows: own unsaved text, and who else has the record open."""
    is_popup = IS_POPUP_VAR in request.GET or IS_POPUP_VAR in request.POST
    unsaved: list[Unsaved] = []
    if request.method != "POST":
        own = OpenForm.objects.unsaved_of(request.user)
        own = own.filter(subject=subject, is_popup=is_popup).defer("state", "sent")[:_LISTED]
        unsaved = [Unsaved(row.pk, str(row.token), _at(row), row.is_alive) for row in own]
    return {
        "form_subject": subject,
        "open_form": request.POST.get(OPEN_FORM, ""),
        "unsaved_forms": unsaved,
        "open_elsewhere": [] if record is None or is_popup else _list_others(request, record),
    }


def list_unsaved(site: Any, request: HttpRequest) -> list[Unsaved]:
    """Return all forms with unsaved text of a person, for the first page of the admin."""
    rows = list(OpenForm.objects.unsaved_of(request.user).filter(is_popup=False).defer("state"))
    keys: dict[str, list[str]] = {}
    for row in rows:
        label, key = row.subject.split(":", 1)
        if key != _ADD:
            keys.setdefault(label, []).append(key)
    labels: dict[str, str] = {}
    for label, wanted in keys.items():
        admin = site._registry.get(apps.get_model(label))
        found = admin.get_queryset(request).in_bulk(wanted) if admin else {}
        labels |= {f"{label}:{key}": admin.label(stored) for key, stored in found.items()}
    return [
        Unsaved(
            row.pk, str(row.token), _at(row), row.is_alive, _title(row, labels), _page(row.subject)
        )
        for row in rows
    ]


def _at(row: OpenForm) -> datetime:
    return row.changed_at or row.opened_at


def _title(row: OpenForm, labels: dict[str, str]) -> str:
    """Return what a form is about: the stored row, or what was typed as its name."""
    if row.subject in labels:
        return labels[row.subject]
    name = apps.get_model(row.subject.split(":", 1)[0])._meta.verbose_name
    typed = {field: value for field, value in row.sent if field in _TITLES and value.strip()}
    text = next((typed[field] for field in _TITLES if field in typed), "")
    if row.subject.endswith(f":{_ADD}"):
        start = gettext("New %(name)s") % {"name": name}
    else:
        start = gettext("Deleted %(name)s") % {"name": name}
    return f"{start}: {text[:100]}" if text else start


def _page(subject: str) -> str:
    label, key = subject.split(":", 1)
    name = "admin:{}_{}_".format(*label.split("."))
    return reverse(f"{name}add") if key == _ADD else reverse(f"{name}change", args=[quote(key)])


def _list_others(request: HttpRequest, record: Any) -> list[dict[str, Any]]:
    """Return who else has a record open, each person once, and since when."""
    others: dict[str, datetime] = {}
    for row in OpenForm.objects.open_elsewhere(record, request.user).defer("state", "sent"):
        others.setdefault(row.user.get_full_name() or row.user.get_username(), row.opened_at)
    return [{"name": name, "since": since} for name, since in others.items()]


@require_POST
def keep_view(request: HttpRequest) -> HttpResponse:
    """Keep what was typed into a form, or only note that the form is still open.

    The signed state shows that this person opened this form, so nobody can keep text as another
    person, or report a record as open that they cannot read.
    """
    subject = request.POST.get("subject", "")
    key, revision = parse_open_form(request)
    if "left" in request.POST:
        _close(request, key, revision)
    state = FormState.load(request, subject) if form_state.FIELD in request.POST else None
    if state is None:
        return _answer_beat(request, key)
    try:
        sent = read_sent(request)
    except ValueError:
        return JsonResponse({"error": gettext("This form cannot be kept.")}, status=400)
    if len(request.POST.get("sent", "")) > MAX_LENGTH:
        return JsonResponse({"error": gettext("This form is too long to be kept.")}, status=413)
    try:
        with transaction.atomic():
            return JsonResponse(_keep(request, subject, state, sent, key, revision))
    except OperationalError as error:
        if form_state.is_busy(error):
            return JsonResponse({"error": form_state.BUSY}, status=503)
        raise


def _answer_beat(request: HttpRequest, key: int) -> HttpResponse:
    """Note that a form is still open; without a key, the page has to send its state."""
    row = OpenForm.objects.of(request.user).filter(pk=key).defer("state", "sent").first()
    if row is None:
        return JsonResponse({"open_form": "", "others": []})
    if "left" not in request.POST:
        OpenForm.objects.filter(pk=row.pk).update(seen_at=timezone.now())
    others = _list_others(request, row.record) if row.record and not row.is_popup else []
    return JsonResponse({"open_form": f"{row.pk}.{row.revision}", "others": _show(others)})


def _close(request: HttpRequest, key: int, revision: int) -> None:
    """Note that a page was closed, and forget it if nothing was typed."""
    rows = OpenForm.objects.of(request.user).filter(pk=key, revision=revision)
    if not rows.filter(changed_at=None).delete()[0]:
        rows.update(seen_at=None)


def _keep(
    request: HttpRequest,
    subject: str,
    state: FormState,
    sent: list[list[str]] | None,
    key: int,
    revision: int,
) -> dict[str, Any]:
    """Keep a form in the row of this page, or in a new row if another page has taken that over."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        form_state.lock_token(cursor, state.token)
        # A redaction that cleans this table now has to end first, so that it is found below.
        cursor.execute(f"LOCK TABLE {OpenForm._meta.db_table} IN ROW EXCLUSIVE MODE")
    record = _find_record(subject)
    if state.redacted_since or (record and _has_guarded_text(record, sent or [])):
        return {"open_form": request.POST.get(OPEN_FORM, ""), "redacted": True, "others": []}
    if SavedForm.objects.filter(token=state.token).exists():
        return {"open_form": "", "saved": True, "others": []}
    now = timezone.now()
    values: dict[str, Any] = {"seen_at": None if "left" in request.POST else now}
    values |= {"subject": subject, "token": state.token, "revision": revision + 1}
    if sent is not None:
        content = {"state": asdict(state), "sent": sent, "changed_at": now} if sent else {}
        values |= content or {"state": {}, "sent": [], "changed_at": None}
    own = OpenForm.objects.of(request.user).filter(pk=key, revision=revision)
    if own.update(**values):
        row = own.model.objects.defer("state", "sent").get(pk=key)
    else:
        row = OpenForm.objects.create(
            user=request.user,  # type: ignore[misc]
            record=record,
            is_popup=IS_POPUP_VAR in {name for name, _ in sent or ()},
            **values | {"revision": 1},
        )
        OpenForm.objects.delete_expired(request.user)
    others = _list_others(request, row.record) if row.record and not row.is_popup else []
    return {"open_form": f"{row.pk}.{row.revision}", "others": _show(others)}


def _has_guarded_text(record: UUID, sent: list[list[str]]) -> bool:
    """Return whether a form has text that a redaction removed from the record."""
    guards = Guards.read([record])
    return bool(guards) and any(guards.find_in_text(record, value) for _, value in sent)


def _show(others: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{"name": other["name"], "since": other["since"].isoformat()} for other in others]


def read_sent(request: HttpRequest) -> list[list[str]] | None:
    """Return the names and values that were typed; empty if nothing is changed any more.

    None if the page only reports that it is open. Raises ValueError if it is something else.
    """
    if "sent" not in request.POST:
        return None
    sent = json.loads(request.POST["sent"])
    if not isinstance(sent, list):
        raise ValueError("no list")
    excluded = {form_state.FIELD, OPEN_FORM, RESTORE, UNSAVED, "csrfmiddlewaretoken"}
    pairs = []
    for name, value in sent:
        if not isinstance(name, str) or not isinstance(value, str):
            raise ValueError("no text")
        if name not in excluded:
            pairs.append([name, value.replace("\x00", "")])
    return pairs


def parse_open_form(request: HttpRequest) -> tuple[int, int]:
    """Return the key and the revision of the open form that a page sent; zeros if it has none."""
    key, _, revision = request.POST.get(OPEN_FORM, "").partition(".")
    if not (key.isdecimal() and revision.isdecimal() and len(key) < 16 and len(revision) < 9):
        return 0, 0
    return int(key), int(revision)


def _find_record(subject: str) -> UUID | None:
    """Return the public id of the record that a row is or is part of."""
    from django.contrib import admin

    label, key = subject.split(":", 1)
    model: Any = apps.get_model(label)
    if key == _ADD:
        return None
    row: Model | None = model._base_manager.filter(pk=key).first()
    return None if row is None else record_id(admin.site._registry[model], row)


def record_id(model_admin: Any, row: Any) -> UUID:
    """Return the public id of the record that a row is or is part of."""
    record = getattr(row, model_admin.parent) if model_admin.parent else row
    return record.public_id


def restore(request: HttpRequest, subject: str) -> bool:
    """Replace the data of a request by the kept form that it names; False if there is none.

    The page that is shown then continues the kept form. Another page that still has it open starts
    one of its own.
    """
    key = request.POST.get(UNSAVED, "")
    own = OpenForm.objects.of(request.user).filter(subject=subject, changed_at__isnull=False)
    row = own.filter(pk=key).select_for_update().first() if key.isdecimal() else None
    if row is None:
        return False
    row.revision += 1
    row.save(update_fields=["revision"])
    data = QueryDict(mutable=True)
    for name, value in row.sent:
        data.appendlist(name, value)
    data[form_state.FIELD] = FormState(**row.state).sign(request, subject)
    data[OPEN_FORM] = f"{row.pk}.{row.revision}"
    data[RESTORE] = "1"
    request.POST = data  # type: ignore[assignment]
    return True


def forget_saved(request: HttpRequest, state: FormState) -> None:
    """Delete what was kept of a form that is saved now."""
    own = OpenForm.objects.of(request.user)
    own.filter(token=state.token).delete()
    own.filter(pk=parse_open_form(request)[0]).delete()


@require_POST
def discard_view(request: HttpRequest) -> HttpResponse:
    """Delete the typed text of a form, and return to the page from where it was asked."""
    key = request.POST.get(UNSAVED, "")
    if key.isdecimal():
        OpenForm.objects.of(request.user).filter(pk=key).delete()
        messages.success(request, gettext("The unsaved text was discarded."))
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = reverse("admin:index")
    return HttpResponseRedirect(target)
