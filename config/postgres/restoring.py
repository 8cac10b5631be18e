"""Restoring the database from a dump, in one transaction."""

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from config.postgres.paths import PostgresError

_CLEAR = """\
\\set ON_ERROR_STOP on
\\set QUIET on
\\o /dev/null
BEGIN;
SET client_min_messages = warning;
SELECT to_regclass('public.editorial_submission') IS NOT NULL AS made \\gset
\\if :made
LOCK TABLE public.editorial_submission IN ACCESS EXCLUSIVE MODE;
\\endif
DO $$
DECLARE command text;
BEGIN
  FOR command IN SELECT format('DROP TABLE IF EXISTS %s CASCADE', oid::regclass) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
  LOOP EXECUTE command; END LOOP;
  FOR command IN SELECT format('DROP ROUTINE %s', p.oid::regprocedure) FROM pg_proc p
    WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS (
      SELECT FROM pg_depend d
      WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
  LOOP EXECUTE command; END LOOP;
END $$;
"""
"""Publication locks a submission first. The same order here prevents deadlocks."""
_LOOK = """
SELECT set_config('search_path', 'public', true);
\\o
SELECT coalesce(json_agg(app || '.' || name), '[]') FROM public.django_migrations;
{catalog};
\\o /dev/null
"""
"""Prints two lines of JSON after the restore and before the commit: the migrations, the schema."""


def restore(
    file: Path,
    pg_restore: Path,
    psql: Sequence[str],
    environ: Mapping[str, str],
    catalog: str,
    require: Callable[[Any, list[str]], None],
) -> None:
    """Replace the contents of the database by those of the dump `file`. Raise PostgresError.

    psql commits only after pg_restore has read the whole file, so an incomplete dump changes
    nothing. Before that, `require` is called with the schema, as the query `catalog` reads it, and
    the names of the migrations. If it raises an error, nothing is changed either.
    """
    reader = subprocess.Popen(  # noqa: S603 - our own program, and no shell
        [pg_restore, "--no-owner", "--no-privileges", "--no-comments", "--file=-", str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    writer = subprocess.Popen(  # noqa: S603 - as above
        [*psql, "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--file=-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(environ),
    )
    assert reader.stdout
    assert reader.stderr
    assert writer.stdin
    assert writer.stdout
    assert writer.stderr
    with reader, writer:
        try:
            writer.stdin.write(_CLEAR.encode())
            shutil.copyfileobj(reader.stdout, writer.stdin)
            if not reader.wait():
                writer.stdin.write(_LOOK.format(catalog=catalog).encode())
                writer.stdin.flush()
                migrations, schema = writer.stdout.readline(), writer.stdout.readline()
                if schema:  # empty: psql has ended, and its output says why
                    require(json.loads(schema), json.loads(migrations))
                    writer.stdin.write(b"\nCOMMIT;\n")
            writer.stdin.close()
        except BrokenPipeError:  # psql has ended, and its output says why
            reader.kill()
            with suppress(BrokenPipeError):
                writer.stdin.close()
        refused = writer.stderr.read().decode(errors="replace").strip()
        unread = reader.stderr.read().decode(errors="replace").strip()
    if writer.returncode:
        raise PostgresError(f"Nothing was restored: {refused}")
    if reader.returncode:
        raise PostgresError(f"Nothing was restored: {file} cannot be read. {unread}")
