"""The words for affiliations."""

from publishing.fields import Enumeration, GrowingEnumeration
from publishing.vocabularies import Crosswalk, EnumerationType


class Basis(Enumeration):
    """On what ground something holds."""

    DE_JURE = "de_jure"
    DE_FACTO = "de_facto"
    CLAIMED = "claimed"
    ASSESSED = "assessed"
    UNKNOWN = "unknown"


class Closeness(Enumeration):
    """How close a tie is."""

    UNKNOWN = "unknown"
    LOOSE = "loose"
    CLOSE = "close"
    CONTROLLED = "controlled"


class AffiliationKind(GrowingEnumeration):
    """How the subject of an affiliation stands to its object."""

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
        "claimed": "By what somebody says of itself or of others.",
        "assessed": "By what analysts conclude.",
        "unknown": "It is not said on what ground.",
    },
    Closeness: {
        "unknown": "It is not known.",
        "loose": "Contact, shared aims, occasional help.",
        "close": "Lasting ties, much done together.",
        "controlled": "One decides for the other.",
    },
    AffiliationKind: {
        "subordinate_of": "It takes orders from the object.",
        "administratively_under": "It is paid or run by the object, which need not command it.",
        "member_of": "It belongs to the object: an umbrella, a coalition, an organisation.",
        "wing_of": "It is a part of the object for one purpose, such as fighting.",
        "facade_of": "It is a name under which the object acts.",
        "affiliate_of": "It is a branch of the object or has pledged itself to it.",
        "sponsored_by": "The object supports it from outside.",
        "recognised_by": "The object, a state, has recognised or incorporated it.",
        "splinter_of": "It broke away from the object.",
        "merged_into": "It became a part of the object, and ended.",
        "successor_of": "It took the place of the object.",
        "aligned_with": "It shares aims with the object, with no command between them.",
        "allied_with": "Both have declared or kept an alliance.",
        "cooperates_with": "Both act together now and then.",
        "rival_of": "Both compete, short of fighting.",
        "in_conflict_with": "Both fight each other.",
        "ceasefire_with": "Both have agreed not to fight.",
        "possibly_same_as": "Both may be one and the same.",
        "founder_of": "The person founded the object.",
        "leader_of": "The person leads the object.",
        "deputy_leader_of": "The person stands in for the leader of the object.",
        "commander_of": "The person commands the object or a part of it.",
        "spokesperson_of": "The person speaks for the object.",
        "adviser_of": "The person advises the object.",
    },
}
"""What the words mean, in the order of each enumeration."""

_MEANT = (
    "Mapping Militants' kinds of relationship; a sponsor is an external influence there.",
    "Security Force Monitor's; of child-of the classification is command, or administrative for "
    "administratively_under. Persons have postings.",
    "STIX 2.1's types of relationship, from subject to object; attributed-to a sponsor in the role "
    "of one.",
    "FollowTheMoney's schema of the edge; of an UnknownLink the role is our word.",
)
_KINDS: dict[str, tuple[str | None, str | None, str, str]] = {
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
_TIES = ("mmp.relationship", "sfm.relationship", "stix.relationship_type", "ftm.schema")

CROSSWALKS: dict[EnumerationType, list[Crosswalk]] = {
    AffiliationKind: [
        Crosswalk(system, meant, {kind: codes[column] for kind, codes in _KINDS.items()})
        for column, (system, meant) in enumerate(zip(_TIES, _MEANT, strict=True))
    ],
}
"""What the words are in other systems."""
