"""The benchmark measures everything that it lists, at any size; its results are never asserted."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from benchmarks import databases
from benchmarks.management.commands.benchmark import WORDS
from benchmarks.servers import list_missing
from tests.conftest import migrated_template, server

SIZE = 200
NOT_YET = {"suggest"}
"""What is measured once the server has it."""


@pytest.fixture
def template(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Let the benchmark find a database that is migrated and empty, which saves its migrations."""
    with django_db_blocker.unblock():
        with server() as maintenance:
            name = f"{connection.settings_dict['NAME']}_benchmark_{SIZE}"
            maintenance.execute(f"CREATE DATABASE {name} TEMPLATE {migrated_template(maintenance)}")
        yield
        databases.drop(name)


@pytest.mark.long
def test_every_line_of_the_table_has_a_ratio(template: None, tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    call_command("benchmark", incidents=SIZE, rounds=1, seconds=0.02, output=page, plans=True)
    text = page.read_text()
    assert f"{SIZE} synthetic incidents" in text
    sections = text.split("\n## ")[1:]
    assert [section.split("\n")[0] for section in sections] == list(WORDS)
    missing = {peer.split(" ")[0] for peer in list_missing()}
    for section in sections:
        _, *lines = [line for line in section.split("\n") if line.startswith("|")][1:]
        assert lines
        for line in lines:
            what, ratio, *_ = (cell.strip() for cell in line.strip("|").split("|"))
            if what not in NOT_YET and what.split(" ")[0] not in missing:
                assert float(ratio) >= 0, line
