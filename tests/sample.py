"""A part of many combinations, the same in every run; all of them with `make hostile`."""

import os
import random
from collections.abc import Iterable
from typing import TypeVar

Item = TypeVar("Item")


def sample(items: Iterable[Item], number: int) -> list[Item]:
    """Return `number` of the items in their order, or all where there are fewer."""
    listed = list(items)
    if os.environ.get("MUSTER_EXAMPLES") or len(listed) <= number:
        return listed
    chosen = sorted(random.Random(7).sample(range(len(listed)), number))
    return [listed[index] for index in chosen]
