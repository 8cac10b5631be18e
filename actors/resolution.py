"""Name resolution: which published actors a name in any script may mean, and why.

Indexes find names that are equal in some reading, or alike by trigrams; a bounded number of them
is then scored here. Similar is not equal: an answer ranks, and lets people choose.
"""

from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Abs, Length
from rapidfuzz.distance import Levenshtein

from actors.codes import MatchReason, NameKind
from actors.entries import ActorNameEntry
from publishing.normalization import extract_initials, fold_text, reduce_word, split_words

CANDIDATES = 150
"""How many names are scored, at the most."""
_SHORT = 3
"""Below so many letters, trigrams say nothing and a slip of the pen is another word."""
_ALIKE = 0.7
"""Words that are less alike than this are different words."""
_WEAK = 0.95
_KINDS = frozenset(
    # What a group calls itself in one source and not in another, and what people are called by.
    "army battalion battalions brigade brigades company companies corps division force forces "  # noqa: SIM905
    "fraction front group groups guard guards militia militias movement network organisation "
    "organization party regiment unit units "
    "faylaq harakah harakat haraka jabhat jaish jaysh kataeb kataib lashkar liwa munazzamat quwat "
    "saraya tanzim "
    "ayatollah commander dr emir gen general haj hajj hajji leader mullah sayed sayyed sayyid "
    "shaykh sheikh".split()
)
"""Words that say of what kind something is: that a name lacks one says little against it."""
_KIND_WEIGHT = 0.15
_ACRONYM = 5
"""A name in capitals of so many letters at the most is spelt: it has no consonants to be heard."""


class Read(NamedTuple):
    """A name in all the readings that names are compared by."""

    text: str
    key: str
    joined: str
    skeleton: str
    initials: str
    words: list[tuple[str, str]]
    """Each word without its article, and its consonants."""

    @classmethod
    def of(cls, text: str) -> "Read":
        """Read a name."""
        return cls.folded(text, fold_text(text))

    @classmethod
    def folded(cls, text: str, key: str) -> "Read":
        """Read a name that is folded already."""
        spelt = text.isupper() and len(key) <= _ACRONYM
        parts = [(word, "" if spelt else reduce_word(word)) for word in split_words(key)]
        bones = "".join(bone for _, bone in parts)
        return cls(text, key, key.replace(" ", ""), bones, extract_initials(key), parts)


class Match(NamedTuple):
    """The name of an actor that is most like the one that was asked for."""

    name: ActorNameEntry
    score: float
    reason: MatchReason


def candidates(names: QuerySet, asked: Read) -> QuerySet:
    """Return the names that `asked` may mean, found by indexes alone: equal ones first.

    Of those that are merely alike, the ones of about its length are kept.
    """
    equal = Q(key=asked.key)
    if len(asked.skeleton) > 1:
        equal |= Q(skeleton=asked.skeleton)
    if asked.key == asked.joined:
        equal |= Q(initials=asked.key)
    alike = equal
    named = _named(asked)
    if len(named.joined) >= _SHORT:
        alike |= Q(key__trigram_word_similar=named.key)
    for some in {*_telling(asked), *_telling(named)}:
        alike |= Q(bones__contains=list(some))
    return names.filter(alike).order_by(
        Case(When(equal, Value(0)), default=Value(1)),
        Abs(Length("key") - Value(len(asked.key))),
        F("key"),
        F("text"),
        F("record"),
    )[:CANDIDATES]


def _named(asked: Read) -> Read:
    """Return what is asked for without words that say of what kind it is, if others are left."""
    left = [word for word, _ in asked.words if word not in _KINDS]
    if not left or len(left) == len(asked.words):
        return asked
    key = " ".join(left)
    return Read.folded(key, key)


def _telling(asked: Read) -> Iterable[tuple[str, ...]]:
    """Yield what the words of a name must have in common with `asked`: two of its longest."""
    bones = {bone for _, bone in asked.words if len(bone) > 1}
    longest = sorted(bones, key=lambda bone: (-len(bone), bone))[:3]
    return combinations(longest, min(2, len(longest))) if longest else ()


def resolve(names: QuerySet, text: str, least: float) -> list[Match]:
    """Return for each actor its likeliest name, the likeliest actor first.

    Raises ValueError where `text` has neither letters nor digits.
    """
    asked = Read.of(text)
    if not asked.key:
        raise ValueError("There is neither a letter nor a digit in it.")
    found: dict[UUID, Match] = {}
    for match in _scored(asked, candidates(names, asked)):
        best = found.get(match.name.record)
        if match.score >= least and (best is None or match.score > best.score):
            found[match.name.record] = match
    return sorted(found.values(), key=lambda match: (-match.score, str(match.name.record)))


def _scored(asked: Read, names: Iterable[ActorNameEntry]) -> Iterable[Match]:
    for name in names:
        score, reason = likeness(asked, Read.folded(name.text, name.key))
        weight = _WEAK if name.kind == NameKind.WEAK_ALIAS else 1
        yield Match(name, round(score * weight, 3), reason)


def likeness(asked: Read, name: Read) -> tuple[float, MatchReason]:
    """Return how likely `asked` means `name`, from 0 to 1, and in which reading."""
    if asked.text == name.text:
        return 1, MatchReason.EXACT
    if asked.key == name.key:
        return 0.99, MatchReason.FOLDED
    found = [(0.9 * _ratio(asked.joined, name.joined), MatchReason.SPELLING)]
    if asked.joined == name.joined:
        found.append((0.98, MatchReason.SPACING))
    if sorted(asked.words) == sorted(name.words):
        same = [word for word, _ in asked.words] == [word for word, _ in name.words]
        found.append((0.97, MatchReason.ARTICLE if same else MatchReason.WORD_ORDER))
    if asked.key == asked.joined and len(asked.key) > 1 and asked.key == name.initials:
        found.append((0.9, MatchReason.INITIALS))
    if len(asked.skeleton) > 1 and asked.skeleton == name.skeleton:
        score = _sounding(asked.skeleton, asked.key, name.key)
        found.append((score, MatchReason.CONSONANTS))
    found.append((_by_words(asked, name), MatchReason.WORDS))
    return max(found)


def _by_words(asked: Read, name: Read) -> float:
    """Compare word by word, each with the one most like it; longer words weigh more.

    What is asked for must be in the name; that the name says more weighs less.
    """
    pairs = sorted(
        (
            (alike, i, j)
            for i, one in enumerate(asked.words)
            for j, other in enumerate(name.words)
            if (alike := _word(one, other)) >= _ALIKE
        ),
        reverse=True,
    )
    ours, theirs = set[int](), set[int]()
    told = covered = 0.0
    for alike, i, j in pairs:
        if i not in ours and j not in theirs:
            ours.add(i)
            theirs.add(j)
            told += alike * len(asked.words[i][0])
            covered += alike * len(name.words[j][0])
    if not told:
        return 0
    told /= sum(
        len(word) * (_KIND_WEIGHT if word in _KINDS and i not in ours else 1)
        for i, (word, _) in enumerate(asked.words)
    )
    covered /= sum(len(word) for word, _ in name.words)
    return 0.95 * told**1.5 * (0.72 + 0.28 * covered)


def _word(one: tuple[str, str], other: tuple[str, str]) -> float:
    (word, bones), (written, heard) = one, other
    if word == written:
        return 1
    alike = 0.98 * _ratio(word, written) if min(len(word), len(written)) >= _SHORT else 0
    if bones and bones == heard:
        return max(alike, _sounding(bones, word, written))
    if len(word) >= _SHORT and written.startswith(word):
        return max(alike, 0.85)
    return alike


def _sounding(bones: str, one: str, other: str) -> float:
    """Return how alike two texts of the same consonants are: few consonants say little."""
    return 0.58 + 0.065 * min(len(bones), 4) + 0.14 * _ratio(one, other)


_ratio = Levenshtein.normalized_similarity
