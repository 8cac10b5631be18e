"""Who does it: states, umbrellas, groups busy and rare, and the ties between them."""

from collections.abc import Iterator
from itertools import accumulate
from random import Random
from typing import Any

from actors.codes import ActorKind, AffiliationKind, ClassificationWord, Closeness, NameKind
from actors.models import Actor, Affiliation
from actors.scripts import script
from actors.serializers.parts import ActorClassificationSerializer, ActorNameSerializer
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
"""How many members an umbrella has."""
_K, _A, _C = ActorKind, AffiliationKind, ClassificationWord
_RARE = 0.9
"""How steeply the number of incidents falls from the busiest group to the rarest."""


class SyntheticActors:
    """All actors, so many of them, and their ties."""

    def __init__(self, seed: int, number: int, ground: SyntheticPlaces) -> None:
        self.seed, self.ground, self.made = seed, ground, 0
        self.source = ground.source
        self.states = [
            self._actor(_K.STATE, _C.STATE_MILITARY, country=country.quote)
            for country in ground.countries.values()
        ]
        self.umbrellas = [self._actor(_K.COALITION) for _ in range(max(2, number // 300))]
        self.groups = [self._group() for _ in range(number * 7 // 10)]
        """The busiest come first: the first umbrella holds the first sixty."""
        self.units = [self._actor(_K.UNIT) for _ in range(number // 10)]
        self.facades = [self._group(_C.FACADE_GROUP) for _ in range(number // 30)]
        self.people = [self._actor(_K.INDIVIDUAL) for _ in range(number // 10)]
        self.ties = list(self._ties())
        self.weights = list(accumulate(1 / (n + 1) ** _RARE for n in range(len(self.groups))))

    def __iter__(self) -> Iterator[SyntheticRecord]:
        for some in (self.states, self.umbrellas, self.groups, self.units, self.facades):
            yield from some
        yield from self.people
        yield from self.ties

    def one(self, luck: Random) -> SyntheticRecord:
        """Return a group: a busy one more often than a rare one."""
        return luck.choices(self.groups, cum_weights=self.weights)[0]

    def _group(self, classification: ClassificationWord = _C.REBEL_GROUP) -> SyntheticRecord:
        return self._actor(_K.ARMED_ORGANISATION, classification)

    def _actor(
        self, kind: ActorKind, classification: ClassificationWord | None = None, **values: Any
    ) -> SyntheticRecord:
        number, self.made = self.made, self.made + 1
        luck = make_random(self.seed, "actor", number)
        name, start = names.name_group(luck, number), f"{luck.randint(1985, 2012)}"
        cite = make_citations(self.source)
        return make_record(
            Actor,
            make_public_id(self.seed, "actor", number),
            slug=f"synthetic-{number}",
            name=f"{name.english} {SUFFIX}",
            kind=kind.value,
            identified="identified",
            names=[self._name(text, language) for language, text in name.others.items()],
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

    def _name(self, text: str, language: str) -> Json:
        return make_row(
            ActorNameSerializer,
            text=f"{text} {SUFFIX}",
            kind=NameKind.COMMON.value,
            language=language,
            script=script(text),
            preferred=True,
            validity=make_validity(),
            citations=make_citations(self.source),
        )

    def _ties(self) -> Iterator[SyntheticRecord]:
        groups = self.groups
        for number, umbrella in enumerate(self.umbrellas):
            for place, group in enumerate(groups[number * MEMBERS : (number + 1) * MEMBERS]):
                start = 2013 + place % 6
                if place % 4 == 3:  # it left, and came back
                    yield self._tie(group, _A.MEMBER_OF, umbrella, f"{start}", f"{start + 2}-06")
                    start += 4
                end = "2022-03" if place % 7 == 6 else ""
                yield self._tie(group, _A.MEMBER_OF, umbrella, f"{start}", end)
        for number, unit in enumerate(self.units):
            yield self._tie(unit, _A.SUBORDINATE_OF, groups[number % len(groups)], "2014")
        for number, facade in enumerate(self.facades):
            yield self._tie(facade, _A.FACADE_OF, groups[number % len(groups)], "2019-03")
        for number, person in enumerate(self.people):
            yield self._tie(person, _A.LEADER_OF, groups[number], f"{2000 + number % 20}")
        for number, group in enumerate(groups[: len(groups) // 2]):
            state = self.states[number % len(self.states)]
            yield self._tie(group, _A.SPONSORED_BY, state, f"{2005 + number % 15}")

    def _tie(
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
            subject=subject.quote,
            kind=kind.value,
            object=of.quote,
            validity=make_validity(start, end, ongoing=not end),
            closeness=Closeness.CLOSE.value,
            note="Synthetic data: there is no such tie.",
            **_ACCEPTED,
            citations=make_citations(self.source),
        )


_ACCEPTED = {"assessment": Assessment.ACCEPTED.value, "confidence": Confidence.MEDIUM.value}
_PERSON = {"life_status": "unknown", "gender": "unknown", "birth": None, "death": None}
