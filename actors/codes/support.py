"""The words for support by a sponsor."""

from publishing.fields import GrowingEnumeration
from publishing.vocabularies import Crosswalk, EnumerationType


class SupportType(GrowingEnumeration):
    """The type of support from a sponsor: those of UCDP's External Support, and three more."""

    TROOP_SUPPORT = "troop_support"
    FOREIGN_TROOP_PRESENCE = "foreign_troop_presence"
    INFRASTRUCTURE_OR_JOINT_OPERATIONS = "infrastructure_or_joint_operations"
    WEAPONS = "weapons"
    MATERIEL_LOGISTICS = "materiel_logistics", "materiel and logistics"
    TRAINING_EXPERTISE = "training_expertise", "training and expertise"
    FUNDING = "funding"
    INTELLIGENCE = "intelligence"
    TERRITORY_ACCESS = "territory_access"
    POLITICAL_COVER = "political_cover"
    MEDIA_SUPPORT = "media_support"
    COMMAND_AND_CONTROL = "command_and_control"
    OTHER = "other"
    UNKNOWN = "unknown"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    SupportType: {
        "troop_support": "Troops that fight on the side of the supported actor.",
        "foreign_troop_presence": "Troops that are present without fighting.",
        "infrastructure_or_joint_operations": "Access to bases and the like, or joint operations.",
        "weapons": "Weapons and ammunition.",
        "materiel_logistics": "Vehicles, uniforms, transport and other materiel.",
        "training_expertise": "Training and advice.",
        "funding": "Money.",
        "intelligence": "Intelligence.",
        "territory_access": "The use of territory: refuge, transit, camps.",
        "political_cover": "Votes, recognition and statements that protect the actor.",
        "media_support": "Channels and campaigns.",
        "command_and_control": "Planning and command.",
        "other": "None of these.",
        "unknown": "The type is not known.",
    },
}
"""The meaning of each word, in the order of its enumeration."""

CROSSWALKS: dict[EnumerationType, list[Crosswalk]] = {
    SupportType: [
        Crosswalk(
            "ucdp.external_support",
            "The letter in the External Support Dataset of UCDP.",
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
}
"""The codes of the words in other systems."""
