"""The sides of UCDP's events as actors: one for each of UCDP's ids, whatever name it gives them.

Names are no keys: UCDP renames its actors, and some sides are several at once. What is not there
is made; what is there, under the id that UCDP gives it, stays as the desk has it.
"""

from collections.abc import Iterable, Iterator, Mapping

import pycountry

from actors.codes import ActorKind, Identified
from actors.models import Actor, ActorCitation, ActorExternalId
from exchange.gazetteer import Gazetteer
from exchange.ucdp.countries import iso
from exchange.ucdp.rows import UNIDENTIFIED, Side
from sources.codes import LocatorKind, Match, Scheme
from sources.models import Source

_GOVERNMENT = "Government of "
_CIVILIANS = "Civilians"


def standing(keys: Iterable[str]) -> dict[str, Actor]:
    """Return the actors that are there for UCDP's ids."""
    found = ActorExternalId.objects.filter(
        scheme=Scheme.UCDP_ACTOR, match=Match.EXACT, value__in=list(keys)
    )
    return {row.value: row.actor for row in found.select_related("actor")}


def quoted(sides: Iterable[Side], actors: Mapping[str, Actor]) -> Iterator[tuple[Actor, str]]:
    """Yield the actors of some sides that are there, each with its name in the row."""
    yield from ((actors[side.key], side.name) for side in sides if side.key in actors)


def make(side: Side, source: Source, gazetteer: Gazetteer, known: ActorKind | None = None) -> Actor:
    """Make the actor of a side, cited with the release that names it.

    Where its kind is not known, its name tells it.
    """
    kind, identified = _kind(side.name)
    kind = known or kind
    code = iso(side.country) if kind == ActorKind.STATE else ""
    actor = Actor.objects.create(
        name=name_of(side.name),
        kind=kind,
        identified=identified,
        country=gazetteer.country(code),
    )
    ActorExternalId.objects.create(actor=actor, scheme=Scheme.UCDP_ACTOR, value=side.key)
    ActorCitation.objects.create(
        actor=actor, source=source, locator_kind=LocatorKind.UNKNOWN, locator=f"actor {side.key}"
    )
    return actor


def name_of(name: str) -> str:
    """Return what a side is called: as UCDP writes it, but for its code of the unidentified."""
    found = UNIDENTIFIED.fullmatch(name)
    if not found:
        return shorten(name, 300)
    country = pycountry.countries.get(alpha_2=iso(int(found[1])))
    if country is None:
        return f"Unidentified actor in country {found[1]} of Gleditsch and Ward"
    return f"Unidentified actor in {getattr(country, 'common_name', country.name)}"


def shorten(text: str, length: int) -> str:
    """Return a text of at most `length` characters, cut where it was longer."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip(' ,')}…"


def _kind(name: str) -> tuple[ActorKind, Identified]:
    """Tell what a side is from what UCDP calls it.

    A government that fights is the state itself, which outlives its governments under one id; a
    list of names is an alliance of the moment; any other name is that of an organised group.
    """
    if UNIDENTIFIED.fullmatch(name):
        return ActorKind.COLLECTIVE, Identified.UNKNOWN
    if name == _CIVILIANS:
        return ActorKind.POPULATION_GROUP, Identified.IDENTIFIED
    if ", " in name:
        return ActorKind.COALITION, Identified.IDENTIFIED
    if name.startswith(_GOVERNMENT):
        return ActorKind.STATE, Identified.IDENTIFIED
    return ActorKind.ARMED_ORGANISATION, Identified.IDENTIFIED
