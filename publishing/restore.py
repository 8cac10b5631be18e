"""Continuing the public record after the database was restored to an earlier state."""

from collections.abc import Set as AbstractSet

from django.db import transaction

from publishing import publication
from publishing.models import FOREVER, Edition
from publishing.registry import record_types
from publishing.snapshots import Snapshot

NOTE = "The database was restored to this state. Everything published after it is void."


@transaction.atomic
def diverge_from(lost: AbstractSet[tuple[int, str]]) -> Snapshot:
    """Append a refresh, so that no later snapshot equals a lost one; return the one before it.

    A snapshot depends on the record, the version and the kind of each Edition alone. If the same
    publications were repeated after a restore, their snapshots would equal the lost ones and
    clients would not notice the restore. No publication starts with a refresh of another record,
    so after one refresh the snapshots differ. `lost` are the snapshots of such refreshes by earlier
    restores: the new one must differ from these too.
    """
    writer = publication.EditionWriter.under_lock()
    restored = writer.snapshot
    while writer.snapshot == restored or tuple(writer.snapshot) in lost:
        edition = _choose_public()
        if edition is None:
            break
        writer.refresh(edition, {}, is_merge=False)
        writer.editions[-1].note = NOTE
        writer.flush()
    return restored


def _choose_public() -> Edition | None:
    for registration in record_types().values():
        current = registration.entry.objects.filter(until_seq=FOREVER)
        if seq := current.order_by("?").values_list("seq", flat=True).first():
            return Edition.objects.get(pk=seq)
    return None
