"""The words for classifications of actors in a period."""

from publishing.fields import GrowingEnumeration
from publishing.vocabularies import Crosswalk, EnumerationType


class ClassificationWord(GrowingEnumeration):
    """The type of armed actor in a period, from which the interaction codes of ACLED follow."""

    STATE_MILITARY = "state_military"
    POLICE = "police"
    INTELLIGENCE_SERVICE = "intelligence_service"
    STATE_PARAMILITARY = "state_paramilitary"
    BORDER_GUARD = "border_guard"
    REBEL_GROUP = "rebel_group"
    POLITICAL_MILITIA = "political_militia"
    PRO_GOVERNMENT_MILITIA = "pro_government_militia", "pro-government militia"
    PARTY_ARMED_WING = "party_armed_wing"
    FACADE_GROUP = "facade_group"
    CRIMINAL_ARMED_GROUP = "criminal_armed_group"
    UNIDENTIFIED_ARMED_GROUP = "unidentified_armed_group"
    IDENTITY_MILITIA = "identity_militia"
    TRIBAL_MILITIA = "tribal_militia"
    COMMUNAL_SELF_DEFENCE = "communal_self_defence", "communal self-defence"
    RIOTERS = "rioters"
    PROTESTERS = "protesters"
    CIVILIANS = "civilians"
    FOREIGN_STATE_FORCE = "foreign_state_force"
    INTERNATIONAL_MISSION = "international_mission"
    PRIVATE_SECURITY = "private_security"
    MERCENARY = "mercenary"
    OTHER_EXTERNAL = "other_external"
    UNKNOWN = "unknown"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    ClassificationWord: {
        "state_military": "The armed forces of a state.",
        "police": "The police of a state.",
        "intelligence_service": "An intelligence service of a state.",
        "state_paramilitary": "An armed body of a state other than its armed forces and police.",
        "border_guard": "A border guard or coast guard.",
        "rebel_group": "An organisation that fights to overthrow a government or to leave a state.",
        "political_militia": "An armed group with political aims that does not fight to overthrow "
        "a government.",
        "pro_government_militia": "A militia that supports a government without being a part of "
        "it.",
        "party_armed_wing": "The armed wing of a party.",
        "facade_group": "A name under which another actor acts.",
        "criminal_armed_group": "An armed group that seeks profit.",
        "unidentified_armed_group": "Armed people who are not identified.",
        "identity_militia": "An armed group of an ethnic, religious or other community.",
        "tribal_militia": "An armed group of a tribe.",
        "communal_self_defence": "Armed people who guard their own village or neighbourhood.",
        "rioters": "People who riot.",
        "protesters": "People who protest without violence.",
        "civilians": "People who are not armed.",
        "foreign_state_force": "Forces of a state outside its own country.",
        "international_mission": "Forces of an international organisation.",
        "private_security": "A private security company.",
        "mercenary": "People who fight for pay in the war of others.",
        "other_external": "Another armed actor from abroad.",
        "unknown": "Not known.",
    },
}
"""The meaning of each word, in the order of its enumeration."""

CROSSWALKS: dict[EnumerationType, list[Crosswalk]] = {
    ClassificationWord: [
        Crosswalk(
            "acled.inter",
            "The kind of actor in ACLED, by the primary classification on the day. State forces "
            "outside their home country are 8. Unidentified armed groups are 3; those of a "
            "community are 4, those of a state 1.",
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
}
"""The codes of the words in other systems."""
