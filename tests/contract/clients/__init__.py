"""Clients that generators make of the OpenAPI description, and what they are to find."""

import subprocess
from pathlib import Path
from typing import Any

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


def run(*command: str | Path, cwd: Path, **options: Any) -> str:
    """Return what a program says, which must end well."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, **options)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout
