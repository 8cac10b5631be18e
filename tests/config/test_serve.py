"""`manage.py serve`: what it checks before it becomes the server."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from config import fingerprints
from config.management.commands import serve


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> list[Any]:
    """The arguments with which gunicorn is started, instead of starting it."""
    started: list[Any] = []
    monkeypatch.setattr(serve, "replace_process", lambda *options, environ: started.extend(options))
    settings.STATIC_ROOT = tmp_path / "static"
    return started


@pytest.mark.django_db
def test_it_collects_static_files_and_becomes_gunicorn(started: list[Any], settings: Any) -> None:
    call_command("serve", bind=["127.0.0.1:8001", "unix:/run/muster.sock"])
    addresses = ["--bind", "127.0.0.1:8001", "--bind", "unix:/run/muster.sock"]
    assert started == ["config/gunicorn.py", *addresses]
    assert (settings.STATIC_ROOT / "admin").is_dir()


def test_it_refuses_tables_of_another_version(
    started: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise fingerprints.SchemaError("Run `manage.py migrate`.")

    monkeypatch.setattr(fingerprints, "require_current", refuse)
    with pytest.raises(CommandError, match=r"Run `manage\.py migrate`"):
        call_command("serve")
    assert not started


def test_it_starts_before_the_database(
    started: list[Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(fingerprints, "require_current", fail)
    call_command("serve")
    assert started == ["config/gunicorn.py"]
    assert capsys.readouterr().err == "The database does not answer yet: connection refused\n"


@pytest.mark.django_db
def test_it_says_where_static_files_cannot_be_written(
    started: list[Any], settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    settings.STATIC_ROOT = tmp_path / "file" / "static"
    with pytest.raises(CommandError, match="MUSTER_DATA"):
        call_command("serve")
    assert not started
