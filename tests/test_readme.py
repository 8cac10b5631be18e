"""The README's questions, and that its answers are the real ones."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from editorial.permissions import demo_users
from tests.contract.client import ContractClient

README = (Path(__file__).parent.parent / "README.md").read_text()
QUESTION = re.compile(r"curl 'localhost:8000/api/v1/(\S+)'\n\n((?:\|.*\n)+)")


def cell(value: Any) -> str:
    """Show a value as the README does: a record by its name."""
    if isinstance(value, list):
        return ", ".join(map(cell, value))
    return str(value["name"] if isinstance(value, dict) else value)


def rows(table: str) -> list[list[str]]:
    """Return the cells of a Markdown table."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]


@pytest.mark.django_db
def test_the_answers_in_the_readme_are_real(api: ContractClient) -> None:
    demo_users()
    call_command("load", "seed", submit_as="editor", approve_as="reviewer", verbosity=0)
    questions = QUESTION.findall(README)
    assert len(questions) == 4
    for address, table in questions:
        (header, _, *told) = rows(table)
        refused = "limit=0" in address
        answer = api.ask(address, 400 if refused else 200)
        real = answer["errors" if refused else "results"]
        assert told == [[cell(row[column]) for column in header] for row in real], address
    assert api.results(f"{questions[1][0]}&dates=certain") == []


def test_every_file_it_links_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("http") or Path(target).exists(), target
