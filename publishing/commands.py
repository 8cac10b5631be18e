"""The base of the management commands: preformatted help and a progress bar."""

import sys
import time
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Protocol, TextIO

from django.core.management.base import BaseCommand

_BAR_WIDTH = 24
_SECONDS = {True: 0.2, False: 10.0}
"""The seconds between two reports: on a terminal (True), and in a log (False)."""


class StepCallback(Protocol):
    """A function that reports that a number of further items is done."""

    def __call__(self, number: int = 1) -> None: ...


class Progress:
    """A progress report, phase by phase: a bar on a terminal, else a line every ten seconds."""

    def __init__(self, out: TextIO | None = None) -> None:
        self.out = out or sys.stderr
        self.terminal = self.out.isatty()

    @contextmanager
    def phase(self, name: str, total: int) -> Iterator[StepCallback]:
        """Yield the callback that counts the items of a phase; report its duration at the end."""
        started = reported = time.monotonic()
        done = 0

        def step(number: int = 1) -> None:
            nonlocal done, reported
            done += number
            now = time.monotonic()
            if now - reported >= _SECONDS[self.terminal]:
                reported = now
                self._write(self._describe(name, done, total, now - started))

        try:
            yield step
        except BaseException:
            self._write(f"{name}: stopped after {done:,} of {total:,}", last=True)
            raise
        took = max(time.monotonic() - started, 1e-6)
        if total or done:
            self._write(
                f"{name}: {done:,} in {_format_duration(took)}, {done / took:,.0f}/s", last=True
            )

    def _describe(self, name: str, done: int, total: int, took: float) -> str:
        """Return the line of a phase in progress."""
        rate = done / took
        share = min(done / total, 1) if total else 0
        left = _format_duration((total - done) / rate) if rate and total > done else "0 s"
        numbers = f"{done:,} of {total:,}, {rate:,.0f}/s, {left} left"
        if self.terminal:
            bar = "#" * round(share * _BAR_WIDTH)
            return f"{name}: [{bar:<{_BAR_WIDTH}}] {numbers}"
        return f"{name}: {numbers}"

    def _write(self, line: str, last: bool = False) -> None:
        if self.terminal:
            self.out.write(f"\r\x1b[K{line}" + "\n" * last)
        else:
            self.out.write(f"{line}\n")
        self.out.flush()


def _format_duration(seconds: float) -> str:
    """Return a duration in seconds, minutes or hours."""
    if seconds < 100:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


class Command(BaseCommand):
    """The base of all commands, with a help that explains by example."""

    def create_parser(self, *args: Any, **options: Any) -> Any:
        """Keep the line breaks of the help."""
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    @cached_property
    def progress(self) -> Progress:
        """The progress report of the command, on the error stream."""
        return Progress(getattr(self.stderr, "_out", None))
