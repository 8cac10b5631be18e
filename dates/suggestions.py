"""Suggestions for a date that was typed in another notation than EDTF.

They are guesses for error messages: none is ever stored or accepted in place of the typed text.
"""

import re
import unicodedata
from collections.abc import Iterator

_MAX_LENGTH = 60  # a longer text is not a mistyped date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}

_NAMED = re.compile(
    r"(?:(\d\d?)(?:st|nd|rd|th)?[ -]*)?(?:of )?([a-z]+)\.?,?[ -]*"
    r"(?:(\d\d?)(?:st|nd|rd|th)?,? )?(\d{4})"
)

# Patterns of lowercase text with ASCII digits and hyphens, and the EDTF that each may stand for.
_NOTATIONS = tuple(
    (re.compile(pattern), template)
    for pattern, template in (
        (r"(\d{4})[-/. ](\d\d?)", "{0}-{1:0>2}"),
        (r"(\d{4})[-/. ](\d\d?)[-/. ](\d\d?)", "{0}-{1:0>2}-{2:0>2}"),
        (r"(\d\d?)[-/. ](\d\d?)[-/. ](\d{4})", "{2}-{1:0>2}-{0:0>2}"),
        (r"(\d\d?)[-/. ](\d\d?)[-/. ](\d{4})", "{2}-{0:0>2}-{1:0>2}"),
        (r"(\d\d?)[-/. ](\d{4})", "{1}-{0:0>2}"),
        (r"(\d{4})(\d\d)(\d\d)", "{0}-{1}-{2}"),
        (r"(\d{4})(\d\d)", "{0}-{1}"),
        (r"(\d{4}-\d\d-\d\d)[tz ]\d\d?:?\d\d.*", "{0}"),
        (r"(\d{4}-\d\d-)(\d\d)[-/](\d\d)", "{0}{1}/{0}{2}"),
        (r"(\d{3})0'?s", "{0}X"),
        (r"(?:c\.?|ca\.?|circa|about|around|approx\.?) ?(.+)", "{0}~"),
        (r"(.+?)(?:/|-| to |\.\.)(?:|open|ongoing|present|now|today|\.)", "{0}/.."),
        (r"(?:since|from|after) (.+)", "{0}/.."),
        (r"(?:/|\.\.|until |before |open/)(.+)", "../{0}"),
        (r"(.+?)(?:\.\.| - | to )(.+)", "{0}/{1}"),
        (r"(.+?)--?(.+)", "{0}/{1}"),
        (r"(.+) or (.+)", "[{0},{1}]"),
        (r"\{(.+)\}", "[{0}]"),
        (r"([^\[\]]+,[^\[\]]+)", "[{0}]"),
        (r"\[([^,]+)\]", "{0}"),
        (r"([^/]*?)([~?%])([^/]+)", "{0}{2}{1}"),
    )
)


def suggest_dates(text: str) -> Iterator[str]:
    """Yield the EDTF texts that may be meant, the likeliest first; the caller must parse each."""
    if len(text) > _MAX_LENGTH:
        return
    text = " ".join("".join(map(_to_ascii, text)).lower().split())
    yield _tidy(text)
    if named := _NAMED.fullmatch(text):
        day_before, word, day_after, year = named.groups()
        day = day_before or day_after
        if word in _SEASONS:
            yield f"{year}-{_SEASONS[word]}"
        elif word[:3] in _MONTHS:
            month = f"{year}-{_MONTHS.index(word[:3]) + 1:02}"
            yield f"{month}-{day:0>2}" if day else month
    for pattern, template in _NOTATIONS:
        if match := pattern.fullmatch(text):
            yield _tidy(template.format(*match.groups()))


def _to_ascii(character: str) -> str:
    """Return a digit of any script as ASCII, a dash as a hyphen, an invisible character as ''."""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    kind = unicodedata.category(character)
    return "-" if kind == "Pd" or character == "−" else "" if kind == "Cf" else character


def _tidy(text: str) -> str:
    """Remove blanks; replace the u of older EDTF drafts with X, and ~ and ? together with %."""
    text = text.replace(" ", "").replace("x", "X").replace("u", "X")
    return text.replace("~?", "%").replace("?~", "%")
