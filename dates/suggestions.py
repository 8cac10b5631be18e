"""Suggestions for a date that was typed in another notation than EDTF.

They are guesses for error messages: none is ever stored or accepted in place of the typed text.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterator
from itertools import product

_MAX_LENGTH = 60  # a longer text is not a mistyped date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}

_ORDINAL = r"(?:st|nd|rd|th)?"
_NAMED = re.compile(
    rf"(?:(\d\d?){_ORDINAL}[ -]*)?(?:of )?([a-z]+)\.?,?[ -]*(?:(\d\d?){_ORDINAL},? )?(\d{{4}})"
)
_DAYS_OF_MONTH = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<first>\d\d?){_ORDINAL} ?(?:-|/|to|and) ?(?P<last>\d\d?){_ORDINAL} (?:of )?"
        r"(?P<month>[a-z]+)\.?,? (?P<year>\d{4})",
        rf"(?P<month>[a-z]+)\.? (?P<first>\d\d?){_ORDINAL} ?(?:-|/|to|and) ?"
        rf"(?P<last>\d\d?){_ORDINAL},? (?P<year>\d{{4}})",
    )
)
_SHORT_YEAR = re.compile(r"(\d\d?)([-/. ])(\d\d?)\2'?(\d\d)")
_PART = re.compile(r"(?:the )?(early|beginning of|mid|middle of|late|end of)[ -]?(?:the )?(.+)")
_THIRDS = {"early": 0, "beginning of": 0, "mid": 1, "middle of": 1, "late": 2, "end of": 2}

# Patterns of lowercase text with ASCII digits and hyphens, and the EDTF that each may stand for:
# all alternatives of the first pattern that gives a date.
_NOTATIONS = tuple(
    (re.compile(pattern), templates)
    for pattern, *templates in (
        (r"(\d\d)(\d\d)[-/](\d\d)", "{0}{1}-{2}", "{0}{1}/{0}{2}"),
        (r"(\d{4})[-/. ](\d\d?)", "{0}-{1:0>2}"),
        (r"(\d{4})[-/. ](\d\d?)[-/. ](\d\d?)", "{0}-{1:0>2}-{2:0>2}"),
        (r"(\d\d?)\.(\d\d?)\.(\d{4})", "{2}-{1:0>2}-{0:0>2}"),
        (
            r"(\d\d?)[-/. ](\d\d?)[-/. ](\d{4})",
            "{2}-{1:0>2}-{0:0>2}",
            "{2}-{0:0>2}-{1:0>2}",
        ),
        (r"(\d\d?)[-/. ](\d{4})", "{1}-{0:0>2}"),
        (r"(\d{4})(\d\d)(\d\d)", "{0}-{1}-{2}"),
        (r"(\d{4})(\d\d)", "{0}-{1}"),
        (r"(\d{4}-\d\d-\d\d)[tz ]\d\d?:?\d\d.*", "{0}"),
        (r"(\d{4}-\d\d-)(\d\d)[-/](\d\d)", "{0}{1}/{0}{2}"),
        (r"(\d{3})0'?s", "{0}X"),
        (r"(.+?)(?:/|-| to |\.\.)(?:|open|ongoing|present|now|today|\.)", "{0}/.."),
        (r"\{(.+)\}", "[{0}]"),
        (r"([^\[\]]+,[^\[\]]+)", "[{0}]"),
        (r"\[([^,]+)\]", "{0}"),
        (r"([^/]*?)([~?%])([^/]+)", "{0}{2}{1}"),
    )
)
# Patterns with parts that may be dates in other notations themselves.
_COMPOUNDS = tuple(
    (re.compile(pattern), template)
    for pattern, template in (
        (r"(?:approximately|approx\.?|about|around|circa|ca\.?|c\.?) ?(.+)", "{0}~"),
        (r"(?:since|from|after) (.+)", "{0}/.."),
        (r"(?:/|\.\.|until |before |open/)(.+)", "../{0}"),
        (r"(?:from |between )?(.+?)(?:\.\.| - | to | and )(.+)", "{0}/{1}"),
        (r"(.+?)--?(.+)", "{0}/{1}"),
        (r"(.+) or (.+)", "[{0},{1}]"),
    )
)

Accepts = Callable[[str], bool]


def find_readings(text: str, accepts: Accepts) -> list[str]:
    """Return the EDTF texts that may be meant; there are several if the notation is ambiguous.

    `accepts` says whether a text is a date.
    """
    if len(text) > _MAX_LENGTH:
        return []
    return _find_readings(" ".join("".join(map(_to_ascii, text)).lower().split()), accepts, 2)


def _find_readings(text: str, accepts: Accepts, depth: int) -> list[str]:
    """Return the dates among the alternatives of the first notation that gives any."""
    for alternatives in _suggest(text, accepts, depth):
        if readings := [each for each in dict.fromkeys(alternatives) if accepts(each)]:
            return readings
    return []


def _suggest(text: str, accepts: Accepts, depth: int) -> Iterator[list[str]]:
    """Yield what a text may stand for, in one notation after the other."""
    yield [_tidy(text)]
    if named := _NAMED.fullmatch(text):
        day_before, word, day_after, year = named.groups()
        day = day_before or day_after
        if word in _SEASONS:
            yield [f"{year}-{_SEASONS[word]}"]
        elif month := _read_month(word):
            yield [f"{year}-{month}-{day:0>2}" if day else f"{year}-{month}"]
    for pattern in _DAYS_OF_MONTH:
        if (match := pattern.fullmatch(text)) and (month := _read_month(match["month"])):
            start = f"{match['year']}-{month}"
            yield [f"{start}-{match['first']:0>2}/{start}-{match['last']:0>2}"]
    if short := _SHORT_YEAR.fullmatch(text):
        yield list(_expand_year(*short.groups()))
    for pattern, templates in _NOTATIONS:
        if match := pattern.fullmatch(text):
            yield [_tidy(template.format(*match.groups())) for template in templates]
    if not depth:
        return
    if part := _PART.fullmatch(text):
        readings = _find_readings(part[2], accepts, depth - 1)
        yield [third for whole in readings for third in _list_thirds(whole, _THIRDS[part[1]])]
    for pattern, template in _COMPOUNDS:
        if match := pattern.fullmatch(text):
            yield list(_combine(match.groups(), template, accepts, depth - 1))


def _read_month(word: str) -> str | None:
    return f"{_MONTHS.index(word[:3]) + 1:02}" if word[:3] in _MONTHS else None


def _expand_year(first: str, separator: str, second: str, last: str) -> Iterator[str]:
    """Yield the readings of three numbers of one or two digits; 69 to 99 are of the 20th century.

    Dots are used only where the day comes first, hyphens also where the year does.
    """
    year = _expand(last)
    yield f"{year}-{second:0>2}-{first:0>2}"
    if separator != ".":
        yield f"{year}-{first:0>2}-{second:0>2}"
    if separator == "-":
        yield f"{_expand(first)}-{second:0>2}-{last}"


def _expand(year: str) -> int:
    return int(year) + (2000 if int(year) < 69 else 1900)


def _list_thirds(whole: str, third: int) -> Iterator[str]:
    """Yield the first, second or last third of a year, a month or a decade, as one of its days."""
    if match := re.fullmatch(r"\d{4}", whole):
        yield f"[{whole}-{third * 4 + 1:02}..{whole}-{third * 4 + 4:02}]"
    elif match := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", whole):
        last = monthrange(int(match[1]), int(match[2]))[1] if int(match[1]) else 28
        first, end = ((1, 10), (11, 20), (21, last))[third]
        yield f"[{whole}-{first:02}..{whole}-{end}]"
    elif match := re.fullmatch(r"(\d{3})X", whole):
        first, end = ((0, 3), (4, 6), (7, 9))[third]
        yield f"[{match[1]}{first}..{match[1]}{end}]"


def _combine(parts: tuple[str, ...], template: str, accepts: Accepts, depth: int) -> Iterator[str]:
    """Yield a template with each reading of its parts; a part without a year has the last one's."""
    years = re.findall(r"\d{4}", parts[-1])
    readings = []
    for part in parts:
        texts = [part, *(f"{part} {year}" for year in years if not re.search(r"\d{4}", part))]
        found = (_find_readings(each.strip(), accepts, depth) for each in texts)
        readings.append(next(filter(None, found), [_tidy(part)]))
    for values in product(*readings):
        yield _tidy(template.format(*values))


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
