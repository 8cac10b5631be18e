"""The start of gunicorn in place of this process, which therefore stays in memory only once."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent.parent


def replace_process(configuration: str, *options: str, environ: Mapping[str, str]) -> NoReturn:
    """Replace this process by gunicorn, with a configuration such as `config/gunicorn.py`."""
    os.chdir(ROOT)
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, "-m", "gunicorn", "-c", configuration, *options]
    os.execve(command[0], command, dict(environ))  # noqa: S606 - our own program, and no shell
