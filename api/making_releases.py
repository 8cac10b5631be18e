"""Making a release: every export is gone through once, and what it holds is written down."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.db import models

from api import exports
from publishing import publication
from publishing.models.edition import Edition
from publishing.models.release import Release
from publishing.registry import record_types


def make_release(
    name: str,
    note: str,
    check_note: Callable[[str], None],
    step: Callable[[int], object] = lambda number: None,
) -> Release:
    """Name the newest snapshot, and write down what it holds. Nothing but the row is written.

    Every export is gone through once, in constant memory; `step` is called with the number of
    records that were just gone through. Raises ValidationError where the name is malformed or
    taken or nothing has been published yet, and what `check_note` raises of the note.
    """
    check_note(note)
    snapshot = Edition.objects.newest_snapshot()
    before = Release.objects.order_by("-published_at").first()
    release = Release(
        name=name,
        seq=snapshot.seq,
        hash=snapshot.hash,
        published_at=publication.read_clock(),
        licence=settings.LICENCE,
        note=note.strip(),
        before=before.name if before else "",
    )
    release.full_clean(validate_constraints=False)
    for word, registration in record_types().items():
        entries = registration.entry.objects.at(snapshot.seq)
        release.exports[f"{word}s"] = {
            "count": entries.count(),
            "formats": {
                format_: _digest(exports.export(format_, entries, snapshot), step)
                for format_ in exports.formats(registration.serializer)
            },
        }
    release.changes = _changes(before.seq if before else 0, snapshot.seq)
    release.save(force_insert=True)
    return release


def _digest(pieces: Iterator[bytes], step: Callable[[int], object]) -> dict[str, Any]:
    """Return size and SHA-256 of what an export sends."""
    size, sha256 = 0, hashlib.sha256()
    for number, piece in enumerate(pieces):
        size += len(piece)
        sha256.update(piece)
        if number:  # one piece, the head or the end, is no record
            step(1)
    return {"size": size, "sha256": sha256.hexdigest()}


def _changes(after: int, until: int) -> dict[str, Any]:
    """Return the number of Editions in a stretch of the record, by resource and kind."""
    editions = Edition.objects.filter(seq__gt=after, seq__lte=until)
    counted = editions.order_by("type", "kind").values_list("type", "kind")
    found: dict[str, Any] = defaultdict(Counter)
    for type_, kind, number in counted.annotate(number=models.Count("seq")):
        found[f"{type_}s"][kind] = number
    return found
