"""Snapshots: how a request is resolved to a state of the public record."""

from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection, models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat, Now
from django.utils import timezone

from api.problems import Fault, InvalidParameters, Problem
from publishing import restore
from publishing.codes import EditionKind
from publishing.models import Edition, Release
from publishing.snapshots import START, Snapshot

_REDACTION = (
    f"(SELECT seq || '-' || hash FROM {Edition._meta.db_table} "  # noqa: S608
    "WHERE kind IN ('redact', 'restore') ORDER BY seq DESC LIMIT 1)"
)
"""Literal kinds, so that a prepared plan can use the partial index; a parameter would not."""


class PublicState(NamedTuple):
    """The state of the public record that a request is answered from."""

    snapshot: Snapshot
    pinned: bool
    """Whether the same request is always answered from this state."""
    redaction: str
    """The snapshot of the newest redaction or restore, if any: only these change the past.

    Unlike their number, it does not recur after the database was restored from a backup.
    """
    published_at: datetime | None
    """When its newest edition was published; None if nothing was published yet."""


class Pin(NamedTuple):
    """The requested snapshot: one of the three, or none of them for the newest."""

    snapshot: Snapshot | None = None
    known_at: datetime | None = None
    release: str | None = None

    def editions(self) -> models.QuerySet:
        """Return editions (or releases), the first of which has the requested snapshot."""
        if self.snapshot:
            return Edition.objects.filter(seq=self.snapshot.seq)
        if self.release:
            return Release.objects.filter(name=self.release)
        if self.known_at:
            editions = Edition.objects.filter(published_at__lte=self.known_at)
            return editions.order_by("-published_at", "-seq")
        return Edition.objects.order_by("-seq")

    def up_to(self, editions: models.QuerySet[Edition]) -> models.QuerySet[Edition]:
        """Return the editions up to the snapshot."""
        if self == Pin():
            return editions
        if self.snapshot:
            return editions.filter(seq__lte=self.snapshot.seq)
        return editions.filter(seq__lte=models.Subquery(self.editions().values("seq")[:1]))


_COLUMNS = [
    *("seq", "hash", "type", "record", "note", "public", "merged_into", "shape", "reference"),
    "document",
]
"""The columns of an edition that answers need, in the order of the model."""

PINS = Pin._fields
"""The parameters that choose a snapshot."""


def resolve(pin: Pin, parameter: str = "known_at") -> PublicState:
    """Return the state at the requested snapshot, with one query.

    Raises Problem `reset` for a snapshot that is not in the public record, `behind` for one that is
    not in it yet, and `invalid-parameters` for a future moment, given as `parameter`, or an unknown
    release.
    """
    return _judge(pin, _read(_state_query(_like(pin)), pin) or {}, parameter)


def find_edition(pin: Pin, type_: str, key: UUID | str) -> tuple[Edition | None, PublicState]:
    """Return the newest edition of a record up to the snapshot, and the state, with one query.

    `key` is the public id or the slug. Raises the same as `resolve`.
    """
    by_id = isinstance(key, UUID)
    query = _edition_query(_like(pin), type_, by_id=by_id)
    values = _read(query, pin, _LIKE_ID if by_id else _LIKE_SLUG, key)
    if not values:
        return None, resolve(pin)
    edition = Edition.from_db("default", _COLUMNS, [values[name] for name in _COLUMNS])
    return edition, _judge(pin, values)


def make_pin(position: Snapshot | datetime | None) -> Pin:
    """Return the pin of a snapshot or a moment; None is the newest snapshot."""
    return Pin(known_at=position) if isinstance(position, datetime) else Pin(position)


class _Query(NamedTuple):
    """A query and its parameters, some of which stand for those of a request."""

    sql: str
    parameters: tuple[Any, ...]


# Compiling these queries costs more than running them. So each is compiled once, for values that
# stand for those of a request.
_LIKE_SEQ, _LIKE_MOMENT, _LIKE_RELEASE = 2**62 + 1, datetime.max.replace(tzinfo=UTC), "a release"
_LIKE_ID, _LIKE_SLUG = UUID(int=2**128 - 2), "a slug"


def _like(pin: Pin) -> Pin:
    """Return the pin of the same kind with the values that stand for those of a request."""
    return Pin(
        pin.snapshot and Snapshot(_LIKE_SEQ, ""),
        pin.known_at and _LIKE_MOMENT,
        pin.release and _LIKE_RELEASE,
    )


def _read(query: _Query, pin: Pin, like: Any = None, key: Any = None) -> dict[str, Any] | None:
    """Return the first row of a query by column, with the values of a request."""
    values = {
        _LIKE_SEQ: pin.snapshot and pin.snapshot.seq,
        _LIKE_MOMENT: pin.known_at,
        _LIKE_RELEASE: pin.release,
        like: key,
    }
    with connection.cursor() as cursor:
        cursor.execute(query.sql, [values.get(each, each) for each in query.parameters])
        row = cursor.fetchone()
        return row and {
            column.name: value for column, value in zip(cursor.description, row, strict=True)
        }


@cache
def _state_query(pin: Pin) -> _Query:
    """Return the query for the values that `_judge` needs."""
    expressions = _expressions(pin) if pin != Pin() else _newest_expressions()
    editions = Edition.objects.order_by("-seq").annotate(**expressions)
    newest = editions.values_list(*expressions)[:1]
    return _Query(*newest.query.sql_with_params())


@cache
def _edition_query(pin: Pin, type_: str, *, by_id: bool) -> _Query:
    """Return the query for a record, and the values that `_judge` needs."""
    is_record = {"record": _LIKE_ID} if by_id else {"slug": _LIKE_SLUG}
    editions = pin.up_to(Edition.objects.filter(type=type_, **is_record)).order_by("-seq")
    expressions = _expressions(pin)
    newest = editions.annotate(**expressions).values_list(*_COLUMNS, *expressions)[:1]
    return _Query(*newest.query.sql_with_params())


def _expressions(pin: Pin) -> dict[str, Any]:
    """Return the expressions for the values that `_judge` needs."""
    newest = Edition.objects.order_by("-seq").values("published_at")[:1]
    return {
        "requested_snapshot": _first_snapshot(pin.editions()),
        "newest_snapshot": _first_snapshot(Edition.objects.order_by("-seq")),
        "newest_at": models.Subquery(newest),
        "requested_at": _requested_moment(pin),
        "redaction": RawSQL(_REDACTION, (), models.TextField()),  # noqa: S611
        "now": Now(),
    }


def _newest_expressions() -> dict[str, Any]:
    """Return the expressions for the newest snapshot, which are columns of the newest edition."""
    snapshot, moment = _write_snapshot(), models.F("published_at")
    return {
        "requested_snapshot": snapshot,
        "newest_snapshot": snapshot,
        "newest_at": moment,
        "requested_at": moment,
        "redaction": RawSQL(_REDACTION, (), models.TextField()),  # noqa: S611
        "now": Now(),
    }


def _requested_moment(pin: Pin) -> models.Subquery:
    """Return when the newest edition of the requested snapshot was published."""
    editions = pin.editions()
    if pin.release:
        editions = Edition.objects.filter(seq__in=editions.values("seq"))
    return models.Subquery(editions.values("published_at")[:1])


def _first_snapshot(rows: models.QuerySet) -> models.Subquery:
    return models.Subquery(rows.annotate(snapshot=_write_snapshot()).values("snapshot")[:1])


def _write_snapshot() -> Concat:
    seq = Cast("seq", models.TextField())
    return Concat(seq, models.Value("-"), "hash", output_field=models.TextField())


def _judge(pin: Pin, values: dict[str, Any], parameter: str = "known_at") -> PublicState:
    """Return the state that the values of `_expressions` describe, or refuse the request."""
    resolved, newest = (
        Snapshot.parse(values[key]) if values.get(key) else START
        for key in ("requested_snapshot", "newest_snapshot")
    )
    if pin.release and resolved == START:
        _refuse("release", f"There is no release “{pin.release}”. See /api/v1/releases.")
    now = max(values["now"], values["newest_at"]) if values else timezone.now()
    if pin.known_at and pin.known_at > now:
        _refuse(parameter, "Use a moment that is not in the future.")
    requested = pin.snapshot or resolved
    if requested.seq > newest.seq:
        raise Problem("behind" if settings.FOLLOWS else "reset")
    if requested != resolved:
        raise Problem("reset" if _was_restored(requested) else "unknown-snapshot")
    pinned = bool(pin.snapshot or pin.release or resolved.seq < newest.seq)
    redaction = values.get("redaction") or ""
    return PublicState(resolved, pinned, redaction, values.get("requested_at"))


def _was_restored(requested: Snapshot) -> bool:
    """Return whether the database was restored to a state before a snapshot.

    Every restore appends a refresh, so what it lost has a number from that of the refresh on. This
    reads many rows, but only to refuse a snapshot that the public record does not have.
    """
    restores = Edition.objects.filter(kind=EditionKind.REFRESH, note=restore.NOTE)
    return restores.filter(seq__lte=requested.seq).exists()


def _refuse(parameter: str, detail: str) -> None:
    detail = f"Invalid value for `{parameter}`. {detail}"
    raise InvalidParameters(Fault("invalid", parameter, detail))
