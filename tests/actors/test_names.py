"""Names of actors and their scripts."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from actors.models import Actor
from actors.scripts import SCRIPTS, detect_script
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def test_a_name_is_published_with_its_script(
    api: ContractClient, kataib: Actor, publish: Any
) -> None:
    for text, language in (("كتائب حزب الله", "ar"), ("Катаиб Хезболла", "ru"), ("KH", "en")):
        kataib.names.create(text=text, language=language)
    publish(kataib)
    scripts = {row["language"]: row["script"] for row in api.ask("actors/kataib")["names"]}
    assert scripts == {"ar": "Arab", "ru": "Cyrl", "en": "Latn"}
    with pytest.raises(IntegrityError, match="language"), transaction.atomic():
        kataib.names.create(text="KH", language="english")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("حزب‌الله", "Arab"),
        ("חיזבאללה", "Hebr"),
        ("Hizbullah حزب", "Latn"),
        ("İslami Direniş", "Latn"),
        ("کەتائیب", "Arab"),
        ("1920", None),
        ("", None),
    ],
)
def test_the_script_is_that_of_most_letters(text: str, expected: str | None) -> None:
    assert detect_script(text) == expected


@given(st.text())
def test_every_text_has_a_known_script_or_none(text: str) -> None:
    assert detect_script(text) in {None, *SCRIPTS.values()}


def test_names_are_published_with_their_language(
    api: ContractClient, kataib: Actor, publish: Any
) -> None:
    kataib.names.create(text="كتائب حزب الله", language="ar", preferred=True, kind="official")
    publish(kataib)
    (name,) = api.results("actors")[0]["names"]
    assert (name["text"], name["language"]) == ("كتائب حزب الله", "ar")
