"""The words for attributes: what an actor believes, wants and does."""

from publishing.fields import GrowingEnumeration
from publishing.vocabularies import EnumerationType


class AttributeKind(GrowingEnumeration):
    """What is told of an actor by an attribute.

    An `activity` and a `target_focus` are words of Activity and of TargetFocus, a `nationality` is
    an ISO 3166-1 alpha-2 code; the others are told in words of their own.
    """

    IDEOLOGY = "ideology"
    RELIGIOUS_ALLEGIANCE = "religious_allegiance"
    SECT = "sect"
    ETHNICITY = "ethnicity"
    GOAL = "goal"
    ACTIVITY = "activity"
    TARGET_FOCUS = "target_focus"
    NATIONALITY = "nationality"


class Activity(GrowingEnumeration):
    """What an actor does (Militia Spotlight's activity profile)."""

    ARMED_ATTACKS = "armed_attacks"
    MEDIA_OPERATIONS = "media_operations"
    CYBER_OPERATIONS = "cyber_operations"
    SOCIAL_PRESSURE = "social_pressure"
    POLICING = "policing"
    POLITICAL = "political"
    RELIGIOUS = "religious"
    ECONOMIC = "economic"
    SMUGGLING = "smuggling"
    SOCIAL_SERVICES = "social_services"
    RECRUITMENT = "recruitment"
    OTHER = "other"


class TargetFocus(GrowingEnumeration):
    """Against whom an actor mostly acts (Militia Spotlight's target focus)."""

    OWN_STATE = "own_state"
    FOREIGN_FORCES = "foreign_forces"
    FOREIGN_STATES = "foreign_states"
    DIPLOMATS = "diplomats"
    LOGISTICS = "logistics"
    ARMED_GROUPS = "armed_groups"
    ACTIVISTS_AND_JOURNALISTS = "activists_and_journalists"
    COMMUNITIES = "communities"
    BUSINESSES = "businesses"
    INFRASTRUCTURE = "infrastructure"
    SHIPPING = "shipping"
    OTHER = "other"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    AttributeKind: {
        "ideology": "A political doctrine.",
        "religious_allegiance": "Whose religious authority it follows.",
        "sect": "A branch of a religion.",
        "ethnicity": "A people.",
        "goal": "What it wants to bring about.",
        "activity": "What it does, as a word of activity.",
        "target_focus": "Against whom it mostly acts, as a word of target_focus.",
        "nationality": "A nationality, as an ISO 3166-1 alpha-2 code.",
    },
    Activity: {
        "armed_attacks": "Attacks with weapons.",
        "media_operations": "Statements, films, campaigns.",
        "cyber_operations": "Attacks on computers and accounts.",
        "social_pressure": "Intimidation, protests on call, closing of shops and offices.",
        "policing": "Patrols, checkpoints, arrests.",
        "political": "Elections, parliament, government.",
        "religious": "Preaching, shrines, pilgrimages.",
        "economic": "Businesses, contracts, levies.",
        "smuggling": "Moving of goods or people past the law.",
        "social_services": "Charity, schools, health care.",
        "recruitment": "Winning of members.",
        "other": "None of these.",
    },
    TargetFocus: {
        "own_state": "Its own state.",
        "foreign_forces": "Foreign forces in the country.",
        "foreign_states": "States abroad.",
        "diplomats": "Embassies and diplomats.",
        "logistics": "Convoys and supplies.",
        "armed_groups": "Other armed groups.",
        "activists_and_journalists": "Activists and journalists.",
        "communities": "A religious, ethnic or other community.",
        "businesses": "Shops and companies.",
        "infrastructure": "Power, oil, water, roads.",
        "shipping": "Ships.",
        "other": "None of these.",
    },
}
"""What the words mean, in the order of each enumeration."""
