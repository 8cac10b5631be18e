"""A reference mirror: follows the feed of a Muster server into a file of its own.

This folder needs Python and nothing else, and may be copied as a start for mirrors of one's own:

    python -m mirror https://muster.example.org --to muster.sqlite

What any mirror has to do is here: keep its position with its data, prove each step, resume, wait
for a server that is away, honour withdrawals, merges and redactions, begin anew after a restore.
"""

import sqlite3
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

from .feed import PAUSES, ChainError, Feed, MirrorError, ResetError, Say, number, proven
from .stores import Log, NoMirrorError, Present, Store

__all__ = ["HELP", "MirrorError", "add_arguments", "mirror"]

HELP = """\
Mirror the public record of a Muster server: follow its feed, from the start or from where this
file stopped, and prove by the chained hash that nothing was missed. It may be killed at any
moment: the next run goes on exactly where it stood.

  mirror URL --to muster.sqlite         the present, as a SQLite file: a row of `records` for each
                                        record that ever was public, its `document` null if it is
                                        not any more; `position` holds the snapshot of this state
  mirror URL --to muster.jsonl --jsonl  the past too, as JSON lines: every Edition, as the feed
                                        tells it. After a redaction the log is written anew, since
                                        its past lines hold what was redacted
  mirror URL --to FILE --follow 10      go on for ever, asking every 10 seconds; Ctrl-C ends it

Exit codes:
  0  FILE is what the server had at that moment
  1  the server was not reached, or refused; run it again later
  2  the command line is wrong, or FILE is not a mirror
  3  the server has lost the position of FILE, as after a restore of an older backup: --restart
     begins anew
  4  the feed does not hold together: something was left out, added or changed on the way
"""


def pages(feed: "Feed", store: Store) -> Iterator[tuple[str, str]]:
    """Bring the store up to the newest snapshot; yield its position and that one, page by page.

    Raises ChainError where the feed leaves out, adds or changes something, before it is stored.
    """
    while True:
        page = feed.after(store.position)
        snapshot = store.position
        try:
            for item in page["results"]:
                snapshot = proven(snapshot, item)
        except (AttributeError, KeyError, TypeError):
            raise ChainError(f"What the feed tells after {snapshot} cannot be read.") from None
        more = page["next"] and page["results"]
        if not more and snapshot != page["snapshot"]:
            raise ChainError(
                f"The feed ends at {snapshot} but claims to reach {page['snapshot']}: something "
                "was left out. Nothing of this page was kept."
            )
        if page["results"]:
            store.add(page["results"], page["snapshot"])
        yield store.position, page["snapshot"]
        if store.position == page["snapshot"]:
            return


class Progress:
    """Says where the mirror stands, how fast it goes and how long it takes; once a second."""

    def __init__(self, say: Say) -> None:
        self.say, self.began, self.told, self.first = say, time.monotonic(), 0.0, -1

    def __call__(self, position: str, snapshot: str) -> None:
        now, seq, end = time.monotonic(), number(position), number(snapshot)
        if self.first < 0 or seq < self.first:
            self.first, self.began = seq, now
            return
        rate = (seq - self.first) / (now - self.began)
        if rate and now - self.told >= 1:
            self.told = now
            self.say(f"{seq} of {end} editions, {rate:.0f}/s, {(end - seq) / rate:.0f} s left")


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("url", metavar="URL", help="of the server, as https://muster.example.org")
    parser.add_argument("--to", metavar="FILE", type=Path, required=True, help="made if absent")
    parser.add_argument("--jsonl", action="store_true", help="JSON lines: the past, not SQLite")
    parser.add_argument(
        "--follow", metavar="SECONDS", type=float, help="go on, asking again after so long"
    )
    parser.add_argument(
        "--restart", action="store_true", help="begin anew if the server lost the position"
    )
    parser.add_argument(
        "--limit", type=int, default=500, help="editions a page, of one transaction each: 1 to 1000"
    )


def mirror(
    url: str,
    to: Path,
    say: Say,
    *,
    jsonl: bool = False,
    follow: float | None = None,
    restart: bool = False,
    limit: int = 500,
    pauses: tuple[float, ...] = PAUSES,
) -> None:
    """Mirror `url` into the file `to`. Raises MirrorError, whose `code` is the exit code."""
    if not url.startswith(("https://", "http://")):
        raise NoMirrorError(f"{url} is no address: write it as https://muster.example.org.")
    try:
        store: Store = Log(to) if jsonl else Present(to)
    except (OSError, sqlite3.Error) as error:
        raise NoMirrorError(f"{to} cannot be written: {error}.") from None
    feed, told = Feed(url, limit, say, pauses), ""
    try:
        while True:
            progress = Progress(say)
            try:
                for position, snapshot in pages(feed, store):
                    progress(position, snapshot)
            except ResetError:
                if not restart:
                    raise
                say(f"The server has lost the position {store.position}: beginning anew")
                store.empty()
                continue
            if store.position != told:
                told = store.position
                say(f"Up to date: {told}; nothing was missed")
            if follow is None:
                return
            time.sleep(follow)
    except KeyboardInterrupt:
        say(f"Stopped at {store.position}")
    finally:
        store.close()
