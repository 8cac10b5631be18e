"""The README: its questions get the answers that it shows."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from editorial.permissions import create_demo_users
from publishing.vocabularies import list_vocabularies
from tests.contract.client import ContractClient

README = (Path(__file__).parent.parent / "README.md").read_text()
QUESTION = re.compile(r"curl 'localhost:8000/api/v1/(\S+)'\n\n((?:\|.*\n)+)")


def to_cell(value: Any) -> str:
    """Return a value as a table of the README shows it: a record by its name."""
    if isinstance(value, list):
        return ", ".join(map(to_cell, value))
    return str(value["name"] if isinstance(value, dict) else value)


def read_table(table: str) -> list[list[str]]:
    """Return the cells of a Markdown table."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]


@pytest.mark.django_db
def test_the_answers_in_the_readme_are_those_of_the_api(api: ContractClient) -> None:
    create_demo_users()
    call_command("load", "seed", submit_as="editor", approve_as="reviewer", verbosity=0)
    questions = QUESTION.findall(README)
    assert len(questions) == 4
    for query, table in questions:
        header, _, *expected = read_table(table)
        is_refused = "limit=0" in query
        answer = api.ask(query, 400 if is_refused else 200)
        rows = answer["errors" if is_refused else "results"]
        assert expected == [[to_cell(row[column]) for column in header] for row in rows], query
    assert api.results(f"{questions[1][0]}&dates=certain") == []


def test_it_says_how_many_vocabularies_have_codes_of_other_systems() -> None:
    systems = [
        {crosswalk.system.split(".")[0] for crosswalk in vocabulary.crosswalks}
        for vocabulary in list_vocabularies().values()
    ]
    (text,) = re.findall(r"Each of the\n  (.*?), for example", README, re.DOTALL)
    assert text.startswith(f"{len(systems)} vocabularies")
    assert f"{sum(map(bool, systems))} of them have the codes" in text
    numbers = re.findall(r"(\w+) \((\d+)\b", text.replace("\n  vocabularies", " vocabularies"))
    names = {
        "ACLED": "acled",
        "GTD": "gtd",
        "UCDP": "ucdp",
        "STIX": "stix",
        "FollowTheMoney": "ftm",
    }
    assert dict(numbers) == {
        name: str(sum(system in each for each in systems)) for name, system in names.items()
    }


def test_every_folder_is_listed() -> None:
    root = Path(__file__).parent.parent
    apps = {file.parent.name for file in root.glob("*/__init__.py")}
    listed = set(re.findall(r"^    (\w+)/  ", README, re.MULTILINE))
    assert listed == apps | {"deploy", "docs", "fixtures"}
