"""A progress bar with the rate and the remaining time, for long work on a terminal."""

import sys
import time
from typing import TextIO

_WIDTH = 30


class Progress:
    """Tells how far some work is; where there is no terminal to see it, it is silent."""

    def __init__(self, title: str, total: int, out: TextIO | None = None) -> None:
        self.title, self.total, self.out = title, total, out or sys.stderr
        self.began = self.told = time.monotonic()

    def __call__(self, done: int) -> None:
        """Tell that `done` of the total are done, a few times a second at the most."""
        now = time.monotonic()
        if not self.out.isatty() or (now - self.told < 0.2 and done < self.total):
            return
        self.told = now
        rate = done / max(now - self.began, 0.001)
        left = int((self.total - done) / rate) if rate else 0
        bar = "#" * (_WIDTH * done // max(self.total, 1))
        self.out.write(
            f"\r{self.title} [{bar:<{_WIDTH}}] {done:,} of {self.total:,}, {rate:,.0f}/s, "
            f"{left // 60}:{left % 60:02d} left "
        )
        if done >= self.total:
            self.out.write("\n")
        self.out.flush()
