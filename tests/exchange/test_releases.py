"""What comparing releases promises: a total order, and no newer one is overwritten unasked."""

import csv
import random
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from editorial.models import User
from exchange.models import ImportedRow
from exchange.releases import find_release, parse_release
from tests.exchange.test_ucdp_ged import ROW


@pytest.mark.parametrize(
    ("name", "release"),
    [
        ("GEDEvent_v24_1", "24.1"),
        ("GEDEvent_v25_1", "25.1"),
        ("GEDEvent_v22_0_2", "22.0.2"),
        ("GEDEvent_v21_01_21_12", "21.01.21.12"),
        ("GEDEvent_v24_01_24_03", "24.01.24.03"),
        ("ged221", "22.1"),
        ("ged241-csv", "24.1"),
        ("ged50", "5.0"),
        ("ged_v24", "24"),
        ("ged_v24_myanmar_2021", "24"),
        ("ged_v23_1_sample1000", "23.1"),
        ("ucdp-actor-221", "22.1"),
        ("ucdp-esd-ay-181", "18.1"),
        ("esd_ay_181_middle_east", "18.1"),
        ("Dyadic_v24_1", "24.1"),
        ("UCDP GED 24.1", "24.1"),
        ("GEDEvent_v24_1 (2)", "24.1"),
        ("conflict_data_irq", ""),
        ("candidate_2021_myanmar", ""),
        ("ged_2021", ""),
        ("GEDEvent_v24_0_13", ""),
        ("GEDEvent_v24_05_24_03", ""),
        ("ged1", ""),
    ],
)
def test_the_name_of_a_file_tells_its_release(name: str, release: str) -> None:
    assert find_release(name) == release


ORDER = [
    "2.0", "5.0", "17.1", "17.2", "21.0.11", "21.0.12", "21.10.21.12", "21.01.21.12", "22", "22.1",
    "22.0.2", "22.01.22.03", "22.0.4", "22.0.12", "22.01.22.12", "23.1", "24.1", "24.2", "24.0.1",
]  # fmt: skip


def test_releases_are_in_order() -> None:
    """A final release is newer than all candidates of the year that it covers."""
    assert sorted(random.sample(ORDER, len(ORDER)), key=parse_release) == ORDER


def months_of(start: int, length: int) -> str:
    """Return a release of so many months."""
    ends = (divmod(month, 12) for month in (start, start + length))
    return ".".join(f"{year:02}.{month + 1:02}" for year, month in ends)


numbers = st.integers(1, 99)
months = st.integers(1, 12)
releases = st.one_of(
    st.builds("{}.{}".format, st.integers(17, 99), st.integers(1, 9)),
    st.builds("{}".format, numbers),
    st.builds("{}.0.{}".format, numbers, months),
    st.builds(months_of, st.integers(12, 1000), st.integers(0, 100)),
).map(parse_release)


@given(releases, releases, releases)
def test_the_order_is_total(a: Any, b: Any, c: Any) -> None:
    assert (a < b) + (b < a) + (a == b) == 1
    assert (a == b) == (a.text == b.text)
    assert not (a < b < c) or a < c
    assert parse_release(a.text) == a


@given(st.text())
def test_no_text_ends_with_anything_but_a_release_or_a_refusal(text: str) -> None:
    find_release(text)
    try:
        parse_release(text)
    except ValueError:
        return


@pytest.fixture
def ingest(tmp_path: Path, editor: User, reviewer: User) -> Any:
    """Bring in one row of a file of that name, with so many dead."""

    def ingest(name: str, best: str, key: str = "1", **options: Any) -> str:
        file, said = tmp_path / f"{name}.csv", StringIO()
        with file.open("w", newline="") as out:
            writer = csv.DictWriter(out, list(ROW))
            writer.writeheader()
            writer.writerow(ROW | {"best": best, "id": key})
        four_eyes = {"submit_as": "editor", "approve_as": "reviewer"}
        call_command(
            "ingest", "ucdp-ged", file, stdout=said, stderr=StringIO(), **four_eyes | options
        )
        return said.getvalue()

    return ingest


@pytest.mark.django_db
def test_an_older_release_is_refused_unless_forced(ingest: Any) -> None:
    ingest("ged221", "9")
    for older in ("GEDEvent_v21_01_21_12", "GEDEvent_v21_0_12", "ged211"):
        with pytest.raises(CommandError, match=r"release 2.*from release 22\.1, which is newer"):
            ingest(older, "8")
        with pytest.raises(CommandError, match="newer"):
            ingest(older, "8", dry_run=True)
    assert ImportedRow.objects.get().row["best"] == "9"
    assert "1 changed" in ingest("ged211", "8", force=True)


@pytest.mark.django_db
def test_releases_that_share_no_row_do_not_overwrite_each_other(ingest: Any) -> None:
    """The candidates of a year come before the final release of the year before."""
    ingest("GEDEvent_v22_0_2", "9", "1")
    assert "1 created" in ingest("ged221", "9", "2")


@pytest.mark.django_db
def test_a_file_whose_name_tells_no_release_needs_one(ingest: Any) -> None:
    with pytest.raises(CommandError, match=r"Nothing was written\..*--release"):
        ingest("conflict_data_irq", "9")
    assert "(release not stated)" in ingest("conflict_data_irq", "9", dry_run=True)
    with pytest.raises(CommandError, match="“newest” is not a release"):
        ingest("conflict_data_irq", "9", release="newest")
    assert "19.1" in ingest("conflict_data_irq", "9", release="19.1")
