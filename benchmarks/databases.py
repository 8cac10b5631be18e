"""The databases of the benchmark: one for each number of incidents, on the server of this project.

They are kept, because synthetic data takes long to make. What writes is measured in a copy.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from psycopg import sql

from config import postgres
from editorial.permissions import create_demo_users
from incidents.models import Incident
from publishing.commands import Progress

_INDEX = (
    "CREATE INDEX IF NOT EXISTS benchmark_newest ON {} (date_start DESC, id DESC) "
    "WHERE date_start IS NOT NULL"
)
"""The index by date that the lists of the peers need."""


@contextmanager
def running_server() -> Iterator[None]:
    """Start the embedded PostgreSQL, unless the server of the settings answers; then stop it."""
    started = False
    try:
        connection.ensure_connection()
    except OperationalError:
        started = postgres.start(settings.DATA)
    try:
        yield
    finally:
        connection.close()
        if started:
            postgres.stop(settings.DATA)


@contextmanager
def maintenance() -> Iterator[psycopg.Connection]:
    """Connect to the server, to create and drop databases."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as connected:
        yield connected


@contextmanager
def use(name: str) -> Iterator[None]:
    """Let Django use another database of the same server."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


def exists(name: str) -> bool:
    """Return whether there is such a database."""
    with maintenance() as server:
        row = server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone()
    return row is not None


def create(name: str, template: str = "template1") -> None:
    """Create a database, as a copy of another."""
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    with maintenance() as server:
        server.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))


def drop(name: str) -> None:
    """Drop a database, if there is one."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    with maintenance() as server:
        try:
            server.execute(statement + sql.SQL(" WITH (FORCE)"))
        except psycopg.errors.InsufficientPrivilege:  # a vacuum is at work: force cannot end it
            server.execute(statement)


@contextmanager
def synthetic(incidents: int, progress: Progress) -> Iterator[str]:
    """Use the database with a number of synthetic incidents, and yield its name; make it first."""
    name = f"{connection.settings_dict['NAME']}_benchmark_{incidents}"
    if not exists(name):
        create(name)
    with use(name):
        call_command("migrate", verbosity=0, interactive=False)
        if not Incident.objects.exists():
            # Starting more processes takes longer than making a few thousand incidents.
            jobs = max(1, min(os.cpu_count() or 1, incidents // 3000))
            call_command("synthesize", incidents=incidents, working_rows=True, jobs=jobs)
        create_demo_users()
        with connection.cursor() as cursor:
            cursor.execute(_INDEX.format(Incident._meta.db_table))
        connection.close()
        yield name


@contextmanager
def copied() -> Iterator[None]:
    """Use a copy of the database in use, and drop it afterwards."""
    name = connection.settings_dict["NAME"]
    copy = f"{name}_copy"
    connection.close()
    drop(copy)
    create(copy, name)
    try:
        with use(copy):
            yield
    finally:
        drop(copy)


def read_url() -> str:
    """Return the address of the database in use, for the servers to be measured."""
    params = connection.get_connection_params()
    keys = ("dbname", "user", "password", "host", "port", "passfile", "require_auth")
    return f"postgresql:///?{urlencode({key: params[key] for key in keys if params.get(key)})}"
