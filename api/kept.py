"""Kept answers: whole answers in the memory of a process, so that equal requests cost one query.

An answer at a snapshot never changes, except by redactions. It is kept under all that it follows
from: the request, the snapshot, the newest redaction and the software. So nothing has to be removed
when something is published: the next answer has another key. Django's cache framework is not used:
it keeps answers for a time, whatever happens to the data, and limits their number, not their bytes.
"""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import NamedTuple

from django.conf import settings

_OVERHEAD = 2000
"""About the number of bytes that Python needs to keep an answer without content."""
_LARGEST = 8
"""The part of the memory that one answer may fill."""


class Answer(NamedTuple):
    """An answer with status 200, compressed if it was sent so."""

    headers: dict[str, str]
    content: bytes


class Store:
    """Answers within a number of bytes; those that were not used for longest are removed first."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.bytes = 0
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Hashable) -> Answer | None:
        """Return the answer that is kept under a key."""
        with self._lock:
            if answer := self._answers.get(key):
                self._answers.move_to_end(key)
            return answer

    def keep(self, key: Hashable, answer: Answer) -> None:
        """Keep an answer, unless it is too large, and remove others to make room."""
        size = _measure(answer)
        if size > self.max_bytes // _LARGEST:
            return
        with self._lock:
            if replaced := self._answers.pop(key, None):
                self.bytes -= _measure(replaced)
            self._answers[key] = answer
            self.bytes += size
            while self.bytes > self.max_bytes:
                _, removed = self._answers.popitem(last=False)
                self.bytes -= _measure(removed)


def _measure(answer: Answer) -> int:
    return len(answer.content) + sum(map(len, answer.headers.values())) + _OVERHEAD


STORE = Store(settings.KEPT_ANSWERS * 2**20)
"""The answers of this process."""
