"""Matching UCDP's actors to the actors here, by UCDP's actor id.

Names are no keys: UCDP renames its actors, and some sides are several actors at once. An actor
that is not here is created; one that is here under UCDP's id stays as editors have it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pycountry

from actors.codes import ActorKind, Identified
from actors.models import Actor, ActorCitation, ActorExternalId
from exchange.gazetteer import Gazetteer
from exchange.ucdp.countries import iso
from sources.codes import LocatorKind, Match, Scheme
from sources.models import Source

UNIDENTIFIED = re.compile(r"XXX(\d{1,9})", re.ASCII)
"""How UCDP writes an actor that it could not identify, with the number of the country."""
GOVERNMENT = "Government of "
_CIVILIANS = "Civilians"


@dataclass(frozen=True, slots=True)
class UcdpActor:
    """An actor as a row of UCDP names it."""

    key: str
    """UCDP's actor id."""
    name: str
    country: int | None = None
    """The Gleditsch-Ward number, for a government."""


def find_actors(keys: Iterable[str]) -> dict[str, Actor]:
    """Return the actors that are here under UCDP's ids, by id."""
    ids = ActorExternalId.objects.filter(
        scheme=Scheme.UCDP_ACTOR, match=Match.EXACT, value__in=list(keys)
    )
    return {row.value: row.actor for row in ids.select_related("actor")}


def pair_names(
    named: Iterable[UcdpActor], actors: Mapping[str, Actor]
) -> Iterator[tuple[Actor, str]]:
    """Yield those of some actors that are here, each with its name in the row."""
    yield from ((actors[other.key], other.name) for other in named if other.key in actors)


def create_actor(
    named: UcdpActor, source: Source, gazetteer: Gazetteer, kind: ActorKind | None = None
) -> Actor:
    """Create an actor that cites the release; without a kind its name decides that."""
    guessed, identified = _guess_kind(named.name)
    kind = kind or guessed
    code = iso(named.country) if kind == ActorKind.STATE else ""
    actor = Actor.objects.create(
        name=name_of(named.name),
        kind=kind,
        identified=identified,
        country=gazetteer.country(code),
    )
    ActorExternalId.objects.create(actor=actor, scheme=Scheme.UCDP_ACTOR, value=named.key)
    ActorCitation.objects.create(
        actor=actor, source=source, locator_kind=LocatorKind.UNKNOWN, locator=f"actor {named.key}"
    )
    return actor


def name_of(name: str) -> str:
    """Return the name of an actor: as UCDP writes it, except its code for the unidentified."""
    match = UNIDENTIFIED.fullmatch(name)
    if not match:
        return shorten(name, 300)
    country = pycountry.countries.get(alpha_2=iso(int(match[1])))
    if country is None:
        return f"Unidentified actor in country {match[1]} of Gleditsch and Ward"
    return f"Unidentified actor in {getattr(country, 'common_name', country.name)}"


def shorten(text: str, length: int) -> str:
    """Return a text of at most `length` characters, cut where it was longer."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip(' ,')}…"


def _guess_kind(name: str) -> tuple[ActorKind, Identified]:
    """Return what kind of actor a name of UCDP suggests.

    A government that fights is the state itself, which outlives its governments under one id. A
    list of names is an alliance of the moment. Any other name is that of an organised group.
    """
    if UNIDENTIFIED.fullmatch(name):
        return ActorKind.COLLECTIVE, Identified.UNKNOWN
    if name == _CIVILIANS:
        return ActorKind.POPULATION_GROUP, Identified.IDENTIFIED
    if ", " in name:
        return ActorKind.COALITION, Identified.IDENTIFIED
    if name.startswith(GOVERNMENT):
        return ActorKind.STATE, Identified.IDENTIFIED
    return ActorKind.ARMED_ORGANISATION, Identified.IDENTIFIED
