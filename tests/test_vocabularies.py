"""Vocabularies: every word means something, and says what it is to ACLED, UCDP, GTD and others."""

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.utils.module_loading import import_string

from actors.codes import ClassificationWord
from actors.crosswalks import INTER, inter, interaction, interaction_text, sides_of
from incidents.codes import EventType, Precision, SubType, Violence
from incidents.crosswalks import acled, ucdp
from incidents.crosswalks.ucdp import Party
from publishing.fields import WordField
from publishing.vocabularies import Words, crosswalk, vocabularies
from sources.crosswalks import source_scale
from tests.contract.client import ContractClient, components, description

NAMES = sorted(vocabularies())
CROSSWALKS = [
    pytest.param(one.words, walk, id=f"{one.name}-{walk.system}")
    for one in vocabularies().values()
    for walk in one.crosswalks
]


def enumerations(schema: Any) -> set[tuple[str, ...]]:
    """Return every list of words in a schema."""
    if isinstance(schema, list):
        return {found for part in schema for found in enumerations(part)}
    if not isinstance(schema, dict):
        return set()
    found = {found for part in schema.values() for found in enumerations(part)}
    for key in ("enum", "x-extensible-enum"):
        if isinstance(schema.get(key), list):
            found.add(tuple(word for word in schema[key] if word))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_word_has_a_meaning_and_no_other_has(name: str) -> None:
    vocabulary = vocabularies()[name]
    assert list(vocabulary.meanings) == vocabulary.words.values, "in the order of the enumeration"
    for meaning in vocabulary.meanings.values():
        assert meaning.endswith(".")
        assert "\n" not in meaning
        assert len(meaning) <= 120


def test_every_enumeration_of_the_documents_is_a_vocabulary() -> None:
    served = {tuple(one.words.values) for one in vocabularies().values()}
    assert enumerations(components()["schemas"]) <= served


def test_every_word_of_a_working_column_is_a_vocabulary() -> None:
    known = {one.words for one in vocabularies().values()}
    private = {"State", "Act", "GuardKind"}  # of submissions and guards: editors alone see them
    columns = {
        field.words
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, WordField) and field.words and field.words.__name__ not in private
    }
    assert columns <= known
    paths = settings.SPECTACULAR_SETTINGS["ENUM_NAME_OVERRIDES"]
    assert {import_string(path) for path in paths.values()} <= known


@pytest.mark.parametrize(("words", "walk"), CROSSWALKS)
def test_a_crosswalk_says_what_each_word_is_or_that_it_is_nothing(words: Words, walk: Any) -> None:
    assert set(walk.codes) == set(words.values)
    assert walk.meaning.endswith(".")


@pytest.mark.parametrize(("words", "walk"), CROSSWALKS)
def test_what_is_read_by_a_code_is_written_as_that_code(words: Words, walk: Any) -> None:
    assert set(walk.reads.values()) <= set(words.values)
    written = {code for code in walk.codes.values() if code}
    assert not walk.reads or written <= set(walk.reads), "every code that is written can be read"
    for code, word in walk.reads.items():
        assert walk.codes[word] in (code, None), "there and back again"


@pytest.mark.django_db
class TestEndpoint:
    """What clients are told."""

    def test_all_are_listed_by_name(self, api: ContractClient) -> None:
        told = api.ask("vocabularies")["results"]
        assert [one["name"] for one in told] == NAMES

    def test_one_tells_its_words_with_their_codes(self, api: ContractClient) -> None:
        told = api.ask("vocabularies/sub_type")
        assert told["grows"]
        (rocket,) = [word for word in told["words"] if word["word"] == "rocket_attack"]
        assert (rocket["label"], rocket["meaning"]) == (
            "rocket attack",
            "Unguided rockets are fired.",
        )
        sub_event = {"system": "acled.sub_event_type", "code": "Shelling/artillery/missile attack"}
        assert sub_event in rocket["codes"]
        systems = [one["system"] for one in told["crosswalks"]]
        assert systems == ["acled.sub_event_type", "gtd.attacktype"]

    def test_closed_ones_say_so(self, api: ContractClient) -> None:
        assert not api.ask("vocabularies/event_type")["grows"]

    @pytest.mark.parametrize("address", ["vocabularies", "vocabularies/scale"])
    def test_unknown_parameters_are_refused(self, api: ContractClient, address: str) -> None:
        problem = api.ask(f"{address}?limit=3", 400)
        assert problem["errors"][0]["parameter"] == "limit"

    def test_an_unknown_name_is_not_found(self, api: ContractClient) -> None:
        api.ask("vocabularies/ships", 404)

    def test_who_has_it_is_told_so_until_the_software_changes(
        self, api: ContractClient, settings: Any
    ) -> None:
        address = "/api/v1/vocabularies/scale"
        tag = api.get(address, secure=True)["ETag"]
        again = api.get(address, secure=True, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        settings.VERSION = "99"
        assert api.get(address, secure=True)["ETag"] != tag

    def test_no_table_is_read(self, api: ContractClient, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            api.ask("vocabularies")

    def test_it_is_described(self) -> None:
        paths = description()["paths"]
        assert paths["/api/v1/vocabularies"]["get"]["operationId"] == "vocabularies"
        assert "reset" not in str(paths["/api/v1/vocabularies"]["get"]["responses"].get("410", ""))


class TestAcled:
    """Rules that a word alone does not decide."""

    @pytest.mark.parametrize("sub_type", SubType.values)
    def test_each_sub_type_is_of_the_event_type_that_acled_gives_it(self, sub_type: str) -> None:
        told = acled.sub_event(sub_type)
        assert told is None or told in acled.SUB_EVENTS

    def test_every_event_type_and_sub_event_is_reached(self) -> None:
        assert set(acled.SUB_EVENTS) == {*crosswalk(SubType, "acled.sub_event_type").reads}
        assert set(acled.SUB_EVENTS.values()) == {
            code for code in acled.EVENT_TYPES.values() if code
        }
        assert len(acled.SUB_EVENTS) == 25
        assert acled.event_type(None, EventType.UNKNOWN) is None
        assert acled.event_type("Grenade", EventType.BATTLE) == acled.REMOTE

    @pytest.mark.parametrize(
        ("weapon", "civilian", "sub_event"),
        [
            ("small_arms", True, "Attack"),
            ("armed_drone", True, "Attack"),
            ("armed_drone", False, "Air/drone strike"),
            ("sticky_bomb", False, "Remote explosive/landmine/IED"),
            ("small_arms", False, "Armed clash"),
            ("unknown", False, "Armed clash"),
        ],
    )
    def test_a_targeted_killing_goes_by_its_victim_then_by_its_weapon(
        self, weapon: str, civilian: bool, sub_event: str
    ) -> None:
        told = acled.sub_event("targeted_killing", weapon=weapon, civilian=civilian)
        assert told == sub_event

    @pytest.mark.parametrize("outcome", ["intercepted", "foiled", "aborted"])
    def test_what_is_stopped_is_disrupted_weapons_use(self, outcome: str) -> None:
        assert acled.sub_event("drone_strike", outcome) == "Disrupted weapons use"
        assert acled.sub_event("ambush", outcome) == "Armed clash"
        assert acled.sub_event("drone_strike", "failed") == "Air/drone strike"

    @pytest.mark.parametrize(
        ("sub_event", "disorder"),
        [
            ("Grenade", ["Political violence"]),
            ("Mob violence", ["Political violence"]),
            ("Peaceful protest", ["Demonstrations"]),
            ("Violent demonstration", ["Demonstrations"]),
            ("Excessive force against protesters", ["Political violence", "Demonstrations"]),
            ("Arrests", ["Strategic developments"]),
        ],
    )
    def test_disorder(self, sub_event: str, disorder: list[str]) -> None:
        assert acled.disorder_types(sub_event) == disorder

    @pytest.mark.parametrize(
        ("inters", "code"),
        [(["1", "2"], 12), (["7", "3"], 37), (["7", "8"], 78), (["1"], 10), ([None, "5"], 50)],
    )
    def test_interaction_joins_the_sides_the_lower_first(
        self, inters: list[str | None], code: int
    ) -> None:
        assert interaction(inters) == code
        assert sides_of(code) == sorted(side for side in inters if side)

    def test_interactions_there_and_back_again(self) -> None:
        pairs = [[a, b] for a in INTER for b in INTER if a <= b] + [[a] for a in INTER]
        codes = {interaction(pair): pair for pair in pairs}
        assert len(codes) == len(pairs) == 44
        assert all(sides_of(code) == pair for code, pair in codes.items() if code)

    def test_interactions_in_words(self) -> None:
        assert interaction_text(17) == "State forces-Civilians"
        assert interaction([]) is None
        with pytest.raises(ValueError, match="two sides"):
            interaction(["1", "2", "3"])

    def test_forces_of_a_state_are_external_abroad(self) -> None:
        assert inter(ClassificationWord.POLICE) == "1"
        assert inter(ClassificationWord.POLICE, abroad=True) == "8"
        assert inter(ClassificationWord.REBEL_GROUP, abroad=True) == "2"
        assert inter(ClassificationWord.UNKNOWN, abroad=True) is None

    def test_the_scales_of_all_publishers_are_joined(self) -> None:
        assert source_scale(["national", "local_partner", "national"]) == "Local partner-National"
        assert source_scale(["unknown"]) is None


class TestUcdp:
    """Who was on which side decides the type of violence."""

    @pytest.mark.parametrize(
        ("did", "suffered", "violence"),
        [
            (Party.STATE, Party.GROUP, Violence.STATE_BASED),
            (Party.GROUP, Party.STATE, Violence.STATE_BASED),
            (Party.STATE, Party.STATE, Violence.STATE_BASED),
            (Party.GROUP, Party.GROUP, Violence.NON_STATE),
            (Party.STATE, Party.CIVILIANS, Violence.ONE_SIDED),
            (Party.GROUP, Party.CIVILIANS, Violence.ONE_SIDED),
            (Party.CIVILIANS, Party.STATE, None),
            (Party.OTHER, Party.CIVILIANS, None),
            (Party.GROUP, Party.OTHER, None),
        ],
    )
    def test_violence(self, did: Party, suffered: Party, violence: Violence | None) -> None:
        assert ucdp.violence(did, suffered) == violence

    def test_a_death_at_least(self) -> None:
        assert [ucdp.counts(best) for best in (None, 0, 1)] == [False, False, True]

    def test_precisions_are_read_as_they_are_written(self) -> None:
        walk = crosswalk(Precision, "ucdp.where_prec")
        assert [walk.codes[walk.reads[str(number)]] for number in range(1, 8)] == [*"1234567"]
