"""Name resolution: the published actors that a name in any script may mean, and why.

Indexes find names that are equal in one of several forms, or similar by trigrams. A limited number
of them is then scored here. Similar is not equal: the result is ranked, and people choose.
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

MAX_CANDIDATES = 150
"""The largest number of names that are scored."""
_MIN_LETTERS = 3
"""With fewer letters, trigrams are useless, and a misspelt word is another word."""
_MIN_WORD_SCORE = 0.7
"""Two words with a lower score are different words."""
_WEAK_ALIAS_WEIGHT = 0.95
_KIND_WORDS = frozenset(
    # Words that one source uses for a group and another does not, and titles of people.
    "army battalion battalions brigade brigades company companies corps division force forces "  # noqa: SIM905
    "fraction front group groups guard guards militia militias movement network organisation "
    "organization party regiment unit units "
    "faylaq harakah harakat haraka jabhat jaish jaysh kataeb kataib lashkar liwa munazzamat quwat "
    "saraya tanzim "
    "ayatollah commander dr emir gen general haj hajj hajji leader mullah sayed sayyed sayyid "
    "shaykh sheikh".split()
)
"""Words for the kind of group or person; a name that lacks one may still be meant."""
_KIND_WEIGHT = 0.15
_MAX_ACRONYM_LETTERS = 5
"""A name in capitals with at most so many letters is an acronym, without consonants to compare."""


class ComparableName(NamedTuple):
    """A name in all the forms in which names are compared."""

    text: str
    key: str
    joined: str
    skeleton: str
    initials: str
    words: list[tuple[str, str]]
    """Each word without its article, with its consonants."""

    @classmethod
    def from_text(cls, text: str) -> "ComparableName":
        """Return a name in its forms."""
        return cls.from_key(text, fold_text(text))

    @classmethod
    def from_key(cls, text: str, key: str) -> "ComparableName":
        """Return a name that is already folded in its forms."""
        acronym = text.isupper() and len(key) <= _MAX_ACRONYM_LETTERS
        parts = [(word, "" if acronym else reduce_word(word)) for word in split_words(key)]
        bones = "".join(bone for _, bone in parts)
        return cls(text, key, key.replace(" ", ""), bones, extract_initials(key), parts)


class NameMatch(NamedTuple):
    """The name of an actor that is most similar to the requested name."""

    name: ActorNameEntry
    score: float
    reason: MatchReason


def find_candidates(names: QuerySet, requested: ComparableName) -> QuerySet:
    """Return the names that `requested` may mean, found by indexes: equal ones first.

    They are ordered by their difference in length, so that the limit leaves out the least similar.
    """
    equal = Q(key=requested.key)
    if len(requested.skeleton) > 1:
        equal |= Q(skeleton=requested.skeleton)
    if requested.key == requested.joined:
        equal |= Q(initials=requested.key)
    similar = equal
    reduced = _remove_kind_words(requested)
    if len(reduced.joined) >= _MIN_LETTERS:
        similar |= Q(key__trigram_word_similar=reduced.key)
    for pair in {*_choose_consonants(requested), *_choose_consonants(reduced)}:
        similar |= Q(bones__contains=list(pair))
    return names.filter(similar).order_by(
        Case(When(equal, Value(0)), default=Value(1)),
        Abs(Length("key") - Value(len(requested.key))),
        F("key"),
        F("text"),
        F("record"),
    )[:MAX_CANDIDATES]


def _remove_kind_words(requested: ComparableName) -> ComparableName:
    """Return the name without words for kinds of group or person, if other words remain."""
    remaining = [word for word, _ in requested.words if word not in _KIND_WORDS]
    if not remaining or len(remaining) == len(requested.words):
        return requested
    key = " ".join(remaining)
    return ComparableName.from_key(key, key)


def _choose_consonants(requested: ComparableName) -> Iterable[tuple[str, ...]]:
    """Return the pairs of long words, by their consonants, of which a name must have one."""
    bones = {bone for _, bone in requested.words if len(bone) > 1}
    longest = sorted(bones, key=lambda bone: (-len(bone), bone))[:3]
    return combinations(longest, min(2, len(longest))) if longest else ()


def resolve(names: QuerySet, text: str, least: float) -> list[NameMatch]:
    """Return the best match of each actor with a score of at least `least`, the best first.

    Of equal ones, those by a main name come first.

    Raises ValueError if `text` has neither letters nor digits.
    """
    requested = ComparableName.from_text(text)
    if not requested.key:
        raise ValueError("The name has neither letters nor digits.")
    matches: dict[UUID, NameMatch] = {}
    for match in _score_names(requested, find_candidates(names, requested)):
        best = matches.get(match.name.record)
        if match.score >= least and (best is None or match.score > best.score):
            matches[match.name.record] = match
    return sorted(
        matches.values(),
        key=lambda match: (-match.score, bool(match.name.kind), str(match.name.record)),
    )


def _score_names(requested: ComparableName, names: Iterable[ActorNameEntry]) -> Iterable[NameMatch]:
    for name in names:
        score, reason = score_name(requested, ComparableName.from_key(name.text, name.key))
        weight = _WEAK_ALIAS_WEIGHT if name.kind == NameKind.WEAK_ALIAS else 1
        yield NameMatch(name, round(score * weight, 3), reason)


def score_name(requested: ComparableName, name: ComparableName) -> tuple[float, MatchReason]:
    """Return how likely `requested` means `name`, from 0 to 1, and the form that matches."""
    if requested.text == name.text:
        return 1, MatchReason.EXACT
    if requested.key == name.key:
        return 0.99, MatchReason.FOLDED
    scores = [(0.9 * _ratio(requested.joined, name.joined), MatchReason.SPELLING)]
    if requested.joined == name.joined:
        scores.append((0.98, MatchReason.SPACING))
    if sorted(requested.words) == sorted(name.words):
        same = [word for word, _ in requested.words] == [word for word, _ in name.words]
        scores.append((0.97, MatchReason.ARTICLE if same else MatchReason.WORD_ORDER))
    if (
        requested.key == requested.joined
        and len(requested.key) > 1
        and requested.key == name.initials
    ):
        scores.append((0.9, MatchReason.INITIALS))
    if len(requested.skeleton) > 1 and requested.skeleton == name.skeleton:
        score = _score_consonants(requested.skeleton, requested.key, name.key)
        scores.append((score, MatchReason.CONSONANTS))
    scores.append((_score_words(requested, name), MatchReason.WORDS))
    return max(scores)


def _score_words(requested: ComparableName, name: ComparableName) -> float:
    """Compare each word with the most similar one; longer words have more weight.

    A requested word that the name lacks costs more than a word of the name that is not requested.
    """
    pairs = sorted(
        (
            (score, i, j)
            for i, ours in enumerate(requested.words)
            for j, theirs in enumerate(name.words)
            if (score := _score_word(ours, theirs)) >= _MIN_WORD_SCORE
        ),
        reverse=True,
    )
    used, covered = set[int](), set[int]()
    used_share = covered_share = 0.0
    for score, i, j in pairs:
        if i not in used and j not in covered:
            used.add(i)
            covered.add(j)
            used_share += score * len(requested.words[i][0])
            covered_share += score * len(name.words[j][0])
    if not used:
        return 0
    used_share /= sum(
        len(word) * (_KIND_WEIGHT if word in _KIND_WORDS and i not in used else 1)
        for i, (word, _) in enumerate(requested.words)
    )
    covered_share /= sum(len(word) for word, _ in name.words)
    return 0.95 * used_share**1.5 * (0.72 + 0.28 * covered_share)


def _score_word(ours: tuple[str, str], theirs: tuple[str, str]) -> float:
    """Return how similar two words are, given with their consonants."""
    (word, bones), (other, other_bones) = ours, theirs
    if word == other:
        return 1
    score = 0.98 * _ratio(word, other) if min(len(word), len(other)) >= _MIN_LETTERS else 0
    if bones and bones == other_bones:
        return max(score, _score_consonants(bones, word, other))
    if len(word) >= _MIN_LETTERS and other.startswith(word):
        return max(score, 0.85)
    return score


def _score_consonants(bones: str, one: str, other: str) -> float:
    """Return how similar two texts with the same consonants are; more consonants score higher."""
    return 0.58 + 0.065 * min(len(bones), 4) + 0.14 * _ratio(one, other)


_ratio = Levenshtein.normalized_similarity
