"""Clients that generators make of the OpenAPI description, and what they are to find."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

HERE = Path(__file__).parent
MADE = settings.DATA / "clients"
"""The folder of downloads, which later runs use again."""

FOUND = {
    "walked": ["Badr", "Kataib Hezbollah", "Liwa", "PMF", "Saraya"],
    "filtered": ["Liwa", "PMF"],
    "count": 2,
    "documents": ["Hezbollah Brigades", "كتائب حزب الله", "Saraya the First"],
    "survivor": "Kataib Hezbollah",
    "moved": [308, "/api/v1/actors/kataib"],
    "gone": [410, "No such group."],
    "refused": ["at", "cursor"],
    "mirrored": ["Badr", "Kataib Hezbollah", "Liwa", "PMF", "Saraya"],
}
"""What every client finds in the record of the fixture `served_actors`."""


def install(project: Path) -> Path:
    """Return the npm packages of a project, which are downloaded at the first run.

    Skips the test where they cannot be had.
    """
    npm = shutil.which("npm")
    if not (shutil.which("node") and npm):
        pytest.skip("Node is not installed here")
    lock = project / "package-lock.json"
    folder = MADE / hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    if not folder.exists():
        draft = folder.with_name(f"{folder.name}.{os.getpid()}")  # others may be at it too
        draft.mkdir(parents=True)
        for file in (lock, project / "package.json"):
            shutil.copy(file, draft)
        command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        done = subprocess.run(command, cwd=draft, capture_output=True, text=True, timeout=300)
        if done.returncode == 0 and not folder.exists():
            draft.rename(folder)
        shutil.rmtree(draft, ignore_errors=True)
        if done.returncode:
            pytest.skip(f"npm cannot have the packages: {done.stderr.strip()[-200:]}")
    return folder / "node_modules"


def run(*command: str | Path, cwd: Path, **options: Any) -> str:
    """Return what a program says, which must end well."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, **options)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout
