"""Isolation of names in Arabic, Hebrew and other scripts that are written from right to left.

Such a name changes the order of the words, dashes and numbers around it: a browser shows a heading
that starts with one as "object - kind - subject". Unicode's isolates prevent that, also where there
is no HTML: in a title, a message, an option of a select or a terminal.
"""

import unicodedata

_FIRST_STRONG, _POP = "\u2068", "\u2069"
_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Characters that start or end a direction. An unpaired one would affect the text that follows."""
_RIGHT_TO_LEFT = {"R", "AL", "AN"}


def remove_isolates(text: str) -> str:
    """Return text without isolates, which are copied together with a name from a page."""
    return text.replace(_FIRST_STRONG, "").replace(_POP, "")


def isolate(text: str) -> str:
    """Return a name that does not change the direction of the text around it.

    A name that is written from left to right needs no isolates.
    """
    name = text.translate(_CONTROLS)
    if any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in name):
        return f"{_FIRST_STRONG}{name}{_POP}"
    return name
