"""The importer of UCDP's actors: one actor for each id, and every affiliation in the data."""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from actors.models import Actor, ActorExternalId, Affiliation
from config.settings import ROOT
from editorial.models import User
from editorial.redaction.redact import redact
from exchange.models import ImportedRow
from exchange.ucdp.actors import COLUMNS
from tests.contract.client import ContractClient
from tests.exchange.test_ucdp_ged import audited, publish_iraq

FILE = ROOT / "../shared/data/ucdp/ucdp-actor-221.csv"
needs_data = pytest.mark.skipif(not FILE.exists(), reason="UCDP's files are not in ../shared/data")
pytestmark = pytest.mark.django_db

ROW = dict.fromkeys([*COLUMNS, "NameChange"], "") | {
    "ActorId": "234", "NameData": "IS", "NameOrig": "TQJBR",
    "NameOrigFull": "Tanzim Qaidat al-Jihad", "NameOrigFullEng": "n/a", "NameChange": "0",
    "Org": "1", "Location": "Iraq", "GWNOLoc": "645",
}  # fmt: skip
OTHER = {"ActorId": "5", "NameData": "Ansar", "NameOrig": "Ansar", "NameOrigFull": "n/a"}


def run(path: Path, *, refused: int = 0, **options: Any) -> str:
    """Run the command, which refuses so many rows, and return what it says."""
    said = StringIO()
    names = {"submit_as": "editor", "approve_as": "reviewer"} | options
    command = ("ingest", "ucdp-actors", str(path))
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
        file = tmp_path / "actor_v22_1.csv"
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.DictWriter(out, list(ROW))
            writer.writeheader()
            writer.writerows({**ROW, **row} for row in rows)
        return run(file, **options)

    return ingest


def document(api: ContractClient, key: str) -> Any:
    """Return the public document of an actor."""
    (found,) = api.results(f"actors/documents?external_id=ucdp_actor:{key}")
    return found


def affiliations(api: ContractClient) -> set[tuple[str, str, str]]:
    """Return all affiliations, each as subject, kind and object."""
    rows = api.results("affiliations?limit=1000")
    return {(row["subject"]["name"], row["kind"], row["object"]["name"]) for row in rows}


def names(api: ContractClient, key: str = "234") -> dict[str, str]:
    """Return the further names of an actor with their kinds."""
    return {row["text"]: row["kind"] for row in document(api, key)["names"]}


def test_an_actor_says_what_its_row_says(
    api: ContractClient, editor: User, reviewer: User, ingest: Any
) -> None:
    publish_iraq(editor, reviewer)
    said = ingest(
        {},
        OTHER | {"Org": "3", "GWNOLoc": "645, 652", "Location": "Iraq, Syria"},
        {"ActorId": "6", "NameData": "Government of Iraq", "Org": "4"},
        {"ActorId": "7", "NameData": "Supporters of X", "Org": "2"},
    )
    body = document(api, "234")
    assert (body["name"], body["kind"], body["country"]["name"]) == (
        "IS", "armed_organisation", "Iraq",
    )  # fmt: skip
    assert names(api) == {"TQJBR": "acronym", "Tanzim Qaidat al-Jihad": "official"}
    assert body["citations"][0]["source"]["name"] == "UCDP Actor Dataset 22.1"
    clan = document(api, "5")
    assert (clan["kind"], clan["country"]) == ("population_group", None)
    assert [row["classification"] for row in clan["classifications"]] == ["identity_militia"]
    assert document(api, "6")["kind"] == "state"
    assert document(api, "7")["kind"] == "collective"
    assert "actors: 4 (4 created, 0 changed, 0 unchanged)" in said
    assert "in several countries 1" in said


def test_a_rename_keeps_the_actor(api: ContractClient, ingest: Any) -> None:
    ingest(
        {
            "NameChange": "1", "NewName": "ISI, IS", "NameOrigFullEng": "Monotheism and Jihad",
            "NewNameFullMotherTongue": "Dawla fi al-Iraq, al-Dawla",
            "NewNameFullEng": "Islamic State of Iraq, Islamic State",
        }
    )  # fmt: skip
    assert names(api) == {
        "ISI": "former", "Dawla fi al-Iraq": "former", "Islamic State of Iraq": "former",
        "al-Dawla": "official", "Islamic State": "translation",
        "TQJBR": "former", "Tanzim Qaidat al-Jihad": "former", "Monotheism and Jihad": "former",
    }  # fmt: skip
    assert api.names("actors?name=ISI") == ["IS"]


def test_affiliations_are_read_from_lists_and_actors_without_a_row_created(
    api: ContractClient, ingest: Any
) -> None:
    said = ingest(
        {
            "ActorIdPrev": "5, 2658", "NamePrev": "Ansar, PBCP-ML",
            "ActorIdSplitTemp": "5", "NameSplitTemp": "Ansar",
            "ActorIdGroup": "5", "GroupName": "Ansar", "NSCoalitionID": "7669",
        },
        OTHER | {"ActorIdAlliance": "234", "NameAlliance": "IS", "NSCoalitionID": "7669"},
    )  # fmt: skip
    assert affiliations(api) == {
        ("IS", "splinter_of", "Ansar"), ("IS", "splinter_of", "PBCP-ML"),
        ("IS", "merged_into", "Ansar"), ("IS", "member_of", "Ansar, IS"),
        ("Ansar", "member_of", "IS"), ("Ansar", "member_of", "Ansar, IS"),
    }  # fmt: skip
    assert document(api, "7669")["kind"] == "coalition"
    assert "actors created: 2" in said
    split = Affiliation.objects.get(kind="splinter_of", object__name="Ansar")
    assert split.note == "UCDP calls the split temporary."
    assert (split.certain, split.citations.get().locator) == (None, "234")
    rows = api.results("affiliations?kind=splinter_of&at=1990&dates=certain")
    assert not rows, "UCDP dates none of it"


def test_a_faction_of_a_government_is_its_splinter(api: ContractClient, ingest: Any) -> None:
    ingest(
        {"ActorIdPrev": "6", "NamePrev": "Government of Iraq"},
        {"ActorId": "6", "NameData": "Government of Iraq", "Org": "4"},
    )
    assert affiliations(api) == {("IS", "splinter_of", "Government of Iraq")}


def test_rows_that_cannot_be_imported_are_reported(ingest: Any) -> None:
    said = ingest(
        {"ActorIdPrev": "234"}, {"ActorId": "x"}, {"ActorId": "8", "Org": "9"}, {}, refused=3
    )
    assert "affiliated with itself 1" in said
    assert "row 3: ActorId: “x” is not a whole number" in said
    assert "row 4: Org: 9 is none of 1, 2, 3, 4" in said
    assert "row 5: ActorId: row 2 has the same key" in said
    assert ImportedRow.objects.get().row["ActorIdPrev"] == "234"


def test_an_existing_actor_is_completed_and_not_overwritten(
    api: ContractClient, ingest: Any, editor: User, reviewer: User, publish: Any
) -> None:
    publish_iraq(editor, reviewer)
    state = Actor.objects.create(name="Islamic State", kind="collective")
    ActorExternalId.objects.create(actor=state, scheme="ucdp_actor", value="234")
    state.names.create(text="TQJBR", kind="former")
    publish(state)
    said = ingest({"ActorIdPrev": "5", "NamePrev": "Ansar"})
    assert "corrections of editors that stay: 3" in said
    body = document(api, "234")
    assert (body["name"], body["kind"], body["country"]["name"]) == (
        "Islamic State", "collective", "Iraq",
    )  # fmt: skip
    assert names(api) == {"TQJBR": "former", "Tanzim Qaidat al-Jihad": "official"}
    assert affiliations(api) == {("Islamic State", "splinter_of", "Ansar")}


def test_a_second_run_and_a_dry_run_change_nothing(ingest: Any) -> None:
    assert "nothing was written" in ingest({}, dry_run=True)
    assert not Actor.objects.exists()
    ingest({}, OTHER | {"ActorIdPrev": "234", "NamePrev": "IS"})
    before = audited()
    assert "(0 created, 0 changed, 2 unchanged)" in ingest(
        {}, OTHER | {"ActorIdPrev": "234", "NamePrev": "IS"}
    )
    assert audited() == before


def test_a_newer_release_changes_what_it_tells_otherwise_but_corrections_stay(
    api: ContractClient, ingest: Any, publish: Any, tmp_path: Path
) -> None:
    split = {"ActorIdPrev": "5", "NamePrev": "Ansar"}
    ingest({} | split, OTHER)
    actor = Actor.objects.get(name="IS")
    actor.name = "The Islamic State"
    actor.save()
    publish(actor)
    said = ingest(
        {"NameData": "ISIS", "NameOrigFull": "al-Dawla", "ActorIdGroup": "5", "GroupName": "Ansar"},
        release="23.1",
        covers_countries=["all"],
        missing_to=tmp_path / "missing.csv",
    )
    assert "corrections of editors that stay: 2\n" in said
    assert "234 record.name" in said
    assert "234 affiliation splinter_of 5" in said, "people withdraw affiliations"
    assert "missing in the file, and not withdrawn here: 1\n  5\n" in said
    assert document(api, "234")["name"] == "The Islamic State"
    assert "al-Dawla" in names(api)
    assert "Tanzim Qaidat al-Jihad" not in names(api)
    assert ("The Islamic State", "merged_into", "Ansar") in affiliations(api)


def rows() -> Iterator[dict[str, str]]:
    """Read the file as anybody would."""
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def pairs(*columns: str) -> set[tuple[str, str]]:
    """Return the actors that columns of ids relate."""
    return {
        (row["ActorId"], other)
        for row in rows()
        for column in columns
        for other in row[column].split(", ")
        if other and other != row["ActorId"]
    }


@pytest.mark.long
@needs_data
def test_the_whole_file_goes_in(api: ContractClient, editor: User, reviewer: User) -> None:
    """One import of the whole file, looked at from all sides: it is long, so it is made once."""
    said = run(FILE, release="22.1")
    assert "actors: 1,725 (1,725 created, 0 changed, 0 unchanged)" in said
    assert "unreadable" not in said
    assert "affiliated with itself 1" in said

    def count(kind: str) -> int:
        return api.ask(f"affiliations?limit=1&count=true&kind={kind}")["count"]

    assert count("splinter_of") == len(pairs("ActorIdPrev", "ActorIdSplitTemp"))
    assert count("merged_into") == len(pairs("ActorIdGroup"))
    coalitions = pairs("OSCoalitionID", "NSCoalitionID")
    assert count("member_of") == len(pairs("ActorIdAlliance") | coalitions)
    joined = {name for pair in pairs("ActorIdPrev", "ActorIdGroup") for name in pair}
    actors = {row["ActorId"] for row in rows()} | joined | {one for _, one in coalitions}
    assert api.ask("actors?limit=1&count=true")["count"] == len(actors)
    for row in rows():
        if row["NameChange"] == "1" and row["NameOrig"].strip() != row["NameData"].strip():
            renamed = Actor.objects.get(external_ids__value=row["ActorId"])
            assert renamed.names.filter(kind="former").exists(), row["ActorId"]

    before = audited()
    assert "(0 created, 0 changed, 1,725 unchanged)" in run(FILE, release="22.1")
    assert audited() == before


def test_a_redacted_actor_is_not_made_again(ingest: Any, reviewer: User) -> None:
    ingest({})
    found = ActorExternalId.objects.filter(scheme="ucdp_actor").order_by("pk")[0]
    actor, key = found.actor, found.value
    redact(actor, reviewer, "It was no group.", whole=True)
    said = ingest({})
    assert f"actor {key} of UCDP: Redaction " in said
    assert not ActorExternalId.objects.filter(scheme="ucdp_actor", value=key).exists()
