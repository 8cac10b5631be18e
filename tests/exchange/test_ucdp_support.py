"""The importer of UCDP's external support: who gave what, and no more than the data states."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from actors.models import Actor, ActorExternalId, Affiliation, Support
from config.settings import ROOT
from editorial.models import User
from editorial.redaction.redact import redact
from exchange.models import ImportedRow
from exchange.ucdp.support import TYPES
from tests.contract.client import ContractClient
from tests.exchange.test_ucdp_ged import audited

FILE = ROOT / "../shared/data/ucdp/esd_ay_181_middle_east.csv"
needs_data = pytest.mark.skipif(not FILE.exists(), reason="UCDP's files are not in ../shared/data")
pytestmark = pytest.mark.django_db

NONE = {
    f"ext_{letter}{sort}": "0"
    for letter in ("sup", *TYPES)
    for sort in ("", "_s", "_ns", "_count", "_count_s", "_count_ns")
}
ROW = NONE | {
    "id": "4560", "active": "1", "year": "2007", "actor_id": "5659", "actor_name": "al-Mahdi Army",
    "oppo_id": "116", "oppo_name": "Government of Iraq", "dyad_id": "13891",
    "ext_id": "114,366", "ext_name": "Government of Iran,Hezbollah", "ext_coalition_name": "0",
    "ext_count": "2", "ext_count_s": "1", "ext_count_ns": "1", "ext_elements": "0",
}  # fmt: skip
WEAPONS = {"ext_w_count": "1", "ext_w_count_s": "1"}
TRAINING = {"ext_t_count": "2", "ext_t_count_s": "1", "ext_t_count_ns": "1"}


def run(path: Path, *, refused: int = 0, **options: Any) -> str:
    """Run the command, which refuses so many rows, and return what it says."""
    said = StringIO()
    names = {"submit_as": "editor", "approve_as": "reviewer"} | options
    command = ("ingest", "ucdp-external-support", str(path))
    if not refused:
        call_command(*command, stdout=said, stderr=StringIO(), **names)
        return said.getvalue()
    with pytest.raises(CommandError, match=f"^{refused} rows were unreadable") as error:
        call_command(*command, stdout=said, stderr=StringIO(), **names)
    assert error.value.returncode == 3
    return said.getvalue()


@pytest.fixture
def ingest(tmp_path: Path, editor: User, reviewer: User) -> Any:
    """Write rows, each as what is different about it, into a file and bring it in."""

    def ingest(*rows: dict[str, str], **options: Any) -> str:
        file = tmp_path / "esd_v18_1.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(ROW))
            writer.writeheader()
            writer.writerows({**ROW, **row} for row in rows)
        return run(file, **options)

    return ingest


def backed(api: ContractClient, query: str) -> dict[str, set[tuple[str, str, str]]]:
    """Ask who backed an actor: by sponsor, with what, since and until when, in one request."""
    rows = api.results(f"affiliations/documents?kind=sponsored_by&limit=1000&{query}")
    return {
        row["object"]["name"]: {
            (given["type"], given["validity"]["start"][:4], given["validity"]["end"][:4])
            for other in rows
            if other["object"] == row["object"]
            for given in other["support"]
        }
        for row in rows
    }


def test_a_type_that_one_of_its_sort_can_have_given_is_that_ones(
    api: ContractClient, ingest: Any
) -> None:
    said = ingest(WEAPONS | TRAINING)
    assert backed(api, "subject=al-mahdi-army&at=2007") == {
        "Government of Iran": {
            ("weapons", "2007", "2007"), ("training_expertise", "2007", "2007"),
        },
        "Hezbollah": {("training_expertise", "2007", "2007")},
    }  # fmt: skip
    assert not backed(api, "subject=al-mahdi-army&at=1990")
    assert not backed(api, "subject=al-mahdi-army&at=2008")
    given = Support.objects.all()
    assert {row.against.name for row in given if row.against} == {"Government of Iraq"}
    assert {row.jointly for row in given} == {""}
    assert "actors created: 4" in said


def test_support_of_several_supporters_is_joint(api: ContractClient, ingest: Any) -> None:
    states = {
        "ext_id": "45,54,3", "ext_count": "3", "ext_count_s": "3", "ext_count_ns": "0",
        "ext_name": "Government of Albania,Government of Bulgaria,Government of United States",
        "ext_coalition_name": "Coalition forces",
    }  # fmt: skip
    said = ingest(states | {"ext_w_count_s": "2", "ext_x_count_s": "3"})
    joint = Support.objects.filter(type="weapons")
    assert {row.jointly for row in joint} == {"2 of 3: Coalition forces"}
    assert joint.count() == 3
    assert "among: Government of Albania, Government of Bulgaria, Gov" in joint[0].note
    assert set(Support.objects.filter(type="troop_support").values_list("jointly", flat=True)) == {
        ""
    }
    assert "not said who gave what 1" in said


def test_years_in_a_row_are_one_run_and_a_gap_ends_it(api: ContractClient, ingest: Any) -> None:
    one = WEAPONS | {"ext_id": "114", "ext_name": "Government of Iran", "ext_count_ns": "0"}
    ingest(*(one | {"year": str(year)} for year in (2001, 2002, 2003, 2006)))
    assert backed(api, "subject=al-mahdi-army") == {
        "Government of Iran": {("weapons", "2001", "2003"), ("weapons", "2006", "2006")}
    }
    for year, number in ((2000, 0), (2001, 1), (2003, 1), (2004, 0), (2006, 1), (2007, 0)):
        for dates in ("possible", "certain"):
            at = f"subject=al-mahdi-army&at={year}-07-01&dates={dates}"
            assert len(backed(api, at)) == len(backed(api, f"{at}&support_type=weapons")) == number
    rows = Affiliation.objects.order_by("start").values_list("start", "end")
    assert list(rows) == [("2001-01-01", "2003-12-31"), ("2006-01-01", "2006-12-31")]


def make_as_before(pair: Affiliation) -> None:
    """Make of a run the affiliation, and its row, as an earlier importer made it of all years."""
    row = ImportedRow.objects.get(record=pair.public_id)
    (label,) = (name for name in row.made if name.startswith("support") and "/" not in name)
    given = pair.support.get()
    row.made[label][1] |= {"start": "2001", "end": "2003"}
    given.start, given.end = "2001", "2003"
    given.save()
    later = row.made[label][1] | {"start": "2006", "end": "2006"}
    made = Support.objects.create(affiliation=pair, **later)
    row.made[label.replace("2001", "2006")] = [made.pk, later]
    row.made["record"][1] |= {"start": "2001?", "end": "2006?"}
    row.key, row.sha256 = "5659 114", "0"
    row.save()
    pair.start, pair.end = "2001?", "2006?"
    pair.save()


@pytest.mark.parametrize("changed", [False, True])
def test_one_affiliation_for_all_years_is_replaced_unless_an_editor_changed_it(
    ingest: Any, publish: Any, changed: bool
) -> None:
    iran = WEAPONS | {"ext_id": "114", "ext_name": "Government of Iran", "ext_count_ns": "0"}
    rows = [iran | {"year": str(year)} for year in (2001, 2002, 2003, 2006)]
    ingest(*rows[:3])
    pair = Affiliation.objects.get()
    make_as_before(pair)
    if changed:
        pair.start_reason = "A new commander."
        pair.save()
    publish(pair)
    said = ingest(*rows)
    dates = list(Affiliation.objects.order_by("start").values_list("pk", "start", "end"))
    if changed:
        assert dates == [(pair.pk, "2001?", "2006?")]
        assert "5659 114: changed by an editor, so not replaced" in said
        assert pair.support.count() == 2
        return
    assert dates[0] == (pair.pk, "2001-01-01", "2003-12-31")
    assert [days[1:] for days in dates[1:]] == [("2006-01-01", "2006-12-31")]
    assert list(pair.support.values_list("start", "end")) == [("2001-01-01", "2003-12-31")]
    assert "0 created, 0 changed" in ingest(*rows)


def test_names_that_have_commas_are_one_name(api: ContractClient, ingest: Any) -> None:
    ingest({"ext_id": "6599,57", "ext_name": "A Brigade, B Front,Government of Russia"} | TRAINING)
    assert set(backed(api, "subject=al-mahdi-army")) == {
        "A Brigade, B Front",
        "Government of Russia",
    }


def test_rows_without_support_are_stored(ingest: Any) -> None:
    said = ingest({"ext_id": "", "ext_name": "", "ext_count_s": "0", "ext_count_ns": "0"})
    assert not Affiliation.objects.exists()
    assert ImportedRow.objects.get().row["actor_name"] == "al-Mahdi Army"
    assert "no support 1" in said


def test_invalid_rows_are_reported(ingest: Any) -> None:
    said = ingest(
        {"ext_id": "114"},
        {"year": "soon"},
        {"ext_w_count_s": "5", "year": "2001"},
        {"year": "2002"},
        {"year": "2002"},
        refused=4,
    )
    assert "unreadable rows: 4" in said
    assert "row 2: ext_name: it has 2 names, and ext_id 1 ids" in said
    assert "row 4: ext_id: more are counted as giving support than are named" in said
    assert "row 6: year: row 5 has the same key" in said


def test_a_second_run_and_a_dry_run_change_nothing(ingest: Any) -> None:
    assert "nothing was written" in ingest(WEAPONS, dry_run=True)
    assert not ImportedRow.objects.exists()
    ingest(WEAPONS)
    before = audited()
    assert "(0 created, 0 changed, 3 unchanged)" in ingest(WEAPONS)
    assert audited() == before


def test_a_newer_release_changes_what_it_tells_otherwise_but_corrections_stay(
    api: ContractClient, ingest: Any, publish: Any
) -> None:
    ingest(WEAPONS | TRAINING)
    affiliation = Affiliation.objects.get(object__name="Government of Iran")
    affiliation.start_kind = "first_cited"
    affiliation.save()
    corrected = affiliation.support.get(type="weapons")
    corrected.note = "Rockets."
    corrected.save()
    publish(affiliation)
    said = ingest({"ext_f_count_s": "1"} | TRAINING, {"year": "2008"} | WEAPONS, release="19.1")
    assert "corrections of editors that stay: 1\n  5659 114 2007 support weapons 116 2007" in said
    assert backed(api, "subject=al-mahdi-army&object=government-of-iran")["Government of Iran"] == {
        ("training_expertise", "2007", "2007"), ("weapons", "2007", "2007"),
        ("weapons", "2008", "2008"), ("funding", "2007", "2007"),
    }  # fmt: skip
    affiliation.refresh_from_db()
    assert (affiliation.start_kind, affiliation.end) == ("first_cited", "2008-12-31")


def test_an_existing_affiliation_gets_the_support_and_stays_as_it_is(
    api: ContractClient, ingest: Any, publish: Any
) -> None:
    ids = {"5659": "al-Mahdi Army", "114": "Iran"}
    army, iran = (Actor.objects.create(name=name, kind="collective") for name in ids.values())
    for actor, key in zip((army, iran), ids, strict=True):
        ActorExternalId.objects.create(actor=actor, scheme="ucdp_actor", value=key)
    affiliation = Affiliation.objects.create(
        subject=army, kind="sponsored_by", object=iran, start="2003", start_kind="actual",
        end="2009", end_kind="actual",
    )  # fmt: skip
    publish(army, iran, affiliation)
    ingest(WEAPONS)
    assert backed(api, "subject=al-mahdi-army")["Iran"] == {("weapons", "2007", "2007")}
    affiliation = Affiliation.objects.get(object=iran)
    assert (affiliation.start, affiliation.end, affiliation.citations.count()) == (
        "2003",
        "2009",
        1,
    )


def rows() -> Iterator[dict[str, str]]:
    """Read the file as anybody would."""
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


@needs_data
def test_the_middle_east_goes_in_whole(api: ContractClient, editor: User, reviewer: User) -> None:
    """One import of the whole file, looked at from all sides: it is long, so it is made once."""
    said = run(FILE)
    assert "unreadable" not in said
    assert ImportedRow.objects.filter(dataset="ucdp_esd").count() == 706

    weapons = ("weapons", "2007", "2008"), ("materiel_logistics", "2007", "2008")
    training = "training_expertise"
    assert backed(api, "subject=al-mahdi-army&at=2007")["Hezbollah"] == {(training, "2007", "2007")}
    iran = backed(api, "subject=al-mahdi-army&at=2007")["Government of Iran"]
    assert {*weapons, (training, "2007", "2008")} <= iran
    assert set(backed(api, "subject=al-mahdi-army&at=2007")) == {"Government of Iran", "Hezbollah"}
    assert not backed(api, "subject=al-mahdi-army&at=1990")

    years: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in rows():
        for key in filter(None, row["ext_id"].split(",")):
            years[row["actor_id"], key].add(int(row["year"]))
    runs = sum(year - 1 not in pair for pair in years.values() for year in pair)
    query = "affiliations?kind=sponsored_by&limit=1&count=true"
    assert api.ask(query)["count"] == runs

    expected: dict[tuple[str, str, int], int] = defaultdict(int)
    for row in rows():
        for letter, word in TYPES.items():
            if row[f"ext_{letter}"] == "1":
                expected[row["actor_id"], word.value, int(row["year"])] += 1
    opponents_by_row: dict[tuple[str, str, int], set[int | None]] = defaultdict(set)
    given = Support.objects.filter(affiliation__subject__external_ids__scheme="ucdp_actor")
    for key, word, start, end, against in given.values_list(
        "affiliation__subject__external_ids__value", "type", "start", "end", "against"
    ):
        for year in range(int(start[:4]), int(end[:4]) + 1):
            opponents_by_row[key, word, year].add(against)
    assert {key: len(opponents) for key, opponents in opponents_by_row.items()} == expected

    before = audited()
    assert "0 created, 0 changed" in run(FILE)
    assert audited() == before


def test_a_redacted_actor_is_not_made_again(ingest: Any, reviewer: User) -> None:
    ingest({})
    found = ActorExternalId.objects.filter(scheme="ucdp_actor").order_by("pk")[0]
    actor, key = found.actor, found.value
    redact(actor, reviewer, "It was no group.", whole=True)
    said = ingest({})
    assert f"actor {key} of UCDP: Redaction " in said
    assert not ActorExternalId.objects.filter(scheme="ucdp_actor", value=key).exists()
