"""Limits of costly requests that run at once, so that no client and no export stops the server.

They hold for one process of the server. All exports together use at most half of its threads.
One client uses at most half of them for exports, statistics, counts and networks together, and at
most a quarter for exports.
"""

from collections import Counter
from threading import RLock

from django.conf import settings
from rest_framework.request import Request

from api.problems import Problem
from publishing.clients import identify_client

MAX_EXPORTS = max(1, settings.THREADS // 2)
MAX_EXPORTS_PER_CLIENT = max(1, settings.THREADS // 4)
MAX_COSTLY_PER_CLIENT = max(1, settings.THREADS // 2)


class Slot:
    """The right to run one costly request, released by `release` or when it is garbage.

    Raises Problem `too-many` if the client runs its maximum, and `busy` if all exports run.
    """

    def __init__(self, request: Request, *, export: bool = False) -> None:
        self._keys: list[str] = []
        name = identify_client(request)
        limits = {f"any {name}": MAX_COSTLY_PER_CLIENT}
        if export:
            limits |= {f"export {name}": MAX_EXPORTS_PER_CLIENT, "export": MAX_EXPORTS}
        with _lock:
            for key, limit in limits.items():
                if _running[key] >= limit:
                    raise Problem("busy" if key == "export" else "too-many")
            self._keys = list(limits)
            _running.update(self._keys)

    def release(self) -> None:
        """Release the right; a second call does nothing."""
        with _lock:
            keys, self._keys = self._keys, []
            _running.subtract(keys)
            for key in keys:
                if not _running[key]:
                    _running.pop(key, None)

    def __enter__(self) -> "Slot":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def __del__(self) -> None:  # if no server has closed the answer
        self.release()


_lock = RLock()  # garbage collection may release a slot while another one is taken
_running: Counter[str] = Counter()
