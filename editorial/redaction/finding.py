"""Finding a text in others, however it is cased, composed, spaced and marked."""

import re
from functools import lru_cache
from unicodedata import category, normalize
from urllib.parse import quote

from editorial.folding import fold

_TATWEEL = "\u0640"
_BETWEEN = r"(?:[\s_+.-]|%20)+"
"""What stands between words: white space, and what addresses and slugs have instead of it."""


def pattern(text: str) -> re.Pattern[str]:
    """Return the expression that finds a text, its folded form and how addresses write it."""
    words = text.split()
    forms = {
        tuple(_plain(word)[0] for word in words),
        tuple(fold(text).split()),
        tuple(_plain(quote(word))[0] for word in words),
    }
    told = {_BETWEEN.join(map(re.escape, filter(None, form))) for form in forms} - {""}
    return re.compile("|".join(sorted(told, key=len, reverse=True)))


def replaced(pattern: re.Pattern[str], instead: str, text: str) -> str:
    """Return `text` with `instead` wherever it holds what a pattern finds."""
    plain, at = _plain(text)
    done, end = "", 0
    for found in pattern.finditer(plain):
        first, last = at[found.start()], at[found.end() - 1] + 1
        while last < len(text) and not _told(text[last]):  # marks on the last letter go with it
            last += 1
        done, end = done + text[end : max(first, end)] + instead, last
    return done + text[end:]


def _plain(text: str) -> tuple[str, list[int] | range]:
    """Return a text without what cannot be seen or is a mark, and where each letter stood."""
    if text.isascii():
        return text.lower(), range(len(text))
    letters, at = [], []
    for place, char in enumerate(text):
        told = _told(char)
        letters.append(told)
        at += [place] * len(told)
    return "".join(letters), at


@lru_cache(2**14)
def _told(char: str) -> str:
    """Return what is left of a character: nothing of marks, vowel signs and invisible ones."""
    return "".join(
        part
        for part in normalize("NFKD", char.casefold())
        if part != _TATWEEL and category(part) not in ("Mn", "Cf", "Cs")
    )
