"""Matching UCDP's actors to the actors here, by UCDP's actor id.

Names are no keys: UCDP renames its actors. An actor that is not here is created; one that is here
under UCDP's id stays as editors have it.

A side may be a coalition, whose name lists its members. UCDP does not state their ids there, so
they are matched by name: to an actor that has an id of UCDP, or else to one that an import created
for such a name. The latter gets the id as soon as a row states one with its name.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from actors.codes import ActorKind, Identified
from actors.models import Actor, ActorCitation, ActorExternalId
from exchange.gazetteer import Gazetteer
from exchange.ucdp.countries import iso
from publishing.countries import find_country, find_country_by_name
from publishing.normalization import clean_line
from sources.codes import LocatorKind, Match, Scheme
from sources.models import Source

UNIDENTIFIED = re.compile(r"XXX(\d{1,9})", re.ASCII)
"""How UCDP writes an actor that it could not identify, with the number of the country."""
GOVERNMENT = "Government of "
_CIVILIANS = "Civilians"
_IDS = ActorExternalId.objects.filter(scheme=Scheme.UCDP_ACTOR, match=Match.EXACT)
_MEMBER = "member "
_BY_NAME = "member of a coalition"
"""The locator in the release that an actor cites which was created by its name alone."""
_BETWEEN_MEMBERS = re.compile(r",\s+(?![^(]*\))")
_ENUMERATION = re.compile(r"\band\b|&")
"""What the last part of a name has that enumerates within one name: X, Y and Z."""


@dataclass(frozen=True, slots=True)
class UcdpActor:
    """An actor as a row of UCDP names it."""

    key: str
    """UCDP's actor id; or for a member of a coalition, its name behind `member `."""
    name: str
    country: int | None = None
    """The Gleditsch-Ward number, for a government."""


def find_actors(keys: Iterable[str]) -> dict[str, Actor]:
    """Return the actors that are here, by the keys under which rows name them."""
    keys = list(keys)
    ids = _IDS.filter(value__in=keys).select_related("actor")
    names = {key.removeprefix(_MEMBER) for key in keys if key.startswith(_MEMBER)}
    members = {f"{_MEMBER}{name}": actor for name, actor in _find_members(names)}
    return {row.value: row.actor for row in ids} | members


def _find_members(names: Collection[str]) -> Iterator[tuple[str, Actor]]:
    """Yield each name with the only actor that has it and an id of UCDP, or was created for it."""
    if not names:
        return
    has_id = Exists(_IDS.filter(actor=OuterRef("pk")))
    candidates = (
        Actor.objects.filter(Q(name__in=names) | Q(names__text__in=names))
        .annotate(has_id=has_id)
        .prefetch_related("names")
        .distinct()
    )
    numbered = [actor for actor in candidates if actor.has_id]
    created = list(_filter_created(candidates.filter(has_id=False)))
    for name in names:
        for matches in (
            [actor for actor in numbered if actor.name == name],
            [actor for actor in numbered if name in {other.text for other in actor.names.all()}],
            [actor for actor in created if actor.name == name],
        ):
            if len(matches) == 1:
                yield name, matches[0]
                break


def _filter_created(actors: QuerySet[Actor]) -> QuerySet[Actor]:
    """Return the actors that an import created for a member of a coalition."""
    citations = ActorCitation.objects.filter(locator=_BY_NAME)
    return actors.filter(Exists(citations.filter(actor=OuterRef("pk"))))


def number_members(named: Iterable[UcdpActor]) -> dict[str, Actor]:
    """Give UCDP's ids to the actors that were created by name; return them by id."""
    keys = {other.name: other.key for other in named}
    unnumbered = Actor.objects.exclude(Exists(_IDS.filter(actor=OuterRef("pk"))))
    actors = {
        keys[actor.name]: actor for actor in _filter_created(unnumbered.filter(name__in=keys))
    }
    for key, actor in actors.items():
        ActorExternalId.objects.create(actor=actor, scheme=Scheme.UCDP_ACTOR, value=key)
    return actors


def list_members(side: UcdpActor) -> tuple[UcdpActor, ...]:
    """Return the members that the name of a coalition lists; none for the name of one actor."""
    names = [clean_line(part) for part in _BETWEEN_MEMBERS.split(side.name)]
    if len(names) < 2 or not all(names) or _ENUMERATION.search(names[-1]):
        return ()
    return tuple(UcdpActor(f"{_MEMBER}{name}", name) for name in dict.fromkeys(names))


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
    code = (iso(named.country) or find_code(named.name)) if kind == ActorKind.STATE else ""
    actor = Actor.objects.create(
        name=name_of(named.name),
        kind=kind,
        identified=identified,
        country=gazetteer.country(code),
    )
    locator = _BY_NAME if named.key.startswith(_MEMBER) else f"actor {named.key}"
    if locator != _BY_NAME:
        ActorExternalId.objects.create(actor=actor, scheme=Scheme.UCDP_ACTOR, value=named.key)
    ActorCitation.objects.create(
        actor=actor, source=source, locator_kind=LocatorKind.UNKNOWN, locator=locator
    )
    return actor


def find_code(government: str) -> str:
    """Return the code of the country that a government is of, by its name; blank if unknown."""
    country = find_country_by_name(government.removeprefix(GOVERNMENT))
    return country.alpha_2 if country else ""


def name_of(name: str) -> str:
    """Return the name of an actor: as UCDP writes it, except its code for the unidentified."""
    match = UNIDENTIFIED.fullmatch(name)
    if not match:
        return shorten(name, 300)
    country = find_country(iso(int(match[1])))
    if country is None:
        return f"Unidentified actor in country {match[1]} of Gleditsch and Ward"
    return f"Unidentified actor in {country.short_name}"


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
    if list_members(UcdpActor("", name)):
        return ActorKind.COALITION, Identified.IDENTIFIED
    if name.startswith(GOVERNMENT):
        return ActorKind.STATE, Identified.IDENTIFIED
    return ActorKind.ARMED_ORGANISATION, Identified.IDENTIFIED
