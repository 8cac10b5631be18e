"""The key that signs sessions, made up once where the environment gives none."""

import os
import secrets
from pathlib import Path


def secret_key(data: Path) -> str:
    """Return the key kept in `data/secret_key` (mode 0600), making it at the first call.

    Two processes that start together end with one key: the file is linked into place whole.
    """
    path = data / "secret_key"
    if not path.exists():
        data.mkdir(mode=0o711, parents=True, exist_ok=True)
        draft = data / f"secret_key.{os.getpid()}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
