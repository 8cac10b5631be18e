"""Matching of texts regardless of case, composition, white space and marks."""

import re
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import category, normalize
from urllib.parse import quote

from publishing.normalization import fold_text

_TATWEEL = "\u0640"
_BETWEEN = re.compile(r"[\s_+.-]+")
"""The separators of words: white space, and what URLs and slugs have instead."""
_SPACE = "%20"
_CHARACTER = re.compile(rf"{_SPACE}|.", re.DOTALL)


def pattern(text: str) -> re.Pattern[str]:
    """Return a pattern that finds a text, its folded form and its form in URLs."""
    forms = {_BETWEEN.pattern.join(map(re.escape, form)) for form in _forms(text)}
    return re.compile("|".join(sorted(forms, key=len, reverse=True)))


def passages(text: str) -> set[str]:
    """Return the forms of a text as `space_words` writes them.

    If `pattern` finds the text in another, `space_words(other)` contains one of these forms.
    """
    return {_BETWEEN.sub(" ", " ".join(form)) for form in _forms(text)}


def combine_passages(passages: Iterable[str]) -> str:
    """Return an expression that finds passages that `space_words` wrote."""
    longest = sorted(passages, key=len, reverse=True)
    words = (map(re.escape, passage.split(" ")) for passage in longest)
    return "|".join(map(_BETWEEN.pattern.join, words))


def pattern_of_names(names: Iterable[str]) -> str:
    """Return an expression that finds names as whole words; blank if there are none."""
    passages = {space_words(name).strip() for name in names} - {""}
    return rf"(?<!\w)(?:{combine_passages(passages)})(?!\w)" if passages else ""


def space_words(text: str) -> str:
    """Return a text for comparison: plain letters, with one space between words."""
    return _BETWEEN.sub(" ", _plain(text)[0])


def _forms(text: str) -> set[tuple[str, ...]]:
    """Return the words of a text as they are, folded, and as in URLs.

    Forms of one letter are left out, since almost every text contains them.
    """
    forms = {
        tuple(_plain(text)[0].split()),
        tuple(fold_text(text).split()),
        tuple(filter(None, (_plain(quote(word))[0] for word in text.split()))),
    }
    return {form for form in forms if len("".join(form)) > 1}


def replace_matches(pattern: re.Pattern[str], instead: str, text: str) -> str:
    """Return a text in which `instead` replaces everything that a pattern finds."""
    plain, at = _plain(text)
    done, end = "", 0
    for found in pattern.finditer(plain):
        first, last = at[found.start()], at[found.end() - 1] + 1
        while last < len(text) and not _strip_marks(text[last]):  # marks on the last letter
            last += 1
        done, end = done + text[end : max(first, end)] + instead, last
    return done + text[end:]


def _plain(text: str) -> tuple[str, list[int] | range]:
    """Return a text without marks and invisible characters, and the index of each letter."""
    if text.isascii() and _SPACE not in text:
        return text.lower(), range(len(text))
    letters, at = [], []
    for found in _CHARACTER.finditer(text):
        plain = " " if found[0] == _SPACE else _strip_marks(found[0])
        letters.append(plain)
        at += [found.start()] * len(plain)
    return "".join(letters), at


@lru_cache(2**14)
def _strip_marks(char: str) -> str:
    """Return the plain letters of a character: none for marks and invisible characters."""
    return "".join(
        part
        for part in normalize("NFKD", char.casefold())
        if part != _TATWEEL and category(part) not in ("Mn", "Cf", "Cs")
    )
