"""The state of the rows that a form was made from, which the form carries in a signed field."""

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
from django.db.backends.utils import CursorWrapper
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac
from psycopg import errors

from curation.models import SavedForm
from editorial import audit
from editorial.redaction.stored_texts import newest_redaction

FIELD = "form_state"
"""The hidden field that carries the signed state."""
RESTORE = "_restore"
"""A parameter that asks to show a form again with unsaved changes, without saving it."""
OPEN_FORM = "open_form"
"""The hidden field with the key and the revision of the row that keeps the form, if any."""
SAVED_COOKIE = "saved_form"
"""A cookie with the token of the last saved form, so that the browser deletes its copy."""
ROW = "row"
"""The hidden field of a row of a row: the prefix of the form that it belongs to."""
_SALT = "curation.form_state"
_CHANGED = (
    "Nothing was done: it was changed since you opened this page. Check the current values, then "
    "confirm again."
)
_UNKNOWN = (
    "Nothing was done: the page does not say when you opened it. Check the current values, then "
    "confirm again."
)
BUSY = (
    "Nothing was saved: another person or an import is writing to the same rows. Try again in a "
    "moment."
)
Rows = dict[str, dict[str, dict[str, Any]]]


class SavedBefore(Exception):
    """Raised if the same form has already been saved."""

    def __init__(self, saved: SavedForm) -> None:
        super().__init__()
        self.saved = saved


@dataclass(frozen=True)
class FormState:
    """The state of the rows of a page when it was opened."""

    rows: Rows = field(default_factory=dict)
    """The values of rows by prefix ("" is the record itself), primary key and field."""
    below: dict[str, str] = field(default_factory=dict)
    """For each row that can be deleted on the page, a digest of its parts."""
    redaction: int = 0
    """The newest redaction at that time."""
    token: str = field(default_factory=lambda: str(uuid.uuid4()))
    """A random id of the form, which can be saved once."""

    def sign(self, request: HttpRequest, subject: str) -> str:
        """Return the state as signed text, which is valid only for this user and `subject`."""
        return signing.dumps(asdict(self), salt=_salt(request, subject), compress=True)

    @classmethod
    def load(cls, request: HttpRequest, subject: str) -> "FormState | None":
        """Return the state that was sent with a form; None if it is missing or forged."""
        try:
            return cls(**signing.loads(request.POST.get(FIELD, ""), salt=_salt(request, subject)))
        except (signing.BadSignature, TypeError, ValueError):
            return None

    @property
    def redacted_since(self) -> bool:
        """Whether there was a redaction since then: the old values must not be shown."""
        return newest_redaction() != self.redaction


def _salt(request: HttpRequest, subject: str) -> str:
    return f"{_SALT}:{request.user.pk}:{subject}"


def form_values(form_class: Any, row: Model) -> dict[str, Any]:
    """Return the values of a row that a form can change, as JSON values.

    A disabled field is left out, except the record of a part: if the part is deleted, the form can
    create it again.
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
    """Wait at most ten seconds for each lock: an import may hold locks for minutes."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        yield
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")


def is_busy(error: OperationalError) -> bool:
    """Return whether the database gave up because others write to the same rows."""
    return isinstance(error.__cause__, errors.DeadlockDetected | errors.LockNotAvailable)


def read_contents(
    model: type[Model], column: str, keys: Iterable[Any], lock: bool
) -> dict[Any, list]:
    """Return the rows of a model with all of their parts, by the value of `column`.

    Rows are locked in the order of their keys, each row before its parts, as everywhere.
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
    contents: dict[Any, list] = {}
    for key, owner, *values in listed:
        contents.setdefault(owner, []).append([values, below.get(key, [])])
    return contents


def digests_below(model: type[Model], keys: list[Any], lock: bool = False) -> dict[Any, str]:
    """Return a digest of the parts of each row that has any: deleting the row deletes them."""
    contents: dict[Any, list] = {}
    for part, parent in audit.part_models(model) if keys else ():
        for key, content in read_contents(part, parent, keys, lock).items():
            contents.setdefault(key, []).append([part._meta.label, content])
    return {key: digest(content) for key, content in contents.items()}


def digest_of(rows: list[Any], lock: bool = False) -> str:
    """Return a digest of some rows with all of their parts.

    For more than a hundred rows it covers only their keys, because reading them all takes too long.
    """
    if len(rows) > 100:
        return digest(sorted([row._meta.label, str(row.pk)] for row in rows))
    models = sorted({type(row) for row in rows}, key=lambda model: model._meta.label)
    contents = []
    for model in models:
        keys = [row.pk for row in rows if type(row) is model]
        contents.append([model._meta.label, sorted(read_contents(model, "pk", keys, lock).items())])
    return digest(contents)


def digest(content: Any) -> str:
    """Return a keyed digest, which reveals no text in pages that are open during a redaction."""
    return salted_hmac(_SALT, json.dumps(content, default=str), algorithm="sha256").hexdigest()


def sent_digest(request: HttpRequest) -> str:
    """Return a digest of the data that a form sent, without what changes while it is open."""
    sent = sorted(
        (k, v) for k, v in request.POST.lists() if k not in ("csrfmiddlewaretoken", OPEN_FORM)
    )
    return digest(sent)


def lock_token(cursor: CursorWrapper, token: str) -> None:
    """Wait until no other request saves or keeps the same form."""
    # A lock of two keys never conflicts with the publication lock, which has one key.
    cursor.execute("SELECT pg_advisory_xact_lock(7, hashtext(%s))", [token])


def refuse_second(state: FormState, sent: str) -> SavedForm | None:
    """Raise `SavedBefore` if the same form has already been saved with the same data.

    If it has been saved with other data, which is possible after Back, returns the saved form. A
    form that is sent twice at once waits here for itself.
    """
    with connection.cursor() as cursor:
        lock_token(cursor, state.token)
    saved = SavedForm.objects.filter(token=state.token).first()
    if saved is not None and saved.digest == sent:
        raise SavedBefore(saved)
    return saved


def confirm(request: HttpRequest, subject: str, rows: list[Any]) -> None:
    """Lock rows, in a transaction, and check that they are as a confirmation page showed them.

    Raises ValidationError if they are not, and `SavedBefore` if it has already been confirmed.
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
    """Return the state of a page that asks to confirm an action on rows."""
    return FormState(below={"": digest_of(rows)})


def mark_saved(request: HttpRequest, response: HttpResponse, subject: str) -> None:
    """Set a cookie that tells the browser to delete its copy of the form."""
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
