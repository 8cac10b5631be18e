"""One folding of text for the whole product: what is equal after it, is found and sorted alike."""

import re

from anyascii import anyascii

_APART = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """Return `text` in lowercase Latin letters and digits, words separated by single spaces.

    Every script is romanised (anyascii), so "الحشد" and "alhshd" are equal after folding.
    The database compares folded text only (`COLLATE "C"`), and never folds by itself.
    """
    return _APART.sub(" ", anyascii(text).lower()).strip()
