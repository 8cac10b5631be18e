"""The words for attributes of actors."""

from publishing.fields import GrowingEnumeration
from publishing.vocabularies import EnumerationType


class AttributeKind(GrowingEnumeration):
    """The kind of an attribute of an actor.

    An `activity` is a word of Activity, a `target_focus` a word of TargetFocus, and a `nationality`
    an ISO 3166-1 alpha-2 code; the values of the other kinds are free text.
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
    """The main target of an actor (Militia Spotlight's target focus)."""

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
        "religious_allegiance": "The religious authority that the actor follows.",
        "sect": "A branch of a religion.",
        "ethnicity": "An ethnic group.",
        "goal": "An aim of the actor.",
        "activity": "An activity, as a word of `activity`.",
        "target_focus": "The main target, as a word of `target_focus`.",
        "nationality": "A nationality, as an ISO 3166-1 alpha-2 code.",
    },
    Activity: {
        "armed_attacks": "Attacks with weapons.",
        "media_operations": "Statements, videos and campaigns.",
        "cyber_operations": "Attacks on computers and accounts.",
        "social_pressure": "Intimidation, organised protests, and the forced closing of shops and "
        "offices.",
        "policing": "Patrols, checkpoints and arrests.",
        "political": "Elections, parliament and government.",
        "religious": "Preaching, shrines and pilgrimages.",
        "economic": "Businesses, contracts and levies.",
        "smuggling": "The illegal transport of goods or people.",
        "social_services": "Charity, schools and health care.",
        "recruitment": "The recruitment of members.",
        "other": "None of these.",
    },
    TargetFocus: {
        "own_state": "The state of the actor.",
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
"""The meaning of each word, in the order of its enumeration."""
