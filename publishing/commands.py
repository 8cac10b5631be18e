"""The base of the management commands: a help that keeps its lines, and a progress bar."""

import sys
import time
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Protocol, TextIO

from django.core.management.base import BaseCommand

_BAR = 24
_SECONDS = {True: 0.2, False: 10.0}
"""How long to wait before saying more: on a terminal, and in a log."""


class Step(Protocol):
    """Says that so many more are done."""

    def __call__(self, number: int = 1) -> None: ...


class Progress:
    """Tells of one phase after the other: a bar on a terminal, a line now and then elsewhere."""

    def __init__(self, out: TextIO | None = None) -> None:
        self.out = out or sys.stderr
        self.terminal = self.out.isatty()

    @contextmanager
    def phase(self, name: str, total: int) -> Iterator[Step]:
        """Yield what counts the work of a phase; say at its end how long it took."""
        began = said = time.monotonic()
        done = 0

        def step(number: int = 1) -> None:
            nonlocal done, said
            done += number
            now = time.monotonic()
            if now - said >= _SECONDS[self.terminal]:
                said = now
                self._say(self._under_way(name, done, total, now - began))

        try:
            yield step
        except BaseException:
            self._say(f"{name}: broken off after {done:,} of {total:,}", last=True)
            raise
        took = max(time.monotonic() - began, 1e-6)
        if total or done:
            self._say(f"{name}: {done:,} in {_span(took)}, {done / took:,.0f}/s", last=True)

    def _under_way(self, name: str, done: int, total: int, took: float) -> str:
        """Return the line of a phase that goes on."""
        rate = done / took
        share = min(done / total, 1) if total else 0
        left = _span((total - done) / rate) if rate and total > done else "0 s"
        told = f"{done:,} of {total:,}, {rate:,.0f}/s, {left} left"
        if self.terminal:
            bar = "#" * round(share * _BAR)
            return f"{name}: [{bar:<{_BAR}}] {told}"
        return f"{name}: {told}"

    def _say(self, line: str, last: bool = False) -> None:
        if self.terminal:
            self.out.write(f"\r\x1b[K{line}" + "\n" * last)
        else:
            self.out.write(f"{line}\n")
        self.out.flush()


def _span(seconds: float) -> str:
    """Return a span of time in words that can be read at a glance."""
    if seconds < 100:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


class Command(BaseCommand):
    """The base of commands whose help teaches."""

    def create_parser(self, *args: Any, **options: Any) -> Any:
        """Keep the lines of the help as they are written."""
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    @cached_property
    def progress(self) -> Progress:
        """Tells how far long work is, on the error stream: a bar where that is a terminal."""
        return Progress(getattr(self.stderr, "_out", None))
