"""Explanations of results: which actor a scope has found, by which path of affiliations, and when.

The affiliations between all actors of a scope are read in one query. The paths are then walked
here as `actors.rollup` walks them in the database, because a page has few results.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange

from actors.codes import ActorKind, AffiliationKind
from actors.entries import ActorEntry, AffiliationEntry, SupportEntry
from actors.rollup import KINDS_BY_SCOPE, MAX_LINKS
from publishing.models import Edition
from sources.codes import Assessment

Days = tuple[tuple[date, date], ...]
"""Periods in order, each from its first day to before its last one."""

ALWAYS: Days = ((date.min, date.max),)


Key = tuple[str, int | None]
"""A parameter, and the number of its value where each value counts for itself."""


class Match(NamedTuple):
    """An actor of a result that a parameter with a scope has found."""

    seq: int
    """The edition of the result."""
    key: Key
    actor: UUID
    bounds: tuple[date, date] | None = None
    """The first and the last day on any of which the actor must be below the other one, or on all
    of which it certainly is; None for any day."""
    on_each_day: bool = False
    """Whether the actor counts as certain only if each of the days is certain."""
    certain_days: bool = True
    """Whether the days of the result are certain themselves."""
    gaps: Sequence[DateRange] = ()
    """Days between the bounds that do not count."""


class Link(NamedTuple):
    """An affiliation of a path."""

    id: UUID
    kind: str
    subject: UUID
    object: UUID


class Path(NamedTuple):
    """A path from an actor up to another one, with the days on which all of it holds."""

    links: tuple[Link, ...]
    possible: Days
    certain: Days


class ScopeQuestion(NamedTuple):
    """Which actors are below some others."""

    roots: frozenset[UUID]
    scope: str
    members: frozenset[UUID]


def find_paths(
    questions: dict[Key, ScopeQuestion], seq: int, support_types: list[str] | None
) -> dict[Key, dict[UUID, list[Path]]]:
    """Return, for each question, the paths from each member up to the roots, shortest first.

    The path of a root is empty, and holds always.
    """
    graph = _Graph(questions.values(), seq, support_types)
    return {key: graph.walk(question) for key, question in questions.items()}


class _Graph:
    """The affiliations between all actors of some scopes, read in three queries at most."""

    def __init__(
        self, questions: Iterable[ScopeQuestion], seq: int, support_types: list[str] | None
    ) -> None:
        questions = list(questions)
        actors = frozenset[UUID]().union(*(each.roots | each.members for each in questions))
        kinds = set[AffiliationKind]()
        for question in questions:
            kinds = kinds.union(*KINDS_BY_SCOPE[question.scope])
        entries = ActorEntry.objects.at(seq).filter(record__in=actors)
        self.existence: dict[UUID, Days] = {}
        self.individuals = set[UUID]()
        for record, possible, kind in entries.values_list("record", "possible", "kind"):
            self.existence[record] = make_days([possible])
            if kind == ActorKind.INDIVIDUAL:
                self.individuals.add(record)
        rows = AffiliationEntry.objects.at(seq).exclude(assessment=Assessment.REJECTED)
        rows = rows.filter(subject__in=actors, object__in=actors, kind__in=kinds)
        columns = ("seq", "record", "kind", "subject", "object", "possible", "certain")
        self.below: dict[UUID, list[tuple[Link, Days, Days, int]]] = {}
        for edition, *link, possible, certain in rows.order_by("seq").values_list(*columns):
            self.below.setdefault(link[-1], []).append(
                (Link(*link), make_days(possible), make_days(certain), edition)
            )
        self.supported = _read_support(rows, support_types) if support_types else None

    def walk(self, question: ScopeQuestion) -> dict[UUID, list[Path]]:
        """Return the paths from each member up to the roots, shortest first."""
        first, others = KINDS_BY_SCOPE[question.scope]
        sponsored = {AffiliationKind.SPONSORED_BY} & first
        paths: dict[UUID, list[Path]] = {}
        seen = set[tuple[Any, ...]]()
        for root in sorted(question.roots):
            always = Path((), self.existence.get(root, ()), self.existence.get(root, ()))
            ends = [(root, always)]
            for number in range(MAX_LINKS):
                kinds = others if number else first
                longer = []
                for actor, path in ends:
                    for link, possible, certain, edition in self.below.get(actor, ()):
                        if link.kind not in kinds or link.subject == root:
                            continue
                        if self.supported is not None and not number and sponsored:
                            possible, certain = self.supported.get(edition, ((), ()))
                        exists = self.existence.get(link.subject, ())
                        step = Path(
                            (link, *path.links),
                            intersect(intersect(path.possible, possible), exists),
                            intersect(intersect(path.certain, certain), exists),
                        )
                        state = (root, link.subject, number, step.possible, step.certain)
                        if not step.possible or state in seen:
                            continue
                        seen.add(state)
                        paths.setdefault(link.subject, []).append(step)
                        if link.subject not in self.individuals:
                            longer.append((link.subject, step))
                ends = longer
        for listed in paths.values():
            listed.sort(key=lambda path: len(path.links))
        return paths | {root: [Path((), ALWAYS, ALWAYS)] for root in question.roots}


def _read_support(affiliations: Any, types: list[str]) -> dict[int, tuple[Days, Days]]:
    """Return the possible and the certain days of support of some types, by edition."""
    rows = SupportEntry.objects.filter(seq__in=affiliations.values("seq"), type__in=types)
    ranges: dict[int, tuple[list[Any], list[Any]]] = {}
    rows = rows.exclude(assessment=Assessment.REJECTED)
    for seq, possible, certain in rows.values_list("seq", "possible", "certain"):
        both = ranges.setdefault(seq, ([], []))
        both[0].append(possible)
        both[1].append(certain)
    return {seq: (make_days(both[0]), make_days(both[1])) for seq, both in ranges.items()}


def make_days(ranges: Iterable[DateRange | None]) -> Days:
    """Return the days of ranges, joined where they touch."""
    bounds = sorted(
        (each.lower or date.min, each.upper or date.max)
        for each in ranges
        if each is not None and not each.isempty
    )
    joined: list[tuple[date, date]] = []
    for lower, upper in bounds:
        if joined and lower <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(upper, joined[-1][1]))
        else:
            joined.append((lower, upper))
    return tuple(joined)


def intersect(days: Days, others: Days) -> Days:
    """Return the days that two have in common."""
    common = ((max(lower, low), min(upper, high)) for lower, upper in days for low, high in others)
    return tuple((lower, upper) for lower, upper in common if lower < upper)


def choose(paths: list[Path], match: Match) -> tuple[Path, bool] | None:
    """Return the path by which an actor counts, and whether it counts for certain.

    It is a path that is certain on the days of the result, if there is one, and the shortest of
    these.
    """
    possible = next((path for path in paths if _may_count(path.possible, match)), None)
    certain = next((path for path in paths if _counts(path.certain, match)), None)
    if path := certain or possible:
        return path, certain is not None
    return None


def _may_count(days: Days, match: Match) -> bool:
    """Return whether an actor may count on one of the days of a result."""
    if match.bounds is None:
        return bool(days)
    first, last = match.bounds
    return any(
        lower <= last
        and first < upper
        and not any(_is_within(lower, upper, gap) for gap in match.gaps)
        for lower, upper in days
    )


def _is_within(lower: date, upper: date, gap: DateRange) -> bool:
    return bool(gap.lower <= lower and upper <= gap.upper)


def _counts(days: Days, match: Match) -> bool:
    """Return whether an actor certainly counts on the days of a result."""
    if not match.on_each_day or match.bounds is None:
        return _may_count(days, match)
    first, last = match.bounds
    return days == ALWAYS or (
        match.certain_days and any(lower <= first and last < upper for lower, upper in days)
    )


def describe(
    matches: Iterable[Match], paths: dict[Key, dict[UUID, list[Path]]], seq: int
) -> dict[int, list[dict[str, Any]]]:
    """Return the explanations of results, by edition."""
    explained: list[tuple[Match, Path, bool]] = []
    for match in dict.fromkeys(matches):
        if chosen := choose(paths[match.key].get(match.actor, []), match):
            explained.append((match, *chosen))
    order = list(paths)
    explained.sort(key=lambda row: (order.index(row[0].key), len(row[1].links), row[0].actor))
    named = {match.actor for match, *_ in explained}
    named |= {end for _, path, _ in explained for link in path.links for end in link[2:]}
    references = read_references(named, seq)
    answers: dict[int, list[dict[str, Any]]] = {}
    for match, path, certain in explained:
        answers.setdefault(match.seq, []).append(
            {
                "parameter": match.key[0],
                "actor": references[match.actor],
                "is_certain": certain,
                "path": [
                    {
                        "affiliation": str(link.id),
                        "kind": link.kind,
                        "subject": references[link.subject],
                        "object": references[link.object],
                    }
                    for link in path.links
                ],
                "possible": list(write_days(path.possible)),
                "certain": list(write_days(path.certain)),
            }
        )
    return answers


def write_days(days: Days) -> Iterator[dict[str, str | None]]:
    """Yield periods as answers give them: both ends included, and null where there is none."""
    for lower, upper in days:
        yield {
            "first": None if lower == date.min else lower.isoformat(),
            "last": None
            if upper == date.max
            else date.fromordinal(upper.toordinal() - 1).isoformat(),
        }


def read_references(actors: Iterable[UUID], seq: int) -> dict[UUID, Any]:
    """Return the references of actors, in one query."""
    entries = ActorEntry.objects.at(seq).filter(record__in=list(actors)).values("seq")
    references = Edition.objects.read_references(entries).values()
    return {UUID(reference["id"]): reference for reference in references}
