"""Snapshots: the state of the public record that a question is answered at."""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat, Now
from django.utils import timezone

from api.problems import Fault, Problem
from publishing.models import Edition, Release
from publishing.snapshots import START, Snapshot

_REDACTIONS = f"(SELECT count(*) FROM {Edition._meta.db_table} WHERE kind = 'redact')"  # noqa: S608
"""A literal, which a plan made once can use the partial index for, as it cannot for a value."""


class PublicState(NamedTuple):
    """The state to answer at."""

    snapshot: Snapshot
    pinned: bool
    """Whether the same question will always be answered at this state."""
    redactions: int
    """How many redactions there are now: they alone change the past."""


class Pin(NamedTuple):
    """What a request asks to be answered at: one of the three, or nothing for the newest."""

    snapshot: Snapshot | None = None
    known_at: datetime | None = None
    release: str | None = None

    def editions(self) -> models.QuerySet:
        """Return the Editions (or the releases) of which the first is where the snapshot lies."""
        if self.snapshot:
            return Edition.objects.filter(seq=self.snapshot.seq)
        if self.release:
            return Release.objects.filter(name=self.release)
        if self.known_at:
            known = Edition.objects.filter(published_at__lte=self.known_at)
            return known.order_by("-published_at", "-seq")
        return Edition.objects.order_by("-seq")

    def up_to(self, editions: models.QuerySet[Edition]) -> models.QuerySet[Edition]:
        """Keep the Editions up to the snapshot."""
        if self == Pin():
            return editions
        if self.snapshot:
            return editions.filter(seq__lte=self.snapshot.seq)
        return editions.filter(seq__lte=models.Subquery(self.editions().values("seq")[:1]))


PINS = Pin._fields
"""The parameters that say when."""


def resolve(pin: Pin) -> PublicState:
    """Return the snapshot that a request asks for, with one query.

    Raises Problem `reset` or `behind` for a snapshot that is not in the public record (yet), and
    `invalid-parameters` for a moment in the future or a release that there is not.
    """
    sql, parameters = _newest() if pin == Pin() else _query(pin)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        names = [column.name for column in cursor.description]
        row = cursor.fetchone()
    return _judge(pin, dict(zip(names, row, strict=True)) if row else {})


def edition(pin: Pin, of: models.Q) -> tuple[Edition | None, PublicState]:
    """Return the newest Edition of a record up to the snapshot, and the snapshot, with one query.

    Its texts are fetched when they are read. Raises as `resolve` does.
    """
    found = pin.up_to(Edition.objects.filter(of)).order_by("-seq").annotate(**_told(pin))
    newest = found.defer("summary", "document").first()
    return newest, _judge(pin, vars(newest)) if newest else resolve(pin)


def standing(snapshot: Snapshot) -> Snapshot:
    """Return `snapshot` if it is of the public record. Raises Problem `reset`, `behind`."""
    return resolve(Pin(snapshot)).snapshot if snapshot != START else snapshot


def _query(pin: Pin) -> tuple[str, tuple[Any, ...]]:
    """Return what is to be known to answer at a pin, as SQL."""
    told = _told(pin)
    newest = Edition.objects.order_by("-seq").annotate(**told).values_list(*told)[:1]
    return newest.query.sql_with_params()


@cache
def _newest() -> tuple[str, tuple[Any, ...]]:
    """Return the same for the newest state: most ask for it, and to write it costs the most."""
    return _query(Pin())


def _told(pin: Pin) -> dict[str, Any]:
    """Return the expressions that `_judge` decides by."""
    newest = Edition.objects.order_by("-seq").values("published_at")[:1]
    return {
        "asked_snapshot": _first_snapshot(pin.editions()),
        "newest_snapshot": _first_snapshot(Edition.objects.order_by("-seq")),
        "newest_at": models.Subquery(newest),
        "redactions": RawSQL(_REDACTIONS, (), models.IntegerField()),  # noqa: S611
        "now": Now(),
    }


def _first_snapshot(rows: models.QuerySet) -> models.Subquery:
    seq = Cast("seq", models.TextField())
    snapshot = Concat(seq, models.Value("-"), "hash", output_field=models.TextField())
    return models.Subquery(rows.annotate(snapshot=snapshot).values("snapshot")[:1])


def _judge(pin: Pin, told: dict[str, Any]) -> PublicState:
    asked, newest = (
        Snapshot.parse(told[key]) if told.get(key) else START
        for key in ("asked_snapshot", "newest_snapshot")
    )
    if pin.release and asked == START:
        _refuse("release", f"There is no release “{pin.release}”: /api/v1/releases lists them.")
    now = max(told["now"], told["newest_at"]) if told else timezone.now()
    if pin.known_at and pin.known_at > now:
        _refuse("known_at", "It lies in the future: what will be known then is not known yet.")
    wanted = pin.snapshot or asked
    if wanted.seq > newest.seq:
        raise Problem("behind" if settings.FOLLOWS else "reset")
    if wanted != asked:
        raise Problem("reset")
    pinned = bool(pin.snapshot or pin.release or asked.seq < newest.seq)
    return PublicState(asked, pinned, told.get("redactions", 0))


def _refuse(parameter: str, detail: str) -> None:
    fault = Fault("invalid", parameter, detail)
    raise Problem("invalid-parameters", f"Mend: {parameter}.", [fault])
