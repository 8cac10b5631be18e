"""Full text: what documents say and what is asked of them, both made of folded words here.

The database is given lexemes, never text: there is one folding only, and no dictionary.
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
"""How many matches are ranked, at the most: a common word has hundreds of thousands."""
_LAST_POSITION = 16383
"""The last position that PostgreSQL counts."""
_LEXEME_LENGTH = 100
_PREFIX_LENGTH = 4
"""From so many letters on, a word is found by its beginning too: attack, attacks, attackers."""
_CONSONANTS_LENGTH = 3
"""From so many consonants on, a name is found in another romanisation."""
_PAIRED_TERMS = 8
"""How many words are looked at in pairs, at the most."""
_TERM = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')


def build_vector(texts: Iterable[tuple[str, str]]) -> str:
    """Return texts, each behind its weight (A to D), as PostgreSQL writes a `tsvector`.

    Those of weight A are names: their consonants are in it too, in capitals.
    """
    places: dict[str, list[str]] = {}
    at = 1
    for weight, text in texts:
        folded = fold_text(text)
        bones = reduce_to_consonants(folded).upper().split() if weight == "A" else []
        for place, word in enumerate(folded.split(), at):
            for form in {word, *split_words(word)}:
                places.setdefault(form[:_LEXEME_LENGTH], []).append(
                    f"{min(place, _LAST_POSITION)}{weight}"
                )
        for place, bone in enumerate(bones, at):
            places.setdefault(bone[:_LEXEME_LENGTH], []).append(
                f"{min(place, _LAST_POSITION)}{weight}"
            )
        at += len(folded.split()) + 1
    return " ".join(f"{word}:{','.join(some)}" for word, some in places.items())


def find_texts(document: Any, path: str) -> Iterator[str]:
    """Yield the texts that stand in a document at a path, such as `names.text`."""
    name, _, rest = path.partition(".")
    value = document.get(name) if document else None
    for item in value if isinstance(value, list) else [value]:
        if rest:
            yield from find_texts(item, rest)
        elif item:
            yield item


def parse_query(text: str) -> str:
    """Return what is asked for, web-style, as PostgreSQL writes a `tsquery`.

    Words mean and; `or` means or; a minus excludes; quotes ask for words in sequence, to the
    letter. Raises ValueError where nothing is asked for.
    """
    either = list(_parse_alternatives(text))
    if not all(either):
        raise ValueError("Give words to look for, on both sides of “or” and beside a minus.")
    return "|".join(f"({side})" for side in either)


class _Term(NamedTuple):
    """One thing that is asked for, and its consonants where it is a plain word."""

    asked: str
    bones: str = ""


def _parse_alternatives(text: str) -> Iterator[str]:
    """Yield what is asked for on each side of an `or`; nothing where all of it excludes."""
    terms: list[_Term] = []
    for minus, quoted, plain in _TERM.findall(text):
        if plain.lower() == "or" and not minus:
            yield _join_terms(terms)
            terms = []
        elif term := _parse_term(quoted, plain, bool(minus)):
            terms.append(term)
    yield _join_terms(terms)


def _join_terms(terms: list[_Term]) -> str:
    """Ask for all terms; two words may be one in another script, as in "حزب الله"."""
    if all(term.asked.startswith("!") for term in terms):
        return ""
    ways = [[term.asked for term in terms]]
    for at, (one, other) in enumerate(pairwise(terms[:_PAIRED_TERMS])):
        if one.bones and other.bones and len(one.bones + other.bones) >= _CONSONANTS_LENGTH:
            ways.append([*ways[0][:at], one.bones + other.bones, *ways[0][at + 2 :]])
    return "|".join("&".join(way) for way in ways)


def _parse_term(quoted: str, plain: str, excluded: bool) -> _Term | None:
    folded = fold_text(quoted or plain)
    stem = "" if quoted else ":*"
    asked = "<->".join(
        word[:_LEXEME_LENGTH] + (stem if len(word) >= _PREFIX_LENGTH else "")
        for word in folded.split()
    )
    if not asked or excluded:
        return _Term(f"!({asked})") if asked else None
    bones = reduce_to_consonants(folded).upper().split()
    joined = "".join(bones)
    if quoted or len(joined) < _CONSONANTS_LENGTH:
        return _Term(f"({asked})", "" if quoted else joined)
    heard = "<->".join(bone[:_LEXEME_LENGTH] for bone in bones)
    return _Term(f"({asked}|({heard}))", joined)


class TsQuery(models.Func):
    """What `query` returned, as a value."""

    template = "%(expressions)s::tsquery"

    def __init__(self, asked: Any) -> None:
        super().__init__(Value(asked), output_field=models.TextField())


class Matches(models.Func):
    """Whether the words of an entry are those that are asked for."""

    arg_joiner = " @@ "
    template = "(%(expressions)s)"
    output_field = models.BooleanField()


class InArray(models.Func):
    """Whether a number is one of an array, found first: a join would read the whole table."""

    arg_joiner = " = ANY("
    template = "(%(expressions)s))"
    output_field = models.BooleanField()


class Rank(models.Func):
    """How well the words of an entry match, in millionths: a whole number, kept exactly."""

    function = "ts_rank"
    template = "round(%(function)s(%(expressions)s, 1) * 1000000)::integer"
    output_field = models.IntegerField()


def filter_matching(entries: QuerySet, asked: str) -> QuerySet:
    """Keep the entries that say what `query` returned."""
    return entries.filter(Matches(F("words"), TsQuery(asked)))


def rank_entries(entries: QuerySet, asked: str) -> QuerySet:
    """Rank the first of `entries`, which are sorted, by how well they match."""
    first = InArray(F("seq"), ArraySubquery(entries.values("seq")[:RANK_LIMIT]))
    return entries.model.objects.filter(first).annotate(rank=Rank(F("words"), TsQuery(asked)))
