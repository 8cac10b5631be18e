"""The cookbook: every block runs unchanged and prints the answer below it.

That in TypeScript is run by tests/contract/test_clients_typescript.py.
"""

import re
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from editorial.permissions import create_demo_users
from tests.live import Live

COOKBOOK = Path(__file__).parent.parent / "docs" / "cookbook.md"
BLOCK = re.compile(
    r"^```(sh|python|r|ts)\n(.*?)^```\n\n^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
FENCE = re.compile(r"^```(?:sh|python|r|ts)$", re.MULTILINE)
COMMANDS = {
    "sh": ["bash", "-euo", "pipefail", "-c"],
    "python": [sys.executable, "-W", "ignore::ResourceWarning", "-c"],
    "r": ["Rscript", "-e"],
}
NEEDS = {"sh": ("bash", "curl", "jq"), "python": (), "r": ("Rscript",)}
LANGUAGES = [
    pytest.param(
        language,
        marks=pytest.mark.skipif(
            not all(map(shutil.which, NEEDS[language])),
            reason=f"This needs {' and '.join(NEEDS[language])}.",
        ),
    )
    for language in COMMANDS
]


ISLAND = "## The invented island"
"""The heading of the questions about the island; those before it are about the seed."""


def read_blocks() -> list[tuple[str, str, str]]:
    """Return the language, the text and the answer of each block."""
    return BLOCK.findall(COOKBOOK.read_text())


def check_blocks(text: str, language: str, url: str, folder: Path) -> None:
    """Check that each block of a part of the cookbook prints the answer below it."""
    for block_language, block, answer in BLOCK.findall(text):
        if block_language == language:
            assert run(language, block, url, folder) == answer, block


def run(language: str, text: str, url: str, folder: Path) -> str:
    """Run a block against a server, in a folder for its files, and return what it prints."""
    command = [*COMMANDS[language], text.replace("http://localhost:8000", url)]
    result = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, cwd=folder
    )
    assert result.returncode == 0, f"{text}\n{result.stderr}"
    return result.stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_block_prints_the_answer_below_it(live: Live, language: str, tmp_path: Path) -> None:
    create_demo_users()
    four_eyes = {"submit_as": "editor", "approve_as": "reviewer", "verbosity": 0}
    call_command("load", "seed", **four_eyes)
    call_command("load_world", countries=["IQ"], **four_eyes)  # enough for the questions
    seed, _ = COOKBOOK.read_text().split(ISLAND)
    check_blocks(seed, language, live.url, tmp_path)


def test_every_block_about_the_island_prints_the_answer_below_it(
    live: Live, tmp_path: Path
) -> None:
    """The R blocks run where R is installed: the island takes seconds to load."""
    create_demo_users()
    call_command("load_island", verbosity=0, stdout=StringIO())
    _, island = COOKBOOK.read_text().split(ISLAND)
    for language, programs in NEEDS.items():
        if all(map(shutil.which, programs)):
            check_blocks(island, language, live.url, tmp_path)


def test_every_question_has_a_block_with_an_answer() -> None:
    text = COOKBOOK.read_text()
    assert len(read_blocks()) == len(FENCE.findall(text)), "a block without its answer"
    _, *questions = re.split(r"^## \d+\. ", text, flags=re.M)
    assert len(questions) >= 15
    assert all(FENCE.search(question) for question in questions)
