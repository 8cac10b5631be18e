"""Full-text search: the words of documents and the words of queries, both normalized here.

PostgreSQL receives lexemes, never text, so there is one normalization and no dictionary.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, QuerySet, Value

from publishing.normalization import fold_text, reduce_to_consonants, split_words

RANK_LIMIT = 2000
"""The number of matches that are ranked: a common word has hundreds of thousands."""
_LAST_POSITION = 16383
"""The last position in a `tsvector`."""
_LEXEME_LENGTH = 100
_PREFIX_LENGTH = 4
"""Words of at least this length also match longer words: attack, attacks, attackers."""
_CONSONANTS_LENGTH = 3
"""Words with at least this many consonants also match names in another romanisation."""
_PAIRED_TERMS = 8
"""The number of terms that are also searched as one word with the next term."""
_TERM = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')


def build_vector(texts: Iterable[tuple[str, str]]) -> str:
    """Return pairs of weight (A to D) and text as a PostgreSQL `tsvector`.

    Texts of weight A are names: their consonants are added in capitals.
    """
    positions: dict[str, list[str]] = {}
    start = 1
    for weight, text in texts:
        folded = fold_text(text)
        consonants = reduce_to_consonants(folded).upper().split() if weight == "A" else []
        for position, word in enumerate(folded.split(), start):
            for form in {word, *split_words(word)}:
                lexeme = form[:_LEXEME_LENGTH]
                positions.setdefault(lexeme, []).append(f"{min(position, _LAST_POSITION)}{weight}")
        for position, word in enumerate(consonants, start):
            lexeme = word[:_LEXEME_LENGTH]
            positions.setdefault(lexeme, []).append(f"{min(position, _LAST_POSITION)}{weight}")
        start += len(folded.split()) + 1
    return " ".join(f"{lexeme}:{','.join(places)}" for lexeme, places in positions.items())


def find_texts(document: Any, path: str) -> Iterator[str]:
    """Yield the texts at a path of a document, such as `names.text`."""
    name, _, rest = path.partition(".")
    value = document.get(name) if document else None
    for item in value if isinstance(value, list) else [value]:
        if rest:
            yield from find_texts(item, rest)
        elif item:
            yield item


def parse_query(text: str) -> str:
    """Return a query in web-search syntax as a PostgreSQL `tsquery`.

    All words must match; `or` separates alternatives; a minus excludes a word; words in quotation
    marks must match exactly and in sequence. Raises ValueError if there is nothing to search for.
    """
    alternatives = list(_parse_alternatives(text))
    if not all(alternatives):
        raise ValueError(
            "Give words to search for, on both sides of “or” and not only words with a minus."
        )
    return "|".join(f"({alternative})" for alternative in alternatives)


class _Term(NamedTuple):
    """One term of a query, and its consonants if it is a plain word."""

    query: str
    consonants: str = ""


def _parse_alternatives(text: str) -> Iterator[str]:
    """Yield the `tsquery` of each side of an `or`; "" for a side with nothing to match."""
    terms: list[_Term] = []
    for minus, quoted, plain in _TERM.findall(text):
        if plain.lower() == "or" and not minus:
            yield _join_terms(terms)
            terms = []
        elif term := _parse_term(quoted, plain, bool(minus)):
            terms.append(term)
    yield _join_terms(terms)


def _join_terms(terms: list[_Term]) -> str:
    """Return a query for all terms; two words may be one in another script, as in "حزب الله"."""
    if all(term.query.startswith("!") for term in terms):
        return ""
    readings = [[term.query for term in terms]]
    for at, (left, right) in enumerate(pairwise(terms[:_PAIRED_TERMS])):
        joined = left.consonants + right.consonants
        if left.consonants and right.consonants and len(joined) >= _CONSONANTS_LENGTH:
            readings.append([*readings[0][:at], joined, *readings[0][at + 2 :]])
    return "|".join("&".join(reading) for reading in readings)


def _parse_term(quoted: str, plain: str, excluded: bool) -> _Term | None:
    folded = fold_text(quoted or plain)
    suffix = "" if quoted else ":*"
    words = "<->".join(
        word[:_LEXEME_LENGTH] + (suffix if len(word) >= _PREFIX_LENGTH else "")
        for word in folded.split()
    )
    if not words or excluded:
        return _Term(f"!({words})") if words else None
    consonants = reduce_to_consonants(folded).upper().split()
    joined = "".join(consonants)
    if quoted or len(joined) < _CONSONANTS_LENGTH:
        return _Term(f"({words})", "" if quoted else joined)
    sounds = "<->".join(word[:_LEXEME_LENGTH] for word in consonants)
    return _Term(f"({words}|({sounds}))", joined)


class TsQuery(models.Func):
    """The result of `parse_query` as an SQL value."""

    template = "%(expressions)s::tsquery"

    def __init__(self, query: Any) -> None:
        super().__init__(Value(query), output_field=models.TextField())


class Matches(models.Func):
    """Whether the words of an entry match a query."""

    arg_joiner = " @@ "
    template = "(%(expressions)s)"
    output_field = models.BooleanField()


class InArray(models.Func):
    """Whether a number is in an array that a subquery returns.

    PostgreSQL evaluates the array first. It would plan a join as a scan of the whole table.
    """

    arg_joiner = " = ANY("
    template = "(%(expressions)s))"
    output_field = models.BooleanField()


class Rank(models.Func):
    """How well the words of an entry match, in millionths: a whole number, stored exactly."""

    function = "ts_rank"
    template = "round(%(function)s(%(expressions)s, 1) * 1000000)::integer"
    output_field = models.IntegerField()


def filter_matching(entries: QuerySet, query: str) -> QuerySet:
    """Return the entries whose words match a result of `parse_query`."""
    return entries.filter(Matches(F("words"), TsQuery(query)))


def rank_entries(entries: QuerySet, query: str) -> QuerySet:
    """Return the first `RANK_LIMIT` of the sorted `entries`, annotated with their `rank`."""
    first = InArray(F("seq"), ArraySubquery(entries.values("seq")[:RANK_LIMIT]))
    return entries.model.objects.filter(first).annotate(rank=Rank(F("words"), TsQuery(query)))
