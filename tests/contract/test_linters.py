"""The recommended rules of Redocly and Spectral for OpenAPI descriptions find nothing.

The linters come from npm as `package-lock.json` names them, once for many runs.
"""

import json
import shutil
from pathlib import Path

import pytest

from tests.contract.client import description
from tests.contract.clients import install, run

LINTERS = Path(__file__).parent / "linters"
COMMANDS = {
    "redocly": ("lint", "openapi.json", "--max-problems", "20"),
    "spectral": ("lint", "openapi.json", "--fail-severity", "hint"),
}

pytestmark = pytest.mark.xdist_group("clients")  # one process downloads, once


@pytest.mark.parametrize("linter", COMMANDS)
def test_the_linters_find_nothing(tmp_path: Path, linter: str) -> None:
    command = install(LINTERS) / ".bin" / linter
    for name in ("redocly.yaml", ".spectral.yaml"):
        shutil.copy(LINTERS / name, tmp_path)
    (tmp_path / "openapi.json").write_text(json.dumps(description()))
    report = run(command, *COMMANDS[linter], cwd=tmp_path)
    assert "warning" not in report.lower().replace("deprecation warning", ""), report
