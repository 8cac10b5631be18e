"""Horizons: the state of the public record that a question is answered at."""

from editorial.api.problems import Problem
from editorial.marks import START, Mark
from editorial.models import Edition


def standing(mark: Mark) -> Mark:
    """Return `mark` if it lies in the public record's past. Raises Problem `reset`."""
    if mark.seq == 0:
        found = START.hash
    else:
        found = Edition.objects.filter(seq=mark.seq).values_list("hash", flat=True).first()
    if found != mark.hash:
        raise Problem("reset")
    return mark
