"""Hints: a refusal says what to write instead."""

import pytest
from django.db.models import TextChoices

from api.hints import MAX_LISTED, list_words
from api.parameters import MultipleChoiceParameter
from tests.contract.client import API, ContractClient, description

pytestmark = pytest.mark.django_db

PAGES = "There are no page numbers: use `next`, or the `cursor` in it."


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("incidents?offset=100", PAGES),
        ("incidents?page=2", PAGES),
        ("releases?page=2", PAGES),
        ("changes?page=2", "There are no page numbers: use `next`."),
        ("incidents?page_size=10", "Use `limit`."),
        ("incidents?year=2014", "Use `occurred_from=2014` and `occurred_to=2014`."),
        ("statistics?group_by=year&year=2014", "Use `occurred_from=2014` and `occurred_to=2014`."),
        ("incidents?date=2014-06", "Use `occurred_from=2014-06` and `occurred_to=2014-06`."),
        ("incidents?year=last", "Use `occurred_from` and `occurred_to`."),
        ("incidents?from=2014-06-12", "Use `occurred_from=2014-06-12`."),
        ("incidents?since=2014", "Use `occurred_from=2014`."),
        ("incidents?until=2014", "Use `occurred_to=2014`."),
        ("incidents?at=2014", "Use `occurred_from` and `occurred_to` for when it happened, and"),
        ("incidents?at=2014", "`scope_at` for the day of the affiliations in a scope."),
        ("sources?year=2014", "Use `source_date_from=2014` and `source_date_to=2014`."),
        ("actors?year=2014", "Use `at`, with a day, a month or a year."),
        ("changes?since=2014", "Use `after`."),
        ("incidents?search=raid", "Use `q`."),
        ("incidents?order_by=date", "Use `sort`."),
        ("incidents?format=csv&columns=id", "Use `fields`."),
        ("incidents?perpetrater=kataib", "Did you mean “perpetrator”?"),
        ("incidents?xyzzy=1", "There is no parameter “xyzzy”. See /api/v1/docs."),
        ("actors/kataib?xyzzy=1", "Use one of: snapshot, known_at, release."),
        ("releases/one?xyzzy=1", "This address has no parameters."),
        ("schema?xyzzy=1", "Use format."),
        ("incidents?sub_type=rocket-atack", "Did you mean “rocket_attack”?"),
        (
            "incidents?sub_type=xyzzy",
            "no word “xyzzy”. See /api/v1/vocabularies/sub_type.",
        ),
        ("actors?kind=xyzzy", "Use one of: state, "),
        ("actors?external_id=xyzzy", "See /api/v1/vocabularies/scheme."),
        ("incidents?sort=xyzzy", "Use one of: "),
    ],
)
def test_a_wrong_name_or_word_is_answered_with_a_hint(
    api: ContractClient, address: str, hint: str
) -> None:
    (fault,) = api.ask(address, 400)["errors"]
    assert hint in fault["detail"], fault["detail"]
    assert len(fault["detail"]) < 400


@pytest.mark.parametrize(
    ("query", "example"),
    [
        ("country=IQ,SY", "country=IQ&country=SY"),
        ("country=IQ, SY", "country=IQ&country=SY"),
        ("country=IQ|SY|LB", "country=IQ&country=SY&country=LB"),
        ("dyad=kataib,badr", "dyad=kataib&dyad=badr"),
        ("perpetrator=kataib,badr", "perpetrator=kataib&perpetrator=badr"),
    ],
)
def test_several_values_in_one_are_answered_with_a_repeated_parameter(
    api: ContractClient, query: str, example: str
) -> None:
    name = query.split("=")[0]
    response = api.get(f"{API}incidents", dict([query.split("=", 1)]), secure=True)
    (fault,) = response.json()["errors"]
    assert (fault["code"], fault["parameter"]) == ("invalid", name)
    assert fault["detail"] == (
        f"Invalid value for `{name}`. To give several values, repeat the parameter: {example}"
    )


def test_a_wrong_word_in_a_list_is_answered_by_its_own_fault(api: ContractClient) -> None:
    (fault,) = api.ask("actors?kind=unit,xyzzy", 400)["errors"]
    assert "repeat" not in fault["detail"]


@pytest.mark.parametrize("query", ["q=100%", "q=%zz", "q=%4", "country=IQ&q=%+a", "%"])
@pytest.mark.parametrize("address", ["incidents", "actors/kataib", "changes", "releases"])
def test_broken_percent_codes_are_refused(api: ContractClient, address: str, query: str) -> None:
    faults = api.ask(f"{address}?{query}", 400)["errors"]
    assert ("encoding", None) in [(fault["code"], fault["parameter"]) for fault in faults]
    assert "%25" in faults[0]["detail"]


def test_a_percent_sign_is_a_text(api: ContractClient) -> None:
    assert api.ask("incidents?q=100%25")["results"] == []
    (fault,) = api.ask("actors?kind=100%25", 400)["errors"]
    assert "“100%”" in fault["detail"]
    (fault,) = api.ask("places?country=%25,%25", 400)["errors"]
    assert fault["code"] == "invalid"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("03/04/2014", "write 2014-04-03 (3 April 2014) or 2014-03-04 (4 March 2014)."),
        ("circa 2014", "write 2014 instead."),
        ("14.6.14", "write 2014-06-14 instead."),
        ("2013/14", "write 2013 for its start and 2014 for its end."),
        ("12-14 June 2014", "write 2014-06-12 for its start and 2014-06-14 for its end."),
        ("mid-2014", "write 2014-05 for its start and 2014-08 for its end."),
    ],
)
def test_a_date_in_another_notation_is_answered_with_its_iso_form(
    api: ContractClient, text: str, hint: str
) -> None:
    for address in ("incidents?occurred_from=", "actors?at=", "sources?source_date_to="):
        (fault,) = api.ask(f"{address}{text}", 400)["errors"]
        assert hint in fault["detail"]


def test_no_list_is_empty_or_long() -> None:
    class Nothing(TextChoices):
        pass

    for words in ([], [f"word{number}" for number in range(MAX_LISTED + 1)]):
        assert list_words(words, "the list") == "See the list."
    with pytest.raises(ValueError, match=r"There is no word “a”\. See /api/v1/docs\."):
        MultipleChoiceParameter(Nothing, "No words.").parse("a")


def test_every_parameter_refuses_nonsense_in_a_short_sentence(api: ContractClient) -> None:
    for path, methods in description()["paths"].items():
        if "{" in path:
            continue
        for parameter in methods.get("get", {}).get("parameters", ()):
            for name in (parameter["name"], "xyzzy"):
                answer = api.get(path, {name: "§§§"}, secure=True)
                if answer.status_code != 400:
                    continue
                for fault in answer.json()["errors"]:
                    assert len(fault["detail"]) < 400, fault
                    assert ": ." not in fault["detail"]
