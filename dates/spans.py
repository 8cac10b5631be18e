"""A run of days, open at either end when it is not bounded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dates.edtf import DateError


@dataclass(frozen=True, slots=True)
class Span:
    """Every day from `lower` to `upper`, both included; None is unbounded. Never empty.

    An upper bound of 9999-12-31 becomes None: PostgreSQL would store it as a range that ends
    before 10000-01-01, a day that Python cannot read back. Raises DateError when reversed.
    """

    lower: date | None = None
    upper: date | None = None

    def __post_init__(self) -> None:
        if self.lower and self.upper and self.lower > self.upper:
            raise DateError(
                f"{self.lower} to {self.upper} ends before it begins: "
                f"write {self.upper} to {self.lower}."
            )
        if self.upper == date.max:
            object.__setattr__(self, "upper", None)

    def __iter__(self) -> Iterator[date | None]:
        """Yield the two bounds, so that `lower, upper = span` reads."""
        yield self.lower
        yield self.upper

    def overlaps(self, other: "Span") -> bool:
        """Whether at least one day lies in both."""
        return self._lower <= other._upper and other._lower <= self._upper

    def covers(self, other: "Span") -> bool:
        """Whether every day of the other lies in this one."""
        return self._lower <= other._lower and other._upper <= self._upper

    @property
    def _lower(self) -> date:
        return self.lower or date.min

    @property
    def _upper(self) -> date:
        return self.upper or date.max
