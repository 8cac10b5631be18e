"""The keys of a server: generated once, unless the environment sets them."""

import os
import secrets
from pathlib import Path


def read_key(data: Path, name: str = "secret_key") -> str:
    """Return the key in the file `name` of the data folder (mode 0600); create it if missing.

    Two processes that start together get the same key: a link to the complete file is created,
    which fails if the other process was first.
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
