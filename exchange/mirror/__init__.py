"""A reference mirror, which follows the feed of a Muster server into a file.

This folder needs only Python. Copy it to start a mirror of your own:

    python -m mirror https://muster.example.org --to muster.sqlite

It shows what every mirror must do: store its position together with its data, verify each step,
resume, wait for a server that is unavailable, apply withdrawals, merges and redactions, and start
again after the server was restored from a backup.
"""

import sqlite3
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

from .feed import PAUSES, ChainError, Feed, MirrorError, Print, ResetError, get_seq, verify_item
from .stores import InvalidFileError, JsonLinesStore, SqliteStore, Store

__all__ = ["HELP", "MirrorError", "add_arguments", "mirror"]

HELP = """\
Mirror the public record of a Muster server: follow its feed, from the start or from the position of
the file, and verify by the chained hash that nothing was missed. The mirror may be killed at any
moment: the next run continues at the same position.

  mirror URL --to muster.sqlite         the present, as a SQLite file: a row of `records` for each
                                        record that ever was public, with a null `document` if it
                                        is no longer public; `position` has the snapshot
  mirror URL --to muster.jsonl --jsonl  the past too, as JSON lines: every edition, as in the feed.
                                        After a redaction, and after one was undone, the whole
                                        file is written again, since its older lines differ
  mirror URL --to FILE --follow 10      continue for ever, with a request every 10 seconds; Ctrl-C
                                        stops it

Exit codes:
  0  FILE is up to date
  1  the server could not be reached, or refused the request; try again later
  2  the command line is wrong, or FILE is not a mirror
  3  the server does not know the position of FILE, such as after it was restored from an older
     backup: add --restart to start again
  4  the feed is inconsistent: something was left out, added or changed on the way
"""


def store_pages(feed: "Feed", store: Store) -> Iterator[tuple[str, str]]:
    """Update the store to the newest snapshot; yield its position and that snapshot by page.

    Raises ChainError, before it stores a page that leaves out, adds or changes something.
    """
    while True:
        page = feed.after(store.position)
        snapshot = store.position
        try:
            for item in page["results"]:
                snapshot = verify_item(snapshot, item)
        except (AttributeError, KeyError, TypeError):
            raise ChainError(f"The feed after {snapshot} cannot be read.") from None
        more = page["next"] and page["results"]
        if not more and snapshot != page["snapshot"]:
            raise ChainError(
                f"The feed ends at {snapshot} but states {page['snapshot']} as its end: something "
                "was left out. Nothing of this page was stored."
            )
        if page["results"]:
            store.add(page["results"], page["snapshot"])
        yield store.position, page["snapshot"]
        if store.position == page["snapshot"]:
            return


class MirrorProgress:
    """A line on the position, the speed and the time left, once a second."""

    def __init__(self, print_line: Print) -> None:
        self.print_line, self.began, self.printed, self.first = (
            print_line,
            time.monotonic(),
            0.0,
            -1,
        )

    def __call__(self, position: str, snapshot: str) -> None:
        now, seq, end = time.monotonic(), get_seq(position), get_seq(snapshot)
        if self.first < 0 or seq < self.first:
            self.first, self.began = seq, now
            return
        rate = (seq - self.first) / (now - self.began)
        if rate and now - self.printed >= 1:
            self.printed = now
            self.print_line(
                f"{seq} of {end} editions, {rate:.0f}/s, {(end - seq) / rate:.0f} s left"
            )


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "url", metavar="URL", help="address of the server, such as https://muster.example.org"
    )
    parser.add_argument(
        "--to", metavar="FILE", type=Path, required=True, help="created if it does not exist"
    )
    parser.add_argument(
        "--jsonl", action="store_true", help="write JSON lines with the past, not SQLite"
    )
    parser.add_argument(
        "--follow",
        metavar="SECONDS",
        type=float,
        help="continue, with a request every so many seconds",
    )
    parser.add_argument(
        "--restart",
        action="store_true",
        help="start again if the server does not know the position",
    )
    parser.add_argument(
        "--limit", type=int, default=500, help="editions per page, from 1 to 1000 (500)"
    )


def mirror(
    url: str,
    to: Path,
    print_line: Print,
    *,
    jsonl: bool = False,
    follow: float | None = None,
    restart: bool = False,
    limit: int = 500,
    pauses: tuple[float, ...] = PAUSES,
) -> None:
    """Mirror `url` into the file `to`. Raises MirrorError, whose `code` is the exit code."""
    if not url.startswith(("https://", "http://")):
        raise InvalidFileError(
            f"Invalid address {url}: use one such as https://muster.example.org."
        )
    try:
        store: Store = JsonLinesStore(to) if jsonl else SqliteStore(to)
    except (OSError, sqlite3.Error) as error:
        raise InvalidFileError(f"{to} cannot be written: {error}.") from None
    feed, printed = Feed(url, limit, print_line, pauses), ""
    try:
        while True:
            progress = MirrorProgress(print_line)
            try:
                for position, snapshot in store_pages(feed, store):
                    progress(position, snapshot)
            except ResetError:
                if not restart:
                    raise
                print_line(
                    f"The server does not know the position {store.position}: starting again"
                )
                store.empty()
                continue
            if store.position != printed:
                printed = store.position
                print_line(f"Up to date: {printed}; nothing was missed")
            if follow is None:
                return
            time.sleep(follow)
    except KeyboardInterrupt:
        print_line(f"Stopped at {store.position}")
    finally:
        store.close()
