"""Full-text search: the words of documents and the words of queries, both normalized here.

PostgreSQL receives lexemes, never text, so there is one normalization and no dictionary. An entry
has the words of its own document only, and the ids of the actors, places and publishers that it
references. A query looks up whose names it means, and searches for their ids too.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, reduce
from itertools import chain, pairwise
from operator import and_
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import F, Q, QuerySet, Value
from django.db.models.expressions import RawSQL

from publishing.models import estimate_number
from publishing.normalization import fold_text, reduce_to_consonants, split_words
from publishing.registry import record_types

RANK_LIMIT = 2000
"""The number of matches that are ranked: a common word has hundreds of thousands."""
NAME_LIMIT = 500
"""The number of records of a type that one term of a query may name."""
_ALL_NAMES = 6000
"""The number of records of a type that all terms together may name: a query has at most 1 MB."""
_CHUNK = 8
"""The number of words for which an index is searched at once."""
COLLECTED = 100_000
"""The number of matches of a long query that are collected sooner than the newest are found."""
_LAST_POSITION = 16383
"""The last position in a `tsvector`."""
_VECTOR_SIZE = 1_000_000
"""The size of a `tsvector` in bytes: PostgreSQL takes at most 1 MB, so later words are left out."""
_LEXEME_LENGTH = 100
_SHORT = 200
"""The length of texts whose lexemes are kept."""
_PREFIX_LENGTH = 4
"""Words of at least this length also match longer words: attack, attacks, attackers."""
_CONSONANTS_LENGTH = 3
"""Words with at least this many consonants also match names in another romanisation."""
_PAIRED_TERMS = 8
"""The number of terms that are also searched as one word with the next term."""
_TERM = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')


def build_vector(texts: Iterable[tuple[str, str]], ids: Iterable[tuple[str, str]] = ()) -> str:
    """Return pairs of weight (A to D) and text, or public id, as a PostgreSQL `tsvector`.

    Texts of weight A are names: their consonants are added in capitals.
    """
    positions: dict[str, list[str]] = {}
    start, size = 1, 0
    lexemes = [(0, f"1{weight}", make_id_lexeme(id_)) for weight, id_ in ids]
    for weight, text in texts:
        last = start
        for lexeme, position in _list_lexemes(text, weight == "A"):
            last = max(last, start + position)
            lexemes.append((last, f"{min(start + position, _LAST_POSITION)}{weight}", lexeme))
        start = last + 2
    for _, place, lexeme in lexemes:
        size += 2 if lexeme in positions else len(lexeme) + 8
        if size > _VECTOR_SIZE:
            break
        positions.setdefault(lexeme, []).append(place)
    return " ".join(f"{lexeme}:{','.join(places)}" for lexeme, places in positions.items())


def list_lexemes(text: str, *, is_name: bool) -> Iterator[tuple[str, int]]:
    """Yield the lexemes of a text with their positions; those of a name with its consonants."""
    folded = fold_text(text)
    for position, word in enumerate(folded.split()):
        for form in {word, *split_words(word)}:
            yield form[:_LEXEME_LENGTH], position
    if is_name:
        for position, word in enumerate(reduce_to_consonants(folded).upper().split()):
            yield word[:_LEXEME_LENGTH], position


@lru_cache(2**12)
def _list_short(text: str, is_name: bool) -> tuple[tuple[str, int], ...]:
    return tuple(list_lexemes(text, is_name=is_name))


def _list_lexemes(text: str, is_name: bool) -> Iterable[tuple[str, int]]:
    """Return what `list_lexemes` yields; short texts occur in many documents and are kept."""
    if len(text) <= _SHORT:
        return _list_short(text, is_name)
    return list_lexemes(text, is_name=is_name)


def make_id_lexeme(id_: UUID | str) -> str:
    """Return the lexeme of a public id, which no text contains."""
    return "@" + str(id_).replace("-", "")


class Word(NamedTuple):
    """A lexeme, or with `prefix` all that begin with it."""

    lexeme: str
    prefix: bool = False


class Term(NamedTuple):
    """One term of a query: sequences of words, one of which must match, or none if `excluded`."""

    sequences: tuple[tuple[Word, ...], ...]
    excluded: bool = False
    consonants: str = ""
    """The consonants of a plain word."""

    def write(self, weight: str = "") -> str:
        """Return it as a `tsquery`, without its exclusion; `weight` limits it to some texts."""
        return "|".join(
            "(" + "<->".join(_write_word(word, weight) for word in sequence) + ")"
            for sequence in self.sequences
        )

    def list_forms(self, names: "Names") -> list[str]:
        """Return each `tsquery` that it means: its sequences, and the records that it names."""
        return [self.write(), *map(make_id_lexeme, names.get(self, ()))]

    def find(self, positions: Mapping[str, set[int]]) -> int | None:
        """Return the first position at which a text, given by its lexemes, matches it."""
        starts = [
            set.intersection(
                *(
                    {position - offset for position in _find_word(word, positions)}
                    for offset, word in enumerate(sequence)
                )
            )
            for sequence in self.sequences
        ]
        return min(set.union(*starts), default=None)


def _write_word(word: Word, weight: str) -> str:
    flags = ("*" if word.prefix else "") + weight
    return f"{word.lexeme}:{flags}" if flags else word.lexeme


def _find_word(word: Word, positions: Mapping[str, set[int]]) -> set[int]:
    if not word.prefix:
        return positions.get(word.lexeme, set())
    found = (places for lexeme, places in positions.items() if lexeme.startswith(word.lexeme))
    return set().union(*found)


Names = Mapping[Term, Mapping[UUID, int]]
"""By term, the records that have a name which matches it, each with the seq of its entry."""


class Query(NamedTuple):
    """A query: alternatives, each with readings, each with terms that must all match."""

    alternatives: tuple[tuple[tuple[Term, ...], ...], ...]

    @property
    def terms(self) -> list[Term]:
        """All terms, each once."""
        readings = (reading for readings in self.alternatives for reading in readings)
        return list(dict.fromkeys(term for reading in readings for term in reading))

    def write(self, names: Names) -> str:
        """Return it as a `tsquery`, in which a term also means the records that it names."""
        return "|".join(
            f"({'|'.join(_write_reading(reading, names) for reading in readings)})"
            for readings in self.alternatives
        )


def _write_reading(reading: tuple[Term, ...], names: Names) -> str:
    return "&".join(
        f"{'!' * term.excluded}({'|'.join(term.list_forms(names))})" for term in reading
    )


def parse_query(text: str) -> Query:
    """Return the query that a text in web-search syntax means.

    All words must match; `or` separates alternatives; a minus excludes a word; words in quotation
    marks must match exactly and in sequence. Raises ValueError if there is nothing to search for.
    """
    alternatives = tuple(_parse_alternatives(text))
    if not all(alternatives):
        raise ValueError(
            "Give words to search for, on both sides of “or” and not only words with a minus."
        )
    return Query(alternatives)


def _parse_alternatives(text: str) -> Iterator[tuple[tuple[Term, ...], ...]]:
    """Yield the readings of each side of an `or`; none for a side with nothing to match."""
    terms: list[Term] = []
    for minus, quoted, plain in _TERM.findall(text):
        if plain.lower() == "or" and not minus:
            yield _list_readings(terms)
            terms = []
        elif term := _parse_term(quoted, plain, bool(minus)):
            terms.append(term)
    yield _list_readings(terms)


def _list_readings(terms: list[Term]) -> tuple[tuple[Term, ...], ...]:
    """Return the readings of terms: two words may be one in another script, as in "حزب الله"."""
    if all(term.excluded for term in terms):
        return ()
    readings = [tuple(terms)]
    for at, (left, right) in enumerate(pairwise(terms[:_PAIRED_TERMS])):
        joined = left.consonants + right.consonants
        if left.consonants and right.consonants and len(joined) >= _CONSONANTS_LENGTH:
            readings.append((*terms[:at], Term(((Word(joined),),)), *terms[at + 2 :]))
    return tuple(readings)


def _parse_term(quoted: str, plain: str, excluded: bool) -> Term | None:
    folded = fold_text(quoted or plain)
    words = tuple(
        Word(word[:_LEXEME_LENGTH], prefix=not quoted and len(word) >= _PREFIX_LENGTH)
        for word in folded.split()
    )
    if not words or excluded:
        return Term((words,), excluded=True) if words else None
    consonants = reduce_to_consonants(folded).upper().split()
    joined = "".join(consonants)
    if quoted or len(joined) < _CONSONANTS_LENGTH:
        return Term((words,), consonants="" if quoted else joined)
    sounds = tuple(Word(word[:_LEXEME_LENGTH]) for word in consonants)
    return Term((words, sounds), consonants=joined)


def find_names(query: Query, seq: int) -> tuple[Names, bool]:
    """Return the records as of `seq` that the terms of a query name, and whether there are more.

    Actors, places and publishers have names, in any language and script. The sub-query keeps the
    planner from reading a table in the order of ids, in which it would have to read all of it.
    """
    terms = query.terms
    limit = min(NAME_LIMIT, _ALL_NAMES // len(terms))
    tables = [found.entry for found in record_types().values() if found.entry.name_paths]
    named = " UNION ALL ".join(
        f"(SELECT {number} AS type, record, seq FROM (SELECT record, seq "  # noqa: S608
        f"FROM {table._meta.db_table} WHERE words @@ term.query AND seq <= %s AND until_seq > %s "
        "OFFSET 0) AS matching "
        "ORDER BY record LIMIT %s)"
        for number, table in enumerate(tables)
    )
    found = Counter[tuple[int, int]]()
    names: dict[Term, dict[UUID, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT term.number, type, record, seq FROM unnest(%s::tsquery[]) "  # noqa: S608
            f"WITH ORDINALITY AS term (query, number) CROSS JOIN LATERAL ({named}) AS named",
            [[term.write("A") for term in terms], *[seq, seq, limit + 1] * len(tables)],
        )
        for number, type_, record, entry in cursor.fetchall():
            names.setdefault(terms[number - 1], {})[record] = entry
            found[number, type_] += 1
    return names, max(found.values(), default=0) > limit


class TsQuery(models.Func):
    """A `tsquery` as an SQL value."""

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


class _MatchesAny(models.Func):
    """Whether the words of an entry match one of several queries."""

    arg_joiner = " @@ ANY ("
    template = "(%(expressions)s::tsquery[]))"
    output_field = models.BooleanField()
    conditional = True

    def __init__(self, queries: list[str]) -> None:
        super().__init__(F("words"), Value(queries, ArrayField(models.TextField())))


class Rank(models.Func):
    """How well the words of an entry match, in millionths: a whole number, stored exactly."""

    function = "ts_rank"
    template = "round(%(function)s(%(expressions)s, 1) * 1000000)::integer"
    output_field = models.IntegerField()


class _RankOfMany(models.Func):
    """The same as `Rank`, for a query of hundreds of words of which any may match.

    PostgreSQL sorts all words of a query for each row, sums up what those in the row weigh, and
    divides by the number of all. So those in the row are selected before, and their number is
    replaced: a query of `n` alternatives has `2n - 1` nodes.
    """

    output_field = models.IntegerField()

    def __init__(self, query: Query, names: Names) -> None:
        lexemes = {
            word.lexeme: _write_word(word, "")
            for term in query.terms
            for sequence in term.sequences
            for word in sequence
        }
        ids = sorted({make_id_lexeme(id_) for named in names.values() for id_ in named})
        self.number = len(lexemes) + len(ids)
        plain = Value("|".join(lexemes.values()), models.TextField())
        super().__init__(F("words"), plain, Value(ids, ArrayField(models.TextField())))

    def as_sql(
        self, compiler: Any, connection: Any, *_: Any, **__: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """Return the rank as a subquery."""
        compiled = [compiler.compile(part) for part in self.get_source_expressions()]
        words, plain, ids = (sql for sql, _ in compiled)
        sql = (
            f"(SELECT round(ts_rank({words}, present, 1) * (numnode(present) + 1) / 2 * 1000000 "  # noqa: S608
            f"/ {self.number})::integer FROM (SELECT ({plain} || coalesce((SELECT "
            f"string_agg('|' || lexeme, '') FROM unnest(tsvector_to_array({words})) AS lexeme "
            f"WHERE lexeme = ANY ({ids})), ''))::tsquery AS present OFFSET 0) AS reduced)"
        )
        return sql, tuple(value for _, params in compiled for value in params)


def filter_matching(entries: QuerySet, query: Query, names: Names) -> QuerySet:
    """Return the entries whose words match a query, in which a term also means what it names.

    For a row that has one word of a `tsquery`, an index looks for all its other words. If these are
    hundreds, the index is searched for a few of them at a time.
    """
    if not _is_long(query, names):
        return entries.filter(Matches(F("words"), TsQuery(query.write(names))))
    condition = Q()
    for reading in chain.from_iterable(query.alternatives):
        condition |= reduce(and_, (_match(term, names) for term in reading))
    return entries.filter(condition)


def _is_long(query: Query, names: Names) -> bool:
    return any(len(term.list_forms(names)) > _CHUNK for term in query.terms)


def _match(term: Term, names: Names) -> Q:
    """Return the condition that an entry matches a term, or references a record that it names."""
    forms = term.list_forms(names)
    first, *others = ("|".join(forms[at : at + _CHUNK]) for at in range(0, len(forms), _CHUNK))
    condition = Q(Matches(F("words"), TsQuery(first)))
    if others:
        # Of two conditions with arrays alone, an index is searched for each pair of elements.
        condition |= Q(_MatchesAny(others))
    return ~condition if term.excluded else condition


def rank_entries(entries: QuerySet, query: Query, names: Names) -> QuerySet:
    """Return the first `RANK_LIMIT` of the sorted `entries`, annotated with their `rank`."""
    first: Any = ArraySubquery(entries.values("seq")[:RANK_LIMIT])
    rank: Any = Rank(F("words"), TsQuery(query.write(names)))
    if _is_long(query, names):
        if 0 < estimate_number(entries) < COLLECTED:
            first = _collect_first(entries)
        if len(query.terms) == 1 or sum(map(len, query.alternatives)) > 1:
            rank = _RankOfMany(query, names)
    return entries.model.objects.filter(InArray(F("seq"), first)).annotate(rank=rank)


def _collect_first(entries: QuerySet) -> models.Func:
    """Return an array of the `seq` of the first entries, which collects all matches before."""
    given = [str(column) for column in entries.query.order_by]
    columns = [column.lstrip("-") for column in given]
    sql, params = entries.order_by().values_list("seq", *columns).query.sql_with_params()
    order = ", ".join(
        f"{column} {'DESC' if text.startswith('-') else 'ASC'}"
        for column, text in zip(columns, given, strict=True)
    )
    newest = f"SELECT seq FROM ({sql} OFFSET 0) AS matching ORDER BY {order} LIMIT {RANK_LIMIT}"  # noqa: S608
    return models.Func(RawSQL(newest, params), function="ARRAY")  # noqa: S611
