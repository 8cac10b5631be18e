"""The invented island: what it shows by the public API, and that it says that it is fictional."""

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from io import StringIO
from itertools import pairwise
from math import cos, hypot, radians
from typing import Any, ClassVar

import pycountry
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import TestCase

from editorial.permissions import create_demo_users
from exchange.dataset import load
from exchange.island.drawing import make_public_id
from exchange.island.loading import RELEASES, WITNESS, read_dataset
from exchange.island.writing import write_records
from exchange.world import list_places
from incidents.fictional import NOTICE, find_notice
from incidents.models import Incident
from places.boxes import read_boxes
from publishing.countries import FICTIONAL, find_country, is_fictional
from publishing.models import Edition
from tests.contract.client import ContractClient

OUTLINE = settings.ROOT / "explorer" / "static" / "explorer" / "island.json"
"""What maps draw of it."""
COUNCIL, UNION = "council-of-the-outer-districts", "union-of-coastal-towns"
TYPES = ("publishers", "sources", "places", "actors", "affiliations", "incidents")
Ring = list[tuple[float, float]]


@cache
def outlines() -> list[dict[str, Any]]:
    """Return the features of the outline."""
    features: list[dict[str, Any]] = json.loads(OUTLINE.read_text())["features"]
    return features


def rings(feature: dict[str, Any]) -> list[Ring]:
    """Return the outer rings of a feature with an area."""
    geometry = feature["geometry"]
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    for polygon in polygons:
        assert len(polygon) == 1, "no area has a hole"
    return [[(x, y) for x, y in polygon[0]] for polygon in polygons]


def find_outline(place: str) -> list[Ring]:
    """Return the rings of a place, by its slug."""
    (feature,) = [each for each in outlines() if each["properties"].get("place") == place]
    return rings(feature)


def measure(ring: Ring) -> float:
    """Return the area of a ring, which is positive if it runs counterclockwise."""
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(ring)) / 2


def is_inside(x: float, y: float, ring: Ring) -> bool:
    crossed = False
    for (ax, ay), (bx, by) in pairwise(ring):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            crossed = not crossed
    return crossed


def cross(a: Any, b: Any, c: Any, d: Any) -> bool:
    """Return whether two segments cross each other within both."""

    def turn(p: Any, q: Any, r: Any) -> float:
        return float((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]))

    return turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0


class TestOutline:
    """The borders of the island and of its divisions."""

    def test_every_ring_is_closed_counterclockwise_and_crosses_itself_nowhere(self) -> None:
        areas = [feature for feature in outlines() if "olygon" in feature["geometry"]["type"]]
        assert len(areas) == 8
        for feature in areas:
            for ring in rings(feature):
                assert ring[0] == ring[-1]
                assert len(ring) >= 4
                assert len(set(ring[1:])) == len(ring) - 1
                assert measure(ring) > 0
                segments = list(pairwise(ring))
                for number, segment in enumerate(segments):
                    assert not any(cross(*segment, *other) for other in segments[:number])

    def test_the_divisions_fill_the_country(self) -> None:
        country = sum(map(measure, find_outline("talassia")))
        divisions = [each for each in outlines() if each["properties"]["kind"] == "admin1"]
        assert len(divisions) == 6
        assert sum(measure(ring) for each in divisions for ring in rings(each)) == pytest.approx(
            country
        )
        codes = [each["properties"]["code"] for each in divisions]
        assert codes == [code for code, _ in FICTIONAL[find_country("XT")]]  # type: ignore[index]

    def test_one_boundary_is_disputed_and_lies_between_two_claims(self) -> None:
        lines = [
            each["properties"] for each in outlines() if each["properties"]["kind"] == "boundary"
        ]
        assert Counter(line["status"] for line in lines) == {"agreed": 6, "disputed": 2}
        claims = {line["claimed_by"] for line in lines if line["status"] == "disputed"}
        assert claims == {"government-of-talassia", COUNCIL}
        valley = find_outline("talassia-upper-ember")[0]
        one, other = (
            {tuple(point) for point in each["geometry"]["coordinates"]}
            for each in outlines()
            if each["properties"].get("status") == "disputed"
        )
        assert set(valley) == one | other

    def test_every_settlement_lies_on_land_in_the_division_of_its_parents(self) -> None:
        places = {place["key"]: place for place in read_dataset()["places"]}
        settlements = [place for place in places.values() if place["kind"] == "settlement"]
        assert len(settlements) == 25
        for place in settlements:
            division = place
            while division["kind"] != "admin1":
                division = places[division["parent"]]
            x, y = float(place["longitude"]), float(place["latitude"])
            for area in ("talassia", division["slug"]):
                assert any(is_inside(x, y, ring) for ring in find_outline(area)), place["key"]

    def test_ports_lie_at_the_coast(self) -> None:
        places = {place["key"]: place for place in read_dataset()["places"]}
        for port in ("old-quay", "embermouth", "gannet-point", "soundport", "reedstaithe"):
            x, y = float(places[port]["longitude"]), float(places[port]["latitude"])
            nearest = min(
                hypot((a - x) * cos(radians(y)), b - y)
                for ring in find_outline("talassia")
                for a, b in ring
            )
            assert nearest * 111 < 4, f"kilometres from {port} to the sea"

    def test_it_lies_in_its_box_and_in_the_open_ocean(self) -> None:
        box = read_boxes()["XT"]
        points = [place.point for place in list_places() if place.point]
        assert len(points) > 3000
        for ring in find_outline("talassia"):
            assert all(box.holds(y, x) for x, y in ring)
            nearest = min(hypot(float(a) - 30, float(b) + 42) for a, b in points)
            assert nearest > 10, "degrees from the middle of the island"


def test_its_codes_are_those_of_no_country() -> None:
    (country,) = FICTIONAL
    assert country[:3] == ("XT", "XTT", "990")
    assert pycountry.countries.get(alpha_2="XT") is None
    assert pycountry.countries.get(alpha_3="XTT") is None
    assert pycountry.countries.get(numeric="990") is None
    assert is_fictional("XT")
    assert not is_fictional("XK")
    assert find_country("XT") == country


def test_the_dataset_is_always_the_same() -> None:
    first, second = read_dataset(), read_dataset()
    assert first == second
    numbers = {name: len(records) for name, records in first.items()}
    assert numbers == {
        "publishers": 25,
        "sources": 121,  # one of them is confidential
        "places": 45,
        "actors": 66,
        "affiliations": 153,
        "incidents": 402,  # one is withdrawn, one merged
    }
    for name, records in first.items():
        for record in records:
            assert record["public_id"] == make_public_id(name[:-1], record["key"])


def test_it_needs_both_users(db: None) -> None:
    with pytest.raises(CommandError, match="no active user “editor”"):
        call_command("load_island")


def test_it_is_written_as_the_ordinary_loader_would(db: None) -> None:
    """What several incidents need is written at once, then loaded as an editor's file is."""
    dataset = read_dataset()
    by_key = {(name, row["key"]): row for name, rows in dataset.items() for row in rows}
    stories = ("old-quay", "airport-rockets", "convoy", "tollgate-fire", "land-registry")
    waiting = [("incidents", key) for key in (*stories, "island-001")]
    waiting += [("affiliations", "lantern-movement-sponsored-by-corvane")]
    needed: set[tuple[str, str]] = set()
    while waiting:
        needed |= {*waiting}
        texts = {value for key in waiting for value in list_texts(by_key[key])}
        waiting = [key for key in by_key if key[1] in texts and key not in needed]
        waiting = [key for key in waiting if key[0] not in ("affiliations", "incidents")]
    part = {
        name: [row for row in rows if (name, row["key"]) in needed]
        for name, rows in dataset.items()
    }
    assert all(part.values())
    write_records(part)
    states = Counter(row.state for row in load(json.dumps(part)))
    assert states == {"unchanged": len(needed)}


def list_texts(node: Any) -> Iterator[str]:
    """Yield all texts in a record of the dataset."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for value in node.values() if isinstance(node, dict) else node:
            yield from list_texts(value)


def run(command: str, **options: Any) -> list[str]:
    """Run a command; return the lines that it writes."""
    said = StringIO()
    call_command(command, stdout=said, **options)
    return said.getvalue().splitlines()


@pytest.mark.xdist_group("island")
class IslandTests(TestCase):
    """One publication for all tests, which only read."""

    client_class = ContractClient
    client: ContractClient
    loaded: ClassVar[list[str]]

    @classmethod
    def setUpTestData(cls) -> None:
        create_demo_users()
        cls.loaded = run("load_island")

    def count(self, query: str) -> int:
        """Return the number of results of a list."""
        number: int = self.client.ask(f"{query}{'&' if '?' in query else '?'}count=true&limit=1")[
            "count"
        ]
        return number

    def find(self, key: str) -> dict[str, Any]:
        """Return the document of an incident, by its key."""
        document: dict[str, Any] = self.client.ask(f"incidents/{make_public_id('incident', key)}")
        return document

    def members(self, at: str) -> set[str]:
        query = f"affiliations?object={COUNCIL}&kind=member_of&at={at}&dates=certain"
        rows = self.client.results(query)
        return {row["subject"]["slug"] for row in rows if row["subject"]["kind"] != "individual"}

    def test_the_numbers_of_public_records(self) -> None:
        counts = {type_: self.count(type_) for type_ in TYPES}
        assert counts == {
            "publishers": 25,
            "sources": 120,
            "places": 45,
            "actors": 66,
            "affiliations": 153,
            "incidents": 400,
        }
        assert self.count("incidents?tag=fictional") == 400
        assert self.loaded[0].startswith("published 811 fictional records")

    def test_every_record_says_that_it_is_fictional(self) -> None:
        for type_ in TYPES:
            for document in self.client.lines(f"{type_}?format=ndjson&detail=true"):
                assert "(fictional)" in json.dumps(document), document["id"]
        for type_ in ("places", "sources", "publishers"):
            assert all(name.endswith("(fictional)") for name in self.client.names(type_))
        for place in self.client.results("places"):
            assert (place["country"], place["admin1"] or "XT-0")[0] == "XT"

    def test_a_second_run_changes_nothing(self) -> None:
        before = self.client.ask("/api/v1")["snapshot"]
        assert run("load_island") == ["The island is there already: nothing was written."]
        assert self.client.ask("/api/v1")["snapshot"] == before

    def test_the_quality_rules_find_nothing(self) -> None:
        findings = run("check_quality", all=True)
        known = ("ongoing-unverified", "  ")  # in time, what was verified is old
        assert [line for line in findings[:-1] if not line.startswith(known)] == []
        assert findings[-1].startswith("found: 0 errors, 0 warnings")

    def test_umbrellas_have_facades(self) -> None:
        facades = self.client.results("affiliations?kind=facade_of&at=2025")
        assert {(row["subject"]["slug"], row["object"]["slug"]) for row in facades} == {
            ("sons-of-the-tide", "lantern-movement"),
            ("black-gull-company", "ember-dawn-front"),
            ("night-harbour-cells", COUNCIL),
            ("quay-lamps", "old-quay-committee"),
            ("iron-keel", "office-of-state-security"),
        }
        below = self.count(f"incidents?perpetrator={COUNCIL}&perpetrator_scope=all")
        assert below > 150
        assert self.count(f"incidents?perpetrator={COUNCIL}") < 5

    def test_members_join_leave_and_return(self) -> None:
        founders = {"free-highfell-army", "lantern-movement", "ember-dawn-front"}
        assert self.members("2022-08") == founders | {"lighthouse-guard", "marsh-brothers"}
        assert "sea-watch" in self.members("2023-01")
        assert "lighthouse-guard" not in self.members("2024-06")
        assert "lighthouse-guard" in self.members("2025-06")

    def test_a_split_a_merger_and_a_rename(self) -> None:
        (split,) = self.client.results("affiliations?kind=splinter_of&subject=highfell-renewal")
        assert (split["object"]["slug"], split["validity"]["start"]) == (
            "free-highfell-army",
            "2024-02-11",
        )
        merged = self.client.results("affiliations?kind=merged_into")
        assert {row["subject"]["slug"] for row in merged} == {"marsh-brothers", "reed-front"}
        assert {row["object"]["slug"] for row in merged} == {"united-marsh-front"}
        corps = self.client.ask("actors/district-volunteer-corps")
        (former,) = [name for name in corps["names"] if name["kind"] == "former"]
        assert (former["text"], former["validity"]["end"]) == ("Hearth Watch", "2024-03-01")
        found = self.client.ask("resolve?name=Hearth+Watch")["results"]
        assert found[0]["actor"]["slug"] == "district-volunteer-corps"

    def test_names_are_in_five_scripts(self) -> None:
        for name, slug in {
            "حركة المنارة": "lantern-movement",
            "جبهه سپیده اخگر": "ember-dawn-front",
            "משמר הים": "sea-watch",
            "Стража маяка": "lighthouse-guard",
            "Harakat al-Manara": "lantern-movement",
        }.items():
            found = self.client.ask(f"resolve?name={name}")["results"]
            assert found[0]["actor"]["slug"] == slug, name
        languages = {
            name["language"]
            for actor in self.client.results("actors/documents")
            for name in actor["names"]
        }
        assert languages == {"en", "ar", "fa", "he", "ru"}

    def test_claims_denials_accusations_and_findings(self) -> None:
        for status in ("claimed", "joint", "competing"):
            assert self.count(f"incidents?claim_status={status}") >= 3, status
        assert self.count("incidents?denied=true") >= 10
        kinds = Counter(
            row["kind"]
            for incident in self.client.results("incidents/documents")
            for row in incident["statements"]
        )
        assert kinds.keys() == {
            *("claim", "denial", "accusation", "endorsement", "retraction"),
            *("court_finding", "investigation_finding"),
        }
        quay = self.find("old-quay")
        assert [row["kind"] for row in quay["statements"]] == [
            *("claim", "claim", "accusation", "denial", "retraction", "claim", "denial"),
            "investigation_finding",
        ]
        assert quay["statements"][1]["withdrawn_by"] == 5
        assert (quay["claim_status"], quay["denied"], quay["facade_claim"]) == (
            "claimed",
            True,
            True,
        )
        assert quay["attribution_status"] == "disputed"
        assert self.find("salt-road-ambush")["claim_status"] == "joint"
        redwater = self.find("redwater")
        assert redwater["attribution_status"] == "confirmed"
        assert "ruled_out" in {row["certainty"] for row in redwater["involvements"]}
        assert any(citation["withheld"] for citation in quay["citations"])

    def test_figures_conflict_are_bounded_or_unknown(self) -> None:
        quay = self.find("old-quay")
        assert quay["killed"] == {"low": 31, "best": 38, "high": 44}
        assert {row["best"] for row in quay["casualties"] if row["role"] == "supporting"} >= {
            *(31, 44, None),
        }
        assert self.find("strait-missile")["killed"] == dict.fromkeys(("low", "best", "high"))
        displaced = self.find("upper-ember-flight")["displaced"]
        assert displaced == {"low": 2300, "best": 3000, "high": 4000}
        assert self.find("tarrant-drones")["killed"]["best"] == 0
        assert self.find("convoy")["abducted"]["best"] == 4
        quantifiers = {
            row["quantifier"]
            for incident in self.client.results("incidents/documents")
            for row in incident["casualties"]
        }
        assert quantifiers >= {
            *("exact", "approximately", "at_least", "at_most", "between"),
            *("several", "few", "many", "dozens", "hundreds", "unspecified"),
        }
        assert self.count("incidents?killed=unknown") > 50

    def test_an_accused_side_concedes_fewer_dead_than_others_report(self) -> None:
        strike = self.find("kilnhouse-strike")
        figures = {
            row["citations"][0]["source"]["name"]: row["best"]
            for row in strike["casualties"]
            if (row["measure"], row["population"]) == ("killed", "total")
        }
        assert figures == {
            "Answers of the Armed Forces to the Observer Mission (fictional)": 3,
            "What fell on Kilnhouse (fictional)": 17,
            "Transfers of Weapons to the Outer Districts (fictional)": 17,
        }
        assert [ref["slug"] for ref in strike["perpetrators"]] == ["talassian-air-wing"]

    def test_dates_have_every_precision(self) -> None:
        for precision in ("day", "days", "week", "month", "season", "year", "longer", "unknown"):
            assert self.count(f"incidents?date_precision={precision}") >= 1, precision
        assert self.find("arms-cache")["date"] is None
        assert self.find("prison-break")["date"] == "[2025-02-03,2025-02-05]"
        assert self.find("tollgate-fire")["granularity"] == "series"
        assert self.find("clerk")["date"] == "2022?"

    def test_places_are_exact_coarse_or_withheld(self) -> None:
        precisions = ("exact", "settlement", "near_settlement", "admin1", "region", "country")
        for precision in (*precisions, "water_or_airspace"):
            assert self.count(f"incidents?precision={precision}") >= 1, precision
        (location,) = self.find("convoy")["locations"]
        assert (location["place"]["slug"], location["precision"]) == ("talassia", "country")
        assert location["point"] is None
        private = Incident.objects.get(slug=self.find("convoy")["slug"]).locations.get()
        assert private.latitude is not None
        assert private.private_place is not None

    def test_points_on_land_lie_in_their_division(self) -> None:
        divisions = {
            each["properties"]["code"]: rings(each)
            for each in outlines()
            if each["properties"]["kind"] == "admin1"
        }
        points = 0
        for place in self.client.results("places"):
            if place["admin1"] and place["kind"] in ("admin1", "settlement", "region", "base"):
                x, y = place["point"]["longitude"], place["point"]["latitude"]
                assert any(is_inside(x, y, ring) for ring in divisions[place["admin1"]]), place
        for incident in self.client.results("incidents/documents"):
            for location in incident["locations"]:
                if location["point"]:
                    x, y = location["point"]["longitude"], location["point"]["latitude"]
                    assert any(is_inside(x, y, ring) for ring in find_outline("talassia"))
                    points += 1
        assert points > 150

    def test_launch_and_impact_are_distinct(self) -> None:
        airport = self.find("airport-rockets")
        assert {row["role"]: row["place"]["slug"] for row in airport["locations"]} == {
            "impact": "talassia-carrow-airport",
            "launch": "talassia-brackenford",
            "intercept": "talassia-carrow-airspace",
        }

    def test_a_boundary_is_disputed(self) -> None:
        valley = self.client.ask("places/talassia-upper-ember")
        stances = {
            (citation["stance"], citation["source"]["name"])
            for citation in valley["citations"]
            if citation["field"] == "parent"
        }
        assert stances == {
            ("supports", "Administrative Atlas of Talassia, fourth edition (fictional)"),
            ("contradicts", "Map of the Free Districts (fictional)"),
        }
        for actor, control in ((COUNCIL, "full"), ("government-of-talassia", "none")):
            (presence,) = self.client.ask(f"actors/{actor}")["presences"]
            assert (presence["control"], presence["assessment"]) == (control, "disputed")

    def test_weapons_have_calibre_origin_and_interceptions(self) -> None:
        first, second = self.find("airport-rockets")["weapons"]
        assert (first["calibre_mm"], first["origin"], first["supplier"]["slug"]) == (
            *(107, "XT", "corvane"),
        )
        assert first["intercepted"] == {"low": 5, "best": 5, "high": 6}
        assert (second["calibre_mm"], second["count"]["best"]) == (122, 3)
        assert self.count("incidents?outcome=intercepted") >= 2
        origins = {
            row["origin"]
            for incident in self.client.results("incidents/documents")
            for row in incident["weapons"]
        }
        assert origins == {None, "XT"}

    def test_designations_strength_presence_and_support(self) -> None:
        guard = self.client.ask("actors/lighthouse-guard")
        (designation,) = guard["designations"]
        assert (designation["status"], designation["validity"]["end"]) == ("delisted", "2025-02")
        army = self.client.ask("actors/free-highfell-army")
        assert {
            (row["as_of"], row["quantifier"], row["low"], row["high"])
            for row in army["strength_estimates"]
        } == {
            ("2023", "between", 1400, 2200),
            ("2024", "between", 900, 1500),
            ("2024", "at_least", 2000, None),
        }
        assert "Ember Dawn Front" in self.client.names("actors?present_in=talassia-carrowhaven")
        supported = self.client.results("affiliations?object=corvane&support_type=weapons")
        assert {row["subject"]["slug"] for row in supported} == {
            *("lantern-movement", "ember-dawn-front"),
        }

    def test_one_record_is_corrected(self) -> None:
        id_ = make_public_id("incident", "fellmarket-mortars")
        editions = self.client.ask(f"incidents/{id_}/editions")["results"]
        assert [edition["kind"] for edition in editions] == ["publish", "correct"]
        assert self.client.ask(f"incidents/{id_}/editions/1")["document"]["killed"]["best"] == 4
        assert self.client.ask(f"incidents/{id_}")["killed"]["best"] == 5

    def test_one_record_is_withdrawn(self) -> None:
        id_ = make_public_id("incident", "reported-landing")
        problem = self.client.ask(f"incidents/{id_}", 410)
        assert "fishing boats" in json.dumps(problem)

    def test_one_record_is_merged(self) -> None:
        merged = make_public_id("incident", "ferry-again")
        ferry = self.find("ferry")
        answer = self.client.get(f"/api/v1/incidents/{merged}", secure=True)
        assert answer.status_code == 308
        assert answer["Location"].endswith(ferry["slug"])

    def test_one_record_is_redacted_in_its_past_too(self) -> None:
        arrest = self.find("courier-arrest")
        assert WITNESS not in json.dumps(arrest)
        editions = self.client.ask(f"incidents/{arrest['id']}/editions")["results"]
        assert [edition["kind"] for edition in editions] == ["publish", "redact"]
        assert not any(WITNESS in (row.document or "") for row in Edition.objects.all())

    def test_two_releases_differ_by_half_a_year(self) -> None:
        releases = self.client.ask("releases")["results"]
        assert [release["name"] for release in releases] == list(reversed(RELEASES))
        first, second = (self.count(f"incidents?release={name}") for name in RELEASES)
        assert (first, second) == (356, 400)
        kinds = {row["kind"] for row in releases[0]["changes"] if row["resource"] == "incidents"}
        assert kinds >= {"publish", "correct", "withdraw", "merge", "redact"}

    def test_readers_are_told(self) -> None:
        assert self.client.ask("/api/v1")["notice"] == NOTICE
        for page in ("/", "/api/v1/docs"):
            assert NOTICE in self.client.get(page, secure=True).content.decode()
        assert find_notice() == NOTICE
        assert find_notice(0) is None

    def test_statistics_know_the_country_and_its_divisions(self) -> None:
        groups = self.client.ask("statistics?group_by=country&group_by=admin1")["groups"]
        labels = {tuple(key["label"] for key in group["keys"]) for group in groups}
        assert ("Talassia (fictional)", "Northmark (fictional)") in labels
        assert self.count("incidents?country=XTT") == self.count("incidents?country=990")
        assert self.count("incidents?country=XT") == self.count("incidents?place=talassia")


def test_without_fictional_records_there_is_no_notice(api: ContractClient, db: None) -> None:
    assert api.ask("/api/v1")["notice"] is None
    for page in ("/", "/api/v1/docs"):
        answer = api.get(page, headers={"Accept": "text/html"}, secure=True)
        assert answer["Content-Type"].startswith("text/html")
        assert "notice" not in answer.content.decode()
