"""Synthetic actors: states, umbrellas, frequent and rare groups, and their affiliations."""

from collections.abc import Iterator
from itertools import accumulate
from operator import itemgetter
from random import Random
from typing import Any

from actors.codes import ActorKind, AffiliationKind, ClassificationWord, Closeness, NameKind
from actors.models import Actor, Affiliation
from actors.scripts import detect_script
from actors.serializers.classifications import ActorClassificationSerializer
from actors.serializers.names import ActorNameSerializer
from exchange.synthetic import names
from exchange.synthetic.documents import (
    SUFFIX,
    Json,
    SyntheticRecord,
    make_citations,
    make_public_id,
    make_random,
    make_record,
    make_row,
    make_validity,
)
from exchange.synthetic.places import SyntheticPlaces
from sources.codes import Assessment, Confidence

MEMBERS = 60
"""The members of an umbrella organisation."""
_K, _A, _C = ActorKind, AffiliationKind, ClassificationWord
_RARE = 0.9
"""How steeply the incidents per group fall from the most frequent group to the rarest."""


class SyntheticActors:
    """All actors, about `number` of them, and their affiliations."""

    def __init__(self, seed: int, number: int, places: SyntheticPlaces) -> None:
        self.seed, self.places, self.made = seed, places, 0
        self.source = places.source
        self.states = [
            self._make_actor(_K.STATE, _C.STATE_MILITARY, country=country.reference)
            for country in places.countries.values()
        ]
        self.umbrellas = [self._make_actor(_K.COALITION) for _ in range(max(2, number // 300))]
        self.groups = [self._make_group() for _ in range(number * 7 // 10)]
        """The most frequent come first; the first umbrella has the first sixty."""
        self.units = [self._make_actor(_K.UNIT) for _ in range(number // 10)]
        self.facades = [self._make_group(_C.FACADE_GROUP) for _ in range(number // 30)]
        self.people = [self._make_actor(_K.INDIVIDUAL) for _ in range(number // 10)]
        self.affiliations = list(self._make_affiliations())
        self.weights = list(accumulate(1 / (n + 1) ** _RARE for n in range(len(self.groups))))

    def __iter__(self) -> Iterator[SyntheticRecord]:
        for actors in (self.states, self.umbrellas, self.groups, self.units, self.facades):
            yield from actors
        yield from self.people
        yield from self.affiliations

    def draw_group(self, random: Random) -> SyntheticRecord:
        """Return a group; a frequent one is drawn more often than a rare one."""
        return random.choices(self.groups, cum_weights=self.weights)[0]

    def _make_group(self, classification: ClassificationWord = _C.REBEL_GROUP) -> SyntheticRecord:
        return self._make_actor(_K.ARMED_ORGANISATION, classification)

    def _make_actor(
        self, kind: ActorKind, classification: ClassificationWord | None = None, **values: Any
    ) -> SyntheticRecord:
        number, self.made = self.made, self.made + 1
        random = make_random(self.seed, "actor", number)
        name, start = names.name_group(random, number), f"{random.randint(1985, 2012)}"
        cite = make_citations(self.source)
        return make_record(
            Actor,
            make_public_id(self.seed, "actor", number),
            slug=f"synthetic-{number}",
            name=f"{name.english} {SUFFIX}",
            kind=kind.value,
            identified="identified",
            names=[
                self._make_name(text, language)
                for language, text in sorted(name.others.items(), key=itemgetter(1))
            ],
            existence=make_validity(start, ongoing=True),
            individual=_PERSON if kind == _K.INDIVIDUAL else None,
            summary="Synthetic data: there is no such actor.",
            classifications=[
                make_row(
                    ActorClassificationSerializer,
                    classification=classification.value,
                    primary=True,
                    validity=make_validity(start, ongoing=True),
                    **_ACCEPTED,
                    citations=cite,
                )
            ]
            if classification
            else [],
            citations=cite,
            **values,
        )

    def _make_name(self, text: str, language: str) -> Json:
        text = f"{text} {SUFFIX}"
        return make_row(
            ActorNameSerializer,
            text=text,
            kind=NameKind.COMMON.value,
            language=language,
            script=detect_script(text),
            preferred=True,
            validity=make_validity(),
            citations=make_citations(self.source),
        )

    def _make_affiliations(self) -> Iterator[SyntheticRecord]:
        groups = self.groups
        for number, umbrella in enumerate(self.umbrellas):
            for place, group in enumerate(groups[number * MEMBERS : (number + 1) * MEMBERS]):
                start = 2013 + place % 6
                if place % 4 == 3:  # it left, and came back
                    yield self._affiliate(
                        group, _A.MEMBER_OF, umbrella, f"{start}", f"{start + 2}-06"
                    )
                    start += 4
                end = "2022-03" if place % 7 == 6 else ""
                yield self._affiliate(group, _A.MEMBER_OF, umbrella, f"{start}", end)
        for number, unit in enumerate(self.units):
            yield self._affiliate(unit, _A.SUBORDINATE_OF, groups[number % len(groups)], "2014")
        for number, facade in enumerate(self.facades):
            yield self._affiliate(facade, _A.FACADE_OF, groups[number % len(groups)], "2019-03")
        for number, person in enumerate(self.people):
            yield self._affiliate(person, _A.LEADER_OF, groups[number], f"{2000 + number % 20}")
        for number, group in enumerate(groups[: len(groups) // 2]):
            state = self.states[number % len(self.states)]
            yield self._affiliate(group, _A.SPONSORED_BY, state, f"{2005 + number % 15}")

    def _affiliate(
        self,
        subject: SyntheticRecord,
        kind: AffiliationKind,
        of: SyntheticRecord,
        start: str,
        end: str = "",
    ) -> SyntheticRecord:
        number, self.made = self.made, self.made + 1
        return make_record(
            Affiliation,
            make_public_id(self.seed, "tie", number),
            subject=subject.reference,
            kind=kind.value,
            object=of.reference,
            validity=make_validity(start, end, ongoing=not end),
            closeness=Closeness.CLOSE.value,
            note="Synthetic data: there is no such affiliation.",
            **_ACCEPTED,
            citations=make_citations(self.source),
        )


_ACCEPTED = {"assessment": Assessment.ACCEPTED.value, "confidence": Confidence.MEDIUM.value}
_PERSON = {"life_status": "unknown", "gender": "unknown", "birth": None, "death": None}
