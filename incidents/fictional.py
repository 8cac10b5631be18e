"""The notice about fictional records, which pages show while such records are public."""

from incidents.codes import Tag
from incidents.entries import IncidentEntry
from publishing.models import FOREVER

NOTICE = (
    "This database contains fictional records, which show what the software does: an invented "
    "country, and actors and incidents that never existed. Their incidents have the tag "
    "“fictional”, and their places and sources say “(fictional)”."
)


def find_notice(seq: int | None = None) -> str | None:
    """Return the notice if fictional incidents are public, else None.

    `seq` is that of a snapshot; None is the newest. Only index entries are read.
    """
    entries = IncidentEntry.objects
    public = entries.filter(until_seq=FOREVER) if seq is None else entries.at(seq)
    return NOTICE if public.filter(tags__contains=[Tag.FICTIONAL]).exists() else None
