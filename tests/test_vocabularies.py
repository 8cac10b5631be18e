"""Vocabularies: every word means something, and says what it is to ACLED, UCDP, GTD and others."""

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.utils.module_loading import import_string

from api.problems import FAULTS, WARNING_CODES
from incidents.codes import Precision
from incidents.filters.facets import Facet
from publishing.codes import RecordType
from publishing.fields import WordField
from publishing.vocabularies import EnumerationType, find_crosswalk, list_vocabularies
from tests.contract.client import ContractClient, components, description

NAMES = sorted(list_vocabularies())
CROSSWALKS = [
    pytest.param(item.words, walk, id=f"{item.name}-{walk.system}")
    for item in list_vocabularies().values()
    for walk in item.crosswalks
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
    vocabulary = list_vocabularies()[name]
    assert list(vocabulary.meanings) == vocabulary.words.values, "in the order of the enumeration"
    for meaning in vocabulary.meanings.values():
        assert meaning.endswith(".")
        assert "\n" not in meaning
        assert len(meaning) <= 120


def test_every_enumeration_of_the_documents_is_a_vocabulary() -> None:
    served = {tuple(item.words.values) for item in list_vocabularies().values()}
    types = {(word,) for word in RecordType.values}  # the `type` of each kind of change
    codes = {tuple(FAULTS), tuple(WARNING_CODES)}
    parameters = {tuple(Facet.values)}
    assert enumerations(components()["schemas"]) <= served | types | codes | parameters


def test_every_word_of_a_working_column_is_a_vocabulary() -> None:
    known = {item.words for item in list_vocabularies().values()}
    # Of submissions, guards and reports: editors alone see them.
    private = {
        "State",
        "Act",
        "CommentKind",
        "GuardKind",
        "JobState",
        "ReportKind",
        "AccountEventKind",
    }
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
def test_a_crosswalk_says_what_each_word_is_or_that_it_is_nothing(
    words: EnumerationType, walk: Any
) -> None:
    assert set(walk.codes) == set(words.values)
    assert walk.meaning.endswith(".")


@pytest.mark.parametrize(("words", "walk"), CROSSWALKS)
def test_what_is_read_by_a_code_is_written_as_that_code(words: EnumerationType, walk: Any) -> None:
    assert set(walk.reads.values()) <= set(words.values)
    written = {code for code in walk.codes.values() if code}
    assert not walk.reads or written <= set(walk.reads), "every code that is written can be read"
    for code, word in walk.reads.items():
        assert walk.codes[word] in (code, None), "there and back again"


@pytest.mark.django_db
class TestEndpoint:
    """The answers of the API."""

    def test_all_are_listed_by_name(self, api: ContractClient) -> None:
        answer = api.ask("vocabularies")["results"]
        assert [item["name"] for item in answer] == NAMES

    def test_one_tells_its_words_with_their_codes(self, api: ContractClient) -> None:
        answer = api.ask("vocabularies/sub_type")
        assert answer["grows"]
        (rocket,) = [word for word in answer["words"] if word["word"] == "rocket_attack"]
        assert (rocket["label"], rocket["meaning"]) == (
            "rocket attack",
            "Unguided rockets are fired.",
        )
        sub_event = {"system": "acled.sub_event_type", "code": "Shelling/artillery/missile attack"}
        assert sub_event in rocket["codes"]
        systems = [item["system"] for item in answer["crosswalks"]]
        assert systems == ["acled.sub_event_type", "gtd.attacktype"]

    def test_closed_ones_say_so(self, api: ContractClient) -> None:
        assert not api.ask("vocabularies/certainty")["grows"]

    @pytest.mark.parametrize("address", ["vocabularies", "vocabularies/scale"])
    def test_unknown_parameters_are_refused(self, api: ContractClient, address: str) -> None:
        problem = api.ask(f"{address}?limit=3", 400)
        assert problem["errors"][0]["parameter"] == "limit"

    def test_an_unknown_name_is_not_found(self, api: ContractClient) -> None:
        api.ask("vocabularies/ships", 404)

    def test_a_client_that_has_it_gets_304_until_the_words_change(
        self, api: ContractClient
    ) -> None:
        address = "/api/v1/vocabularies/scale"
        tag = api.get(address, secure=True)["ETag"]
        again = api.get(address, secure=True, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert api.get("/api/v1/vocabularies/side", secure=True)["ETag"] != tag

    def test_no_table_is_read(self, api: ContractClient, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            api.ask("vocabularies")

    def test_it_is_described(self) -> None:
        paths = description()["paths"]
        assert paths["/api/v1/vocabularies"]["get"]["operationId"] == "vocabularies"
        assert "reset" not in str(paths["/api/v1/vocabularies"]["get"]["responses"].get("410", ""))


def test_precisions_are_read_as_they_are_written() -> None:
    walk = find_crosswalk(Precision, "ucdp.where_prec")
    assert [walk.codes[walk.reads[str(number)]] for number in range(1, 8)] == [*"1234567"]
