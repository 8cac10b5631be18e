"""Python clients made by openapi-python-client, unedited, against a running server.

Held to `mypy --strict`: the whole package that the generator writes, and a program that uses it.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.contract.clients import FOUND, HERE, run
from tests.contract.test_schema import SNAPSHOT

PREVIOUS = SNAPSHOT.with_name("previous.yaml")
BIN = Path(sys.executable).parent


def made(folder: Path, description: Path) -> Path:
    """Return a folder with a client of a description, and the program that uses it."""
    config = folder / "generator.yaml"
    config.write_text("post_hooks: []\n")  # as it writes it: no formatter, no linter's mending
    run(
        *(BIN / "openapi-python-client", "generate", "--path", description, "--meta", "none"),
        *("--output-path", folder / "muster_client", "--fail-on-warning"),
        *("--config", config),
        cwd=folder,
    )
    shutil.copy(HERE / "walk.py", folder)
    return folder


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A client of the description as it is."""
    return made(tmp_path_factory.mktemp("client"), SNAPSHOT)


def test_it_is_typed_strictly(client: Path) -> None:
    config, cache = client / "mypy.ini", client / "cache"
    config.write_text("[mypy]\nstrict = true\n")
    mypy = (BIN / "mypy", "--config-file", config, "--cache-dir", cache)
    run(*mypy, "walk.py", "muster_client", cwd=client)


def test_it_finds_what_there_is(client: Path, told: Any, served: str) -> None:
    assert json.loads(run(sys.executable, "walk.py", served, cwd=client)) == FOUND


def test_a_client_of_the_previous_release_still_does(
    tmp_path: Path, told: Any, served: str
) -> None:
    old = made(tmp_path, PREVIOUS)
    assert json.loads(run(sys.executable, "walk.py", served, cwd=old)) == FOUND
