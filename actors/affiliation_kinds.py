"""Groups of affiliation kinds, and the kinds of actor that each affiliation kind may join."""

from typing import Any

from django.db.models import Q, QuerySet

from actors.codes import ActorKind, AffiliationKind

SYMMETRIC = (
    AffiliationKind.ALLIED_WITH,
    AffiliationKind.COOPERATES_WITH,
    AffiliationKind.RIVAL_OF,
    AffiliationKind.IN_CONFLICT_WITH,
    AffiliationKind.CEASEFIRE_WITH,
    AffiliationKind.POSSIBLY_SAME_AS,
)
"""Kinds that mean the same in both directions, so each affiliation is stored once."""

HIERARCHICAL = (
    AffiliationKind.SUBORDINATE_OF,
    AffiliationKind.ADMINISTRATIVELY_UNDER,
    AffiliationKind.MEMBER_OF,
    AffiliationKind.WING_OF,
    AffiliationKind.FACADE_OF,
)
"""Kinds that place the subject below the object. No actor may be above itself on any day."""

GENEALOGY = (
    AffiliationKind.SPLINTER_OF,
    AffiliationKind.MERGED_INTO,
    AffiliationKind.SUCCESSOR_OF,
)
"""Kinds that happen once: they have a start and no end."""

PERSONAL = (
    AffiliationKind.FOUNDER_OF,
    AffiliationKind.LEADER_OF,
    AffiliationKind.DEPUTY_LEADER_OF,
    AffiliationKind.COMMANDER_OF,
    AffiliationKind.SPOKESPERSON_OF,
    AffiliationKind.ADVISER_OF,
)
"""Kinds whose subject is always an individual."""

TITLED = (*PERSONAL, AffiliationKind.MEMBER_OF)
"""Kinds in which an individual may have a title and a rank."""

_K = ActorKind
Kinds = frozenset[ActorKind]

_ANY: Kinds = frozenset(ActorKind)
_PERSON: Kinds = frozenset({_K.INDIVIDUAL})
_GROUP: Kinds = _ANY - _PERSON
_ORGANISATION: Kinds = _GROUP - {_K.POPULATION_GROUP}
_NOT_STATE: Kinds = _ORGANISATION - {_K.STATE}
_NON_STATE_ACTOR: Kinds = _NOT_STATE - {_K.GOVERNMENT_BODY, _K.INTERNATIONAL_ORGANISATION}

_A = AffiliationKind

ALLOWED_PAIRS: dict[str, tuple[tuple[Kinds, Kinds], ...]] = {
    _A.SUBORDINATE_OF: ((_NOT_STATE, _ORGANISATION),),
    _A.ADMINISTRATIVELY_UNDER: ((_NOT_STATE, _ORGANISATION),),
    _A.MEMBER_OF: ((_ANY, _GROUP - {_K.STATE}),),
    _A.WING_OF: ((_NOT_STATE - {_K.INTERNATIONAL_ORGANISATION}, _NOT_STATE),),
    _A.FACADE_OF: ((_NON_STATE_ACTOR, _ORGANISATION),),
    _A.AFFILIATE_OF: ((_NOT_STATE, _ORGANISATION),),
    _A.SPONSORED_BY: ((_ANY, _ANY),),
    _A.RECOGNISED_BY: (
        (
            _ORGANISATION,
            frozenset({_K.STATE, _K.GOVERNMENT_BODY, _K.COALITION, _K.INTERNATIONAL_ORGANISATION}),
        ),
    ),
    _A.SPLINTER_OF: ((_NOT_STATE, _ORGANISATION),),
    _A.MERGED_INTO: ((_ORGANISATION, _ORGANISATION),),
    _A.SUCCESSOR_OF: ((_ORGANISATION, _ORGANISATION),),
    _A.ALIGNED_WITH: ((_ANY, _ANY),),
    _A.ALLIED_WITH: ((_ANY, _ANY),),
    _A.COOPERATES_WITH: ((_ANY, _ANY),),
    _A.RIVAL_OF: ((_ANY, _ANY),),
    _A.IN_CONFLICT_WITH: ((_GROUP, _GROUP),),
    _A.CEASEFIRE_WITH: ((_GROUP, _GROUP),),
    _A.POSSIBLY_SAME_AS: ((_PERSON, _PERSON), (_GROUP, _GROUP)),
    _A.FOUNDER_OF: ((_PERSON, _GROUP),),
    _A.LEADER_OF: ((_PERSON, _GROUP),),
    _A.DEPUTY_LEADER_OF: ((_PERSON, _GROUP),),
    _A.COMMANDER_OF: ((_PERSON, _ORGANISATION),),
    _A.SPOKESPERSON_OF: ((_PERSON, _GROUP),),
    _A.ADVISER_OF: ((_PERSON, _ANY),),
}
"""For each affiliation kind, pairs of allowed subjects and allowed objects."""


def explain_mismatch(subject: str, kind: str, object_: str) -> str | None:
    """Return why an affiliation of a kind cannot join two kinds of actor; None if it can."""
    pairs = ALLOWED_PAIRS[kind]
    if any(subject in subjects and object_ in objects for subjects, objects in pairs):
        return None
    allowed = "; or ".join(
        f"{_describe_kinds(subjects)} to {_describe_kinds(objects)}" for subjects, objects in pairs
    )
    return (
        f"“{AffiliationKind(kind).label}” does not join {ActorKind(subject).label} to "
        f"{ActorKind(object_).label}. It joins {allowed}: correct the kind of the affiliation, or "
        "the kind of the actor."
    )


def filter_mismatched(affiliations: QuerySet[Any]) -> QuerySet[Any]:
    """Return the working affiliations that `explain_mismatch` has a reason against."""
    allowed = Q()
    for kind, pairs in ALLOWED_PAIRS.items():
        for subjects, objects in pairs:
            allowed |= Q(kind=kind, subject__kind__in=subjects, object__kind__in=objects)
    return affiliations.exclude(allowed)


def _describe_kinds(kinds: Kinds) -> str:
    """Return kinds of actor in words: those in the set, or those missing if they are few."""
    missing = _ANY - kinds
    if not missing:
        return "any actor"
    if len(missing) <= 4:
        return f"any actor but {_list_labels(missing)}"
    return _list_labels(kinds)


def _list_labels(kinds: Kinds) -> str:
    return ", ".join(kind.label for kind in ActorKind if kind in kinds)
