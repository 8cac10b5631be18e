"""Drawing by a fixed seed, and ids that follow from a key: the same on every machine."""

import hashlib
from collections.abc import Sequence
from random import Random
from typing import Any, TypeVar
from uuid import UUID, uuid5

T = TypeVar("T")
Json = dict[str, Any]
SUFFIX = "(fictional)"
"""The end of every title of a source."""
NAMESPACE = UUID("5b2f0f3a-7c1d-4e55-9d0e-2f6a4c8b1e77")
"""The namespace of the public ids: the id is the UUID of the type and the key in it."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class Drawing:
    """Random draws that use `Random.random` alone, whose numbers are the same in every Python."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)  # noqa: S311

    def chance(self, probability: float) -> bool:
        """Return True with a probability."""
        return self._random.random() < probability

    def pick(self, options: Sequence[T]) -> T:
        """Return one of several options."""
        return options[int(self._random.random() * len(options))]

    def weigh(self, options: Sequence[tuple[float, T]]) -> T:
        """Return one of several options, each given with its weight."""
        rest = self._random.random() * sum(weight for weight, _ in options)
        for weight, option in options:
            rest -= weight
            if rest < 0:
                return option
        return options[-1][1]

    def number(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`."""
        return low + int(self._random.random() * (high - low + 1))

    def offset(self, most: float) -> float:
        """Return a number from `-most` to `most`."""
        return (2 * self._random.random() - 1) * most


def make_public_id(type_name: str, key: str) -> str:
    """Return the public id of a record."""
    return str(uuid5(NAMESPACE, f"{type_name} {key}"))


def make_code(key: str) -> str:
    """Return the end of the slug of an incident: four letters or digits."""
    digest = hashlib.sha256(key.encode()).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:4])
