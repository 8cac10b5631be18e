"""Horizons: the state of the public record that a question is answered at."""

from editorial.api.problems import Problem
from editorial.marks import START, Mark
from editorial.models import Edition


def standing(mark: Mark) -> Mark:
    """Return `mark` if it lies in the public record's past. Raises Problem `reset`."""
    known = Edition.objects.filter(seq=mark.seq, hash=mark.hash)
    if mark != START and not known.exists():
        raise Problem("reset")
    return mark
