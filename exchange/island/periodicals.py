"""The periodical sources of the island, which the generated incidents cite."""

from calendar import month_name
from collections.abc import Iterator
from datetime import date

from exchange.island.drawing import SUFFIX, Json, make_public_id

FIRST, LAST = date(2022, 7, 1), date(2026, 6, 30)
"""The days on which the generated incidents happen: four years."""


def find_monthly(day: date) -> str:
    """Return the key of the monthly report of the Observer Mission about a day."""
    return f"mission-{day:%Y-%m}"


def find_quarterly(publisher: str, day: date) -> str:
    """Return the key of the quarterly of a publisher about a day."""
    return f"{publisher}-{day.year}-q{(day.month + 2) // 3}"


def make_periodicals() -> Iterator[Json]:
    """Yield all periodicals, in the form of the dataset."""
    year, month = FIRST.year, FIRST.month
    while date(year, month, 1) <= LAST:
        day = date(year, month, 1)
        following = date(year + month // 12, month % 12 + 1, 1)
        title = f"Monthly report, {month_name[month]} {year}"
        yield _make(find_monthly(day), title, "report", "mission", f"{following:%Y-%m}")
        if month % 3 == 0:
            quarter, published = f"{_ORDINALS[month // 3 - 1]} quarter of {year}", f"{day:%Y-%m}"
            for publisher, name, kind in (
                ("forces-press", "Communiqués of the Armed Forces", "official_document"),
                ("council-office", "Statements of the Council", "statement"),
            ):
                key = find_quarterly(publisher, day)
                yield _make(key, f"{name}, {quarter}", kind, publisher, published)
        year, month = following.year, following.month


_ORDINALS = ("first", "second", "third", "fourth")


def _make(key: str, title: str, kind: str, publisher: str, published: str) -> Json:
    return {
        "key": key,
        "public_id": make_public_id("source", key),
        "title": f"{title} {SUFFIX}",
        "kind": kind,
        "publisher": publisher,
        "url": f"https://{publisher}.example/{key}",
        "language": "en",
        "published": published,
    }
