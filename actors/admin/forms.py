"""The forms of the parts of an actor of which one is the one to go by."""

from datetime import date, timedelta
from typing import Any

from actors.codes import NameKind
from curation.admin import AutomaticForm
from sources.admin import FigureForm

_SHOWN = {NameKind.OFFICIAL, NameKind.COMMON, NameKind.TRANSLATION}
"""The kinds of name that an actor is shown by."""


class ActorNameForm(AutomaticForm):
    """A name, which is preferred if it is the first to show in its language."""

    automatic = {"preferred": "yes if it is the first"}
    first_of = ("language",)

    def is_held(self, row: Any) -> bool:
        return bool(row.language) and (row.preferred is True or row.kind in _SHOWN)


class ClassificationForm(AutomaticForm):
    """A classification, which is primary if no other can have held at the same time."""

    automatic = {"primary": "yes unless another may hold at the same time"}

    def is_alike(self, row: Any, other: Any) -> bool:
        """Return whether one of the two does not certainly end before the other begins."""
        if row.certain is None or other.certain is None:
            return True
        (first, last), (start, end) = _days(row.certain), _days(other.certain)
        return first <= end and start <= last


def _days(days: Any) -> tuple[date, date]:
    """Return the first and the last day; what is not saved yet has its last day as its bound."""
    last = days.upper if days.upper is None or days.upper_inc else days.upper - timedelta(days=1)
    return days.lower or date.min, last or date.max


class StrengthEstimateForm(FigureForm):
    """An estimate, which is recommended if it is the first of its measure and day."""

    first_of = ("measure", "as_of")
