"""What the seed dataset answers: every statement of its text, by the public API alone."""

from collections.abc import Iterator
from hashlib import sha256
from itertools import chain
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import TestCase

from editorial.permissions import create_demo_users
from publishing.normalization import fold_text
from tests.contract.client import ContractClient

TYPES = ("sources", "places", "actors", "affiliations", "incidents")
PMF, MILITIAS = "popular-mobilization-forces", "pro-iranian-militias-in-iraq"


REGISTRY = "ISO 3166-2:IQ"
"""The source of what the text does not say: that the Kurdistan Region is a part of Iraq."""


def cited_text() -> bytes:
    """Return the text that the dataset cites, which is in a folder next to the checkout."""
    files = sorted((settings.ROOT.parent / "shared" / "seed").glob("*.txt"))
    if not files:
        pytest.skip("The cited text is not here: ../shared/seed/*.txt, beside the checkout.")
    return files[0].read_bytes()


def subjects(api: ContractClient, query: str) -> set[str]:
    return {affiliation["subject"]["name"] for affiliation in api.results(f"affiliations?{query}")}


def codes(api: ContractClient, query: str) -> list[str]:
    return [incident["slug"] for incident in api.results(f"incidents?{query}")]


def below(node: Any) -> Iterator[dict[str, Any]]:
    """Yield all objects of a document."""
    if isinstance(node, dict):
        yield node
    if isinstance(node, dict | list):
        for value in node.values() if isinstance(node, dict) else node:
            yield from below(value)


def documents(api: ContractClient) -> list[dict[str, Any]]:
    return list(chain(*(api.results(f"{type_}/documents") for type_ in TYPES)))


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
    (killing,) = api.results(f"incidents/documents?perpetrator=united-states&victim={victim}")
    assert (killing["sub_type"], killing["date"]) == ("targeted_killing", "2020?")
    assert [(link["kind"], link["to"]["slug"]) for link in killing["links"]] == [
        ("retaliation_for", "xxx-2019-ahqq")
    ]
    (led,) = api.results(f"affiliations?object={leads}&kind=leader_of")
    assert (led["subject"]["slug"], led["validity"]["end"]) == (victim, "2020?")
    (ended,) = killing["effects"]
    assert (ended["kind"], ended["affiliation"]["id"]) == ("ends", led["id"])
    figures = [
        (row["measure"], row["quantifier"], row["low"], row["best"], row["high"])
        for row in killing["casualties"]
    ]
    assert figures == [("killed", "at_least", 1, None, None)]
    assert killing["killed"] == {"low": 1, "best": None, "high": None}
    assert killing["title"] in titles(api, "killed_min=1")
    assert api.ask(f"actors/{victim}")["individual"]["life_status"] == "dead"
    assert codes(api, f"victim={victim}&occurred_from=2020&occurred_to=2020&dates=certain") == []


def strengths(api: ContractClient, actor: str) -> set[tuple[Any, ...]]:
    """Return how strong an actor was, as the text words it."""
    columns = ("measure", "quantifier", "low", "best", "high")
    rows = api.ask(f"actors/{actor}")["strength_estimates"]
    return {tuple(row[column] for column in columns) for row in rows}


def judged(api: ContractClient, actor: str, topic: str) -> str:
    """Return all judgements on an actor on one topic."""
    rows = api.ask(f"actors/{actor}")["assessments"]
    return " ".join(row["text"] for row in rows if row["topic"] == topic and not row["as_of"])


def titles(api: ContractClient, query: str) -> set[str]:
    return set(api.names(f"incidents?{query}"))


PHRASES = [
    ("actors", "home to numerous pro-Iranian militias"),
    ("actors", "near abroad"),
    ("actors", "tens of thousands of men"),
    ("actors", "this is the Iranian playbook"),
    ("actors", "wary of threatening the Gulf"),
    ("actors", "alarm bells were going off"),
    ("affiliations", "paramilitary arm of Iraq’s government"),
    ("affiliations", "power vacuum"),
    ("incidents", "engaged in sectarian killings"),
    ("incidents", "107mm Iranian-made rockets"),
    ("incidents", "in the wake of the October 7 attack"),
    ("incidents", "US withdrew from many areas"),
]
"""Phrases of the text, and where they are found."""


@pytest.mark.xdist_group("seed")
class SeedTests(TestCase):
    """One publication for all tests, which only read."""

    client_class = ContractClient
    client: ContractClient

    @classmethod
    def setUpTestData(cls) -> None:
        create_demo_users()
        call_command("load", "seed", submit_as="editor", approve_as="reviewer")

    def test_phrases_of_the_text_are_found(self) -> None:
        for resource, phrase in PHRASES:
            results = self.client.results(f'{resource}?q="{phrase}"')
            assert results, phrase
            for result in results:
                assert fold_text(phrase) in fold_text(result["matched"]["text"]), phrase
                assert len(result["matched"]["text"]) <= 200

    def test_s0_alarm_bells_were_going_off_in_iraq(self) -> None:
        assert "alarm bells" in judged(self.client, "iraq", "outlook")
        assert "alarm bells" in judged(self.client, MILITIAS, "outlook")

    def test_s1_iraq_is_home_to_numerous_pro_iranian_militias(self) -> None:
        assert "Pro-Iranian militias in Iraq" in self.client.names(
            "actors?country=IQ&kind=collective"
        )
        assert "Pro-Iranian militias in Iraq" in subjects(
            self.client, "object=iran&kind=aligned_with"
        )
        assert strengths(self.client, MILITIAS) == {("units", "many", None, None, None)}

    def test_s2_they_are_known_as_the_popular_mobilization_forces(self) -> None:
        members = subjects(self.client, f"object={PMF}&kind=member_of")
        assert {"Pro-Iranian militias in Iraq", "Kataib Hezbollah"} < members
        pmf = self.client.ask(f"actors/{PMF}")
        assert (pmf["kind"], pmf["existence"]["start"]) == ("coalition", None)
        assert pmf["existence"]["possible"] == {"first": None, "last": None}
        known_as = self.client.ask("resolve?name=Popular+Mobilization+Forces")["results"]
        slugs = [match["actor"]["slug"] for match in known_as]
        assert slugs[:2] == [PMF, MILITIAS], "the one with this main name comes first"

    def test_s3_s4_tens_of_thousands_of_men_in_dozens_of_units(self) -> None:
        assert strengths(self.client, PMF) == {
            ("fighters", "tens_of_thousands", None, None, None),
            ("units", "dozens", None, None, None),
        }

    def test_s5_some_of_the_units_are_very_close_to_iran(self) -> None:
        assert subjects(self.client, "object=iran&closeness=close") == {"Units very close to Iran"}
        assert "Units very close to Iran" in subjects(self.client, f"object={PMF}&kind=member_of")
        assert strengths(self.client, "units-very-close-to-iran") == {
            ("units", "unspecified", None, None, None)
        }

    def test_s6_s7_those_units_attacked_us_troops_and_partners_for_many_years(self) -> None:
        (series,) = self.client.results(
            "incidents?perpetrator=units-very-close-to-iran&target=us-forces&target=kurdistan-region"
        )
        assert (series["granularity"], series["date"]) == ("series", None)
        assert {ref["name"] for ref in series["targets"]} == {"US forces", "Kurdistan Region"}
        assert titles(self.client, "target=kurdistan-region") == {series["title"]}
        assert titles(self.client, "target=kurdistan-region&occurred_from=2019&dates=certain") == (
            set()
        )
        assert self.client.ask("places/kurdistan-region")["kind"] == "region"
        assert self.client.names("places?within=iraq&kind=region") == ["Kurdistan Region"]
        for end in ("actor", "subject", "object"):  # an alliance has no direction
            (ally,) = self.client.results(f"affiliations?{end}=united-states&kind=allied_with")
            assert {ally["subject"]["slug"], ally["object"]["slug"]} == {
                "united-states",
                "kurdistan-region",
            }

    def test_the_governorates_of_the_world_come_to_lie_in_the_region(self) -> None:
        call_command("load_world", countries=["IQ"], submit_as="editor", approve_as="reviewer")
        assert self.client.names("places?within=iraq&kind=region") == ["Kurdistan Region"]
        below = self.client.results("places?within=kurdistan-region&kind=admin1")
        assert {place["admin1"] for place in below} == {"IQ-AR", "IQ-DA", "IQ-SU"}

    def test_s8_drones_to_attack_israel_in_the_wake_of_october_7(self) -> None:
        (attacks,) = self.client.results("incidents/documents?weapon=drone&target=israel")
        assert attacks["date"] is None
        (link,) = attacks["links"]
        assert (link["kind"], link["to"]["name"]) == ("follow_up", "The October 7 attack")
        query = f"linked_to={link['to']['slug']}&link_kind=follow_up"
        assert titles(self.client, query) == {attacks["title"]}

    def test_s9_iran_increased_its_role_in_iraq(self) -> None:
        assert "Iran" in self.client.names("actors?present_in=iraq&presence_kind=influence")
        assert "increased its role" in judged(self.client, "iran", "trend")

    def test_s10_it_armed_and_supported_militias_after_the_invasion_of_2003(self) -> None:
        (affiliation,) = self.client.results(
            "affiliations/documents?object=iran&kind=sponsored_by&support_type=weapons"
        )
        assert affiliation["subject"]["slug"] == MILITIAS
        assert {row["type"] for row in affiliation["support"]} >= {"weapons", "unknown"}
        (invasion,) = self.client.results(
            "incidents/documents?sub_type=invasion&occurred_to=2003&dates=certain"
        )
        assert [(e["kind"], e["affiliation"]["id"]) for e in invasion["effects"]] == [
            ("starts", affiliation["id"])
        ]
        changed = self.client.results(f"affiliations?changed_by={invasion['slug']}")
        assert [row["id"] for row in changed] == [affiliation["id"]]

    def test_s11_the_groups_grew_in_power_as_us_forces_left(self) -> None:
        (leaving,) = self.client.results("incidents?sub_type=withdrawal&participant=us-forces")
        assert leaving["date"] is None
        assert "grew in power as US forces left" in judged(self.client, MILITIAS, "trend")

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
        assert subjects(self.client, "object=government-of-iraq&kind=recognised_by&at=2015") == {
            "Popular Mobilization Forces",
            "Pro-Iranian militias in Iraq",
        }
        assert not subjects(self.client, "object=government-of-iraq&kind=recognised_by&at=2013")
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

    def test_s14_members_attacked_us_forces_between_2003_and_2011(self) -> None:
        series = "Attacks on US forces between 2003 and 2011"
        years = "occurred_from=2003&occurred_to=2011"
        assert series in titles(self.client, f"perpetrator={MILITIAS}&{years}&dates=certain")
        inside = f"perpetrator={MILITIAS}&occurred_from=2005&occurred_to=2006"
        assert series in titles(self.client, inside)
        assert series not in titles(self.client, f"{inside}&dates=certain")
        rolled = f"perpetrator={PMF}&perpetrator_scope=members"
        # The text does not say since when the militias are in the PMF.
        assert series in titles(self.client, f"{rolled}&scope_at=incident")
        assert series not in titles(self.client, f"{rolled}&scope_at=incident&dates=certain")
        assert series in titles(self.client, f"{rolled}&scope_at=any")

    def test_s15_they_engaged_in_sectarian_killings(self) -> None:
        (killings,) = self.client.results("incidents/documents?motive=sectarian")
        assert titles(self.client, "victim=kurds") == {killings["title"]}
        assert titles(self.client, "victim_kind=population_group") == {killings["title"]}
        victims = {
            row["label"] or row["actor"]["name"]
            for row in killings["involvements"]
            if row["role"] == "victim"
        }
        assert victims == {"Sunni Arabs", "Kurds", "others"}

    def test_s16_attacks_on_us_forces_and_posts_since_2019(self) -> None:
        attacks = f"perpetrator={MILITIAS}&target=us-forces"
        assert codes(self.client, f"{attacks}&occurred_from=2019") == ["xxx-2019-ahqq"]
        assert codes(self.client, f"{attacks}&occurred_to=2018") == ["xxx-2003-n8fz"]
        series = self.client.ask("incidents/xxx-2019-ahqq")
        assert (series["granularity"], series["date"]) == ("series", "2019/..")
        assert (series["date_start"], series["date_end"]) == ("2019-01-01", series["as_of"])
        assert [(t["type"], t["name"]) for t in series["target_objects"]] == [("military", "posts")]
        assert subjects(self.client, "object=united-states&kind=subordinate_of") == {"US forces"}

    def test_s17_often_with_107mm_iranian_made_rockets(self) -> None:
        attacks = "Attacks on US forces and posts since 2019"
        rockets = "weapon=rocket&calibre_mm=107&weapon_origin=IR"
        assert titles(self.client, rockets) == {attacks}
        assert titles(self.client, f"{rockets}&occurred_from=2019&target_type=military") == {
            attacks
        }
        (use,) = self.client.ask("incidents/xxx-2019-ahqq")["weapons"]
        assert (use["frequency"], use["calibre_mm"]) == ("often", 107)

    def test_s18_the_us_withdrew_from_many_areas_of_iraq(self) -> None:
        (withdrawal,) = self.client.results(
            "incidents/documents?sub_type=withdrawal&country=IQ&occurred_from=2020&dates=certain"
        )
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

    def test_s22_the_militias_serve_iran_and_control_parts_of_iraq(self) -> None:
        assert "near abroad" in judged(self.client, "iran", "aims")
        assert "serve Iran's interests" in judged(self.client, MILITIAS, "relations")
        assert "Pro-Iranian militias in Iraq" in self.client.names(
            "actors?present_in=IQ&presence_kind=territorial_control"
        )

    def test_s23_they_are_operationalized_to_carry_out_irans_policies(self) -> None:
        (affiliation,) = self.client.results(
            "affiliations/documents?actor=iran&support_type=command_and_control"
        )
        (support,) = [row for row in affiliation["support"] if row["type"] == "command_and_control"]
        assert support["basis"] == "assessed"

    def test_s24_iran_prefers_militias_that_can_be_blamed(self) -> None:
        behind = titles(self.client, "sponsor=iran")
        assert behind == {
            "Attacks on US troops and US partners in the region for many years",
            "Attacks on US forces and posts since 2019",
        }
        assert titles(self.client, "sponsor=iran&certainty_min=possible") == set()
        assert titles(self.client, "perpetrator=iran") == set()
        assert "can then be blamed" in judged(self.client, "iran", "strategy")
        assert "direct confrontation" in judged(self.client, "iran", "strategy")

    def test_s25_what_iran_could_do_is_no_incident(self) -> None:
        assert "inflame Iraq" in judged(self.client, "iran", "outlook")
        assert "wary of threatening the Gulf" in judged(self.client, "iran", "outlook")

    def test_the_question_that_sums_the_text_up(self) -> None:
        """Incidents by any group under the PMF on the day; who claimed or denied them."""
        found = self.client.results(
            f"incidents/documents?perpetrator={PMF}&perpetrator_scope=all&sort=oldest"
        )
        assert [(i["title"], i["date"]) for i in found if i["date"]] == [
            ("Attacks on US forces between 2003 and 2011", "2003/2011"),
            ("Attacks on US forces and posts since 2019", "2019/.."),
        ]
        since = found[-1]
        assert (since["claim_status"], since["denied"], since["statements"]) == ("none", False, [])
        assert since["attribution_status"] == "probable"
        behind = [
            (row["actor"]["name"], row["certainty"])
            for row in since["involvements"]
            if row["role"] == "supporter"
        ]
        assert behind == [("Iran", "suspected")]

    def test_every_row_cites_the_text_word_for_word(self) -> None:
        cited = [row for row in below(documents(self.client)) if "citations" in row]
        assert len(cited) > 50
        paragraphs = cited_text().decode().splitlines()
        for row in cited:
            assert row["citations"], row
            for citation in row["citations"]:
                if citation["source"]["name"] == REGISTRY:
                    assert citation["field"] == "parent"
                    continue
                assert citation["stance"] in ("supports", "context")
                assert citation["quote_language"] == "en"
                assert citation["quote"] in paragraphs[int(citation["locator"]) - 1]

    def test_what_is_probable_says_why(self) -> None:
        for incident in self.client.results("incidents/documents"):
            for row in incident["involvements"]:
                assert row["rationale"], row

    def test_of_the_text_itself_nothing_is_invented(self) -> None:
        source, registry = self.client.results("sources/documents")
        assert registry["title"] == REGISTRY
        for column in ("publisher", "author", "published", "accessed", "url", "licence"):
            assert source[column] is None
        assert source["kind"] == "unknown"
        assert source["sha256"] == sha256(cited_text()).hexdigest()
