"""Reading the table of a codebook: a CSV file with a header, row by row."""

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from editorial import bodies
from exchange.publishing import UnusableError

Row = dict[str, str | None]
_NOTHING = {"", "NULL", "NA", "N/A"}


class UnreadableError(Exception):
    """A row that cannot be read, with its faults by column."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__("; ".join(f"{column}: {fault}" for column, fault in faults.items()))
        self.faults = faults


@dataclass(frozen=True)
class Table:
    """How the file of a codebook looks."""

    name: str
    """What it is called when a file is not one."""
    columns: Sequence[str]
    """The columns without which a file is none."""
    old_names: Mapping[str, str] = field(default_factory=dict)
    """How columns are called now that old releases call otherwise."""

    def rows(self, path: Path) -> Iterator[tuple[int, Row | UnreadableError]]:
        """Yield the rows of a file by their line among all rows, empty cells as None.

        The row of HXL tags that humanitarian exchanges put below the header is left out. Raises
        UnusableError where the file cannot be read, or has not the columns.
        """
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                first = file.readline()
                file.seek(0)
                reader = csv.reader(file, delimiter=max(",;\t", key=first.count))
                header = [name.strip() for name in next(reader, [])]
                header = [self.old_names.get(name, name) for name in header]
                self._require(header)
                for number, cells in enumerate(reader, start=2):
                    if all(not cell or cell.startswith("#") for cell in cells):
                        continue
                    if len(cells) != len(header):
                        fault = f"it has {len(cells)} cells, the header {len(header)}"
                        yield number, UnreadableError({"the row": fault})
                        continue
                    told = (None if cell.strip() in _NOTHING else cell for cell in cells)
                    yield number, dict(zip(header, told, strict=True))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise UnusableError(f"The file cannot be read as CSV in UTF-8: {error}") from None

    def _require(self, header: list[str]) -> None:
        missing = [name for name in self.columns if name not in header]
        if missing:
            raise UnusableError(
                f"This is not {self.name}, of which the header is the first row. "
                f"Missing: {', '.join(missing)}. There are: {', '.join(header)[:300] or 'none'}."
            )


def digest(row: Row) -> str:
    """Return the SHA-256 of a row, whatever the order of its columns."""
    return hashlib.sha256(bodies.dump(dict(sorted(row.items())))).hexdigest()


def lines(path: Path) -> int:
    """Return about how many rows a file has, for the progress bar: some quotes have more lines."""
    try:
        with path.open("rb") as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    except OSError:
        return 0
