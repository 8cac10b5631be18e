"""While something held: the days on which a tie, a name or an actor certainly and possibly was."""

from dataclasses import dataclass
from datetime import date

from dates.edtf import DateError, DateForm, Edtf, parse
from dates.spans import Span

START_KINDS = ("actual", "first_cited", "unknown")
END_KINDS = ("actual", "last_cited", "ongoing", "unknown")


@dataclass(frozen=True, slots=True)
class ValidityRanges:
    """The days on which something certainly held (None: no day) and those on which it may have.

    `possible` covers `certain`.
    """

    certain: Span | None
    possible: Span


def derive_validity(
    start: str, end: str, start_kind: str, end_kind: str, last_verified: date | None
) -> ValidityRanges:
    """The two ranges of a row that held for a time; `start` and `end` are EDTF dates or sets.

    *Certain* runs from the latest start to the earliest end; without a dated end (ongoing,
    unknown) to `last_verified`, the day on which it was seen to hold. What has no dated start, or
    no dated or verified end, is certain on no day; nor is what carries ? or % on either end.
    *Possible* runs from the earliest start to the latest end, open before a start that is
    first_cited or unknown and after an end that is last_cited, ongoing or unknown.
    A date of kind unknown may be the actual one or a citation: it held then, in either case.
    The kinds and their meaning are those of Security Force Monitor's research handbook.

    Raises DateError for what `parse` refuses, for intervals, and for what contradicts itself.
    """
    begun = _dated("start", start, start_kind, START_KINDS, undated=("unknown",))
    ended = _dated("end", end, end_kind, END_KINDS, undated=("ongoing", "unknown"))
    if begun and ended and _earliest(begun) > _latest(ended):
        raise DateError(f"The start {begun} lies after the end {ended}: exchange them.")
    if begun and last_verified and _earliest(begun) > last_verified:
        raise DateError(
            f"It was last verified on {last_verified}, before its start {begun}: "
            f"correct one of them."
        )
    if ended and last_verified and end_kind == "actual" and _latest(ended) < last_verified:
        raise DateError(
            f"It was last verified on {last_verified}, after its end {ended}: correct one of them."
        )
    possible = Span(
        _earliest(begun) if begun and start_kind == "actual" else None,
        _latest(ended) if ended and end_kind == "actual" else None,
    )
    return ValidityRanges(_certain(begun, ended, last_verified), possible)


def _certain(begun: Edtf | None, ended: Edtf | None, verified: date | None) -> Span | None:
    if begun is None or begun.doubted or (ended is not None and ended.doubted):
        return None
    lower, upper = _latest(begun), _earliest(ended) if ended else verified
    return Span(lower, upper) if upper is not None and lower <= upper else None


def _dated(
    which: str, text: str, kind: str, kinds: tuple[str, ...], undated: tuple[str, ...]
) -> Edtf | None:
    """The date of an end, None where there is none; refuses what its kind rules out."""
    if kind not in kinds:
        raise DateError(f"{kind!r} is no kind of {which}: write {', '.join(kinds)}.")
    text = text.strip()
    if not text:
        if kind in undated:
            return None
        raise DateError(
            f"The {which} is {kind} but has no date: write one, as 2014-06, "
            f"or make its kind unknown."
        )
    if kind == "ongoing":
        raise DateError(
            f"What is ongoing has no {which} date: leave {text[:40]} out, "
            f"or make its kind actual or last_cited."
        )
    edtf = parse(text)
    if edtf.form is DateForm.INTERVAL:
        raise DateError(
            f"The {which} is one date, not the interval {edtf}: write it as 2014-06, or as "
            f"[2014-06..2014-08] when it lies between two; start and end are fields of their own."
        )
    return edtf


def _earliest(edtf: Edtf) -> date:
    return edtf.earliest or date.min


def _latest(edtf: Edtf) -> date:
    return edtf.latest or date.max
