"""The pages in docs/: their links, names and tables agree with the code."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import resolve

from actors.codes import AffiliationKind, Scope
from actors.rollup import KINDS_BY_SCOPE, MAX_LINKS
from dates import derive_occurrence, derive_validity
from explorer.guides import NAMES
from explorer.markdown import render
from incidents.codes import Certainty
from publishing.codes import DatePrecision
from sources.codes import Assessment, Confidence, Stance

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
AS_OF = date(2020, 1, 5)


def page(name: str) -> str:
    """Return the text of a page in docs/."""
    return (ROOT / "docs" / f"{name}.md").read_text()


def table(name: str, head: str) -> list[list[str]]:
    """Return the cells of a Markdown table of a page, found by its head, without backquotes."""
    lines = page(name).splitlines()
    found = []
    for line in lines[lines.index(head) + 2 :]:
        if not line.startswith("|"):
            break
        found.append([cell.strip().replace("`", "") for cell in line.strip("|").split("|")])
    return found


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_every_link_leads_somewhere(file: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", file.read_text()):
        name, _, anchor = target.partition("#")
        if target.startswith("/"):
            assert resolve(name.partition("?")[0]), target
        elif not target.startswith("http"):
            linked = file.parent / name if name else file
            assert linked.exists(), target
            assert not anchor or anchor in anchors(linked), target


def anchors(file: Path) -> list[str]:
    """Return the anchors of the headings of a page."""
    return [heading.anchor for heading in render(file.read_text(), str).headings]


def test_the_site_has_every_document() -> None:
    assert {file.stem for file in (ROOT / "docs").glob("*.md")} | {"api"} == set(NAMES)


def test_the_glossary_is_in_order() -> None:
    words = [heading.text for heading in render(page("glossary"), str).headings]
    assert words == sorted(words, key=str.lower)


def test_every_word_of_the_grades_is_explained() -> None:
    grades = (Certainty, Confidence, Assessment, Stance)
    words = {word.replace("_", " ") for grade in grades for word in grade.values}
    rows = table("uncertainty", "| word | grades | values |")
    assert words == {word for row in rows for word in re.split(", |; ", row[2])}
    assert all(word.lower() in page("coding-rules").lower() for word in Certainty.values[:4])


def test_what_is_cited_as_an_example_is_in_the_demo() -> None:
    island = (ROOT / "fixtures" / "island" / "island.yaml").read_text()
    for slug in re.findall(r"localhost:8000/incidents/([\w-]+)", page("citing")):
        assert f"slug: {slug}\n" in island
        assert "title: Bombing of the Old Quay market\n" in island


def test_every_document_that_the_code_mentions_exists() -> None:
    for file in ROOT.rglob("*.py"):
        if ".venv" not in file.parts:
            for name in re.findall(r"\b(?:[\w-]+/)*[\w-]+\.md\b", file.read_text()):
                places = (ROOT, ROOT / "docs", file.parent)
                assert any((place / name).exists() for place in places), f"{file}: {name}"


def test_every_model_in_a_picture_exists() -> None:
    models = {model.__name__ for model in apps.get_models()} | {"IndexEntry"}
    for file in PAGES:
        for picture in re.findall(r"```mermaid\nerDiagram\n(.*?)```", file.read_text(), re.DOTALL):
            named = re.findall(r"^ {4}(\w+)|[-o{|]{2} (\w+)", picture, re.MULTILINE)
            assert {name for pair in named for name in pair if name} <= models, file.name


def test_the_days_of_the_examples_of_dates() -> None:
    rows = table("dates", "| text | meaning | first day | last day | precision |")
    for text, _, first, last, precision in rows:
        bounds = derive_occurrence(text, single=True, as_of=AS_OF if text.endswith("..") else None)
        wanted = (first, str(AS_OF) if "as_of" in last else last, precision)
        assert (str(bounds.start), str(bounds.end), bounds.precision.value) == wanted, text


def test_the_days_of_the_examples_of_periods() -> None:
    head = "| start | end | last verified | certain | possible |"
    for start, end, verified, certain, possible in table("dates", head):
        (start_text, start_kind), (end_text, end_kind) = (
            cell.split(", ") if ", " in cell else ("", cell) for cell in (start, end)
        )
        checked = date.fromisoformat(verified) if verified else None
        days = derive_validity(start_text, end_text, start_kind, end_kind, checked)
        displayed = [
            "none" if span is None else " to ".join(str(day or "open") for day in span)
            for span in (days.certain, days.possible)
        ]
        assert displayed == [certain, possible]


def test_the_kinds_that_each_scope_follows() -> None:
    rows = table("affiliations", "| scope | kinds of affiliation that are followed, from object "
                 "to subject |")  # fmt: skip
    words = {row[0].split()[0]: row[1] for row in rows}
    assert words.keys() == set(Scope.values)
    for scope in (Scope.SELF, Scope.MEMBERS, Scope.COMMAND, Scope.FACADE):
        named = set(re.findall(r"\w+", words[scope])) & set(AffiliationKind.values)
        assert named == KINDS_BY_SCOPE[scope][0] == KINDS_BY_SCOPE[scope][1]
    parts = (Scope.MEMBERS, Scope.COMMAND, Scope.FACADE)
    everything = set().union(*(KINDS_BY_SCOPE[part][0] for part in parts))
    assert KINDS_BY_SCOPE[Scope.ALL] == (everything, everything)
    assert KINDS_BY_SCOPE[Scope.SPONSORED] == ({AffiliationKind.SPONSORED_BY}, everything)
    assert MAX_LINKS == 8, "docs/affiliations.md says eight"


def test_every_precision_is_explained() -> None:
    words = re.findall(r"\w+", page("dates"))
    assert set(DatePrecision.values) <= set(words)
