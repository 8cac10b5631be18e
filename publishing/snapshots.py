"""Snapshots: positions in the public record, with a hash of everything before them."""

import hashlib
import re
from typing import NamedTuple
from uuid import UUID

_PATTERN = re.compile(r"(0|[1-9][0-9]{0,17})-([0-9a-f]{8})", re.ASCII)


class Snapshot(NamedTuple):
    """The state of the public record after the Edition `seq`, written `seq-hash`.

    `hash` chains every Edition up to `seq`: hash(n) is the first eight hex digits of the
    SHA-256 of the ASCII text `hash(n-1) seq id version kind`, and hash(0) is `00000000`. A client
    that follows the feed can therefore prove that it missed nothing.
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
        """Parse a snapshot; raise ValueError if `text` is not one."""
        match = _PATTERN.fullmatch(text)
        if not match:
            raise ValueError("A snapshot is a number, a hyphen and eight hex digits: 123-0a1b2c3d.")
        snapshot = cls(int(match[1]), match[2])
        if snapshot.seq == 0 and snapshot != START:
            raise ValueError(f"The snapshot before the first edition is {START}.")
        return snapshot


START = Snapshot(0, "00000000")
"""The snapshot before the first Edition."""
