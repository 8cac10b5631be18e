"""Computed properties: those of summaries that depend on other records, which no text has."""

from collections.abc import Iterable

from publishing import documents
from publishing.models import Entry
from publishing.snapshots import Snapshot


def build_computed(
    entry: type[Entry], names: Iterable[str], snapshot: Snapshot
) -> tuple[str, list[int]]:
    """Return an expression for a JSON object of properties of the edition `page.seq`.

    They are computed at the snapshot, or columns of `page`. The parameters of the expression follow
    it.
    """
    pairs = (
        f"'{name}', ({entry.computed[name].sql})"
        if name in entry.computed
        else f"'{name}', page.{name}"
        for name in names
    )
    sql = f"json_build_object({', '.join(pairs)})"
    return sql, [snapshot.seq] * sql.count("%s")


def append_computed(text: bytes, computed: str | bytes) -> bytes:
    """Return the JSON of an object followed by the properties of another one."""
    return documents.append_properties(text, documents.load(computed))
