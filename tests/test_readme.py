"""The README: its questions get the answers that it shows."""

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from editorial.permissions import create_demo_users
from publishing.vocabularies import list_vocabularies
from tests.contract.client import ContractClient

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
QUESTION = re.compile(r"curl 'localhost:8000/api/v1/(\S+)'\n\n((?:\|.*\n)+)")


OTHERWISE = {"speaker": "speaker_label"}
"""The columns that another one stands in for where they are empty."""
ROWS = {"statistics": "groups", "incidents/xtt-2023-qvc7": "statements"}
"""The property of an answer that has its rows, by path; lists have `results`."""


def to_cell(row: dict[str, Any], column: str) -> str:
    """Return a value of a row as a table of the README shows it: a record by its name."""
    value: Any = row
    for name in column.split("."):
        value = value[name]
    if value is None and column in OTHERWISE:
        value = row[OTHERWISE[column]]
    values = value if isinstance(value, list) else [value]
    return ", ".join(
        str((each.get("name") or each["label"]) if isinstance(each, dict) else each)
        for each in values
    )


def read_table(table: str) -> list[list[str]]:
    """Return the cells of a Markdown table."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]


@pytest.mark.django_db
def test_the_answers_in_the_readme_are_those_of_the_api(api: ContractClient) -> None:
    create_demo_users()
    call_command("load", "seed", submit_as="editor", approve_as="reviewer", verbosity=0)
    call_command("load_island", stdout=StringIO())
    questions = QUESTION.findall(README)
    assert len(questions) == 5
    for query, table in questions:
        header, _, *expected = read_table(table)
        is_refused = "limit=0" in query
        answer = api.ask(query, 400 if is_refused else 200)
        rows = answer["errors" if is_refused else ROWS.get(query.split("?")[0], "results")]
        assert expected == [[to_cell(row, column) for column in header] for row in rows], query
    (day,) = [query for query, _ in questions if "occurred_from" in query]
    assert api.results(f"{day}&dates=certain") == []


def test_its_pictures_are_small() -> None:
    pictures = sorted((ROOT / "docs" / "pictures").iterdir())
    assert set(re.findall(r"docs/pictures/([\w-]+\.png)", README)) == {p.name for p in pictures}
    assert sum(picture.stat().st_size for picture in pictures) < 1_500_000


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
    apps = {file.parent.name for file in ROOT.glob("*/__init__.py")}
    listed = set(re.findall(r"^    (\w+)/  ", README, re.MULTILINE))
    assert listed == apps | {"deploy", "docs", "fixtures"}
