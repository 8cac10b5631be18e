"""Texts are stored clean, whoever writes them: NFC, visible characters, single blanks."""

from typing import Any
from unicodedata import category, normalize
from uuid import uuid4

import pghistory.models
import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from actors.models import Actor
from exchange.dataset import load
from publishing.fields import (
    CleanTextField,
    EdtfField,
    LanguageField,
    LineField,
    LinesField,
    SearchKeyField,
    WordField,
)
from publishing.models import EntryRow
from publishing.normalization import clean_line, clean_lines
from publishing.totals import TotalsTable
from sources.models import Publisher
from tests.curation.admin_client import AdminClient, address

pytestmark = pytest.mark.django_db

LINES = [
    ("Vertical\vtab Front", "Vertical tab Front"),
    ("Bell\a Front", "Bell Front"),
    ("Noncharacter\ufffe Front", "Noncharacter Front"),
    ("Esc\x1b[31m Front", "Esc[31m Front"),
    ("Nel\x85 Front", "Nel Front"),
    ("C1\x9f Front", "C1 Front"),
    (" two  blanks\u00a0\u2003here\t", "two blanks here"),
    ("Cafe\u0301", "Café"),
    ("e\u200b\u0301", "é"),
    ("\u202eevil\u202c \u2067name\u2069", "evil name"),
    ("\ufeffBOM\u200e", "BOM"),
    ("می\u200cخواهم", "می\u200cخواهم"),
    ("क्\u200dष", "क्\u200dष"),
]
texts = st.text(
    st.characters(exclude_categories=["Cs", "Cn"], exclude_characters="\0"), max_size=30
)


@pytest.mark.parametrize(("typed", "stored"), LINES)
def test_a_line_is_cleaned(typed: str, stored: str) -> None:
    assert clean_line(typed) == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" one \r\n two\u2028three ", "one\ntwo\nthree"),
        ("\n\none\n\n\n\ntwo\n", "one\n\ntwo"),
        ("one\ttab  and  blanks", "one tab and blanks"),
    ],
)
def test_lines_are_cleaned(typed: str, stored: str) -> None:
    assert clean_lines(typed) == stored


@given(texts)
def test_clean_text_is_clean_and_the_database_agrees(text: str) -> None:
    """The rule exists in Python and in SQL: a text is clean in one if it is clean in the other."""
    for field, clean in (
        (LineField(blank=True), clean_line),
        (LinesField(blank=True), clean_lines),
    ):
        cleaned = clean(text)
        assert clean(cleaned) == cleaned == normalize("NFC", cleaned)
        assert not {category(char) for char in cleaned} & {"Zl", "Zp", "Cs"}
        field.column = "text"
        with connection.cursor() as cursor:
            for value in (text, cleaned):
                cursor.execute(
                    f"SELECT {field.db_check(connection)} FROM (SELECT %s::text) AS row (text)",
                    [value],
                )
                assert cursor.fetchone() == (value == cleaned,)


@pytest.mark.parametrize(("typed", "stored"), LINES)
def test_it_is_cleaned_by_every_way_in(
    typed: str, stored: str, editor_client: AdminClient, iraq: Any
) -> None:
    created = Actor.objects.create(name=typed, kind="unit")
    assert created.name == stored, "the row itself, which is rendered next"
    changed = Actor.objects.create(name="Front", kind="unit")
    Actor.objects.filter(pk=changed.pk).update(name=typed)
    Publisher.objects.bulk_create([publisher := Publisher(name=typed)])
    assert publisher.name == Publisher.objects.get().name == stored
    form = editor_client.fields(address(Actor, "add")) | {"name": typed, "kind": "coalition"}
    assert editor_client.post(address(Actor, "add"), form).status_code == 302
    row = f"key: one, public_id: {uuid4()}, kind: state, name: {ascii_yaml(typed)}"
    load(f"actors:\n- {{{row}}}\n")
    names = Actor.objects.values_list("name", flat=True)
    assert list(names) == [stored] * 4


def ascii_yaml(text: str) -> str:
    """Return a text as a YAML scalar in double quotes."""
    return '"' + "".join(f"\\U{ord(char):08x}" for char in text) + '"'


@pytest.mark.parametrize(
    "text", ["a\u202eb", "a  b", " a", "a ", "cafe\u0301", "a\nb", "a\u200bb", ""]
)
def test_the_database_refuses_a_name_that_is_not_clean(text: str, kataib: Actor) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE actors_actor SET name = %s WHERE id = %s", [text, kataib.pk])


def test_a_name_of_invisible_characters_is_no_name() -> None:
    with pytest.raises(ValidationError, match="cannot be blank"):
        Actor(name="\u200b\u202e", kind="unit").full_clean()


def test_every_text_is_clean_or_has_a_rule_of_its_own() -> None:
    """A text column of the working tables that is neither needs `LineField` or `LinesField`."""
    ruled = (CleanTextField, WordField, EdtfField, LanguageField, SearchKeyField, models.URLField)
    loose = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in {"sources", "places", "actors", "incidents"}
        and not issubclass(model, EntryRow | TotalsTable | pghistory.models.Event)
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, (*ruled, models.SlugField))
        and not any(f"'{field.name}__" in str(rule) for rule in model._meta.constraints)
    ]
    assert not loose, f"Use LineField or LinesField for {', '.join(loose)}"
