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
from functools import lru_cache
from pathlib import Path
from typing import TextIO

from exchange.commands import InputError
from publishing import documents
from publishing.normalization import clean_line

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""Characters that PostgreSQL cannot store: NUL, and bytes that were not UTF-8."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?=[ T]|$)", re.ASCII)
_DEGREES = re.compile(r"[-+]?(\d{1,30}\.?\d{0,30}|\.\d{1,30})([eE][-+]?\d{1,3})?", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}(\.0{1,30})?", re.ASCII)
_MAX_QUOTED = 40
_REPEATED = lru_cache(2**14)
"""Keeps the results of parsing a cell: most numbers and days of a table occur again and again."""


def quote_value(value: object) -> str:
    """Return a value for a message: shortened, and a text in quotation marks."""
    if not isinstance(value, str):
        if isinstance(value, int) and abs(value) > 1 << 64:
            return "a number that is too long"  # Python refuses to convert very long ones
        return "nothing" if value is None else str(value)[:_MAX_QUOTED]
    short = value if len(value) <= _MAX_QUOTED else f"{value[: _MAX_QUOTED - 1]}…"
    return f"“{''.join(c if c.isprintable() else ascii(c)[1:-1] for c in short)}”"


def is_storable(value: str) -> bool:
    """Whether the database can store a text."""
    return not _UNSTORABLE.search(value)


def parse_text(cell: str | None) -> str:
    """Return a required text with single blanks. Raises ValueError."""
    if cell is None:
        raise ValueError("it is empty")
    return clean_line(cell)


@_REPEATED
def parse_number(cell: str | None) -> int:
    """Return a required whole number; 7.0 is one. Raises ValueError."""
    if cell is None:
        raise ValueError("it is empty")
    if not _NUMBER.fullmatch(cell.strip()):
        raise ValueError(f"{quote_value(cell)} is not a whole number")
    return int(cell.strip().split(".")[0])


def is_number(cell: str) -> bool:
    """Whether a text is a whole number in digits alone."""
    return re.fullmatch(r"[0-9]{1,9}", cell) is not None


def parse_choice(cell: str | None, numbers: tuple[int, ...]) -> int:
    """Return one of the numbers that the codebook lists. Raises ValueError."""
    number = parse_number(cell)
    if number not in numbers:
        raise ValueError(f"{number} is none of {', '.join(map(str, numbers))}")
    return number


@_REPEATED
def parse_day(cell: str | None) -> date:
    """Return a day, without the time that may follow it. Raises ValueError."""
    match = _DAY.match((cell or "").strip())
    try:
        return date.fromisoformat(match[0] if match else "")
    except ValueError:
        raise ValueError(
            f"{quote_value(cell or '')} is not a day: write it like 2014-06-10"
        ) from None


def parse_degrees(cell: str | None, most: int) -> Decimal | None:
    """Return a latitude or longitude between -`most` and `most`. Raises ValueError."""
    if cell is None:
        return None
    if not _DEGREES.fullmatch(cell.strip()):
        raise ValueError(f"{quote_value(cell)} is not a number of degrees")
    degrees = Decimal(cell.strip())
    if not -most <= degrees <= most:
        raise ValueError(f"{cell.strip()[:_MAX_QUOTED]} is not between -{most} and {most}")
    return degrees.quantize(Decimal("0.000001"))


Row = dict[str, str | None]
_EMPTY = {"", "NULL", "NA", "N/A"}
MAX_ROW = 1 << 20
"""The most characters of a row, with its line ends; of a cell `csv.field_size_limit`."""
MAX_COLUMNS = 1000
"""The most columns of a table."""


class UnreadableError(Exception):
    """A row that cannot be read, with its faults by column, each with the value of the cell."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__("; ".join(f"{column}: {fault}" for column, fault in faults.items()))
        self.faults = faults


@dataclass(frozen=True)
class TableFormat:
    """The shape of the files of a dataset."""

    name: str
    """The name of the dataset, for messages."""
    columns: Sequence[str]
    """The required columns."""
    old_names: Mapping[str, str] = field(default_factory=dict)
    """The present names of columns, by the names in old releases."""

    def rows(self, path: Path) -> Iterator[tuple[int, Row | UnreadableError]]:
        """Yield the rows of a file with their numbers, the header being 1; empty cells are None.

        The row of HXL tags that humanitarian exchanges put below the header is skipped. A row that
        cannot be read, is too long or cannot be stored is yielded as its faults. Raises
        InputError where the file cannot be read or lacks required columns.
        """
        try:
            # Bytes that are not UTF-8 are read as lone surrogates, so that one row is refused
            # and not the whole file.
            with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
                first = file.readline(MAX_ROW)
                file.seek(0)
                rows = _CsvReader(file, max(",;\t", key=first.count))
                try:
                    header = next(rows, [])
                except UnreadableError as error:
                    raise InputError(f"The header cannot be read: {error}") from None
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
            raise InputError(f"The file cannot be read: {error.strerror}.") from None

    def _require(self, header: list[str]) -> None:
        if len(header) > MAX_COLUMNS:
            raise InputError(f"The file has {len(header):,} columns; the most are {MAX_COLUMNS:,}.")
        missing = [name for name in self.columns if name not in header]
        if missing:
            names = ", ".join(map(quote_value, header))[:300]
            raise InputError(
                f"This is not {self.name}: the first row must be its header. "
                f"Missing columns: {', '.join(missing)}. Columns: {names or 'none'}."
            )
        repeated = [quote_value(name) for name, number in Counter(header).items() if number > 1]
        if repeated:
            raise InputError(
                f"Two columns have the same name: {', '.join(repeated)[:300]}. "
                "Remove or rename one."
            )


class _CsvReader:
    """A reader of the rows of a CSV file in bounded memory: longer rows are skipped."""

    def __init__(self, file: TextIO, delimiter: str) -> None:
        self.file, self.delimiter = file, delimiter
        self.length = 0
        """The characters of the current row so far: a quoted cell may have several lines."""
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
                    {
                        "the row": f"it is longer than {MAX_ROW:,} characters: "
                        "is a quotation mark missing?"
                    }
                )
            yield line


def _make_row(header: list[str], cells: list[str]) -> Row | None:
    """Return a row by column, or None for an empty one. Raises UnreadableError."""
    if all(not cell or cell.startswith("#") for cell in cells):
        return None
    if len(cells) != len(header):
        raise UnreadableError({"the row": f"it has {len(cells)} cells, the header {len(header)}"})
    faults = {
        name: f"{quote_value(cell)} contains a character that cannot be stored"
        for name, cell in zip(header, cells, strict=True)
        if not is_storable(cell)
    }
    if faults:
        raise UnreadableError(faults)
    values = (None if cell.strip() in _EMPTY else cell for cell in cells)
    return dict(zip(header, values, strict=True))


def digest(row: Row) -> str:
    """Return the SHA-256 of a row; the order of its columns makes no difference."""
    return hashlib.sha256(documents.dump(dict(sorted(row.items())))).hexdigest()


def count_lines(path: Path) -> int:
    """Return the lines of a file, for the progress bar: about its rows; 0 if it is unreadable."""
    try:
        with path.open("rb") as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    except OSError:
        return 0
