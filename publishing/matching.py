"""The texts of documents that search reads, and which of them matches a query."""

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from rest_framework import serializers

from publishing import documents
from publishing.completion import properties
from publishing.models.edition import Edition
from publishing.normalization import fold_text
from publishing.registry import Registration, record_types
from publishing.search import Names, Query, Term, build_vector, list_lexemes

EXCERPT = 200
"""The largest number of characters of a text that matched."""
_BEFORE = 60
"""The number of characters of a longer text that are shown before the first word that matches."""
_NOT_TEXT = {"locator", "script", "sha256"}
"""The properties that are written freely, but are no texts to search."""


class Content(NamedTuple):
    """A text of a document, or a reference to a record that has a name."""

    path: str
    text: str
    target: UUID | None = None


_parse_id = lru_cache(2**12)(UUID)
"""Returns the UUID of a reference: many documents reference the same records."""


@cache
def _named_types() -> frozenset[str]:
    """Return the types of records that others are found by the names of."""
    return frozenset(word for word, found in record_types().items() if found.entry.name_paths)


@cache
def _plan(serializer: Any) -> list[tuple[str, Any]]:
    """Return the properties to read, each with the serializer of its objects, if it has any."""
    return [
        (name, found.inner)
        for name, found in properties(serializer).items()
        if found.inner is not None
        or (type(found.described_by) is serializers.CharField and name not in _NOT_TEXT)
    ]


def list_contents(serializer: Any, document: dict[str, Any], path: str = "") -> Iterator[Content]:
    """Yield the texts and the references of a document, in its order."""
    for name, inner in _plan(serializer):
        value = document.get(name)
        for item in value if isinstance(value, list) else [value] if value else ():
            if isinstance(item, str):
                yield Content(path + name, item)
            elif "withdrawn" not in item:
                yield from list_contents(inner, item, f"{path}{name}.")
            elif item["type"] in _named_types():
                yield Content(path + name, item["name"] or "", _parse_id(item["id"]))


def build_words(registration: Registration, document: dict[str, Any]) -> str:
    """Return the words that a document is found by, as a `tsvector`.

    Names weigh most, and references to what has a name where the record has none itself; then
    titles, then all other texts.
    """
    entry = registration.entry
    weights = dict.fromkeys(entry.title_paths, "B") | dict.fromkeys(entry.name_paths, "A")
    contents = list(list_contents(registration.serializer, document))
    targets = dict.fromkeys(str(each.target) for each in contents if each.target)
    by_weight = sorted(
        ((weights.get(each.path, "D"), each.text) for each in contents if not each.target),
        key=lambda pair: pair[0],
    )
    reference = "C" if entry.name_paths else "A"
    return build_vector(by_weight, ((reference, target) for target in targets))


def find_matches(query: Query, names: Names, seqs: list[int]) -> dict[int, dict[str, str]]:
    """Return, for editions that match a query, the property and the text that match it best."""
    terms = [term for term in query.terms if not term.excluded]
    goal = max(
        sum(not term.excluded for term in reading)
        for readings in query.alternatives
        for reading in readings
    )
    editions = _read(seqs)
    best = {
        seq: _choose(type_, document, terms, names, goal)
        for seq, (type_, document) in editions.items()
    }
    entries = {record: seq for records in names.values() for record, seq in records.items()}
    targets = _read(
        {entries[each.target] for each in best.values() if each.target and each.target in entries}
    )
    matches = {}
    for seq, each in best.items():
        text = each.text
        if each.target in entries:
            type_, document = targets[entries[each.target]]
            named = Named(type_, document)
            text = max(named.texts(), key=lambda name: len(_matching(name, terms, is_name=True)))
        matches[seq] = {"property": each.path, "text": make_excerpt(text, terms)}
    return matches


class Named(NamedTuple):
    """A record with names."""

    type: str
    document: dict[str, Any]

    def texts(self) -> list[str]:
        """Return its names, the main one first."""
        registration = record_types()[self.type]
        contents = list_contents(registration.serializer, self.document)
        return [each.text for each in contents if each.path in registration.entry.name_paths]


def _read(seqs: Iterable[int]) -> dict[int, tuple[str, dict[str, Any]]]:
    """Return the types and the documents of some editions."""
    if not seqs:
        return {}
    editions = Edition.objects.filter(seq__in=seqs).values_list("seq", "type", "document")
    return {seq: (type_, documents.load(text or "{}")) for seq, type_, text in editions}


def _choose(
    type_: str, document: dict[str, Any], terms: list[Term], names: Names, goal: int
) -> Content:
    """Return the first text, or reference, that matches the most terms of a query."""
    registration = record_types()[type_]
    best, most = Content("", ""), -1
    for content in list_contents(registration.serializer, document):
        if content.target:
            number = sum(content.target in names.get(term, ()) for term in terms)
        else:
            is_name = content.path in registration.entry.name_paths
            number = len(_matching(content.text, terms, is_name=is_name))
        if number > most:
            best, most = content, number
        if most >= goal:
            break
    return best


def _matching(text: str, terms: list[Term], *, is_name: bool) -> list[int]:
    """Return the positions of the terms that a text matches."""
    positions: dict[str, set[int]] = {}
    for lexeme, position in list_lexemes(text, is_name=is_name):
        positions.setdefault(lexeme, set()).add(position)
    found = (term.find(positions) for term in terms)
    return [position for position in found if position is not None]


def make_excerpt(text: str, terms: list[Term]) -> str:
    """Return at most `EXCERPT` characters of a text, from a little before the first match."""
    if len(text) <= EXCERPT:
        return text
    before = min(_matching(text, terms, is_name=False), default=0)
    start = next((at for at, number in _number_words(text) if number > before), 0)
    begin = max(0, start - _BEFORE)
    if begin and " " in text[begin:start]:
        begin = text.index(" ", begin) + 1
    head, rest = "…" * bool(begin), text[begin:]
    if len(head + rest) > EXCERPT:
        rest = rest[: EXCERPT - len(head) - 1].rstrip() + "…"
    return head + rest


def _number_words(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each word of a text begins, with the number of folded words up to its end."""
    at = number = 0
    for word in text.split(" "):
        number += len(fold_text(word).split())
        yield at, number
        at += len(word) + 1
