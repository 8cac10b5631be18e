"""`migrate`, `/readyz` and `postgres restore` refuse a database with another schema."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import DjangoDbBlocker

from actors.models import Actor
from config import fingerprints
from config.fingerprints.recording import record

OTHERS = {
    "a column of another type": "ALTER TABLE publishing_edition ALTER slug TYPE varchar(300)",
    "a column that may be null": "ALTER TABLE editorial_submission ALTER note DROP NOT NULL",
    "a missing column": "ALTER TABLE actors_actor DROP internal_note",
    "an additional required column": "ALTER TABLE actors_actor ADD added int NOT NULL DEFAULT 1",
    "another default": "ALTER TABLE actors_actor ALTER name SET DEFAULT 'nobody'",
    "an additional constraint": "ALTER TABLE actors_actor ADD CONSTRAINT more CHECK (name <> 'x')",
    "an index that refuses rows": "CREATE UNIQUE INDEX more ON actors_actor (name)",
    "a missing table": "DROP TABLE exchange_importedrow CASCADE",
    "a disabled trigger": "ALTER TABLE publishing_edition DISABLE TRIGGER USER",
    "an additional trigger": "CREATE TRIGGER more BEFORE UPDATE ON actors_actor FOR EACH ROW "
    "EXECUTE FUNCTION suppress_redundant_updates_trigger()",
}
HARMLESS = {
    "an operator's own index": "CREATE INDEX own ON actors_actor (name, id)",
    "an operator's own table": "CREATE TABLE own (id int)",
    "another owner of a table, other statistics": "ALTER TABLE actors_actor ALTER name "
    "SET STATISTICS 500",
}


@pytest.fixture(autouse=True)
def unconfirmed() -> Iterator[None]:
    """A process that has not compared the tables yet."""
    fingerprints.require_current.cache_clear()
    yield
    fingerprints.require_current.cache_clear()


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def readiness(client: Client) -> tuple[int, str]:
    answer = client.get("/readyz", secure=True)
    return answer.status_code, answer.content.decode()


def test_the_recorded_fingerprints_are_those_of_the_migrations(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock():
        changes = record()
    assert list(changes) == list(fingerprints.load_recorded()), "run `make fingerprints`"
    assert changes == fingerprints.load_recorded(), "run `make fingerprints`"


@pytest.mark.django_db
def test_a_database_of_this_version_is_ready_and_compared_once(client: Client) -> None:
    assert readiness(client) == (200, "ready\n")
    call_command("migrate", verbosity=0)
    execute(OTHERS["a column of another type"])
    assert readiness(client) == (200, "ready\n"), "a process compares once"


@pytest.mark.django_db
@pytest.mark.parametrize("change", OTHERS.values(), ids=OTHERS)
def test_another_schema_is_not_ready_and_is_not_migrated(client: Client, change: str) -> None:
    execute(change)
    table = next(word for word in change.split() if "_" in word)
    status, text = readiness(client)
    assert status == 503
    assert table not in text, "table names are only in the log"
    with pytest.raises(CommandError, match=rf"Nothing was migrated.*{table}\b.*Run the version"):
        call_command("migrate", verbosity=0)


@pytest.mark.django_db
@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_harmless_additions_of_an_operator_are_ignored(client: Client, change: str) -> None:
    execute(change)
    assert readiness(client) == (200, "ready\n")


@pytest.mark.django_db
def test_a_database_without_newer_migrations_can_be_migrated(client: Client) -> None:
    call_command("migrate", "editorial", "0001", verbosity=0)
    status, text = readiness(client)
    assert status == 503
    assert "not those of this version" in text
    call_command("migrate", verbosity=0)
    assert readiness(client) == (200, "ready\n")


@pytest.mark.django_db
def test_a_database_without_an_older_migration_is_not_ready(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("editorial", "0002_groups")
    assert readiness(client)[0] == 503


@pytest.mark.django_db
def test_tables_whose_migration_is_not_recorded_are_not_migrated() -> None:
    MigrationRecorder(connection).record_unapplied("incidents", "0001_initial")
    with pytest.raises(CommandError, match=r"there is already a table incidents_\w+;"):
        call_command("migrate", verbosity=0)


@pytest.mark.django_db
def test_a_database_of_a_newer_version_is_neither_ready_nor_migrated(client: Client) -> None:
    MigrationRecorder(connection).record_applied("incidents", "0099_later")
    assert readiness(client)[0] == 503
    with pytest.raises(CommandError, match=r"does not know: incidents\.0099_later"):
        call_command("migrate", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_a_dump_of_another_schema_is_not_restored(kataib: Actor, tmp_path: Path) -> None:
    usual, other = tmp_path / "usual.dump", tmp_path / "other.dump"
    call_command("postgres", "dump", str(usual), stdout=StringIO())
    execute("ALTER TABLE actors_actor RENAME internal_note TO note")
    call_command("postgres", "dump", str(other), stdout=StringIO())
    execute("ALTER TABLE actors_actor RENAME note TO internal_note")
    with pytest.raises(CommandError, match=r"Nothing was restored.*lacks column internal_note"):
        restore(other)
    assert Actor.objects.get() == kataib


@pytest.mark.django_db(transaction=True)
def test_a_database_of_another_schema_can_be_replaced_by_a_good_dump(
    kataib: Actor, tmp_path: Path
) -> None:
    file = tmp_path / "usual.dump"
    call_command("postgres", "dump", str(file), stdout=StringIO())
    execute("ALTER TABLE publishing_edition DROP COLUMN note CASCADE")
    with pytest.raises(CommandError, match="which would be lost"):
        call_command("postgres", "restore", str(file))
    assert "cannot be listed" in restore(file)
    assert Actor.objects.get() == kataib
    fingerprints.require_current()


def restore(file: Path) -> str:
    output: Any = StringIO()
    call_command("postgres", "restore", str(file), "--replace", stdout=output)
    return output.getvalue()
