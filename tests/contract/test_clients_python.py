"""Python clients made by openapi-python-client, unedited, against a running server.

`mypy --strict` checks the whole package that the generator writes, and a program that uses it.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.contract.calls import calls
from tests.contract.clients import FOUND, HERE, run
from tests.contract.test_schema import SNAPSHOT

PREVIOUS = SNAPSHOT.with_name("previous.yaml")
BIN = Path(sys.executable).parent

pytestmark = pytest.mark.xdist_group("clients")  # one process generates them, once


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
    for program in ("walk.py", "every.py"):
        shutil.copy(HERE / program, folder)
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


def test_it_finds_all_records(client: Path, served_actors: Any, served: str) -> None:
    assert json.loads(run(sys.executable, "walk.py", served, cwd=client)) == FOUND


@pytest.fixture(scope="session")
def previous(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A client of the description as it was at the previous release."""
    return made(tmp_path_factory.mktemp("previous"), PREVIOUS)


def test_a_client_of_the_previous_release_still_does(
    previous: Path, served_actors: Any, served: str
) -> None:
    assert json.loads(run(sys.executable, "walk.py", served, cwd=previous)) == FOUND


def test_every_operation_works_with_its_required_arguments_alone(
    client: Path, previous: Path, transactional_db: None, findable: None, served: str
) -> None:
    """The client sends all declared defaults."""
    for folder, file in ((client, SNAPSHOT), (previous, PREVIOUS)):
        every = list(calls(yaml.safe_load(file.read_text())))
        given = {
            call.operation: call.arguments
            | call.query
            | ({} if call.body is None else {"body": call.body})
            for call in every
        }
        answers = json.loads(run(sys.executable, "every.py", served, json.dumps(given), cwd=folder))
        assert answers == {
            operation: [200, True, sorted(arguments)] for operation, arguments in given.items()
        }
