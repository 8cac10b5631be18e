"""The wheel: what `pip wheel .` builds has everything that the installation needs."""

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build it with the packages that are here."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    done = subprocess.run(
        [*command, "--quiet", "--wheel-dir", folder, settings.ROOT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (file,) = folder.iterdir()
    return file


def test_it_has_the_version_of_the_settings(wheel: Path) -> None:
    project = tomllib.loads((settings.ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == settings.VERSION
    assert wheel.name == f"muster-{settings.VERSION}-py3-none-any.whl"


def test_it_has_every_file_of_the_apps_and_the_fixtures(wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "manage.py", *settings.APPS, "dates", "docs", "fixtures"],
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    with zipfile.ZipFile(wheel) as opened:
        packed = {name for name in opened.namelist() if ".dist-info/" not in name}
    assert packed >= set(listed)
    assert not [name for name in packed if name.startswith(("tests/", "."))]


def test_an_installed_one_runs_and_finds_its_files(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(tmp_path / "site")
    (tmp_path / "home").mkdir()
    environ = {name: value for name, value in os.environ.items() if "MUSTER" not in name}
    program = """
import django
from django.conf import settings
from django.template.loader import get_template
django.setup()
get_template("admin/base_site.html")
print(settings.DATA, (settings.ROOT / "fixtures" / "seed.yaml").exists())
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=tmp_path / "home",
        env=environ
        | {"PYTHONPATH": str(tmp_path / "site"), "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(tmp_path / "home" / ".muster"), "True"]


def test_its_command_is_manage_py(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        (name,) = [name for name in opened.namelist() if name.endswith("entry_points.txt")]
        script = opened.read(name).decode().splitlines()
        assert script == ["[console_scripts]", "muster = manage:main"]
        opened.extractall(tmp_path / "site")
    done = subprocess.run(
        [sys.executable, "-c", "import manage; manage.main()", "postgres", "status"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "site"), "MUSTER_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Not running")
