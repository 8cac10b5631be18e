"""The benchmark measures everything that it lists, at any size; its results are never asserted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from benchmarks import databases
from benchmarks.load import Sample
from benchmarks.management.commands.benchmark import WORDS
from benchmarks.measuring import Line, Target
from benchmarks.servers import list_missing
from tests.conftest import migrated_template, server

SIZE = 200


@pytest.fixture
def template(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
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
            if what.split(" ")[0] not in missing:
                assert float(ratio) >= 0, line


def test_a_target_is_met_within_all_of_its_limits() -> None:
    line = Line("list", "page", 1.2, "another page", Target(at_most=1.3, sql=10), sql=9)
    assert line.is_met
    assert not line._replace(ratio=1.4).is_met
    assert not line._replace(sql=11).is_met
    assert not line._replace(target=Target(at_least=2)).is_met
    assert line._replace(target=Target()).is_met is None
    assert line._replace(ratio=None).is_met is None
    page = Line("pages", "home", 9, "a plain page", Target(time=300), Sample(3, 290, 400))
    assert page.is_met
    assert not page._replace(sample=Sample(3, 310, 400)).is_met


def test_what_cannot_be_measured_is_refused() -> None:
    with pytest.raises(CommandError, match="lists is none of: list, paging"):
        call_command("benchmark", "--incidents=10", "--only=lists")
    with pytest.raises(CommandError, match="whole number"):
        call_command("benchmark", "--incidents=0")
