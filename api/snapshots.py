"""Snapshots: how a request is resolved to a state of the public record."""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

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

_REDACTIONS = f"(SELECT count(*) FROM {Edition._meta.db_table} WHERE kind = 'redact')"  # noqa: S608
"""A literal kind, so that a prepared plan can use the partial index; a parameter would not."""


class PublicState(NamedTuple):
    """The state of the public record that a request is answered from."""

    snapshot: Snapshot
    pinned: bool
    """Whether the same request is always answered from this state."""
    redactions: int
    """The number of redactions so far; only they change the past."""
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


PINS = Pin._fields
"""The parameters that choose a snapshot."""


def resolve(pin: Pin, parameter: str = "known_at") -> PublicState:
    """Return the state at the requested snapshot, with one query.

    Raises Problem `reset` for a snapshot that is not in the public record, `behind` for one that is
    not in it yet, and `invalid-parameters` for a future moment, given as `parameter`, or an unknown
    release.
    """
    sql, parameters = _newest() if pin == Pin() else _query(pin)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        names = [column.name for column in cursor.description]
        row = cursor.fetchone()
    return _judge(pin, dict(zip(names, row, strict=True)) if row else {}, parameter)


def find_edition(pin: Pin, is_record: models.Q) -> tuple[Edition | None, PublicState]:
    """Return the newest edition of a record up to the snapshot, and the state, with one query.

    The texts of the edition are fetched when they are read. Raises the same as `resolve`.
    """
    editions = pin.up_to(Edition.objects.filter(is_record)).order_by("-seq")
    newest = editions.annotate(**_expressions(pin)).defer("summary", "document").first()
    return newest, _judge(pin, vars(newest)) if newest else resolve(pin)


def resolve_position(position: Snapshot | datetime | None, parameter: str) -> PublicState:
    """Return the state at a snapshot or a moment, given as `parameter`; None is the newest one.

    Raises the same as `resolve`.
    """
    if isinstance(position, datetime):
        return resolve(Pin(known_at=position), parameter)
    return resolve(Pin(position))


def _query(pin: Pin) -> tuple[str, tuple[Any, ...]]:
    """Return a query for the values that `_judge` needs."""
    expressions = _expressions(pin)
    editions = Edition.objects.order_by("-seq").annotate(**expressions)
    newest = editions.values_list(*expressions)[:1]
    return newest.query.sql_with_params()


@cache
def _newest() -> tuple[str, tuple[Any, ...]]:
    """Return the query for the newest state: most requests need it, and building it is costly."""
    return _query(Pin())


def _expressions(pin: Pin) -> dict[str, Any]:
    """Return the expressions for the values that `_judge` needs."""
    newest = Edition.objects.order_by("-seq").values("published_at")[:1]
    return {
        "requested_snapshot": _first_snapshot(pin.editions()),
        "newest_snapshot": _first_snapshot(Edition.objects.order_by("-seq")),
        "newest_at": models.Subquery(newest),
        "requested_at": _requested_moment(pin),
        "redactions": RawSQL(_REDACTIONS, (), models.IntegerField()),  # noqa: S611
        "now": Now(),
    }


def _requested_moment(pin: Pin) -> models.Subquery:
    """Return when the newest edition of the requested snapshot was published."""
    editions = pin.editions()
    if pin.release:
        editions = Edition.objects.filter(seq__in=editions.values("seq"))
    return models.Subquery(editions.values("published_at")[:1])


def _first_snapshot(rows: models.QuerySet) -> models.Subquery:
    seq = Cast("seq", models.TextField())
    snapshot = Concat(seq, models.Value("-"), "hash", output_field=models.TextField())
    return models.Subquery(rows.annotate(snapshot=snapshot).values("snapshot")[:1])


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
    return PublicState(resolved, pinned, values.get("redactions", 0), values.get("requested_at"))


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
