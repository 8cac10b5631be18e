"""The keys of a server, each made up once where the environment gives none."""

import os
import secrets
from pathlib import Path


def secret_key(data: Path, name: str = "secret_key") -> str:
    """Return the key in the file `name` of the data folder (mode 0600), making it at first.

    Two processes that start together end with one key: the file is linked into place whole.
    """
    path = data / name
    if not path.exists():
        data.mkdir(mode=0o711, parents=True, exist_ok=True)
        draft = data / f"{name}.{os.getpid()}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
