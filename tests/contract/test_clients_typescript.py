"""TypeScript clients, unedited, against a running server; held to `tsc --strict`.

Two of them: the types of openapi-typescript with openapi-fetch, and all that @hey-api/openapi-ts
writes. The generators come from npm as `package-lock.json` names them, once for many runs.
"""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.contract.client import description
from tests.contract.clients import FOUND, HERE, MADE, run


@pytest.fixture(scope="session")
def packages() -> Path:
    """The folder of the generators, filled at the first run; skips where they cannot be had."""
    npm = shutil.which("npm")
    if not (shutil.which("node") and npm):
        pytest.skip("Node is not installed here")
    lock = HERE / "package-lock.json"
    folder = MADE / hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    if not folder.exists():
        draft = folder.with_name(f"{folder.name}.{os.getpid()}")  # others may be at it too
        draft.mkdir(parents=True)
        for file in (lock, HERE / "package.json"):
            shutil.copy(file, draft)
        command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        done = subprocess.run(command, cwd=draft, capture_output=True, text=True, timeout=300)
        if done.returncode == 0 and not folder.exists():
            draft.rename(folder)
        shutil.rmtree(draft, ignore_errors=True)
        if done.returncode:
            pytest.skip(f"npm cannot have the packages: {done.stderr.strip()[-200:]}")
    return folder / "node_modules"


@pytest.fixture(scope="session")
def clients(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both clients and the programs that use them, type-checked strictly and compiled."""
    folder = tmp_path_factory.mktemp("clients")
    for file in HERE.iterdir():
        if file.suffix in (".ts", ".js", ".json"):
            shutil.copy(file, folder)
    (folder / "node_modules").symlink_to(packages)
    (folder / "openapi.json").write_text(json.dumps(description()))
    bin_ = packages / ".bin"
    run(bin_ / "openapi-typescript", "openapi.json", "-o", "schema.d.ts", cwd=folder)
    run(bin_ / "openapi-ts", cwd=folder)
    run(bin_ / "tsc", "--strict", cwd=folder)
    return folder / "made"


@pytest.mark.parametrize("program", ["fetch.js", "hey.js"])
def test_they_find_what_there_is(clients: Path, told: Any, served: str, program: str) -> None:
    assert json.loads(run("node", program, served, cwd=clients)) == FOUND
