"""Snapshots: positions in the public record that prove what they stand on."""

import hashlib
import re
from typing import NamedTuple
from uuid import UUID

_MARK = re.compile(r"(0|[1-9][0-9]{0,17})-([0-9a-f]{8})", re.ASCII)


class Snapshot(NamedTuple):
    """The state of the public record after the Edition `seq`, written `seq-hash`.

    `hash` chains every Edition up to `seq`: hash(n) is the first eight hex digits of the
    SHA-256 of the ASCII text `hash(n-1) seq id version kind`, and hash(0) is `00000000`. Whoever
    follows the feed can therefore prove that nothing was missed.
    """

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}-{self.hash}"

    def after(self, record: UUID | str, version: int, kind: str) -> "Snapshot":
        """Return the snapshot of the Edition that follows this one."""
        seq = self.seq + 1
        chained = f"{self.hash} {seq} {record} {version} {kind}"
        return Snapshot(seq, hashlib.sha256(chained.encode("ascii")).hexdigest()[:8])

    @classmethod
    def parse(cls, text: str) -> "Snapshot":
        """Read a snapshot; ValueError where `text` is none."""
        found = _MARK.fullmatch(text)
        if not found:
            raise ValueError("A snapshot is a number, a hyphen and eight hex digits: 123-0a1b2c3d.")
        return cls(int(found[1]), found[2])


START = Snapshot(0, "00000000")
"""The snapshot before the first Edition."""
