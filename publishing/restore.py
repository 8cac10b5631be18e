"""How the public record goes on after the database was set back to an earlier state."""

from collections.abc import Set as AbstractSet

from django.db import transaction

from publishing import publication
from publishing.models import FOREVER, Edition
from publishing.registry import record_types
from publishing.snapshots import Snapshot

NOTE = "The database was set back to this state; what was published after it is void."


@transaction.atomic
def diverge_from(lost: AbstractSet[tuple[int, str]]) -> Snapshot:
    """Part from a future that a restore has lost: append a refresh; return the snapshot before it.

    Snapshots tell Editions apart by record, version and kind alone, so what is done again after a
    restore would get the snapshots of what was lost. No publication begins with a refresh; so with
    one of any record no snapshot of the lost future is met again. `lost` are those of refreshes
    that stand in that future, from earlier restores.
    """
    writer = publication.EditionWriter.under_lock()
    restored = writer.snapshot
    while writer.snapshot == restored or tuple(writer.snapshot) in lost:
        chosen = _any_public()
        if chosen is None:
            break
        writer.refresh(chosen, {}, untie=False)
        writer.editions[-1].note = NOTE
        writer.flush()
    return restored


def _any_public() -> Edition | None:
    for registration in record_types().values():
        standing = registration.entry.objects.filter(until_seq=FOREVER)
        if row := standing.order_by("?").values_list("seq", flat=True).first():
            return Edition.objects.get(pk=row)
    return None
