"""What the kinds of affiliation have in them, and which kinds of actor each of them joins."""

from collections.abc import Iterable

from actors.codes import ActorKind, AffiliationKind

SYMMETRIC = (
    AffiliationKind.ALLIED_WITH,
    AffiliationKind.COOPERATES_WITH,
    AffiliationKind.RIVAL_OF,
    AffiliationKind.IN_CONFLICT_WITH,
    AffiliationKind.CEASEFIRE_WITH,
    AffiliationKind.POSSIBLY_SAME_AS,
)
"""Read alike from both ends, so each is stored once."""

HIERARCHICAL = (
    AffiliationKind.SUBORDINATE_OF,
    AffiliationKind.ADMINISTRATIVELY_UNDER,
    AffiliationKind.MEMBER_OF,
    AffiliationKind.WING_OF,
    AffiliationKind.FACADE_OF,
)
"""Nobody stands above itself by these, however they are mixed, on any day."""

GENEALOGY = (
    AffiliationKind.SPLINTER_OF,
    AffiliationKind.MERGED_INTO,
    AffiliationKind.SUCCESSOR_OF,
)
"""They happen once: they have a start and no end."""

PERSONAL = (
    AffiliationKind.FOUNDER_OF,
    AffiliationKind.LEADER_OF,
    AffiliationKind.DEPUTY_LEADER_OF,
    AffiliationKind.COMMANDER_OF,
    AffiliationKind.SPOKESPERSON_OF,
    AffiliationKind.ADVISER_OF,
)
"""Ties of individuals alone."""

TITLED = (*PERSONAL, AffiliationKind.MEMBER_OF)
"""Ties in which an individual may hold a title and a rank."""

_K = ActorKind
Kinds = frozenset[ActorKind]

_ANYBODY: Kinds = frozenset(ActorKind)
_PERSON: Kinds = frozenset({_K.INDIVIDUAL})
_SEVERAL: Kinds = _ANYBODY - _PERSON
_BODIES: Kinds = _SEVERAL - {_K.POPULATION_GROUP}
_NO_STATE: Kinds = _BODIES - {_K.STATE}
_GROUPS: Kinds = _NO_STATE - {_K.GOVERNMENT_BODY, _K.INTERNATIONAL_ORGANISATION}

_A = AffiliationKind

ALLOWED_PAIRS: dict[str, tuple[tuple[Kinds, Kinds], ...]] = {
    _A.SUBORDINATE_OF: ((_NO_STATE, _BODIES),),
    _A.ADMINISTRATIVELY_UNDER: ((_NO_STATE, _BODIES),),
    _A.MEMBER_OF: ((_ANYBODY, _SEVERAL - {_K.STATE}),),
    _A.WING_OF: ((_NO_STATE - {_K.INTERNATIONAL_ORGANISATION}, _NO_STATE),),
    _A.FACADE_OF: ((_GROUPS, _BODIES),),
    _A.AFFILIATE_OF: ((_NO_STATE, _BODIES),),
    _A.SPONSORED_BY: ((_ANYBODY, _ANYBODY),),
    _A.RECOGNISED_BY: (
        (
            _BODIES,
            frozenset({_K.STATE, _K.GOVERNMENT_BODY, _K.COALITION, _K.INTERNATIONAL_ORGANISATION}),
        ),
    ),
    _A.SPLINTER_OF: ((_NO_STATE, _BODIES),),
    _A.MERGED_INTO: ((_BODIES, _BODIES),),
    _A.SUCCESSOR_OF: ((_BODIES, _BODIES),),
    _A.ALIGNED_WITH: ((_ANYBODY, _ANYBODY),),
    _A.ALLIED_WITH: ((_ANYBODY, _ANYBODY),),
    _A.COOPERATES_WITH: ((_ANYBODY, _ANYBODY),),
    _A.RIVAL_OF: ((_ANYBODY, _ANYBODY),),
    _A.IN_CONFLICT_WITH: ((_SEVERAL, _SEVERAL),),
    _A.CEASEFIRE_WITH: ((_SEVERAL, _SEVERAL),),
    _A.POSSIBLY_SAME_AS: ((_PERSON, _PERSON), (_SEVERAL, _SEVERAL)),
    _A.FOUNDER_OF: ((_PERSON, _SEVERAL),),
    _A.LEADER_OF: ((_PERSON, _SEVERAL),),
    _A.DEPUTY_LEADER_OF: ((_PERSON, _SEVERAL),),
    _A.COMMANDER_OF: ((_PERSON, _BODIES),),
    _A.SPOKESPERSON_OF: ((_PERSON, _SEVERAL),),
    _A.ADVISER_OF: ((_PERSON, _ANYBODY),),
}
"""By kind of tie, the kinds of actor that may be its subject with those that may be its object."""


def explain_mismatch(subject: str, kind: str, object_: str) -> str | None:
    """Return why a tie of a kind cannot join two kinds of actor; None where it can."""
    pairs = ALLOWED_PAIRS[kind]
    if any(subject in subjects and object_ in objects for subjects, objects in pairs):
        return None
    may = "; or ".join(
        f"{_describe_kinds(one)} to {_describe_kinds(other)}" for one, other in pairs
    )
    word, subject_word, object_word = (
        AffiliationKind(kind).label,
        ActorKind(subject).label,
        ActorKind(object_).label,
    )
    return (
        f"“{word}” does not join {subject_word} to {object_word}. It joins {may}: correct the "
        "kind of the tie, or that of the actor."
    )


def _describe_kinds(kinds: Kinds) -> str:
    """Tell a set of kinds of actor by the shorter of what is in it and what is not."""
    missing = _ANYBODY - kinds
    if not missing:
        return "any actor"
    if len(missing) <= 4:
        return f"any actor but {_list_labels(missing)}"
    return _list_labels(kinds)


def _list_labels(kinds: Iterable[ActorKind]) -> str:
    return ", ".join(kind.label for kind in ActorKind if kind in set(kinds))
