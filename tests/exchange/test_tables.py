"""What reading a table promises: no cell, no row and no file ends a run with a traceback."""

import csv
import subprocess
import sys
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.settings import ROOT
from editorial.models import User
from exchange.commands import InputError
from exchange.models import ImportedRow
from exchange.tables import MAX_ROW, TableFormat, UnreadableError
from exchange.ucdp import actors, ged, support
from tests.exchange.test_ucdp_ged import ROW

TABLE = TableFormat("a table", ("id", "best"))


def read(path: Path, table: TableFormat = TABLE) -> list[Any]:
    """Return the rows of a file, of those refused their faults as text."""
    return [
        (number, str(row) if isinstance(row, UnreadableError) else row)
        for number, row in table.rows(path)
    ]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


@pytest.mark.parametrize(
    ("cell", "escaped"),
    [
        (b"\0", r"“\x00”"),
        (b"a\xffb", r"“a\udcffb”"),
        (b"\xed\xa0\x80", r"“\udced\udca0\udc80”"),
    ],
)
def test_a_cell_that_no_database_can_hold_is_refused_and_the_rest_is_read(
    file: Path, cell: bytes, escaped: str
) -> None:
    file.write_bytes(b"id,best\n1," + cell + b"\n2,3\n")
    assert read(file) == [
        (2, f"best: {escaped} contains a character that cannot be stored"),
        (3, {"id": "2", "best": "3"}),
    ]


def test_a_row_that_is_too_long_is_refused_and_the_rest_is_read(file: Path) -> None:
    with file.open("w") as out:
        out.write("id,best\n1," + "x" * (3 * MAX_ROW) + "\n2,3\n")
        out.write("3," + "y" * 200_000 + "\n4,5\n")
    found = read(file)
    assert "longer than 1,048,576 characters" in found[0][1]
    assert "field larger than field limit" in str(found)
    assert [row for _, row in found if isinstance(row, dict)] == [
        {"id": "2", "best": "3"},
        {"id": "4", "best": "5"},
    ]


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        ("id,best,best", "Two columns have the same name: “best”"),
        ("id,best,,", "Two columns have the same name: “”"),
        ("id,best" + "," * 100_000, "The file has 100,002 columns; the most are 1,000"),
        ("id,low", "Missing columns: best"),
        ("id,b\0est", r"“b\\x00est”"),
        ("x" * 3_000_000, "The header cannot be read"),
    ],
)
def test_a_header_that_cannot_be_meant_is_refused(file: Path, header: str, fault: str) -> None:
    file.write_text(f"{header}\n1,2\n")
    with pytest.raises(InputError, match=fault):
        read(file)


def test_an_old_and_a_new_name_of_one_column_are_two_of_one_name(file: Path) -> None:
    file.write_text("id,best,best_est\n1,2,3\n")
    with pytest.raises(InputError, match="Two columns have the same name"):
        read(file, TableFormat("a table", ("id", "best"), {"best_est": "best"}))


@pytest.mark.parametrize("content", ["line", "columns", "lines"])
def test_memory_does_not_grow_with_a_line(file: Path, content: str) -> None:
    """A line of 100 MB, and rows of many columns, are read by a process that stays small."""
    with file.open("w") as out:
        if content == "columns":
            out.write("id,best\n" + ("," * 500_000 + "\n") * 100)
        elif content == "line":
            out.write("id,best\n1,")
            for _ in range(100):
                out.write("x" * 1_000_000)
        else:
            out.write('id,best\n1,"')
            for _ in range(20):
                out.write("x\n" * 500_000)
    program = (
        "import resource, sys; from pathlib import Path; from exchange.tables import TableFormat\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "n = sum(1 for _ in TableFormat('t', ('id', 'best')).rows(Path(sys.argv[1])))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import django, os\n{SETUP}\n{program}", str(file)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert int(done.stdout) < 60_000, "kilobytes"


SETUP = "os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'; django.setup()"

cell = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "nan", "NaN", "inf", "-Infinity", "sNaN", "1e400", "-1e-400", "9" * 5000, "0" * 400,
            "1_0", "١٢", "½", "²", "-1", "7.0", "0x10", "2014-06-10", "2014-W05-3", "20140610",
            "0000-00-00", "9999-12-31", "2014-06-10x", "Civilians", "XXX" + "9" * 5000, "a, b",
            "1, 2", "1,2", ",", "645", "1", "2",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
)  # fmt: skip


@pytest.mark.parametrize(
    ("table", "read_row"),
    [
        (ged.TABLE, ged.read_event),
        (actors.TABLE, actors.read_actor),
        (support.TABLE, support.read_actor_year),
    ],
)
def test_no_cell_of_any_codebook_ends_a_run(table: TableFormat, read_row: Any) -> None:
    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.fixed_dictionaries(dict.fromkeys(table.columns, cell)))
    def check(row: Any) -> None:
        blank = {name: value if (value or "").strip() else None for name, value in row.items()}
        with suppress(UnreadableError):
            read_row(blank)

    check()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("latitude", "nan"), ("latitude", "inf"), ("longitude", "1e999999"), ("best", "nan"),
        ("best", "9" * 40), ("id", "nan"), ("country_id", "9" * 5000), ("side_a", "XXX" + "9" * 40),
        ("date_start", "nan"), ("side_b_new_id", "-0"), ("where_coordinates", "\0"),
        ("source_article", "x" * 200_000), ("where_prec", "Infinity"),
    ],
)  # fmt: skip
def test_one_bad_cell_leaves_out_one_row_and_is_named(
    tmp_path: Path, editor: User, reviewer: User, column: str, value: str
) -> None:
    file, said = tmp_path / "ged241.csv", StringIO()
    secret = {"source_article": "a secret of the row"} if column != "source_article" else {}
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, list(ROW))
        writer.writeheader()
        writer.writerows([ROW | secret | {column: value}, ROW | {"id": "2"}])
    options = {"submit_as": "editor", "approve_as": "reviewer"}
    command = ("ingest", "ucdp-ged", file)
    if column in ("country_id", "side_a"):  # what is no number there is merely not known
        call_command(*command, stdout=said, stderr=StringIO(), **options)
        return
    with pytest.raises(CommandError) as refused:
        call_command(*command, stdout=said, stderr=StringIO(), **options)
    assert refused.value.returncode == 3
    assert str(refused.value) == "1 row was unreadable and left out."
    assert "ged241.csv, row 2: " in said.getvalue()
    assert column in said.getvalue() or column == "source_article"
    assert "a secret" not in said.getvalue()
    assert [row.key for row in ImportedRow.objects.all()] == ["2"]
