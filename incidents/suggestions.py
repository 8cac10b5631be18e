"""Suggestions: the records that somebody who has typed some letters may mean.

A word of a name that begins with the letters is found by an index. A limited number of names is
then ranked by the number of incidents of their records.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Subquery, TextChoices

from actors.entries import ActorEntry, ActorNameEntry, ActorWordEntry
from actors.resolution import resolve
from dates import parse
from incidents.entries import IncidentActorEntry, IncidentPlaceEntry, IncidentSourceEntry
from places.entries import PlaceEntry, PlaceWordEntry
from publishing import documents
from publishing.models import Edition, Entry, WordEntry
from publishing.models.entry import WORD_LENGTH
from publishing.normalization import fold_beginnings
from publishing.serializers import ReferenceSerializer
from sources.entries import PublisherEntry, PublisherWordEntry, SourceEntry, SourceWordEntry

MAX_CANDIDATES = 200
"""The number of names of a type that are ranked, of those that begin with the letters and of those
with another word that does: the first ones by name."""
MAX_COUNT = 100_000
"""The largest number of incidents that is counted."""
_MIN_SCORE, _MIN_SCORE_OF_FEW = 0.5, 0.9
"""The scores from which an actor with a similar name is suggested, for many and for few letters.

Few letters sound like parts of very many names, but they may be initials.
"""
_FEW_LETTERS = 3


class SuggestedType(TextChoices):
    """The types of record that have names or titles to begin with."""

    ACTOR = "actor"
    PLACE = "place"
    SOURCE = "source"
    PUBLISHER = "publisher"


class Suggestion(NamedTuple):
    """A record, with the name that matches."""

    rank: int
    """0 if a name is equal, 1 if one begins with the letters, 2 if another word of one does; then
    similar names, the most similar first."""
    incidents: int
    """The number of its incidents; of a place, those at the place itself."""
    name_key: str
    record: UUID
    type: str
    seq: int
    matched: str
    country: str
    has_more: bool
    """Whether it has other incidents, which are not counted."""


class _Tables(NamedTuple):
    """What is read for a type of record."""

    entry: type[Entry]
    words: type[WordEntry]
    incidents: str
    """A query that returns each incident of `entry` once."""
    country: str = "entry.country"
    has_more: str = "false"


def _at(alias: str) -> str:
    """Return the condition that a row is current at the snapshot."""
    return f"{alias}.seq <= %(seq)s AND {alias}.until_seq > %(seq)s"


_TABLES = {
    # All rows of an incident have its date, so that an index has them next to each other.
    SuggestedType.ACTOR: _Tables(
        ActorEntry,
        ActorWordEntry,
        f"SELECT DISTINCT row.order_date, row.record FROM {IncidentActorEntry._meta.db_table} AS row "  # noqa: E501, S608
        f"WHERE row.actor = entry.record AND row.certainty IS NOT NULL AND {_at('row')}",
    ),
    SuggestedType.PLACE: _Tables(
        PlaceEntry,
        PlaceWordEntry,
        f"SELECT FROM {IncidentPlaceEntry._meta.db_table} AS row "
        f"WHERE row.place = entry.record AND {_at('row')}",
        has_more=f"EXISTS (SELECT FROM {PlaceEntry._meta.db_table} AS child "
        f"WHERE child.parent = entry.record AND {_at('child')})",
    ),
    SuggestedType.SOURCE: _Tables(
        SourceEntry,
        SourceWordEntry,
        f"SELECT FROM {IncidentSourceEntry._meta.db_table} AS row "
        f"WHERE row.source = entry.record AND {_at('row')}",
        country="''",
    ),
    SuggestedType.PUBLISHER: _Tables(
        PublisherEntry,
        PublisherWordEntry,
        f"SELECT DISTINCT row.seq FROM {SourceEntry._meta.db_table} AS source "  # noqa: S608
        f"JOIN {IncidentSourceEntry._meta.db_table} AS row ON row.source = source.record "
        f"WHERE source.publisher = entry.record AND {_at('source')} AND {_at('row')}",
    ),
}


def suggest(text: str, types: Collection[str], limit: int, seq: int) -> list[Suggestion]:
    """Return the records at a snapshot that somebody who has typed `text` may mean, best first.

    They have a name with a word that begins with the text. Of those equally good, the ones with
    more incidents come first. If there are not enough, actors with a similar name follow.
    """
    params: dict[str, Any] = {"seq": seq, "limit": limit}
    beginnings = fold_beginnings(text)
    for number, key in enumerate(beginnings):
        params[f"key{number}"] = key[:WORD_LENGTH]
    requested = [type_ for type_ in _TABLES if not types or type_ in types]
    queries = [
        _write_query(type_, _write_candidates(_TABLES[type_].words, len(beginnings)))
        for type_ in requested
    ]
    suggestions = _run(" UNION ALL ".join(queries), params)
    missing = limit - len(suggestions)
    if missing and SuggestedType.ACTOR in requested:
        known = {suggestion.record for suggestion in suggestions}
        least = _MIN_SCORE_OF_FEW if len(beginnings[0]) <= _FEW_LETTERS else _MIN_SCORE
        names = resolve(ActorNameEntry.objects.at(seq), text, least)
        similar = [match.name for match in names if match.name.record not in known][:missing]
        params["seqs"] = [name.seq for name in similar]
        params["texts"] = [name.text for name in similar]
        if similar:
            suggestions += _run(_write_query(SuggestedType.ACTOR, _SIMILAR), params)
    return suggestions


_SIMILAR = (
    "SELECT seq, text, 2 + number AS rank "
    "FROM unnest(%(seqs)s::bigint[], %(texts)s::text[]) WITH ORDINALITY AS name (seq, text, number)"
)
"""Names that are given, in their order."""


def _write_candidates(words: type[WordEntry], beginnings: int) -> str:
    """Return a query for the names that begin with a text, and those with a word that does.

    An index has both in order, so that no more rows are read than are ranked. The latter are read
    only if there is room for them.
    """
    starts = _write_names(words, beginnings, "true", f"{MAX_CANDIDATES}")
    room = f"CASE WHEN count(DISTINCT record) < %(limit)s THEN {MAX_CANDIDATES} ELSE 0 END"
    others = _write_names(words, beginnings, "false", f"(SELECT {room} FROM start)")  # noqa: S608
    return (
        f"WITH start AS MATERIALIZED ({starts}) SELECT DISTINCT ON (record) * FROM "  # noqa: S608
        f"(SELECT * FROM start UNION ALL {others}) AS name ORDER BY record, rank, text"
    )


def _write_names(words: type[WordEntry], beginnings: int, is_start: str, limit: str) -> str:
    """Return a query for the first names with a word that begins with a text.

    Folded texts have letters, digits and blanks only: those that begin with a text are before it
    with a `{`.
    """
    return " UNION ALL ".join(
        "(SELECT record, seq, text, CASE WHEN NOT is_start THEN 2 "  # noqa: S608
        f"WHEN key = %(key{number})s THEN 0 ELSE 1 END AS rank "
        f"FROM {words._meta.db_table} AS word WHERE is_start = {is_start} "
        f"AND key >= %(key{number})s AND key < %(key{number})s || '{{' AND {_at('word')} "
        f"ORDER BY key, record LIMIT {limit})"
        for number in range(beginnings)
    )


def _write_query(type_: SuggestedType, candidates: str) -> str:
    """Return a query for suggestions of a type, from one for the seq, the text and the rank."""
    tables = _TABLES[type_]
    return (
        f"SELECT match.rank, number.incidents, entry.name_key, entry.record, '{type_}' AS type, "  # noqa: S608
        f"entry.seq, match.text, {tables.country} AS country, {tables.has_more} AS has_more "
        f"FROM ({candidates}) AS match JOIN {tables.entry._meta.db_table} AS entry "
        "ON entry.seq = match.seq CROSS JOIN LATERAL (SELECT count(*) AS incidents "
        f"FROM ({tables.incidents} LIMIT {MAX_COUNT + 1}) AS row) AS number"
    )


def _run(query: str, params: dict[str, Any]) -> list[Suggestion]:
    """Return the best suggestions of a query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{query} ORDER BY rank, incidents DESC, name_key, record LIMIT %(limit)s", params
        )
        return [Suggestion(*row) for row in cursor.fetchall()]


_REFERENCE = tuple(ReferenceSerializer().fields)
Years = dict[str, int | None]


def to_json(suggestions: Sequence[Suggestion], seq: int) -> list[dict[str, Any]]:
    """Return suggestions at a snapshot as they are answered."""
    editions = Edition.objects.filter(seq__in=[each.seq for each in suggestions])
    texts = {row.seq: row for row in editions.only("seq", "reference", "summary")}
    actors = {
        each.record: documents.load(texts[each.seq].summary or "{}")
        for each in suggestions
        if each.type == SuggestedType.ACTOR
    }
    years = _read_years(actors, seq)
    results = []
    for each in suggestions:
        reference = documents.load(texts[each.seq].reference)
        is_counted = each.incidents <= MAX_COUNT and not each.has_more
        results.append(
            {name: reference[name] for name in _REFERENCE}
            | {
                "matched_name": each.matched,
                "country": each.country or None,
                "years": years.get(each.record),
                "incidents": each.incidents if is_counted else None,
            }
        )
    return results


def _read_years(actors: Mapping[UUID, Mapping[str, Any]], seq: int) -> dict[UUID, Years]:
    """Return the years of actors, given by their summaries: those of existence as stated.

    Where there are none, they are those of the first days of the incidents. An actor without any
    is left out.
    """
    years = {
        record: stated
        for record, summary in actors.items()
        if (stated := _state_years(summary.get("existence") or {}))
    }
    others = actors.keys() - years.keys()
    if others:
        dated = IncidentActorEntry.objects.at(seq).filter(
            actor=OuterRef("record"), certainty__isnull=False, order_date__gt=date.min
        )
        first, last = (
            Subquery(dated.order_by(order).values("order_date")[:1])
            for order in ("order_date", "-order_date")
        )
        rows = ActorEntry.objects.at(seq).filter(record__in=others)
        for record, start, end in rows.values_list("record", first, last):
            if start:
                years[record] = {"first": start.year, "last": end.year}
    return years


def _state_years(existence: Mapping[str, Any]) -> Years | None:
    """Return the years of an existence as stated, or None if it has no dates."""
    start, end = existence.get("start"), existence.get("end")
    starts, ends = (parse(text).dates if text else () for text in (start, end))
    first = min((day.first.year for day in starts if day), default=None)
    last = max((day.last.year for day in ends if day), default=None)
    return {"first": first, "last": last} if first or last else None
