"""Numbers as sources write them: “7”, “4-7”, “at least ten”, “dozens”."""

import re
from typing import NamedTuple

from sources.codes import Quantifier


class Reading(NamedTuple):
    """What a number in words means."""

    low: int | None
    best: int | None
    high: int | None
    quantifier: Quantifier


_WORDS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {
    "no": 0,
    "none": 0,
    "a": 1,
    "an": 1,
    "a dozen": 12,
    "half a dozen": 6,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "a hundred": 100,
    "one hundred": 100,
    "a thousand": 1000,
}
_VAGUE = {
    "several": Quantifier.SEVERAL,
    "some": Quantifier.SEVERAL,
    "few": Quantifier.FEW,
    "a few": Quantifier.FEW,
    "many": Quantifier.MANY,
    "dozens": Quantifier.DOZENS,
    "scores": Quantifier.DOZENS,
    "hundreds": Quantifier.HUNDREDS,
    "thousands": Quantifier.THOUSANDS,
    "tens of thousands": Quantifier.TENS_OF_THOUSANDS,
    "unspecified": Quantifier.UNSPECIFIED,
}
_AT_LEAST = re.compile(
    r"(?:at least|no fewer than|not less than|minimum|>=|≥) ?(.+)|(.+?) ?(?:\+|or more)"
)
_AT_MOST = re.compile(r"(?:at most|up to|no more than|maximum|<=|≤) ?(.+)|(.+?) or (?:less|fewer)")
_ABOUT = re.compile(
    r"(?:about|around|approximately|approx\.?|some|roughly|nearly|almost|~|c\.) ?(.+)"
)
_RANGE = re.compile(r"(?:between )?(.+?) ?(?:-|–|—|\bto\b|\band\b) ?(.+)")


def read_number(text: str) -> Reading:
    """Return what a number means as a source writes it. Raises ValueError if it is not readable."""
    words = " ".join(text.lower().split())
    if words in _VAGUE:
        return Reading(None, None, None, _VAGUE[words])
    if (number := _read_integer(words)) is not None:
        is_dozen = words.endswith("dozen")
        return Reading(
            None, number, None, Quantifier.APPROXIMATELY if is_dozen else Quantifier.EXACT
        )
    for pattern, quantifier in (
        (_AT_LEAST, Quantifier.AT_LEAST),
        (_AT_MOST, Quantifier.AT_MOST),
        (_ABOUT, Quantifier.APPROXIMATELY),
    ):
        match = pattern.fullmatch(words)
        number = _read_integer(next(filter(None, match.groups()))) if match else None
        if number is not None:
            low = number if quantifier == Quantifier.AT_LEAST else None
            high = number if quantifier == Quantifier.AT_MOST else None
            best = number if quantifier == Quantifier.APPROXIMATELY else None
            return Reading(low, best, high, quantifier)
    if match := _RANGE.fullmatch(words):
        low, high = (_read_integer(word) for word in match.groups())
        if low is not None and high is not None:
            return Reading(low, None, high, Quantifier.BETWEEN)
    raise ValueError(
        f"“{text}” cannot be read as a number: write it like 7, 4-7, at least 10, up to 5, about "
        "30 or dozens."
    )


def _read_integer(words: str) -> int | None:
    digits = words.replace(",", "").replace(" ", "")
    if digits.isdecimal():
        return int(digits)
    return _WORDS.get(words)


def write_number(low: int | None, best: int | None, high: int | None, quantifier: str) -> str:
    """Return a number as `read_number` reads it; blank if no short text means the same."""
    texts = {
        Quantifier.EXACT: f"{best}",
        Quantifier.APPROXIMATELY: f"about {best}",
        Quantifier.AT_LEAST: f"at least {low}",
        Quantifier.AT_MOST: f"at most {high}",
        Quantifier.BETWEEN: f"{low}-{high}",
    }
    try:
        text = texts.get(Quantifier(quantifier), Quantifier(quantifier).label)
        return text if read_number(text) == (low, best, high, quantifier) else ""
    except ValueError:
        return ""
