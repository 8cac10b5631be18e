"""The checks of columns in the database: migrations replace them when a vocabulary grows."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from publishing.fields import WordField, WordsField

pytestmark = pytest.mark.django_db


def list_columns() -> list[Any]:
    """Return every column of a table with words of a vocabulary."""
    return [
        field
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy
        for field in model._meta.local_concrete_fields
        if isinstance(field, WordField | WordsField)
    ]


def test_the_database_accepts_exactly_the_words_of_each_vocabulary() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, attname, pg_get_constraintdef(c.oid) "
            "FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = conrelid "
            "AND a.attnum = conkey[1] WHERE contype = 'c' AND cardinality(conkey) = 1 "
            "AND conname LIKE '%%\\_check%%'"
        )
        checks: dict[tuple[str, str], list[str]] = {}
        for table, column, text in cursor.fetchall():
            checks.setdefault((table, column), []).append(text)
    columns = list_columns()
    assert len(columns) > 100
    for field in columns:
        words = {word for word, _ in getattr(field, "base_field", field).flatchoices}
        place = (field.model._meta.db_table, field.column)
        accepted = [set(re.findall(r"'(\w*)'", text)) for text in checks.get(place, [])]
        assert words in accepted, (
            f"{place} accepts other words: use AlterCheckedField of publishing/operations.py in "
            "the migration"
        )
