"""The state that a form was made from: signed into its page, and compared when it comes back."""

import json
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError, connection
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac
from psycopg import errors

from curation.models import SavedForm
from editorial import audit
from editorial.models import Submission
from editorial.models.submission import Act

FIELD = "form_state"
"""The hidden field that carries the signed state."""
RESTORE = "_restore"
"""Sent along when a form is only to be shown again with what was typed."""
SAVED_COOKIE = "saved_form"
"""The token of the form that was saved last, by which the browser drops its own copy."""
_SALT = "curation.form_state"
_CHANGED = (
    "Nothing was done: it was changed since you opened this page. Look at it as it is now, then "
    "confirm again."
)
_UNKNOWN = (
    "Nothing was done: this page did not say what you had seen when you opened it. Look at it as "
    "it is now, then confirm again."
)
BUSY = (
    "Nothing was saved: somebody else, or an import, is writing to the same rows at this moment. "
    "Try again in a moment."
)
Rows = dict[str, dict[str, dict[str, Any]]]


class SavedBefore(Exception):
    """Raised where the same form was sent before and saved then."""

    def __init__(self, saved: SavedForm) -> None:
        super().__init__()
        self.saved = saved


@dataclass(frozen=True)
class FormState:
    """What a page showed when it was opened."""

    rows: Rows = field(default_factory=dict)
    """For each prefix ("" is the record itself) the rows by primary key: values by field."""
    below: dict[str, str] = field(default_factory=dict)
    """For each row that could be deleted on the page, a digest of what would go with it."""
    redaction: int = 0
    """The newest redaction at that time."""
    token: str = field(default_factory=lambda: str(uuid.uuid4()))
    """Random: names the one time that the form is saved."""

    def sign(self, request: HttpRequest, subject: str) -> str:
        """Return the state as text that only this person can send back, and only for `subject`."""
        return signing.dumps(asdict(self), salt=_salt(request, subject), compress=True)

    @classmethod
    def load(cls, request: HttpRequest, subject: str) -> "FormState | None":
        """Return the state that came back with a form; None where it is missing or forged."""
        try:
            return cls(**signing.loads(request.POST.get(FIELD, ""), salt=_salt(request, subject)))
        except (signing.BadSignature, TypeError, ValueError):
            return None

    @property
    def redacted_since(self) -> bool:
        """Whether anything was redacted since; no value of an older state is then shown."""
        return newest_redaction() != self.redaction


def _salt(request: HttpRequest, subject: str) -> str:
    return f"{_SALT}:{request.user.pk}:{subject}"


def newest_redaction() -> int:
    """Return the key of the newest redaction, of whatever record: it may clean others as well."""
    redactions = Submission.objects.filter(act=Act.REDACT).order_by("-pk")
    return redactions.values_list("pk", flat=True).first() or 0


def form_values(form_class: Any, row: Model) -> dict[str, Any]:
    """Return the values of a row that a form can write, as JSON has them.

    A disabled field is not written. Only the record of a part is remembered all the same, as the
    part can be entered anew from it.
    """
    values = {}
    for name, form_field in form_class.base_fields.items():
        try:
            column: Any = row._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if form_field.disabled and not column.is_relation:
            continue
        value = column.value_from_object(row)
        values[name] = sorted(other.pk for other in value) if column.many_to_many else value
    return json.loads(json.dumps(values, cls=DjangoJSONEncoder))


@contextmanager
def locking() -> Iterator[None]:
    """Wait for locks only for a while: an import may hold them for minutes."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        yield
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")


def is_busy(error: OperationalError) -> bool:
    """Whether the database refused because others write to the same rows."""
    return isinstance(error.__cause__, errors.DeadlockDetected | errors.LockNotAvailable)


def read_contents(
    model: type[Model], column: str, keys: Iterable[Any], lock: bool
) -> dict[Any, list]:
    """Return, by the value of `column`, the rows of a model with all rows that are part of them.

    Rows are locked in the order of their keys, a row before its parts, as everywhere.
    """
    names = [field.attname for field in model._meta.concrete_fields]
    rows: QuerySet[Any, Any] = model._base_manager.filter(**{f"{column}__in": list(keys)})
    if lock:
        rows = rows.select_for_update()
    listed = list(rows.order_by("pk").values_list("pk", column, *names))
    below: dict[Any, list] = {}
    for part, parent in audit.part_models(model) if listed else ():
        for key, content in read_contents(part, parent, [row[0] for row in listed], lock).items():
            below.setdefault(key, []).append([part._meta.label, content])
    found: dict[Any, list] = {}
    for key, owner, *values in listed:
        found.setdefault(owner, []).append([values, below.get(key, [])])
    return found


def digests_below(model: type[Model], keys: list[Any], lock: bool = False) -> dict[Any, str]:
    """Return for each row with parts of its own a digest of them: what goes when it is deleted."""
    found: dict[Any, list] = {}
    for part, parent in audit.part_models(model) if keys else ():
        for key, content in read_contents(part, parent, keys, lock).items():
            found.setdefault(key, []).append([part._meta.label, content])
    return {key: digest(content) for key, content in found.items()}


def digest_of(rows: list[Any], lock: bool = False) -> str:
    """Return a digest of some rows with all their parts, of one model after the other.

    Of more than a hundred, only of which they are: so many are not read one by one.
    """
    if len(rows) > 100:
        return digest(sorted([row._meta.label, str(row.pk)] for row in rows))
    models = sorted({type(row) for row in rows}, key=lambda model: model._meta.label)
    read = []
    for model in models:
        keys = [row.pk for row in rows if type(row) is model]
        read.append([model._meta.label, sorted(read_contents(model, "pk", keys, lock).items())])
    return digest(read)


def digest(content: Any) -> str:
    """Return a keyed digest: it stays in open pages after a redaction, and must give no text."""
    return salted_hmac(_SALT, json.dumps(content, default=str), algorithm="sha256").hexdigest()


def sent_digest(request: HttpRequest) -> str:
    """Return a digest of all that a form sent, but for what differs each time it is opened."""
    sent = sorted((k, v) for k, v in request.POST.lists() if k != "csrfmiddlewaretoken")
    return digest(sent)


def refuse_second(state: FormState, sent: str) -> SavedForm | None:
    """Let equal forms that are sent at once wait for each other; raise `SavedBefore` for a second.

    Returns what was saved from the form where something else was sent then: after Back, say.
    """
    with connection.cursor() as cursor:
        # Of two keys, so that it cannot meet the publication lock, which has one.
        cursor.execute("SELECT pg_advisory_xact_lock(7, hashtext(%s))", [state.token])
    saved = SavedForm.objects.filter(token=state.token).first()
    if saved is not None and saved.digest == sent:
        raise SavedBefore(saved)
    return saved


def confirm(request: HttpRequest, subject: str, rows: list[Any]) -> None:
    """Check, in a transaction, that `rows` are as they were when a page asked; lock them.

    Raises ValidationError where they are not, `SavedBefore` where it was confirmed before.
    """
    state = FormState.load(request, subject)
    if state is None:
        raise ValidationError(_UNKNOWN, code="state")
    try:
        with locking():
            saved = refuse_second(state, sent_digest(request))
            same = state.below == {"": digest_of(rows, lock=True)}
    except OperationalError as error:
        if is_busy(error):
            raise ValidationError(BUSY, code="conflict") from error
        raise
    if saved is not None or not same:
        raise ValidationError(_CHANGED, code="changed")
    key = str(rows[0].pk) if rows else ""
    SavedForm.objects.remember(state.token, sent_digest(request), key)


def state_of_rows(rows: list[Any]) -> FormState:
    """Return the state of a page that asks before something is done to `rows`."""
    return FormState(below={"": digest_of(rows)})


def mark_saved(request: HttpRequest, response: HttpResponse, subject: str) -> None:
    """Let the browser drop its copy of the form that it sent."""
    state = FormState.load(request, subject)
    if state is not None:
        response.set_cookie(
            SAVED_COOKIE,
            state.token,
            max_age=600,
            path=reverse("admin:index"),
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Strict",
        )
