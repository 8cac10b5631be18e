"""The words for affiliations."""

from publishing.fields import Enumeration, GrowingEnumeration
from publishing.vocabularies import Crosswalk, EnumerationType


class Basis(Enumeration):
    """The basis of an affiliation, classification or support."""

    DE_JURE = "de_jure"
    DE_FACTO = "de_facto"
    CLAIMED = "claimed"
    ASSESSED = "assessed"
    UNKNOWN = "unknown"


class Closeness(Enumeration):
    """How close an affiliation is."""

    UNKNOWN = "unknown"
    LOOSE = "loose"
    CLOSE = "close"
    CONTROLLED = "controlled"


class AffiliationKind(GrowingEnumeration):
    """What the subject of an affiliation is to its object."""

    SUBORDINATE_OF = "subordinate_of"
    ADMINISTRATIVELY_UNDER = "administratively_under"
    MEMBER_OF = "member_of"
    WING_OF = "wing_of"
    FACADE_OF = "facade_of"
    AFFILIATE_OF = "affiliate_of"
    SPONSORED_BY = "sponsored_by"
    RECOGNISED_BY = "recognised_by"
    SPLINTER_OF = "splinter_of"
    MERGED_INTO = "merged_into"
    SUCCESSOR_OF = "successor_of"
    ALIGNED_WITH = "aligned_with"
    ALLIED_WITH = "allied_with"
    COOPERATES_WITH = "cooperates_with"
    RIVAL_OF = "rival_of"
    IN_CONFLICT_WITH = "in_conflict_with"
    CEASEFIRE_WITH = "ceasefire_with"
    POSSIBLY_SAME_AS = "possibly_same_as"
    FOUNDER_OF = "founder_of"
    LEADER_OF = "leader_of"
    DEPUTY_LEADER_OF = "deputy_leader_of"
    COMMANDER_OF = "commander_of"
    SPOKESPERSON_OF = "spokesperson_of"
    ADVISER_OF = "adviser_of"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    Basis: {
        "de_jure": "By law, decree or statute.",
        "de_facto": "In fact, whatever the law says.",
        "claimed": "By the claim of an actor about itself or others.",
        "assessed": "By the conclusion of analysts.",
        "unknown": "The basis is not known.",
    },
    Closeness: {
        "unknown": "Not known.",
        "loose": "Contact, shared aims, occasional help.",
        "close": "A lasting relation with much cooperation.",
        "controlled": "One controls the decisions of the other.",
    },
    AffiliationKind: {
        "subordinate_of": "The subject takes orders from the object.",
        "administratively_under": "The object pays or administers the subject, but need not "
        "command it.",
        "member_of": "The subject belongs to the object, such as a coalition or an organisation.",
        "wing_of": "The subject is a part of the object for one purpose, such as fighting.",
        "facade_of": "The subject is a name under which the object acts.",
        "affiliate_of": "The subject is a branch of the object or has pledged allegiance to it.",
        "sponsored_by": "The object supports the subject from outside.",
        "recognised_by": "The object, such as a state, has recognised or incorporated the subject.",
        "splinter_of": "The subject broke away from the object.",
        "merged_into": "The subject became a part of the object and ceased to exist.",
        "successor_of": "The subject took the place of the object.",
        "aligned_with": "The subject shares aims with the object, without a command relation.",
        "allied_with": "Both are in an alliance, declared or practised.",
        "cooperates_with": "Both act together at times.",
        "rival_of": "Both compete, short of fighting.",
        "in_conflict_with": "Both fight each other.",
        "ceasefire_with": "Both have agreed not to fight.",
        "possibly_same_as": "Both may be the same actor.",
        "founder_of": "The person founded the object.",
        "leader_of": "The person leads the object.",
        "deputy_leader_of": "The person is the deputy of the leader of the object.",
        "commander_of": "The person commands the object or a part of it.",
        "spokesperson_of": "The person speaks for the object.",
        "adviser_of": "The person advises the object.",
    },
}
"""The meaning of each word, in the order of its enumeration."""

_NOTES = (
    "The kinds of relationship of Mapping Militants; a sponsor is an external influence there.",
    "The relations of Security Force Monitor. The classification of child-of is command, or "
    "administrative for administratively_under. Persons have postings.",
    "The types of relationship of STIX 2.1, from subject to object; attributed-to a sponsor in the "
    "role of one.",
    "The FollowTheMoney schema of the edge; the role of an UnknownLink is the word of Muster.",
)
_CODES: dict[str, tuple[str | None, str | None, str, str]] = {
    "subordinate_of": ("affiliate", "child-of", "part-of", "Membership"),
    "administratively_under": (None, "child-of", "part-of", "Membership"),
    "member_of": ("affiliate", "member-of", "part-of", "Membership"),
    "wing_of": ("affiliate", None, "part-of", "Membership"),
    "facade_of": (None, None, "attributed-to", "Representation"),
    "affiliate_of": ("affiliate", None, "related-to", "UnknownLink"),
    "sponsored_by": (None, "trainings", "attributed-to", "UnknownLink"),
    "splinter_of": ("splinter", None, "derived-from", "Succession"),
    "merged_into": ("merger", None, "derived-from", "Succession"),
    "successor_of": (None, None, "derived-from", "Succession"),
    "recognised_by": (None, None, "related-to", "UnknownLink"),
    "aligned_with": (None, None, "related-to", "UnknownLink"),
    "allied_with": ("ally", None, "cooperates-with", "UnknownLink"),
    "cooperates_with": ("ally", "joint operation", "cooperates-with", "UnknownLink"),
    "rival_of": ("rival", None, "related-to", "UnknownLink"),
    "in_conflict_with": ("rival", None, "targets", "UnknownLink"),
    "ceasefire_with": (None, None, "related-to", "UnknownLink"),
    "possibly_same_as": (None, None, "duplicate-of", "Similar"),
    "founder_of": (None, None, "related-to", "UnknownLink"),
    "leader_of": (None, "posting", "related-to", "Directorship"),
    "deputy_leader_of": (None, "posting", "related-to", "Directorship"),
    "commander_of": (None, "posting", "related-to", "Directorship"),
    "spokesperson_of": (None, "posting", "related-to", "Representation"),
    "adviser_of": (None, "posting", "related-to", "UnknownLink"),
}
_SYSTEMS = ("mmp.relationship", "sfm.relationship", "stix.relationship_type", "ftm.schema")

CROSSWALKS: dict[EnumerationType, list[Crosswalk]] = {
    AffiliationKind: [
        Crosswalk(system, note, {kind: codes[column] for kind, codes in _CODES.items()})
        for column, (system, note) in enumerate(zip(_SYSTEMS, _NOTES, strict=True))
    ],
}
"""The codes of the words in other systems."""
