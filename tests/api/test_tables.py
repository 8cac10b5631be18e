"""The spreadsheet profile: no part of a cell is a formula, and the text comes back."""

import re
import time

import pytest

from publishing.tables import protect

GUARDED = {
    "=1+1": "'=1+1",
    "-1": "'-1",
    "＝1+1": "'＝1+1",
    "＋1": "'＋1",
    "－1": "'－1",
    "＠SUM(A1)": "'＠SUM(A1)",
    "  =1": "'  =1",
    "\u3000@x": "'\u3000@x",
    "\ufeff=1": "'\ufeff=1",
    "\u200f=1": "'\u200f=1",
    '"=1"': '\'"=1"',
    "a;=1+1": "a;'=1+1",
    "a; ＝1": "a;' ＝1",
    'a;"=1': "a;'\"=1",
    "a\t@x": "a\t'@x",
    "\tabc": "'\tabc",
    "\rabc": "'\rabc",
    "\r\n=x": "'\r\n'=x",
    "a\n-5": "a\n'-5",
    "'quoted'": "''quoted'",
    "x;'y": "x;''y",
    "=1;=2": "'=1;'=2",
}
PLAIN = ("", "a=1", "K-1", "a; b", "a;b;c", "“=”", "كتائب حزب الله", "a\t\tb", "2014-06-10")


@pytest.mark.parametrize(("text", "cell"), GUARDED.items())
def test_a_possible_formula_is_protected_and_can_be_restored(text: str, cell: str) -> None:
    for type_ in ("string", "json"):
        assert protect(type_, text) == cell
    assert re.sub(r"(^|(?<=[;\t\r\n]))'", "", cell) == text, "one ' off from each place"


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_is_not_touched(text: str) -> None:
    assert protect("string", text) == text


@pytest.mark.parametrize("type_", ["integer", "number", "boolean", "date", "datetime"])
def test_numbers_and_dates_never_change(type_: str) -> None:
    for text in ("-33.5", "-1", "+1", "-0044"):
        assert protect(type_, text) == text


@pytest.mark.parametrize("sign", ["\n", ";", " ", "\t", '"', " ;", "\u200b"])
def test_a_long_cell_costs_little(sign: str) -> None:
    began = time.monotonic()
    protect("string", sign * 50_000)
    assert time.monotonic() - began < 0.5
