"""The words of pages: labels of coded values, dates, numbers that are ranges, and periods."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext

from dates import DateError
from dates.description import describe_date
from publishing.vocabularies import list_vocabularies

UNKNOWN = gettext_lazy("not known")


class List(TextChoices):
    """The lists of records, in the order of pages, with their titles."""

    INCIDENTS = "incidents", gettext_lazy("Incidents")
    ACTORS = "actors", gettext_lazy("Actors")
    AFFILIATIONS = "affiliations", gettext_lazy("Affiliations")
    PLACES = "places", gettext_lazy("Places")
    SOURCES = "sources", gettext_lazy("Sources")
    PUBLISHERS = "publishers", gettext_lazy("Publishers")


@cache
def _labels(vocabulary: str) -> dict[str, tuple[str, str]]:
    """Return the label and the meaning of each word of a vocabulary."""
    found = list_vocabularies()[vocabulary]
    return {word: (str(label), found.meanings[word]) for word, label in found.words.choices}


def label(word: str | None, vocabulary: str) -> str:
    """Return the label of a word of a vocabulary; a word of newer software is its own label."""
    if not word:
        return str(UNKNOWN)
    text, _ = _labels(vocabulary).get(word, (word.replace("_", " "), ""))
    return gettext(text)


def meaning(word: str | None, vocabulary: str) -> str:
    """Return what a word of a vocabulary means."""
    _, text = _labels(vocabulary).get(word or "", ("", ""))
    return gettext(text) if text else ""


def date_in_words(text: str | None, *, single: bool | None = True) -> str:
    """Return a date as a sentence says it; the text itself if it cannot be read."""
    if not text:
        return gettext("date not known")
    try:
        return describe_date(text, single=single, translate=gettext)
    except DateError:
        return text


def period_in_words(validity: Mapping[str, Any]) -> str:
    """Return a period as a sentence says it: the dates as written and what they mean."""
    start, end = validity["start"], validity["end"]
    if not start and not end and validity["end_kind"] != "ongoing":
        return gettext("dates not known")
    parts = []
    if start:
        words = date_in_words(start)
        cited = validity["start_kind"] == "first_cited"
        parts.append((gettext("first mentioned %s") if cited else gettext("from %s")) % words)
    else:
        parts.append(gettext("start not known"))
    if end:
        words = date_in_words(end)
        cited = validity["end_kind"] == "last_cited"
        parts.append((gettext("last mentioned %s") if cited else gettext("until %s")) % words)
    elif validity["end_kind"] == "ongoing":
        verified = validity["last_verified"]
        words = verified and gettext("ongoing, checked on %s") % date_in_words(verified)
        parts.append(words or gettext("ongoing"))
    else:
        parts.append(gettext("end not known"))
    return gettext(", ").join(parts)


_SCRIPTS = {
    "Arab": gettext_lazy("Arabic"),
    "Armn": gettext_lazy("Armenian"),
    "Cyrl": gettext_lazy("Cyrillic"),
    "Deva": gettext_lazy("Devanagari"),
    "Ethi": gettext_lazy("Ethiopic"),
    "Geor": gettext_lazy("Georgian"),
    "Grek": gettext_lazy("Greek"),
    "Hani": gettext_lazy("Chinese"),
    "Hebr": gettext_lazy("Hebrew"),
    "Latn": gettext_lazy("Latin"),
}
"""The names of scripts, by ISO 15924."""


def script_name(code: str | None) -> str:
    """Return the name of a script, or its code."""
    return str(_SCRIPTS.get(code, code) if code else UNKNOWN)


class Range(NamedTuple):
    """A number that may be known only within bounds."""

    low: int | None
    best: int | None
    high: int | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Range":
        """Return the range of a row with these three properties."""
        return cls(row["low"], row["best"], row["high"])

    @property
    def is_known(self) -> bool:
        """Whether there is any number."""
        return any(number is not None for number in self)


_VAGUE = {
    "several": gettext_lazy("several"),
    "few": gettext_lazy("a few"),
    "many": gettext_lazy("many"),
    "dozens": gettext_lazy("dozens"),
    "hundreds": gettext_lazy("hundreds"),
    "thousands": gettext_lazy("thousands"),
    "tens_of_thousands": gettext_lazy("tens of thousands"),
}
"""The words of sources that need no number."""


def count_in_words(number: int, *, is_exact: bool) -> str:
    """Return a number of incidents, or a lower bound."""
    return f"{number:,}" if is_exact else gettext("%s or more") % f"{number:,}"


def range_in_words(row: Mapping[str, Any]) -> str:
    """Return a number with its bounds in words. What is not known is never a zero."""
    low, best, high = number = Range.of(row)
    vague = _VAGUE.get(row.get("quantifier") or "")
    if not number.is_known:
        return str(vague or UNKNOWN)
    if low is not None and low == best == high:
        words = f"{low:,}"
    elif low is not None and high is not None:
        words = gettext("%(low)s to %(high)s") % {"low": f"{low:,}", "high": f"{high:,}"}
        if low == high:
            words = f"{low:,}"
        elif best is not None:
            words += gettext(", best %s") % f"{best:,}"
    elif low is not None:
        words = gettext("at least %s") % f"{low:,}"
        if best is not None and best != low:
            words += gettext(", best %s") % f"{best:,}"
    elif high is not None:
        words = gettext("at most %s") % f"{high:,}"
        if best is not None and best != high:
            words += gettext(", best %s") % f"{best:,}"
    else:
        words = f"{best:,}"
    if row.get("quantifier") == "approximately":
        words = gettext("about %s") % words
    return f"{vague} ({words})" if vague else words


def offset_in_words(days: int) -> str:
    """Return how long after an incident something was said."""
    if days == 0:
        return pgettext("after the incident", "the same day")
    words = ngettext("%s day", "%s days", abs(days)) % f"{abs(days):,}"
    return (gettext("%s before") if days < 0 else gettext("%s later")) % words


CHANGED = gettext_lazy("Changed:")
_RECORD_TYPES = {
    "publisher": gettext_lazy("publisher"),
    "source": gettext_lazy("source"),
    "place": gettext_lazy("place"),
    "actor": gettext_lazy("actor"),
    "affiliation": gettext_lazy("affiliation"),
    "incident": gettext_lazy("incident"),
}
_CHANGES = {
    "publish": gettext_lazy("published again"),
    "correct": gettext_lazy("corrected"),
    "refresh": gettext_lazy("references updated"),
    "withdraw": gettext_lazy("withdrawn"),
    "merge": gettext_lazy("merged"),
    "unmerge": gettext_lazy("merge undone"),
    "redact": gettext_lazy("redacted"),
    "restore": gettext_lazy("redaction undone"),
}


def record_type(word: str) -> str:
    """Return the name of a type of record, as a sentence says it."""
    return str(_RECORD_TYPES.get(word, word))


def change_in_words(kind: str, version: int) -> str:
    """Return what an edition did to its record."""
    if kind == "publish" and version == 1:
        return pgettext("a record was published for the first time", "new")
    return str(_CHANGES.get(kind, kind))


def entry_title(title: str | None, type_: str, action: str) -> str:
    """Return the title of a change in a feed. A record that is no longer public has no name."""
    named = title or gettext("a record without a public name")
    return gettext("%(name)s (%(type)s): %(action)s") % {
        "name": named,
        "type": type_,
        "action": action,
    }


def feed_title(site: str, subject: str) -> str:
    """Return the title of a feed of changes."""
    if not subject:
        return gettext("Changes in %s") % site
    return gettext("Changes about %(subject)s in %(site)s") % {"subject": subject, "site": site}
