"""Reading the table of a dataset: a CSV file with a header, row by row and cell by cell.

The functions that parse a cell raise ValueError with a message that states the fault.
"""

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TextIO

from exchange.commands import UnusableError
from publishing import documents

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""What no text of the database can hold: NUL, and what was no UTF-8."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?=[ T]|$)", re.ASCII)
_DEGREES = re.compile(r"[-+]?(\d{1,30}\.?\d{0,30}|\.\d{1,30})([eE][-+]?\d{1,3})?", re.ASCII)
_SHOWN = 40


def quote_value(value: object) -> str:
    """Return a value for a message: short, in quotation marks where it is a text."""
    if not isinstance(value, str):
        if isinstance(value, int) and abs(value) > 1 << 64:
            return "a number that is too long"  # Python refuses to write the longest
        return "nothing" if value is None else str(value)[:_SHOWN]
    short = value if len(value) <= _SHOWN else f"{value[: _SHOWN - 1]}…"
    return f"“{''.join(c if c.isprintable() else ascii(c)[1:-1] for c in short)}”"


def is_storable(value: str) -> bool:
    """Whether the database can hold a text."""
    return not _UNSTORABLE.search(value)


def parse_text(told: str | None) -> str:
    """Return a text that must be there, its blanks single."""
    if told is None:
        raise ValueError("it is empty")
    return " ".join(told.split())


def parse_number(told: str | None) -> int:
    """Return a whole number that must be there; 7.0 is one."""
    if told is None:
        raise ValueError("it is empty")
    if not re.fullmatch(r"\d{1,9}(\.0{1,30})?", told.strip(), re.ASCII):
        raise ValueError(f"{quote_value(told)} is not a whole number")
    return int(told.strip().split(".")[0])


def is_number(told: str) -> bool:
    """Whether a text is a whole number that `number` would read as it is written."""
    return re.fullmatch(r"[0-9]{1,9}", told) is not None


def parse_choice(told: str | None, numbers: tuple[int, ...]) -> int:
    """Return a number of those that the codebook has."""
    found = parse_number(told)
    if found not in numbers:
        raise ValueError(f"{found} is none of {', '.join(map(str, numbers))}")
    return found


def parse_day(told: str | None) -> date:
    """Return a day; a time behind it is left out."""
    found = _DAY.match((told or "").strip())
    try:
        return date.fromisoformat(found[0] if found else "")
    except ValueError:
        raise ValueError(f"{quote_value(told or '')} is not a day, as in 2014-06-10") from None


def parse_degrees(told: str | None, most: int) -> Decimal | None:
    """Return a latitude or longitude, up to `most` either way."""
    if told is None:
        return None
    if not _DEGREES.fullmatch(told.strip()):
        raise ValueError(f"{quote_value(told)} is not a number of degrees")
    found = Decimal(told.strip())
    if not -most <= found <= most:
        raise ValueError(f"{told.strip()[:_SHOWN]} is not between -{most} and {most}")
    return found.quantize(Decimal("0.000001"))


Row = dict[str, str | None]
_EMPTY = {"", "NULL", "NA", "N/A"}
MAX_ROW = 1 << 20
"""The most characters of a row, its line ends counted; a cell may have `csv.field_size_limit`."""
MAX_COLUMNS = 1000
"""The most columns of a table."""


class UnreadableError(Exception):
    """A row that cannot be read, with its faults by column, each with the value of the cell."""

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

        The row of HXL tags that humanitarian exchanges put below the header is left out. A row
        that cannot be read, is too long, or holds what no database can is yielded as its faults.
        Raises UnusableError where the file cannot be read, or has not the columns.
        """
        try:
            # What is no UTF-8 is read as lone surrogates, so that one cell is refused and no file.
            with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
                first = file.readline(MAX_ROW)
                file.seek(0)
                rows = _CsvReader(file, max(",;\t", key=first.count))
                try:
                    header = next(rows, [])
                except UnreadableError as error:
                    raise UnusableError(f"The header cannot be read: {error}") from None
                header = [name.strip() for name in header]
                header = [self.old_names.get(name, name) for name in header]
                self._require(header)
                number = 1
                while True:
                    number += 1
                    try:
                        cells = next(rows)
                        row = _make_row(header, cells)
                    except StopIteration:
                        return
                    except UnreadableError as error:
                        yield number, error
                        continue
                    if row:
                        yield number, row
        except OSError as error:
            raise UnusableError(f"The file cannot be read: {error.strerror}.") from None

    def _require(self, header: list[str]) -> None:
        if len(header) > MAX_COLUMNS:
            raise UnusableError(
                f"It has {len(header):,} columns; at most {MAX_COLUMNS:,} are read."
            )
        missing = [name for name in self.columns if name not in header]
        if missing:
            there = ", ".join(map(quote_value, header))[:300]
            raise UnusableError(
                f"This is not {self.name}, of which the header is the first row. "
                f"Missing: {', '.join(missing)}. There are: {there or 'none'}."
            )
        twice = [quote_value(name) for name, number in Counter(header).items() if number > 1]
        if twice:
            raise UnusableError(
                f"Two columns have one name: {', '.join(twice)[:300]}. Remove or rename one."
            )


class _CsvReader:
    """The rows of a CSV file, each in bounded memory: what is longer is skipped, and said."""

    def __init__(self, file: TextIO, delimiter: str) -> None:
        self.file, self.delimiter = file, delimiter
        self.length = 0
        """How long the row is that is being read: quoted, it has several lines."""
        self._start()

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        self.length = 0
        try:
            return next(self.reader)
        except csv.Error as error:
            self._start()
            raise UnreadableError({"the row": str(error)}) from None
        except UnreadableError:
            self._start()
            raise

    def _start(self) -> None:
        self.reader = csv.reader(self._lines(), delimiter=self.delimiter)

    def _lines(self) -> Iterator[str]:
        while line := self.file.readline(MAX_ROW):
            self.length += len(line)
            if self.length >= MAX_ROW:
                while line and not line.endswith(("\n", "\r")):
                    line = self.file.readline(MAX_ROW)
                raise UnreadableError(
                    {"the row": f"it is longer than {MAX_ROW:,} characters: is a quote not closed?"}
                )
            yield line


def _make_row(header: list[str], cells: list[str]) -> Row | None:
    """Return a row by column, or None for one that is empty. Raises UnreadableError."""
    if all(not cell or cell.startswith("#") for cell in cells):
        return None
    if len(cells) != len(header):
        raise UnreadableError({"the row": f"it has {len(cells)} cells, the header {len(header)}"})
    faults = {
        name: f"{quote_value(cell)} has a character that no text can hold"
        for name, cell in zip(header, cells, strict=True)
        if not is_storable(cell)
    }
    if faults:
        raise UnreadableError(faults)
    told = (None if cell.strip() in _EMPTY else cell for cell in cells)
    return dict(zip(header, told, strict=True))


def digest(row: Row) -> str:
    """Return the SHA-256 of a row, whatever the order of its columns."""
    return hashlib.sha256(documents.dump(dict(sorted(row.items())))).hexdigest()


def count_lines(path: Path) -> int:
    """Return about how many rows a file has, for the progress bar: some quotes have more lines."""
    try:
        with path.open("rb") as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    except OSError:
        return 0
