"""What the importer of UCDP's events promises: all that a row says, once, and nothing more."""

import csv
import json
import threading
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pghistory.core import event_models

from actors.models import Actor, ActorExternalId
from config.settings import ROOT
from editorial import workflow
from editorial.models import Record, Submission, User
from editorial.redaction.redact import redact
from exchange.importing import lock_imports
from exchange.models import ImportedRow
from exchange.ucdp.actor_matching import UcdpActor, list_members
from exchange.ucdp.countries import ISO, iso
from exchange.ucdp.ged import COLUMNS
from incidents.models import CasualtyFigure, Incident
from incidents.serializers import IncidentDocument
from places.models import Place, PlaceName
from publishing.models import Edition
from sources.models import Publisher, Source
from tests.cast import UNCITED, person
from tests.contract.client import API, ContractClient

DATA = ROOT / "../shared/data"
IRAQ = DATA / "ucdp/conflict_data_irq.csv"
MYANMAR = DATA / "ucdp/revision_pair"
needs_data = pytest.mark.skipif(not IRAQ.exists(), reason="UCDP's files are not in ../shared/data")
FLAGGED = "must_be_imported_but_flagged"
PROVINCES = {
    "AN": "Al Anbār", "AR": "Arbīl", "BA": "Al Başrah", "BB": "Bābil", "BG": "Baghdād",
    "DA": "Dahūk", "DI": "Diyālá", "DQ": "Dhī Qār", "KA": "Karbalā’", "KI": "Kirkūk",
    "MA": "Maysān", "MU": "Al Muthanná", "NA": "An Najaf", "NI": "Nīnawá", "QA": "Al Qādisīyah",
    "SD": "Şalāḩ ad Dīn", "SU": "As Sulaymānīyah", "WA": "Wāsiţ",
}  # fmt: skip

ROW = {
    "id": "1", "type_of_violence": "1", "side_a_new_id": "116", "side_a": "Government of Iraq",
    "gwnoa": "645", "side_b_new_id": "234", "side_b": "IS",
    "source_article": '"AFP,2014-01-25,Toll tops 800"', "where_prec": "4",
    "where_coordinates": "Al Fallūjah town", "adm_1": "Al Anbār province",
    "latitude": "33.355813", "longitude": "43.786124", "country": "Iraq", "country_id": "645",
    "event_clarity": "1", "date_prec": "2", "date_start": "2014-01-24", "date_end": "2014-01-25",
    "deaths_a": "0", "deaths_b": "0", "deaths_civilians": "1", "deaths_unknown": "7",
    "low": "8", "best": "8", "high": "9", "active_year": "True",
    "dyad_new_id": "", "conflict_new_id": "",
}  # fmt: skip


def audited() -> int:
    """Count all audit rows, editions and submissions."""
    return sum(model.objects.count() for model in [*event_models(), Edition, Submission])


def publish(editor: User, reviewer: User, *records: Record) -> None:
    """Publish records, by the verbs that people use."""
    submission = workflow.submit(records, editor)
    workflow.approve(submission, reviewer, UNCITED)
    workflow.publish(submission, reviewer)


def publish_iraq(editor: User, reviewer: User) -> dict[str, Place]:
    """Make and publish Iraq and its governorates."""
    iraq = Place.objects.create(name="Iraq", kind="country", country="IQ", slug="iraq")
    provinces = {
        code: Place.objects.create(
            name=name, kind="admin1", country="IQ", admin1=f"IQ-{code}", parent=iraq
        )
        for code, name in PROVINCES.items()
    }
    publish(editor, reviewer, iraq, *provinces.values())
    return {"": iraq, **provinces}


def run(path: Path, *, refused: int = 0, **options: Any) -> str:
    """Run the command, which refuses so many rows, and return what it says."""
    said = StringIO()
    command = ("ingest", "ucdp-ged", str(path))
    if not refused:
        call_command(*command, stdout=said, stderr=StringIO(), **options)
        return said.getvalue()
    with pytest.raises(CommandError, match=f"^{refused} rows were unreadable") as error:
        call_command(*command, stdout=said, stderr=StringIO(), **options)
    assert error.value.returncode == 3
    return said.getvalue()


@pytest.fixture
def places(editor: User, reviewer: User) -> dict[str, Place]:
    """Iraq, under a blank, and its governorates."""
    return publish_iraq(editor, reviewer)


@pytest.fixture
def ingest(tmp_path: Path, editor: User, reviewer: User) -> Any:
    """Write rows, each as what is different about it, into a file and bring it in."""

    def ingest(*rows: dict[str, str], publish: bool = True, **options: Any) -> str:
        file = tmp_path / "GEDEvent_v23_1.csv"
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.DictWriter(out, list(ROW))
            writer.writeheader()
            writer.writerows({**ROW, **row} for row in rows)
        names = {"submit_as": "editor"} | ({"approve_as": "reviewer"} if publish else {})
        return run(file, **{**names, **options})

    return ingest


pytestmark = pytest.mark.django_db


def document(api: ContractClient, key: str = "1") -> Any:
    """Return the public document of an event."""
    (found,) = api.results(f"incidents/documents?external_id=ucdp_event:{key}")
    return found


def test_an_event_says_what_its_row_says(
    api: ContractClient, places: dict[str, Place], ingest: Any
) -> None:
    said = ingest({})
    body = document(api)
    assert body["title"] == (
        "Government of Iraq and IS: Al Fallūjah town, Iraq, 2014-01-24 to 2014-01-25"
    )
    assert (body["event_type"], body["violence"]) == ("unknown", "state_based")
    assert (body["date"], body["date_precision"]) == ("[2014-01-24..2014-01-25]", "days")
    assert body["slug"].startswith("irq-2014-")
    assert (body["place"]["admin1"], body["point"]) == ("IQ-AN", None)
    (location,) = body["locations"]
    assert (location["precision"], location["description"]) == ("admin1", "Al Fallūjah town")
    sides = [(row["role"], row["side"], row["actor"]["name"]) for row in body["involvements"]]
    assert sorted(sides) == [("party", "a", "Government of Iraq"), ("party", "b", "IS")]
    assert body["killed"] == {"low": 8, "best": 8, "high": 9}
    assert body["injured"] == {"low": None, "best": None, "high": None}
    figures = {row["population"]: row["best"] for row in body["casualties"]}
    assert figures == {"total": 8, "civilians": 1, "unknown": 7}
    assert body["killed_civilians"] == {"low": None, "best": 1, "high": None}
    for cited in (body, *body["casualties"]):
        (citation,) = cited["citations"]
        assert citation["source"]["name"] == "UCDP Georeferenced Event Dataset 23.1"
        assert (citation["locator_kind"], citation["locator"]) == ("row", "1")
    assert body["citations"][0]["quote"] == ROW["source_article"]
    assert "events: 1 (1 created, 0 changed, 0 unchanged)" in said
    (source,) = api.results("sources/documents")
    assert (source["kind"], source["licence"]) == ("dataset", "CC BY 4.0")


def test_dates_sides_and_kinds_follow_what_ucdp_knows(
    api: ContractClient, places: dict[str, Place], ingest: Any
) -> None:
    ingest(
        {"date_end": "2014-01-24 00:00:00.000", "event_clarity": "2"},
        {"id": "2", "type_of_violence": "3", "side_b_new_id": "1", "side_b": "Civilians"},
        {"id": "3", "type_of_violence": "2", "side_a": "Hunde, Nyanga", "side_a_new_id": "3860"},
        {"id": "4", "side_a": "XXX645", "side_a_new_id": "3672"},
    )
    body = document(api)
    assert (body["date"], body["date_precision"]) == ("2014-01-24", "day")
    assert {row["certainty"] for row in body["involvements"]} == {"probable"}
    body = document(api, "2")
    assert body["event_type"] == "violence_against_civilians"
    assert [ref["name"] for ref in body["perpetrators"]] == ["Government of Iraq"]
    assert [ref["name"] for ref in body["victims"]] == ["Civilians"]
    kinds = {row["name"]: (row["kind"], row["identified"]) for row in api.results("actors")}
    assert kinds == {
        "Government of Iraq": ("state", "identified"),
        "IS": ("armed_organisation", "identified"),
        "Civilians": ("population_group", "identified"),
        "Hunde, Nyanga": ("coalition", "identified"),
        "Hunde": ("armed_organisation", "identified"),
        "Nyanga": ("armed_organisation", "identified"),
        "Unidentified actor in Iraq": ("collective", "unknown"),
    }
    assert api.names("actors?external_id=ucdp_actor:3672") == ["Unidentified actor in Iraq"]
    assert len(api.names("incidents?violence=one_sided&violence=non_state")) == 2


ALLIES = "Government of Australia, Government of United States of America"


def list_parties(api: ContractClient, key: str = "1") -> dict[str, tuple[str, bool]]:
    """Return the side of each party to an event, and whether it is primary, by name."""
    rows = document(api, key)["involvements"]
    assert {row["role"] for row in rows} == {"party"}
    return {row["actor"]["name"]: (row["side"], row["primary"]) for row in rows}


def test_a_coalition_takes_part_with_its_members(
    api: ContractClient, places: dict[str, Place], ingest: Any
) -> None:
    ingest(
        {"side_b": ALLIES, "side_b_new_id": "3822"},
        {"id": "2", "side_b": "Government of United States of America", "side_b_new_id": "3"},
    )
    assert list_parties(api) == {
        "Government of Iraq": ("a", True),
        ALLIES: ("b", True),
        "Government of Australia": ("b", False),
        "Government of United States of America": ("b", False),
    }
    assert len(api.results("actors?external_id=ucdp_actor:3")) == 1
    (us,) = api.results("actors?external_id=ucdp_actor:3")
    assert len(api.results(f"incidents?participant={us['id']}")) == 2
    states = api.results("actors?kind=state")
    assert len(states) == 3, "each member is created once"
    (summary,) = api.results("incidents?external_id=ucdp_event:1")
    assert len(summary["parties"]) == 4
    assert summary["attribution_status"] == "parties_only"


def test_members_are_known_by_name_and_get_their_id_later(
    api: ContractClient, places: dict[str, Place], ingest: Any, editor: User, reviewer: User
) -> None:
    known = Actor.objects.create(name="Australia", kind="state")
    known.external_ids.create(scheme="ucdp_actor", value="156")
    known.names.create(text="Government of Australia", kind="former")
    namesake = Actor.objects.create(name="Government of United States of America", kind="state")
    publish(editor, reviewer, known, namesake)
    ingest({"side_b": ALLIES, "side_b_new_id": "3822"})
    assert "Australia" in list_parties(api)
    member = Actor.objects.exclude(pk=namesake.pk).get(name=namesake.name)
    assert not member.external_ids.exists(), "the namesake has no id of UCDP"
    ingest(
        {"side_b": ALLIES, "side_b_new_id": "3822"},
        {"id": "2", "side_b": member.name, "side_b_new_id": "3"},
    )
    assert member.external_ids.get().value == "3"
    assert Actor.objects.filter(name=member.name).count() == 2


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("Hunde, Nyanga", ["Hunde", "Nyanga"]),
        ("A , B, Peace and Justice Front , C", ["A", "B", "Peace and Justice Front", "C"]),
        ("Opposition coalition (Febreristas, Liberals and Communists)", []),
        ("Military faction (forces of Honasan, Abenina & Zumel)", []),
        ("Military Junta for Democracy, Peace and Justice", []),
        ("Sinaloa Cartel - Los Mayos faction", []),
    ],
)  # fmt: skip
def test_the_name_of_a_coalition_lists_its_members(name: str, members: list[str]) -> None:
    assert [member.name for member in list_members(UcdpActor("1", name))] == members


@pytest.mark.parametrize("division", ["Gaza Strip", "Gaza strip "])
def test_a_title_names_the_country_of_the_primary_place(
    api: ContractClient, ingest: Any, editor: User, reviewer: User, division: str
) -> None:
    palestine = Place.objects.create(name="Palestine", kind="country", country="PS")
    publish(editor, reviewer, palestine)
    ingest({"adm_1": division, "country": "Israel", "country_id": "666"})
    body = document(api)
    assert body["title"].endswith(": Al Fallūjah town, Palestine, 2014-01-24 to 2014-01-25")
    assert body["place"]["name"] == "Palestine"


def test_implausible_points_and_days_are_flagged_and_imported_as_they_are(
    api: ContractClient, places: dict[str, Place], ingest: Any
) -> None:
    said = ingest(
        {"id": "1", "where_prec": "2", "latitude": "36.340000", "longitude": "43.130000"},
        {"id": "2", "where_prec": "1", "latitude": "43.130000", "longitude": "36.340000"},
        {"id": "3", "where_prec": "1", "latitude": "0", "longitude": "0"},
        {"id": "4", "where_prec": "1", "latitude": "33", "longitude": "13"},
        {"id": "5", "date_start": "1014-01-24"},
        {"id": "6", "date_start": "2914-01-24", "date_end": "2914-01-25"},
    )
    for flag, number in {
        "latitude and longitude exchanged": 1,
        "point at 0, 0": 1,
        "point outside the country": 1,
        "year before 1500 or after next year": 2,
        "date in the future": 1,
    }.items():
        assert f"{flag} {number}" in said
    near = document(api, "1")
    assert (near["point"], near["precision"]) == (
        {"latitude": 36.34, "longitude": 43.13},
        "near_settlement",
    )
    assert api.names("incidents?near=43.13,36.34&radius_km=1") == [near["title"]]


def test_an_existing_actor_with_the_id_is_used(
    places: dict[str, Place], ingest: Any, api: ContractClient, editor: User, reviewer: User
) -> None:
    state = Actor.objects.create(name="Islamic State", kind="armed_organisation")
    ActorExternalId.objects.create(actor=state, scheme="ucdp_actor", value="234")
    publish(editor, reviewer, state)
    said = ingest({})
    assert "actors created: 1" in said
    assert "Islamic State" in {row["actor"]["name"] for row in document(api)["involvements"]}


@pytest.mark.parametrize(
    ("where_prec", "adm_1", "country_id", "precision", "quoted"),
    [
        ("1", "Al Anbār province", "645", "exact", "Al Anbār"),
        ("1", "Anbar Governorate", "645", "exact", "Al Anbār"),
        ("2", "Nowhere", "645", "near_settlement", "Iraq"),
        ("3", "Bābil province", "645", "admin2", "Bābil"),
        ("5", "Bābil province", "645", "admin1", "Bābil"),
        ("5", "", "645", "region", "Iraq"),
        ("6", "Bābil province", "645", "country", "Iraq"),
        ("7", "NULL", "645", "water_or_airspace", "Iraq"),
        ("1", "Al Anbār province", "999", "exact", None),
    ],
)
def test_the_place_is_the_division_else_the_country(
    api: ContractClient,
    places: dict[str, Place],
    ingest: Any,
    editor: User,
    reviewer: User,
    where_prec: str,
    adm_1: str,
    country_id: str,
    precision: str,
    quoted: str | None,
) -> None:
    PlaceName.objects.create(place=places["AN"], text="Anbar", language="en")
    publish(editor, reviewer, places["AN"])
    ingest({"where_prec": where_prec, "adm_1": adm_1, "country_id": country_id})
    body = document(api)
    assert (body["place"] and body["place"]["name"]) == quoted
    assert body["locations"][0]["precision"] == precision
    exact = {"latitude": 33.355813, "longitude": 43.786124}
    assert body["point"] == (exact if precision in ("exact", "near_settlement") else None)
    location = Incident.objects.get().locations.get()
    location.full_clean()
    assert str(location.latitude) == "33.355813"


def test_places_that_are_published_later_are_found_by_the_next_run(
    api: ContractClient, editor: User, reviewer: User, ingest: Any
) -> None:
    ingest({})
    assert document(api)["place"] is None
    publish_iraq(editor, reviewer)
    assert "(0 created, 1 changed, 0 unchanged)" in ingest({})
    assert document(api)["place"]["admin1"] == "IQ-AN"


def test_numbers_out_of_order_are_imported_and_flagged(
    api: ContractClient, places: dict[str, Place], ingest: Any
) -> None:
    said = ingest({"low": "9", "best": "8", "high": "3", "source_article": "two\nlines"})
    assert document(api)["killed"] == {"low": 9, "best": 8, "high": 3}
    assert document(api)["citations"][0]["quote"] == "two\nlines"
    flags = ["low above best", "high below best", "low above high"]
    assert ImportedRow.objects.get().flags == flags
    assert all(f"{flag} 1" in said for flag in flags)
    figure = CasualtyFigure.objects.get(population="total")
    assert figure.note == "As UCDP gives it: low above best, high below best, low above high."
    figure.full_clean()


def test_invalid_rows_are_reported_and_the_others_imported(
    places: dict[str, Place], ingest: Any
) -> None:
    said = ingest(
        {"best": "many", "date_start": "2014"},
        {"id": "2", "date_end": "2013-01-01", "latitude": "133"},
        {"id": "3"},
        {"id": "3", "side_a": ""},
        {"id": "3"},
        {"id": "4", "low": "-1"},
        refused=5,
    )
    assert "unreadable rows: 5" in said
    assert (
        "row 2: date_start: “2014” is not a day: write it like 2014-06-10; best: “many” is not"
        in said
    )
    assert "row 3: date_end: 2013-01-01 is before the start, 2014-01-24; latitude: 133 is" in said
    assert "row 5: side_a: it is empty" in said
    assert "row 6: id: row 4 has the same key" in said
    assert "row 7: low: “-1” is not a whole number" in said
    assert [row.key for row in ImportedRow.objects.all()] == ["3"]


def test_what_is_not_ged_is_refused(tmp_path: Path, editor: User) -> None:
    for content in (b"", b"name,kind\nx,y\n", b"\xff\xfe\x00", ",".join(COLUMNS[1:]).encode()):
        file = tmp_path / "x.csv"
        file.write_bytes(content)
        with pytest.raises(CommandError, match=r"Nothing was written\. "):
            run(file, submit_as="editor", release="24.1")
    with pytest.raises(CommandError, match="does not exist"):
        run(tmp_path / "absent.csv", submit_as="editor")
    assert not ImportedRow.objects.exists()


def test_a_dry_run_writes_nothing(places: dict[str, Place], ingest: Any) -> None:
    before = audited()
    said = ingest({}, dry_run=True, submit_as=None, approve_as=None)
    assert "1 created" in said
    assert "nothing was written" in said
    assert audited() == before
    assert not Incident.objects.exists()


def test_four_eyes(places: dict[str, Place], ingest: Any) -> None:
    with pytest.raises(CommandError, match="Add --submit-as"):
        ingest({}, submit_as=None, approve_as=None)
    with pytest.raises(CommandError, match="another user"):
        ingest({}, approve_as="editor")
    person("other", "editor")
    with pytest.raises(CommandError, match="Nothing was written"):
        ingest({}, approve_as="other")
    assert not Incident.objects.exists()
    assert "as submission" in ingest({}, publish=False)
    assert "Nothing to submit" in ingest({})
    submission = Submission.objects.latest("pk")
    assert submission.state == "pending"
    assert set(submission.editors.values_list("username", flat=True)) == {"editor"}
    workflow.recall(submission, submission.submitted_by)
    assert "published 5 records" in ingest({})  # the publisher, the source, two actors, the event


def test_a_second_run_changes_nothing(places: dict[str, Place], ingest: Any) -> None:
    ingest({})
    before = audited()
    assert "(0 created, 0 changed, 1 unchanged)" in ingest({})
    assert audited() == before


def test_a_newer_release_changes_what_it_tells_otherwise(
    api: ContractClient, places: dict[str, Place], ingest: Any, tmp_path: Path
) -> None:
    missing = tmp_path / "missing.csv"
    ingest({}, {"id": "2"}, {"id": "3"})
    said = ingest(
        {"best": "9", "deaths_b": "2", "deaths_civilians": "0"},
        {"id": "2", "active_year": "1", "date_start": "2014-01-24 00:00:00.000"},
        {"id": "5"},
        release="24.1",
        covers_from="2014",
        missing_to=missing,
    )
    assert "events: 3 (1 created, 1 changed, 1 unchanged)" in said
    assert "missing in the file, and not withdrawn here: 1\n  3\n" in said
    assert missing.read_text().splitlines()[1].split(",")[0] == "3"
    body = document(api)
    assert (body["version"], body["killed"]["best"]) == (2, 9)
    figures = {row["population"]: row["best"] for row in body["casualties"]}
    assert figures == {"total": 9, "side_b": 2, "unknown": 7}
    assert body["citations"][0]["source"]["name"].endswith("24.1")
    other = document(api, "2")
    assert (other["version"], other["citations"][0]["source"]["name"][-4:]) == (1, "23.1")
    marks = {row["scheme"]: row["dropped_in"] for row in document(api, "3")["external_ids"]}
    assert marks == {"ucdp_event": "24.1"}


def test_editors_corrections_survive(
    api: ContractClient, places: dict[str, Place], ingest: Any, editor: User, reviewer: User
) -> None:
    ingest({})
    incident = Incident.objects.get()
    incident.title = "The shelling of Fallujah"
    incident.save()
    incident.casualties.filter(population="civilians").delete()
    unknown = incident.casualties.get(population="unknown")
    unknown.note = "Counted twice."
    unknown.save()
    publish(editor, reviewer, incident)
    said = ingest(
        {"where_coordinates": "Elsewhere", "best": "12", "deaths_civilians": "3"}, release="24.1"
    )
    body = document(api)
    assert body["title"] == "The shelling of Fallujah"
    assert body["locations"][0]["description"] == "Elsewhere"
    assert {row["population"]: row["best"] for row in body["casualties"]} == {
        "total": 12, "unknown": 7,
    }  # fmt: skip
    assert "corrections of editors that stay: 1\n" in said
    assert (
        "  1 record.title: here title “The shelling of Fallujah”; the source says title “" in said
    )
    said = ingest({"where_coordinates": "Elsewhere", "deaths_unknown": "0"}, release="24.2")
    assert document(api)["title"] == "The shelling of Fallujah"


def test_what_was_withdrawn_is_left_alone(
    api: ContractClient, places: dict[str, Place], ingest: Any, reviewer: User
) -> None:
    ingest({})
    workflow.withdraw(Incident.objects.get(), reviewer, "It did not happen.")
    assert "withdrawn or merged: 1" in ingest({"best": "9"}, release="24.1")
    api.ask(f"incidents/{Incident.objects.get().public_id}", 410)


@pytest.mark.parametrize("query", ["234", "ucdp_actor", "ucdp_actor:", ":234", "ucdp:234"])
def test_a_malformed_external_id_is_refused(api: ContractClient, query: str) -> None:
    for resource in ("actors", "incidents", "places", "sources"):
        api.ask(f"{resource}?external_id={query}", 400)
    api.ask("incidents?violence=much", 400)


@needs_data
def test_our_country_numbers_are_ucdps() -> None:
    with (DATA / "codes/ucdp_gw_iso_map.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["iso2"]:
                assert ISO[int(row["country_id"])] == row["iso2"]
    assert (iso(666, "Gaza Strip"), iso(666), iso(817), iso(None)) == ("PS", "IL", "VN", "")


@needs_data
@pytest.mark.parametrize(
    ("name", "release"),
    [
        ("GEDEvent_v22_0_2.csv", "22.0.2"),
        ("candidate_2021_middle_east.csv", ""),
        ("conflict_data_BGD.csv", ""),
        ("ged_v23_1_sample1000.csv", "23.1"),
    ],
)
def test_every_file_is_read_whole(db: None, name: str, release: str) -> None:
    expected = json.loads((DATA / "EXPECTED.json").read_text())[f"ucdp/{name}"]
    said = run(DATA / "ucdp" / name, dry_run=True)
    assert f"({expected['events']:,} created, 0 changed, 0 unchanged)" in said
    assert said.startswith(
        f"UCDP Georeferenced Event Dataset {release or '(release not stated)'}\n"
    )
    assert "unreadable" not in said


@pytest.mark.long
@needs_data
def test_a_revision_differs_from_the_release_before(db: None, editor: User, tmp_path: Path) -> None:
    expected = json.loads((DATA / "EXPECTED.json").read_text())["revision_pair"]
    candidate = MYANMAR / "candidate_2021_myanmar.csv"
    run(candidate, submit_as="editor", release="21.01.21.12")
    workflow.recall(Submission.objects.get(), editor)
    said = run(
        MYANMAR / "ged_v24_myanmar_2021.csv",
        submit_as="editor",
        covers_countries=["MM"],
        covers_from="2021",
        covers_to="2021",
        missing_to=tmp_path / "missing.csv",
    )
    assert f"({expected['only_new']} created, " in said
    assert f"missing in the file, and not withdrawn here: {expected['only_old']}" in said
    best = {row["id"]: int(row["best"]) for row in rows(MYANMAR / "ged_v24_myanmar_2021.csv")}
    standing = CasualtyFigure.objects.filter(population="total")
    assert {key: number for key, number in best_by_population(standing) if key in best} == best


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Read a file as anybody would."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def best_by_population(figures: Any) -> Any:
    """Return the best number of each figure by UCDP's id."""
    return figures.values_list("incident__external_ids__value", "best")


@pytest.mark.long
@needs_data
def test_iraq_goes_in_whole(
    api: ContractClient, places: dict[str, Place], editor: User, reviewer: User
) -> None:
    """One import of the whole file, looked at from all sides: it is long, so it is made once."""
    expected = json.loads((DATA / "EXPECTED.json").read_text())["ucdp/conflict_data_irq.csv"]
    said = run(IRAQ, submit_as="editor", approve_as="reviewer", release="19.1")
    assert "actors created: 28" in said, "three of them only as members of a coalition"

    def count(query: str) -> int:
        return api.ask(f"incidents?limit=1&count=true&{query}")["count"]

    assert count("country=IQ") == expected["events"]
    for year, events in expected["by_year"].items():
        assert count(f"occurred_from={year}&occurred_to={year}") == events, year
    for number, word in {"1": "state_based", "2": "non_state", "3": "one_sided"}.items():
        assert count(f"violence={word}") == expected["by_type_of_violence"][number]

    (us,) = api.results("actors?q=united+states&kind=state")
    assert count(f"occurred_from=2003-03&occurred_to=2003-04&participant={us['id']}") == 95
    assert count("attribution_status=parties_only&violence=state_based") == count(
        "violence=state_based"
    )

    sums, address = Counter[str](), f"{API}incidents?limit=1000"
    while address:
        answer = json.loads(api.get(address, secure=True).content)
        for row in answer["results"]:
            sums.update(row["killed"])
        address = answer["next"]
    assert sums == {bound: expected[f"fatalities_{bound}"] for bound in ("low", "best", "high")}

    imported = ImportedRow.objects.values_list("flags", flat=True)
    flags, must = Counter(flag for row in imported for flag in row), expected[FLAGGED]
    assert flags["low above best"] == must["low>best"]
    assert flags["high below best"] == must["high<best"]
    assert flags["low above high"] == must["low>high"]
    assert flags["compound side"] == must['compound side (", ")']

    (events,) = event_models(tracks_model=CasualtyFigure)
    named = events.objects.filter(pgh_context__metadata__user=editor.pk)
    assert named.count() == CasualtyFigure.objects.count()

    before = audited()
    said = run(IRAQ, submit_as="editor", approve_as="reviewer", release="19.1")
    assert "(0 created, 0 changed, 7,473 unchanged)" in said
    assert audited() == before


def test_what_is_redacted_is_not_brought_back(
    api: ContractClient, places: dict[str, Place], ingest: Any, reviewer: User
) -> None:
    ingest({})
    incident = Incident.objects.get()
    redact(incident, reviewer, "It names a person.", values=["Toll tops 800"])
    imported = ImportedRow.objects.get()
    assert "Toll tops 800" not in json.dumps([imported.row, imported.made])
    assert imported.row["best"] == "8", "the rest remains for exporters"
    before = audited()
    said = ingest({"best": "9"})
    assert audited() == before
    assert "left alone" in said
    assert "Toll tops 800" not in json.dumps(ImportedRow.objects.get().row)


def test_control_characters_of_a_file_do_not_reach_the_terminal(
    places: dict[str, Place], ingest: Any
) -> None:
    said = ingest({"adm_1": "\x1b[2J" + "x" * 100_000, "side_b": "\x1b]0;title\x07"})
    assert "\x1b" not in said
    assert "\\x1b[2J" in said
    assert max(map(len, said.splitlines())) < 1000


def test_a_release_that_editors_entered_twice_is_cited_once(
    places: dict[str, Place], ingest: Any
) -> None:
    title = "UCDP Georeferenced Event Dataset 24.1"
    for _ in range(2):
        Publisher.objects.create(name="Uppsala Conflict Data Program")
    for publisher in [Publisher.objects.order_by("pk")[0]] * 2:
        Source.objects.create(title=title, publisher=publisher)
    assert "set aside" in ingest({}, release="24.1")
    assert Source.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_create_each_event_once(ingest: Any) -> None:
    """The second waits for the first, and then finds nothing to do."""
    said: list[str] = []

    def run_second() -> None:
        try:
            said.append(ingest({"id": "1"}, {"id": "2"}))
        finally:
            connection.close()

    second = threading.Thread(target=run_second)
    with transaction.atomic():
        lock_imports()
        second.start()
        second.join(1.5)
        assert second.is_alive(), "it waits"
        first = ingest({"id": "1"}, {"id": "2"})
    second.join(30)
    assert "(2 created, 0 changed, 0 unchanged)" in first
    assert "(0 created, 0 changed, 2 unchanged)" in said[0]
    assert Incident.objects.count() == ImportedRow.objects.count() == 2


def test_incidents_are_found_by_dyad_and_conflict(
    api: ContractClient, places: dict[str, Place], ingest: Any
) -> None:
    ids = {"dyad_new_id": "524", "conflict_new_id": "259"}
    ingest(ids, ids | {"id": "2"}, ids | {"id": "3", "dyad_new_id": "12070"}, {"id": "4"})
    assert len(api.names("incidents?external_id=ucdp_dyad:524")) == 2
    assert len(api.names("incidents?external_id=ucdp_conflict:259")) == 3
    rows = [(row["scheme"], row["value"], row["match"]) for row in document(api)["external_ids"]]
    assert sorted(rows) == [
        ("ucdp_conflict", "259", "broader"),
        ("ucdp_dyad", "524", "broader"),
        ("ucdp_event", "1", "exact"),
    ]
    assert [row["scheme"] for row in document(api, "4")["external_ids"]] == ["ucdp_event"]
    assert "0 created, 0 changed, 4 unchanged" in ingest(
        ids, ids | {"id": "2"}, ids | {"id": "3", "dyad_new_id": "12070"}, {"id": "4"}
    )
    said = ingest(ids | {"dyad_new_id": "525"}, ids | {"id": "2", "dyad_new_id": ""})
    assert "0 created, 2 changed" in said
    assert "correction" not in said
    assert api.names("incidents?external_id=ucdp_dyad:524") == []
    assert len(api.names("incidents?external_id=ucdp_dyad:525")) == 1


def test_a_redacted_incident_does_not_bar_others_of_its_dyad(
    api: ContractClient, places: dict[str, Place], ingest: Any, reviewer: User
) -> None:
    ids = {"dyad_new_id": "524", "conflict_new_id": "259"}
    ingest(ids)
    redact(Incident.objects.get(), reviewer, "It names a victim.", whole=True)
    ingest(ids, ids | {"id": "2"})
    assert len(api.names("incidents?external_id=ucdp_dyad:524")) == 1


def test_each_body_is_rendered_once(ingest: Any, monkeypatch: Any) -> None:
    rendered = Counter[str]()
    render = IncidentDocument.to_representation

    def count(self: IncidentDocument, incident: Incident) -> dict[str, Any]:
        rendered[incident.title] += 1
        return render(self, incident)

    monkeypatch.setattr(IncidentDocument, "to_representation", count)
    ingest({"id": "1"}, {"id": "2", "side_b": "JRTN"})
    assert sorted(rendered.values()) == [1, 1]


def test_the_number_of_statements_does_not_grow_with_the_rows(
    ingest: Any, django_assert_max_num_queries: Any
) -> None:
    ingest({"id": "1"})
    with CaptureQueriesContext(connection) as few:
        ingest(*({"id": str(number)} for number in range(2, 4)))
    with django_assert_max_num_queries(len(few)):
        ingest(*({"id": str(number)} for number in range(10, 40)))
