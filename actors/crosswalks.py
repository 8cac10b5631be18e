"""What our words about actors are elsewhere: ACLED, FollowTheMoney, STIX, MMP, SFM."""

from collections.abc import Iterable

from actors.codes import ActorKind, AffiliationKind, ClassificationWord, SupportType
from publishing.vocabularies import Crosswalk, Words

INTER = {
    "1": "State forces",
    "2": "Rebel group",
    "3": "Political militia",
    "4": "Identity militia",
    "5": "Rioters",
    "6": "Protesters",
    "7": "Civilians",
    "8": "External/Other forces",
}
"""ACLED's kinds of actor, by its number."""
ABROAD = {"1": "8"}
"""What becomes of them outside their home country."""

_ORGANISATION = dict.fromkeys(
    (
        "armed_organisation",
        "unit",
        "coalition",
        "political_organisation",
        "media_outlet",
        "social_organisation",
        "international_organisation",
    ),
    "Organization",
)
_TIES = ("mmp.relationship", "sfm.relationship", "stix.relationship_type", "ftm.schema")
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
_MEANT = (
    "Mapping Militants' kinds of relationship; a sponsor is an external influence there.",
    "Security Force Monitor's; of child-of the classification is command, or administrative for "
    "administratively_under. Persons have postings.",
    "STIX 2.1's types of relationship, from subject to object; attributed-to a sponsor in the role "
    "of one.",
    "FollowTheMoney's schema of the edge; of an UnknownLink the role is our word.",
)


CROSSWALKS: dict[Words, list[Crosswalk]] = {
    ActorKind: [
        Crosswalk(
            "ftm.schema",
            "FollowTheMoney's schema of the entity. A population group or a collective is none.",
            {
                **_ORGANISATION,
                "state": "PublicBody",
                "government_body": "PublicBody",
                "company": "Company",
                "individual": "Person",
                "population_group": None,
                "collective": None,
            },
        ),
        Crosswalk(
            "stix.identity_class",
            "STIX 2.1's class of the identity; whoever fights is a threat-actor beside it.",
            {
                **dict.fromkeys(_ORGANISATION, "organization"),
                "armed_organisation": "group",
                "unit": "group",
                "coalition": "group",
                "state": "organization",
                "government_body": "organization",
                "company": "organization",
                "individual": "individual",
                "population_group": "class",
                "collective": "class",
            },
        ),
    ],
    ClassificationWord: [
        Crosswalk(
            "acled.inter",
            "ACLED's kind of actor, by the primary classification on the day. State forces that "
            "act outside their home country are 8. Unidentified armed groups are 3, of a community "
            "4, of a state 1.",
            {
                **dict.fromkeys(
                    (
                        "state_military",
                        "police",
                        "intelligence_service",
                        "state_paramilitary",
                        "border_guard",
                    ),
                    "1",
                ),
                "rebel_group": "2",
                **dict.fromkeys(
                    (
                        "political_militia",
                        "pro_government_militia",
                        "party_armed_wing",
                        "facade_group",
                        "criminal_armed_group",
                        "unidentified_armed_group",
                    ),
                    "3",
                ),
                **dict.fromkeys(
                    ("identity_militia", "tribal_militia", "communal_self_defence"), "4"
                ),
                "rioters": "5",
                "protesters": "6",
                "civilians": "7",
                **dict.fromkeys(
                    (
                        "foreign_state_force",
                        "international_mission",
                        "private_security",
                        "mercenary",
                        "other_external",
                    ),
                    "8",
                ),
                "unknown": None,
            },
        )
    ],
    SupportType: [
        Crosswalk(
            "ucdp.external_support",
            "The letter of UCDP's External Support Dataset.",
            {
                "troop_support": "x",
                "foreign_troop_presence": "p",
                "infrastructure_or_joint_operations": "y",
                "weapons": "w",
                "materiel_logistics": "m",
                "training_expertise": "t",
                "funding": "f",
                "intelligence": "i",
                "territory_access": "l",
                "political_cover": "o",
                "media_support": "o",
                "command_and_control": "o",
                "other": "o",
                "unknown": "u",
            },
            {
                "x": "troop_support",
                "p": "foreign_troop_presence",
                "y": "infrastructure_or_joint_operations",
                "w": "weapons",
                "m": "materiel_logistics",
                "t": "training_expertise",
                "f": "funding",
                "i": "intelligence",
                "l": "territory_access",
                "o": "other",
                "u": "unknown",
            },
        )
    ],
    AffiliationKind: [
        Crosswalk(system, meant, {kind: codes[column] for kind, codes in _KINDS.items()})
        for column, (system, meant) in enumerate(zip(_TIES, _MEANT, strict=True))
    ],
}


def inter(classification: str, *, abroad: bool = False) -> str | None:
    """Return ACLED's kind of an actor of a classification, at home or abroad."""
    code = CROSSWALKS[ClassificationWord][0].codes[classification]
    return ABROAD.get(code, code) if code and abroad else code


def interaction(inters: Iterable[str | None]) -> int | None:
    """Return ACLED's interaction code of the actors of one event: 13, or 10 for one side alone."""
    sides = sorted(int(code) for code in inters if code)
    if len(sides) > 2:
        raise ValueError("ACLED knows two sides at the most.")
    if not sides:
        return None
    return sides[0] * 10 + (sides[1] if len(sides) == 2 else 0)


def sides_of(code: int) -> list[str]:
    """Return the kinds of actor that an interaction code joins, the lower one first."""
    return [side for side in str(code) if side in INTER]


def interaction_text(code: int) -> str:
    """Return an interaction code in words, as ACLED's newer answers have it."""
    return "-".join(INTER[side] for side in sides_of(code))
