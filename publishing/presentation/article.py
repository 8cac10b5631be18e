"""A record as an article: its facts in words, its rows with their quotes and sources.

Compared with an earlier text, each fact has its old value beside the new one, and each row says
whether it was added, removed or changed. Rows are paired by what identifies them.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from publishing import completion
from publishing.completion import Property
from publishing.presentation.differences import (
    FOLLOWS,
    LISTS,
    NUMBER,
    OF_LOCATION,
    List,
    Piece,
    get_number,
    group_rows,
    identify,
    make_change,
    name_row,
    property_name,
    write_value,
)
from publishing.presentation.frames import Frame, Mark, Site, locate
from publishing.presentation.words import UNKNOWN, label, range_in_words
from publishing.registry import record_types

Object = dict[str, Any]
_QUOTES = frozenset({"quote", "translation", "text"})
"""The properties of rows that repeat the words of others."""
_PROSE = frozenset({"summary", "description"})


class Fact(NamedTuple):
    """A property in words."""

    name: str
    value: str
    path: str
    """Where it is: the names of properties and the keys of rows, with slashes between them."""
    kind: str = "same"
    """`same`, `changed`, `added` or `removed`."""
    old: str = ""
    pieces: tuple[Piece, ...] = ()
    """Of a long text that changed: what of it differs."""
    url: str = ""
    is_quote: bool = False
    is_prose: bool = False


class Row(NamedTuple):
    """A row of a list: what identifies it, what it says, and the rows that are part of it."""

    title: str
    path: str
    kind: str
    facts: list[Fact]
    sections: "list[Section]"
    url: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether it differs from the earlier text."""
        return self.kind != "same"


class Section(NamedTuple):
    """The rows of a list, and the name of one of them."""

    name: str
    noun: str
    rows: list[Row]

    @property
    def is_changed(self) -> bool:
        """Whether one of its rows differs from the earlier text."""
        return any(row.is_changed for row in self.rows)


class Picture(NamedTuple):
    """A small map."""

    frame: Frame
    marks: list[Mark]


class Article(NamedTuple):
    """A record as it reads."""

    title: str
    facts: list[Fact]
    sections: list[Section]
    picture: Picture | None

    @property
    def is_changed(self) -> bool:
        """Whether it differs from the earlier text."""
        facts, sections = self.facts, self.sections
        return any(f.kind != "same" for f in facts) or any(s.is_changed for s in sections)

    def iterate_paths(self) -> Iterator[tuple[str, str]]:
        """Yield each path with its name in words."""
        for fact in self.facts:
            yield fact.path, fact.name
        for section in self.sections:
            for row in section.rows:
                yield from _iterate_paths(row, f"{section.noun}: {row.title}")


def _iterate_paths(row: Row, name: str) -> Iterator[tuple[str, str]]:
    yield row.path, name
    for fact in row.facts:
        yield fact.path, f"{name}, {fact.name}"
    for section in row.sections:
        for inner in section.rows:
            yield from _iterate_paths(inner, f"{name}, {section.noun}: {inner.title}")


def make_article(type_: str, new: Object, old: Object | None = None) -> Article:
    """Return the article of a body whose references have names, compared with an earlier one."""
    skipped = FOLLOWS | (OF_LOCATION if type_ == "incident" else frozenset())
    serializer = record_types()[type_].serializer
    facts, sections = _describe(serializer, new, old, "", skipped)
    title = str(new.get("name") or new.get("title") or "")
    return Article(title, facts, sections, _draw(new))


def _describe(
    serializer: Any, new: Object, old: Object | None, path: str, skipped: frozenset[str] = FOLLOWS
) -> tuple[list[Fact], list[Section]]:
    """Return the facts and the lists of an object; `old` is None if nothing is compared."""
    properties = completion.properties(serializer)
    facts, sections = list[Fact](), list[Section]()
    if NUMBER & properties.keys() and (any(get_number(new)) or (old and any(get_number(old)))):
        was = None if old is None else range_in_words(old)
        facts.append(_compare(gettext("Number"), range_in_words(new), was, f"{path}number"))
    for name, known in properties.items():
        if name in skipped or name in NUMBER:
            continue
        after, before = new.get(name), old.get(name) if old is not None else None
        if name in LISTS and known.inner:
            rows = _pair(name, known, before or [], after or [], f"{path}{name}", old is not None)
            if rows:
                sections.append(Section(name, str(LISTS[name].noun), rows))
        elif name == "individual" and after:
            inner, _ = _describe(known.inner, after, before, f"{path}{name}/")
            facts += inner
        elif not (_is_unknown(known, after) and (old is None or _is_unknown(known, before))):
            facts.append(_describe_value(name, known, after, before, path, old is not None))
    return facts, sections


def _describe_value(
    name: str, known: Property, after: Any, before: Any, path: str, is_compared: bool
) -> Fact:
    was = write_value(known, before) if is_compared else None
    if identify(before) == identify(after):
        was = None
    fact = _compare(property_name(name), write_value(known, after), was, f"{path}{name}")
    url = after.get("url", "") if known.is_reference and isinstance(after, dict) else ""
    is_row = bool(path)
    return fact._replace(
        url=url, is_quote=is_row and name in _QUOTES, is_prose=not is_row and name in _PROSE
    )


def _compare(name: str, now: str, was: str | None, path: str) -> Fact:
    if was is None or was == now:
        return Fact(name, now, path)
    return Fact(name, now, path, "changed", was, make_change((), was, now).pieces)


def _is_unknown(known: Property, value: Any) -> bool:
    if value in (None, "", [], "unknown") or value == known.unknown:
        return True
    unknown = (str(UNKNOWN), gettext("dates not known"))
    return isinstance(value, dict) and write_value(known, value) in unknown


def _pair(
    name: str, known: Property, old: list[Object], new: list[Object], path: str, is_compared: bool
) -> list[Row]:
    """Return the rows of a list in their order, then those that were removed."""
    listed = LISTS[name]
    before, after = group_rows(listed, old), group_rows(listed, new)
    rows = list[Row]()
    for key, members in after.items():
        olds = before.get(key, [])
        others = [row for row in olds if row not in members]
        for number, row in enumerate(members):
            match = row if row in olds else others.pop(0) if others else None
            at = f"{path}/{_make_key(key, number)}/"
            kind = "added" if is_compared and match is None else "same"
            rows.append(_describe_row(listed, known, row, match if is_compared else None, at, kind))
        for number, row in enumerate(others, start=len(members)):
            at = f"{path}/{_make_key(key, number)}/"
            rows.append(_describe_row(listed, known, row, None, at, "removed"))
    for key, members in before.items():
        if is_compared and key not in after:
            for number, row in enumerate(members):
                at = f"{path}/{_make_key(key, number)}/"
                rows.append(_describe_row(listed, known, row, None, at, "removed"))
    return rows


def _describe_row(
    listed: List, known: Property, row: Object, old: Object | None, path: str, kind: str
) -> Row:
    skipped = FOLLOWS | frozenset(listed.identity)
    facts, sections = _describe(known.inner, row, old, path, skipped)
    if any(f.kind != "same" for f in facts) or any(s.is_changed for s in sections):
        kind = "changed"
    noun, _, title = name_row(listed, known, row).partition(": ")
    names = (row.get(name) for name in listed.identity)
    url = next((value.get("url", "") for value in names if isinstance(value, dict)), "")
    return Row(title or noun, path.rstrip("/"), kind, facts, sections, url)


def _make_key(identity: bytes, number: int) -> str:
    """Return the key of a row in paths, which reveals nothing of it."""
    key = salted_hmac("publishing.presentation.article", identity).hexdigest()[:12]
    return f"{key}-{number}" if number else key


def _draw(body: Object) -> Picture | None:
    """Return the map of the locations of an incident, or of a place; None if none is known."""
    sites = list[Site]()
    for row in body.get("locations") or []:
        if site := locate(row):
            sites.append(site._replace(name=label(row["role"], "location_role")))
    point = body.get("point")
    if "locations" not in body and isinstance(point, dict):
        sites.append(Site("point", point["latitude"], point["longitude"], name=body["name"]))
    if not sites:
        return None
    frame = Frame(sites)
    return Picture(frame, frame.draw(sites))


def fill(body: Any, references: dict[str, Object]) -> Any:
    """Return a body in which each reference has the properties of `references`."""
    if isinstance(body, list):
        return [fill(item, references) for item in body]
    if not isinstance(body, dict):
        return body
    if body.keys() == {"id"}:
        return references.get(body["id"], {"id": body["id"], "name": None})
    return {name: fill(value, references) for name, value in body.items()}
