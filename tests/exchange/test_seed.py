"""What the seed dataset answers: the first ten statements of its text, by the public API alone."""

from collections.abc import Iterator
from hashlib import sha256
from itertools import chain
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import TestCase

from editorial.people import demo_users
from tests.contract.client import ContractClient

TYPES = ("sources", "places", "actors", "affiliations", "incidents")
PMF, MILITIAS = "popular-mobilization-forces", "pro-iranian-militias-in-iraq"


def cited_text() -> bytes:
    """Return the text that the dataset cites, which is kept beside the checkout."""
    files = sorted((settings.ROOT.parent / "shared" / "seed").glob("*.txt"))
    if not files:
        pytest.skip("The cited text is not here: ../shared/seed/*.txt, beside the checkout.")
    return files[0].read_bytes()


def subjects(api: ContractClient, asked: str) -> set[str]:
    return {tie["subject"]["name"] for tie in api.results(f"affiliations?{asked}")}


def codes(api: ContractClient, asked: str) -> list[str]:
    return [incident["slug"] for incident in api.results(f"incidents?{asked}")]


def below(told: Any) -> Iterator[dict[str, Any]]:
    """Yield all objects of a document."""
    if isinstance(told, dict):
        yield told
    if isinstance(told, dict | list):
        for value in told.values() if isinstance(told, dict) else told:
            yield from below(value)


def documents(api: ContractClient) -> list[dict[str, Any]]:
    return list(chain(*(api.results(f"{type_}?detail=true") for type_ in TYPES)))


def classifications(api: ContractClient, year: str) -> set[str]:
    """Return what the militias may have been in a year."""
    return {
        row["classification"]
        for row in api.ask(f"actors/{MILITIAS}")["classifications"]
        if (row["validity"]["possible"]["first"] or "0001") <= f"{year}-12-31"
        and (row["validity"]["possible"]["last"] or "9999") >= f"{year}-01-01"
    }


def assert_killed(api: ContractClient, victim: str, leads: str) -> None:
    """The United States killed `victim` in retaliation, who led `leads` until then."""
    (killing,) = api.results(f"incidents?perpetrator=united-states&victim={victim}&detail=true")
    assert (killing["sub_type"], killing["date"]) == ("targeted_killing", "2020?")
    assert [(link["kind"], link["to"]["slug"]) for link in killing["links"]] == [
        ("retaliation_for", "xxx-2019-ahqq")
    ]
    (led,) = api.results(f"affiliations?object={leads}&kind=leader_of")
    assert (led["subject"]["slug"], led["validity"]["end"]) == (victim, "2020?")
    (ended,) = killing["effects"]
    assert (ended["kind"], ended["affiliation"]["id"]) == ("ends", led["id"])
    assert api.ask(f"actors/{victim}")["individual"]["life_status"] == "dead"
    assert codes(api, f"victim={victim}&occurred_from=2020&occurred_to=2020&dates=certain") == []


class SeedTests(TestCase):
    """One publication for all tests, which only read."""

    client_class = ContractClient
    client: ContractClient

    @classmethod
    def setUpTestData(cls) -> None:
        demo_users()
        call_command("load", "seed", submit_as="editor", approve_as="reviewer")

    def test_s1_iraq_is_home_to_numerous_pro_iranian_militias(self) -> None:
        assert "Pro-Iranian militias in Iraq" in self.client.names(
            "actors?country=IQ&kind=collective"
        )
        assert "Pro-Iranian militias in Iraq" in subjects(
            self.client, "object=iran&kind=aligned_with"
        )
        (units,) = self.client.ask(f"actors/{MILITIAS}")["strength_estimates"]
        assert (units["measure"], units["quantifier"]) == ("units", "many")
        assert units["low"] is units["best"] is units["high"] is None

    def test_s2_they_are_known_as_the_popular_mobilization_forces(self) -> None:
        members = subjects(self.client, f"object={PMF}&kind=member_of")
        assert {"Pro-Iranian militias in Iraq", "Kataib Hezbollah"} < members
        pmf = self.client.ask(f"actors/{PMF}")
        assert (pmf["kind"], pmf["existence"]["start"]) == ("coalition", "2014")
        assert pmf["existence"]["possible"] == {"first": "2014-01-01", "last": None}

    def test_s5_some_of_the_units_are_very_close_to_iran(self) -> None:
        assert subjects(self.client, "object=iran&closeness=close") == {"Units very close to Iran"}
        assert "Units very close to Iran" in subjects(self.client, f"object={PMF}&kind=member_of")

    def test_s12_isis_invaded_in_2014(self) -> None:
        day, year = "occurred_from=2014-06-01&occurred_to=2014-06-01", "occurred_from=2014"
        assert codes(self.client, f"perpetrator=isis&{day}&dates=possible") == ["irq-2014-233a"]
        assert codes(self.client, f"perpetrator=isis&{day}&dates=certain") == []
        assert codes(self.client, f"sub_type=invasion&country=IQ&{year}&dates=certain") == [
            "irq-2014-233a"
        ]

    def test_s13_the_militias_were_recognised(self) -> None:
        (code,) = codes(
            self.client, "sub_type=legal_recognition&occurred_from=2014&occurred_to=2014"
        )
        recognition = self.client.ask(f"incidents/{code}")
        assert [(link["kind"], link["to"]["slug"]) for link in recognition["links"]] == [
            ("response_to", "irq-2014-233a")
        ]
        (recognised,) = self.client.results(
            f"affiliations?subject={PMF}&kind=recognised_by&at=2015"
        )
        assert recognised["object"]["name"] == "Government of Iraq"
        started = {
            (e["affiliation"] or e["classification"]["actor"])["id"]: (
                e["classification"] and e["classification"]["classification"]
            )
            for e in recognition["effects"]
            if e["kind"] == "starts"
        }
        militias = self.client.ask(f"actors/{MILITIAS}")
        assert started[recognised["id"]] is None
        assert started[militias["id"]] == "state_paramilitary"

    def test_s13_what_the_militias_were_before_and_after(self) -> None:
        assert classifications(self.client, "2013") == {"unknown"}
        assert classifications(self.client, "2015") == {"state_paramilitary"}

    def test_s16_attacks_on_us_forces_and_posts_since_2019(self) -> None:
        attacks = f"perpetrator={MILITIAS}&target=us-forces"
        assert codes(self.client, f"{attacks}&occurred_from=2019") == ["xxx-2019-ahqq"]
        assert codes(self.client, f"{attacks}&occurred_to=2018") == []
        series = self.client.ask("incidents/xxx-2019-ahqq")
        assert (series["granularity"], series["date"]) == ("series", "2019/..")
        assert (series["date_start"], series["date_end"]) == ("2019-01-01", series["as_of"])
        assert [(t["type"], t["name"]) for t in series["target_objects"]] == [("military", "posts")]
        assert subjects(self.client, "object=united-states&kind=subordinate_of") == {"US forces"}

    def test_s18_the_us_withdrew_from_many_areas_of_iraq(self) -> None:
        (withdrawal,) = self.client.results("incidents?sub_type=withdrawal&country=IQ&detail=true")
        assert withdrawal["date"] == "2020"
        assert [i["actor"]["name"] for i in withdrawal["involvements"]] == ["United States"]

    def test_s19_the_us_retaliated_by_killing_soleimani(self) -> None:
        assert_killed(self.client, "qasem-soleimani", "quds-force")

    def test_s20_and_by_killing_al_muhandis(self) -> None:
        assert_killed(self.client, "abu-mahdi-al-muhandis", "kataib-hezbollah")
        assert subjects(self.client, "object=kataib-hezbollah&kind=leader_of") == {
            "Abu Mahdi al-Muhandis"
        }

    def test_s21_soleimani_headed_the_quds_force_of_the_irgc(self) -> None:
        assert subjects(self.client, "object=quds-force&kind=leader_of") == {"Qasem Soleimani"}
        # Whose the IRGC is, the text does not say.
        (only,) = self.client.results("affiliations?actor=irgc")
        assert (only["subject"]["slug"], only["kind"]) == ("quds-force", "subordinate_of")

    def test_every_row_cites_the_text_word_for_word(self) -> None:
        cited = [row for row in below(documents(self.client)) if "citations" in row]
        assert len(cited) > 50
        paragraphs = cited_text().decode().splitlines()
        for row in cited:
            assert row["citations"], row
            for citation in row["citations"]:
                assert citation["stance"] == "supports"
                assert citation["quote_language"] == "en"
                assert citation["quote"] in paragraphs[int(citation["locator"]) - 1]

    def test_of_the_text_itself_nothing_is_invented(self) -> None:
        (source,) = self.client.results("sources?detail=true")
        for column in ("publisher", "author", "published", "accessed", "url", "licence"):
            assert source[column] is None
        assert source["kind"] == "unknown"
        assert source["sha256"] == sha256(cited_text()).hexdigest()
