"""Limits: how many costly requests run at once, so that no client and no export stops the server.

They hold for one process of the server: of `threads` exports take at most half, and one client has
at most half of them for exports, statistics, counts and networks, exports at most a quarter.
"""

from collections import Counter
from threading import RLock

from django.conf import settings
from rest_framework.request import Request

from api.problems import Problem
from publishing.clients import identify_client

EXPORTS = max(1, settings.THREADS // 2)
EXPORTS_EACH = max(1, settings.THREADS // 4)
COSTLY_EACH = max(1, settings.THREADS // 2)


class Slot:
    """The right to run one costly request; given back once, by `release` or when it is forgotten.

    Raises Problem `too-many` where the client has its share, `busy` where all exports run.
    """

    def __init__(self, request: Request, *, export: bool = False) -> None:
        self._held: list[str] = []
        name = identify_client(request)
        wanted = {f"any {name}": COSTLY_EACH}
        if export:
            wanted |= {f"export {name}": EXPORTS_EACH, "export": EXPORTS}
        with _lock:
            for key, most in wanted.items():
                if _running[key] >= most:
                    raise Problem("busy" if key == "export" else "too-many")
            self._held = list(wanted)
            _running.update(self._held)

    def release(self) -> None:
        """Give the slot back."""
        with _lock:
            held, self._held = self._held, []
            _running.subtract(held)
            for key in held:
                if not _running[key]:
                    _running.pop(key, None)

    def __enter__(self) -> "Slot":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def __del__(self) -> None:  # an answer that no server has closed
        self.release()


_lock = RLock()  # collecting garbage may release a slot in the middle of taking one
_running: Counter[str] = Counter()
