"""Hints in refusals: what to write instead of a name or a word that the API does not know."""

import difflib
import re
from collections.abc import Collection, Iterable, Sequence

from dates import DateError, parse_day_range

MAX_LISTED = 16
"""A longer list is not part of a message: the message says where it is."""
DOCS = "/api/v1/docs"

_PAGES = {"offset", "page", "skip", "page_number", "pagenumber"}
_STARTS = {"from", "since", "start", "begin", "start_date", "date_from", "from_date", "after"}
_ENDS = {"to", "until", "end", "end_date", "date_to", "to_date", "before"}
_DATES = {"year", "date", "day", "month"}
_PERIODS = ("occurred", "source_date")
"""The parameters of the dates of records, without `_from` and `_to`."""
_SYNONYMS = {
    "limit": {"page_size", "per_page", "size", "rows", "top", "max", "pagesize"},
    "q": {"search", "query", "text", "keyword", "keywords", "term"},
    "sort": {"order", "order_by", "orderby", "ordering", "sort_by", "sortby"},
    "detail": {"full", "expand", "include"},
    "fields": {"columns", "select", "only", "properties", "attributes"},
}


def suggest_parameter(name: str, values: Sequence[str], names: Collection[str]) -> str:
    """Return what to do about a parameter that is none of `names`, the parameters of an address."""
    key = name.lower()
    if key in _PAGES and "cursor" in names:
        return "There are no page numbers: use `next`, or the `cursor` in it."
    if key in _PAGES and "after" in names:
        return "There are no page numbers: use `next`."
    if hint := _suggest_dates(key, values, names):
        return hint
    for known, synonyms in _SYNONYMS.items():
        if key in synonyms and known in names:
            return f"Use `{known}`."
    if near := difflib.get_close_matches(key, names, 1):
        return f"Did you mean “{near[0]}”?"
    if not names:
        return "This address has no parameters."
    return list_words(names, DOCS)


def _suggest_dates(name: str, values: Sequence[str], names: Collection[str]) -> str | None:
    period = next((each for each in _PERIODS if f"{each}_from" in names), None)
    if period is None:
        if name in _STARTS and "after" in names:
            return "Use `after`."
        if name in _STARTS | _ENDS | _DATES and "at" in names:
            return "Use `at`, with a day, a month or a year."
        return None
    start, end = f"{period}_from", f"{period}_to"
    if name == "at" and "scope_at" in names:
        return (
            f"Use `{start}` and `{end}` for when it happened, and `scope_at` for the day of the "
            "affiliations in a scope."
        )
    if name not in {"at", *_STARTS, *_ENDS, *_DATES}:
        return None
    wanted = [start] * (name not in _ENDS) + [end] * (name not in _STARTS)
    day = values[-1] if values and _is_day(values[-1]) else None
    return f"Use {' and '.join(f'`{each}={day}`' if day else f'`{each}`' for each in wanted)}."


def _is_day(text: str) -> bool:
    try:
        parse_day_range(text)
    except DateError:
        return False
    return True


def suggest_word(text: str, words: Collection[str], where: str, noun: str = "word") -> str:
    """Return what to write instead of a text that is none of some words; `where` has the list."""
    hint = ""
    key = re.sub(r"[\s-]+", "_", text.strip().lower())
    if near := difflib.get_close_matches(key, words, 1):
        hint = f" Did you mean “{near[0]}”?"
    if hint and len(words) > MAX_LISTED:
        return f"There is no {noun} “{text[:40]}”.{hint} For the whole list, see {where}."
    return f"There is no {noun} “{text[:40]}”.{hint} {list_words(words, where)}"


def list_words(words: Iterable[str], where: str) -> str:
    """Return a sentence with a few words to use, or else with the address of a longer list."""
    listed = list(words)
    if not listed or len(listed) > MAX_LISTED:
        return f"See {where}."
    return f"Use {listed[0]}." if len(listed) == 1 else f"Use one of: {', '.join(listed)}."
