"""What an import reports as missing: within what the file is declared to hold all of, no more."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from editorial.models import User
from exchange.report import UNDECLARED
from incidents.models import Incident
from tests.contract.client import ContractClient
from tests.exchange.test_ucdp_ged import MYANMAR, ROW, needs_data

pytestmark = pytest.mark.django_db
ROWS = [
    {"id": "1"},
    {"id": "2", "date_start": "2015-02-01", "date_end": "2015-02-01"},
    {"id": "3", "country_id": "652", "adm_1": ""},
    {"id": "4", "country_id": "666", "adm_1": "Gaza Strip"},
    {"id": "5", "country_id": "999"},
]


@pytest.fixture
def ingest(tmp_path: Path, editor: User, reviewer: User) -> Any:
    """Bring in rows, listing what is missing in `missing.csv`."""

    def ingest(*rows: dict[str, str], name: str = "ged241.csv", **options: Any) -> str:
        file, said = tmp_path / name, StringIO()
        with file.open("w", newline="") as out:
            writer = csv.DictWriter(out, list(ROW))
            writer.writeheader()
            writer.writerows(ROW | row for row in rows)
        options = {"submit_as": "editor", "missing_to": tmp_path / "missing.csv"} | options
        call_command("ingest", "ucdp-ged", file, stdout=said, stderr=StringIO(), **options)
        return said.getvalue()

    return ingest


def test_without_a_declaration_nothing_is_missing_and_it_is_said_how_to_declare(
    ingest: Any, tmp_path: Path
) -> None:
    ingest(*ROWS)
    said = ingest({"id": "9"})
    assert UNDECLARED in said
    assert not (tmp_path / "missing.csv").exists()


@pytest.mark.parametrize(
    ("declared", "missing"),
    [
        ({"covers_countries": ["IQ"]}, ["1", "2"]),
        ({"covers_countries": ["iq", "SY"]}, ["1", "2", "3"]),
        ({"covers_countries": ["IQ"], "covers_from": "2014", "covers_to": "2014"}, ["1"]),
        ({"covers_countries": ["IQ"], "covers_to": "2014-01-24"}, []),
        ({"covers_from": "2015"}, ["2"]),
        ({"covers_countries": ["IL"]}, []),
        ({"covers_countries": ["PS"]}, ["4"]),
        ({"covers_countries": ["all"]}, ["1", "2", "3", "4", "5"]),
    ],
)
def test_only_what_is_declared_is_missing(
    ingest: Any, tmp_path: Path, declared: Any, missing: list[str]
) -> None:
    ingest(*ROWS)
    said = ingest({"id": "9"}, dry_run=True, **declared)
    assert UNDECLARED not in said
    file = tmp_path / "missing.csv"
    assert file.exists() == bool(missing)
    if missing:
        assert f"missing in the file, and not withdrawn here: {len(missing)}\n  1\n" in said or (
            missing[0] != "1"
        )
        assert f"all of them are listed in {file}" in said
        with file.open(newline="") as rows:
            assert [row["key"] for row in csv.DictReader(rows)] == missing


@pytest.mark.parametrize(
    ("declared", "fault"),
    [
        ({"covers_countries": ["XX"]}, "--covers-countries: XX"),
        ({"covers_from": "soon"}, "use a year or a day"),
        ({"covers_countries": ["all"], "missing_to": Path("/nowhere/x.csv")}, "cannot be written"),
    ],
)
def test_what_cannot_be_declared_is_refused(ingest: Any, declared: Any, fault: str) -> None:
    ingest(*ROWS)
    with pytest.raises(CommandError, match=f"Nothing was written.*{fault}"):
        ingest({"id": "9"}, **declared)


@needs_data
def test_a_sample_lacks_nothing(ingest: Any, tmp_path: Path) -> None:
    said = StringIO()
    for name, release in (("candidate_2021_myanmar", "21.01.21.12"), ("ged_v24_myanmar_2021", "")):
        call_command(
            "ingest", "ucdp-ged", MYANMAR / f"{name}.csv", release=release, submit_as="editor",
            covers_countries=["MM"], covers_from="2021", covers_to="2021", stdout=said,
            stderr=StringIO(), missing_to=tmp_path / "missing.csv",
        )  # fmt: skip
    assert "missing in the file, and not withdrawn here: 15\n" in said.getvalue()


def test_readers_see_which_release_no_longer_has_an_event(
    api: ContractClient, ingest: Any, editor: User
) -> None:
    published = {"approve_as": "reviewer"}

    def list_marks() -> dict[str, str | None]:
        return {
            row["value"]: row["dropped_in"]
            for incident in api.results("incidents")
            for row in incident["external_ids"]
        }

    ingest(*ROWS[:3], **published)
    assert list_marks() == dict.fromkeys("123")
    said = ingest(ROWS[2], name="ged251.csv", covers_countries=["IQ"], **published)
    assert "0 created, 0 changed, 1 unchanged" in said
    assert list_marks() == {"1": "25.1", "2": "25.1", "3": None}
    incident = Incident.objects.get(external_ids__value="1")
    assert api.ask(f"incidents/{incident.public_id}")["version"] == 2
    ingest(ROWS[2], name="ged251.csv", covers_countries=["IQ"], **published)
    assert api.ask(f"incidents/{incident.public_id}")["version"] == 2
    said = ingest(ROWS[0] | {"best": "9"}, name="ged261.csv", **published)
    assert "0 created, 1 changed" in said
    assert list_marks() == {"1": None, "2": "25.1", "3": None}


def test_an_event_that_somebody_works_on_is_not_marked(
    ingest: Any, editor: User, reviewer: User
) -> None:
    ingest(ROWS[0])
    said = ingest(ROWS[1], name="ged251.csv", covers_countries=["all"])
    assert "missing" in said
    event = Incident.objects.get(external_ids__value="1").external_ids.get()
    assert event.dropped_in == "", "it waits for a reviewer"
