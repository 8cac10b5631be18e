"""The embedded PostgreSQL, with real servers, and Django's settings of the database."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from config import postgres
from config.postgres.memory import memory_settings, read_memory

ROOT = os.geteuid() == 0
START = "import sys, pathlib; from config import postgres; data = pathlib.Path(sys.argv[1]); "


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder with a short path that every user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="muster")).resolve()
    folder.chmod(0o755)
    yield from clean_up(folder)


@pytest.fixture(scope="module")
def running_data() -> Iterator[Path]:
    """A data folder with a running server, for tests that change nothing."""
    folder = Path(tempfile.mkdtemp(prefix="muster")).resolve()
    folder.chmod(0o755)
    postgres.start(folder)
    yield from clean_up(folder)


@pytest.fixture
def private_data() -> Iterator[Path]:
    """A data folder inside one that only this user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="muster")).resolve()
    yield from clean_up(folder / "data")
    folder.rmdir()


def clean_up(data: Path) -> Iterator[Path]:
    yield data
    postgres.stop(data)
    for folder in (data / "postgres", data):
        shutil.rmtree(folder.resolve(), ignore_errors=True)


def connect(data: Path) -> psycopg.Connection:
    entry = postgres.database_settings(data, {})
    return psycopg.connect(
        dbname=entry["NAME"],
        user=entry["USER"],
        host=entry["HOST"],
        autocommit=True,
        **entry["OPTIONS"],
    )


def show(data: Path, setting: str) -> str:
    with connect(data) as connection:
        return connection.execute(f"SHOW {setting}").fetchone()[0]


def run_python(script: str, *arguments: object, **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [options.pop("interpreter", sys.executable), "-c", script, *map(str, arguments)],
        cwd=settings.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    )


def test_start_and_stop_report_whether_they_did_something(data: Path) -> None:
    assert not postgres.is_running(data)
    assert postgres.start(data)
    assert not postgres.start(data)
    assert postgres.is_running(data)
    assert postgres.stop(data)
    assert not postgres.stop(data)
    assert not postgres.is_running(data)


def test_it_listens_only_on_a_private_socket_and_is_durable(running_data: Path) -> None:
    home = running_data / "postgres"
    assert show(running_data, "listen_addresses") == ""
    assert [show(running_data, name) for name in ("fsync", "synchronous_commit")] == ["on", "on"]
    assert show(running_data, "wal_level") == "logical"
    assert [stat.S_IMODE((home / name).stat().st_mode) for name in ("", "run", "data")] == [
        0o700
    ] * 3
    assert stat.S_IMODE((home / "password").stat().st_mode) == 0o600


def test_the_role_is_not_a_superuser_and_can_create_the_extensions(
    running_data: Path,
) -> None:
    with connect(running_data) as connection:
        (superuser,) = connection.execute("SHOW is_superuser").fetchone()
        assert superuser == "off"
        for name in ("btree_gist", "pg_trgm"):
            connection.execute(f"CREATE EXTENSION {name}")


def test_the_log_does_not_contain_refused_rows(running_data: Path) -> None:
    with connect(running_data) as connection:
        connection.execute("CREATE TEMPORARY TABLE people (name text CHECK (name <> 'secret'))")
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("INSERT INTO people VALUES ('secret')")
        connection.rollback()
    log = (running_data / "postgres" / "log").read_text()
    assert "violates check constraint" in log
    assert "secret" not in log


def test_a_wrong_password_is_refused(running_data: Path) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(
            host=postgres.database_settings(running_data, {})["HOST"],
            user="muster",
            dbname="muster",
            password="x",
        )


def test_only_one_of_six_processes_starts_it(data: Path) -> None:
    starters = [run_python(START + "print(postgres.start(data))", data) for _ in range(6)]
    output = sorted(starter.communicate()[0].strip() for starter in starters)
    assert output == ["False"] * 5 + ["True"]
    assert show(data, "listen_addresses") == ""


KILLED = """
import ctypes, os, signal, sys, pathlib
if sys.platform == "linux":  # adopt the orphans of the dead server and never reap them
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
sys.path.insert(0, "tests/config")
from config import postgres
from test_postgres import connect
data = pathlib.Path(sys.argv[1])
postgres.start(data)
with connect(data) as connection:
    connection.execute("CREATE TABLE numbers (number int)")
    for number in range(500):
        connection.execute("INSERT INTO numbers VALUES (%s)", [number])
    pid = int((data / "postgres/data/postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
if sys.platform == "linux":
    while ") Z " not in pathlib.Path(f"/proc/{pid}/stat").read_text():
        pass
print(postgres.start(data))
with connect(data) as connection:
    print(*connection.execute("SELECT count(*) FROM numbers").fetchone())
"""


def test_a_killed_server_starts_again_with_every_committed_row(data: Path) -> None:
    """Also while the dead server is a zombie, which still accepts signals."""
    environ = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    output, _ = run_python(KILLED, data, env=environ).communicate()
    assert output.split() == ["True", "500"], output


def test_another_process_with_the_id_of_a_dead_server_is_ignored(data: Path) -> None:
    postgres.start(data)
    postgres.stop(data)
    trace = data / "postgres" / "data" / "postmaster.pid"
    trace.write_text(f"{os.getpid()}\n")
    assert not postgres.is_running(data)
    assert postgres.start(data)


def test_the_modes_of_parent_folders_do_not_change(private_data: Path) -> None:
    above = [*private_data.parents]
    modes = [folder.stat().st_mode for folder in above]
    postgres.start(private_data)
    assert show(private_data, "listen_addresses") == ""
    assert [folder.stat().st_mode for folder in above] == modes
    assert (private_data / "postgres").is_symlink() == ROOT


def test_a_path_can_be_long_and_have_spaces_and_commas(data: Path) -> None:
    for name in ("long" * 40, "a name, with more"):
        folder = data / name
        try:
            postgres.start(folder)
            assert show(folder, "listen_addresses") == ""
        finally:
            postgres.stop(folder)
            shutil.rmtree(postgres.database_settings(folder, {})["HOST"])


def test_a_path_with_shell_characters_is_refused(data: Path) -> None:
    with pytest.raises(postgres.PostgresError, match="MUSTER_DATA"):
        postgres.start(data / "$HOME")


def test_an_unusable_folder_is_reported(data: Path) -> None:
    (data / "file").touch()
    with pytest.raises(postgres.PostgresError, match="another one with MUSTER_DATA"):
        postgres.start(data / "file" / "below")


def test_the_log_is_shown_if_the_server_does_not_start(data: Path) -> None:
    postgres.start(data)
    postgres.stop(data)
    (data / "postgres" / "data" / "PG_VERSION").write_text("9.1\n")
    with pytest.raises(
        postgres.PostgresError, match=r"(?s)last lines of .*incompatible with server"
    ):
        postgres.start(data)


def test_an_interrupted_creation_is_repeated(data: Path) -> None:
    (data / "postgres" / "data.new").mkdir(parents=True)
    (data / "postgres" / "data.new" / "PG_VERSION").touch()
    assert postgres.start(data)


@pytest.mark.skipif(not ROOT, reason="only root can become an ordinary user")
def test_an_ordinary_user_can_start_and_stop_it(data: Path) -> None:
    interpreter = find_reachable_interpreter()
    os.chown(data, 65534, 65534)
    script = START + "print(postgres.start(data), postgres.is_running(data), postgres.stop(data))"
    paths = [str(settings.ROOT), str(Path(psycopg.__file__).parents[1])]
    output, _ = run_python(
        script,
        data,
        interpreter=interpreter,
        env={"PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"},
        user=65534,
        group=65534,
        extra_groups=[],
    ).communicate()
    assert output.split() == ["True"] * 3, output
    assert (data / "postgres").stat().st_uid == 65534


def find_reachable_interpreter() -> Path:
    """Return a Python of this version that an ordinary user can run."""
    usual = f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    for each in (Path(sys.executable).resolve(), Path(usual)):
        folders = [each, *each.parents, settings.ROOT, *settings.ROOT.parents]
        if each.exists() and all(folder.stat().st_mode & stat.S_IXOTH for folder in folders):
            return each
    pytest.skip(f"an ordinary user can reach neither {sys.executable} nor {usual}")


def test_a_connection_fails_fast_while_the_database_is_unavailable(
    data: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    away = ConnectionHandler({"default": postgres.database_settings(data, {})})["default"]
    with django_db_blocker.unblock():
        began = time.monotonic()
        with pytest.raises(OperationalError):
            away.ensure_connection()
        assert time.monotonic() - began < 3
        postgres.start(data, durable=False)
        away.ensure_connection()
        away.close()


def test_database_url_is_parsed_like_psql_does() -> None:
    url = "postgresql://an%20editor:p%40ss@db.example:6432/muster?sslmode=require"
    entry = postgres.database_settings(Path("/nowhere"), {"DATABASE_URL": url})
    assert [entry[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        *("an editor", "p@ss", "db.example", "6432", "muster")
    ]
    assert entry["OPTIONS"]["sslmode"] == "require"


def test_database_url_can_have_a_socket_folder_and_a_timeout() -> None:
    url = "postgres://%2FVar%2Frun/muster?connect_timeout=7"
    entry = postgres.database_settings(Path("/nowhere"), {"DATABASE_URL": url})
    assert (entry["HOST"], entry["OPTIONS"]["connect_timeout"]) == ("/Var/run", "7")


@pytest.mark.parametrize(
    "url",
    [
        "mysql://host/muster",
        "muster",
        "postgres://host",
        "postgres://host/muster?colour=red",
        "postgres://user:secret@[host/muster",
        "postgres://user:secret%@host/muster",
    ],
)
def test_an_invalid_database_url_is_explained(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="rite postgresql://user:password@") as refusal:
        postgres.database_settings(Path("/nowhere"), {"DATABASE_URL": url})
    assert "secret" not in str(refusal.value)


def test_start_and_stop_do_not_touch_your_own_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://host/muster")
    for verb in ("start", "stop"):
        with pytest.raises(CommandError, match="your own server"):
            call_command("postgres", verb)


@pytest.mark.django_db(transaction=True)
def test_only_the_owner_can_read_a_dump(tmp_path: Path) -> None:
    file = tmp_path / "muster.dump"
    call_command("postgres", "dump", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    restore = [postgres.find_programs() / "pg_restore", "--list", file]
    assert "django_migrations" in subprocess.run(restore, capture_output=True, text=True).stdout


@pytest.mark.parametrize(
    ("megabytes", "settings_"),
    [
        (64, ["32MB", "64MB", "4MB", "16MB"]),
        (512, ["128MB", "256MB", "4MB", "16MB"]),
        (4096, ["1024MB", "2048MB", "16MB", "128MB"]),
        (65_536, ["2048MB", "32768MB", "32MB", "512MB"]),
    ],
)
def test_it_takes_a_share_of_the_memory_within_bounds(megabytes: int, settings_: list[str]) -> None:
    names = ["shared_buffers", "effective_cache_size", "work_mem", "maintenance_work_mem"]
    expected = [f"{name}={value}" for name, value in zip(names, settings_, strict=True)]
    assert memory_settings(megabytes) == expected


def test_the_memory_is_that_of_the_container(tmp_path: Path) -> None:
    limit = tmp_path / "memory.max"
    machine = read_memory(limit)
    assert machine == os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    for text, expected in (("max\n", machine), ("67108864\n", 64), (f"{2**60}\n", machine)):
        limit.write_text(text)
        assert read_memory(limit) == expected


def test_the_server_has_these_settings(running_data: Path) -> None:
    with connect(running_data) as database:
        for setting in [*memory_settings(read_memory()), "random_page_cost=1.1"]:
            name, _, value = setting.partition("=")
            (actual,) = database.execute(
                "SELECT setting::float * CASE WHEN unit = '8kB' THEN 8 ELSE 1 END FROM pg_settings"
                " WHERE name = %s",
                [name],
            ).fetchone()
            expected = float(value.removesuffix("MB")) * (1024 if value.endswith("MB") else 1)
            assert actual == expected, name


def test_commands_of_the_server_import_no_models(running_data: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "manage.py", "postgres", "status"],
        cwd=settings.ROOT,
        env=os.environ | {"MUSTER_DATA": str(running_data), "DATABASE_URL": ""},
        capture_output=True,
        text=True,
    )
    assert done.stdout == f"Running: {(running_data / 'postgres').resolve()}\n"
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "config.postgres" in imported
    assert not imported & {"rest_framework", "actors.models", "django.contrib.admin"}
