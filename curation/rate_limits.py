"""Limits of how often clients may do something, in the memory of one process.

Nothing about a client is written anywhere, so that nobody can find out who sent a report.
"""

from collections import deque
from math import ceil
from threading import Lock
from time import monotonic


class RateLimit:
    """A limit for each client, and for all of them together, within some seconds."""

    def __init__(self, per_client: int, overall: int, seconds: float) -> None:
        self.per_client, self.overall, self.seconds = per_client, overall, seconds
        self._taken: deque[tuple[float, str]] = deque()
        self._lock = Lock()

    def take(self, client: str) -> int:
        """Count one more for a client and return 0; or return the seconds to wait for it."""
        with self._lock:
            now = monotonic()
            while self._taken and self._taken[0][0] <= now - self.seconds:
                self._taken.popleft()
            everyone = [moment for moment, _ in self._taken]
            own = [moment for moment, name in self._taken if name == client]
            waits = [
                moments[0] + self.seconds - now
                for moments, limit in ((own, self.per_client), (everyone, self.overall))
                if len(moments) >= limit
            ]
            if not waits:
                self._taken.append((now, client))
            return max(1, ceil(max(waits))) if waits else 0

    def clear(self) -> None:
        """Forget what was counted."""
        with self._lock:
            self._taken.clear()
