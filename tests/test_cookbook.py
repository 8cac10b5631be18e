"""The cookbook: every block runs unchanged and prints the answer below it.

That in TypeScript is run by tests/contract/test_clients_typescript.py.
"""

import re
import shutil
import subprocess
import sys
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


def read_blocks() -> list[tuple[str, str, str]]:
    """Return the language, the text and the answer of each block."""
    return BLOCK.findall(COOKBOOK.read_text())


def run(language: str, text: str, url: str) -> str:
    """Run a block against a server, and return what it prints."""
    command = [*COMMANDS[language], text.replace("http://localhost:8000", url)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, f"{text}\n{result.stderr}"
    return result.stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_block_prints_the_answer_below_it(live: Live, language: str) -> None:
    create_demo_users()
    four_eyes = {"submit_as": "editor", "approve_as": "reviewer", "verbosity": 0}
    call_command("load", "seed", **four_eyes)
    call_command("load_world", countries=["IQ"], **four_eyes)  # enough for the questions
    for block_language, text, answer in read_blocks():
        if block_language == language:
            assert run(language, text, live.url) == answer, text


def test_every_question_has_a_block_with_an_answer() -> None:
    text = COOKBOOK.read_text()
    assert len(read_blocks()) == len(FENCE.findall(text)), "a block without its answer"
    _, *questions = re.split(r"^## \d+\. ", text, flags=re.M)
    assert len(questions) >= 15
    assert all(FENCE.search(question) for question in questions)
