"""Isolation of names in Arabic, Hebrew and other letters that run from right to left.

Beside such a name a browser turns the words, dashes and numbers of a line around: a heading that
begins with one reads "object - kind - subject". Unicode's isolates keep the name to itself, also
where there is no HTML: in a title, a message, an option of a select or a terminal.
"""

import unicodedata

_FIRST_STRONG, _POP = "\u2068", "\u2069"
_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""What sets a direction or ends it: one without its counterpart would reach beyond the name."""
_TURNING = {"R", "AL", "AN"}


def remove_isolates(text: str) -> str:
    """Return text without isolates, which come along when a name is copied from a page."""
    return text.replace(_FIRST_STRONG, "").replace(_POP, "")


def isolate(text: str) -> str:
    """Return a name such that its direction does not reach beyond it.

    What runs from left to right, as the text of the admin does, is returned as it is.
    """
    name = text.translate(_CONTROLS)
    if any(unicodedata.bidirectional(letter) in _TURNING for letter in name):
        return f"{_FIRST_STRONG}{name}{_POP}"
    return name
