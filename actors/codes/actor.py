"""The words for actors, and for questions about them."""

from publishing.fields import Enumeration, GrowingEnumeration
from publishing.vocabularies import Crosswalk, EnumerationType


class ActorKind(Enumeration):
    """What an actor is, for good; what it was in a period is a Classification."""

    STATE = "state"
    GOVERNMENT_BODY = "government_body"
    ARMED_ORGANISATION = "armed_organisation"
    UNIT = "unit"
    COALITION = "coalition"
    POLITICAL_ORGANISATION = "political_organisation"
    MEDIA_OUTLET = "media_outlet"
    SOCIAL_ORGANISATION = "social_organisation"
    COMPANY = "company"
    INTERNATIONAL_ORGANISATION = "international_organisation"
    POPULATION_GROUP = "population_group"
    INDIVIDUAL = "individual"
    COLLECTIVE = "collective"


class Identified(Enumeration):
    """Whether it is known who the actor is."""

    IDENTIFIED = "identified"
    UNNAMED = "unnamed"
    UNKNOWN = "unknown"


class LifeStatus(Enumeration):
    """Whether an individual lives."""

    ALIVE = "alive"
    DEAD = "dead"
    PRESUMED_DEAD = "presumed_dead"
    UNKNOWN = "unknown"


class Gender(Enumeration):
    """The gender of an individual."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class Scope(Enumeration):
    """Whom a question about an actor means: itself, and who stands under it by some ties."""

    SELF = "self", "the actor alone"
    MEMBERS = "members", "and its members, wings and affiliates"
    COMMAND = "command", "and whoever is under its command or administration, and its wings"
    FACADE = "facade", "and its facades"
    SPONSORED = "sponsored", "and whom it sponsors, with everyone under them by scope all"
    ALL = "all", "and everyone by members, command and facade, mixed as may be"


class MatchReason(GrowingEnumeration):
    """In which reading a name is the one that was asked for."""

    EXACT = "exact", "the same to the letter"
    FOLDED = "folded", "the same but for case, script and diacritics"
    SPACING = "spacing", "the same but for the spaces between words"
    ARTICLE = "article", "the same but for the Arabic article"
    WORD_ORDER = "word_order", "the same words in another order"
    INITIALS = "initials", "its initials"
    CONSONANTS = "consonants", "the same consonants in another romanisation or script"
    WORDS = "words", "words of it, or words like them"
    SPELLING = "spelling", "spelt nearly alike"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    ActorKind: {
        "state": "A state as such.",
        "government_body": "A government, ministry, service or other organ of a state.",
        "armed_organisation": "An organisation that fights, whatever it calls itself.",
        "unit": "A brigade, battalion or other part of an armed organisation.",
        "coalition": "An umbrella of organisations that keep their own leaders.",
        "political_organisation": "A party, a movement, a front.",
        "media_outlet": "A channel, an agency, a publisher of statements.",
        "social_organisation": "A charity, a foundation, a religious or a tribal body.",
        "company": "A company.",
        "international_organisation": "An organisation of states, or its mission.",
        "population_group": "People by what they are: civilians, a community, refugees.",
        "individual": "A person.",
        "collective": "A set that a source speaks of without naming its members.",
    },
    Identified: {
        "identified": "It is known who it is.",
        "unnamed": "A source speaks of it without a name.",
        "unknown": "It is not known who it is.",
    },
    LifeStatus: {
        "alive": "The person lives.",
        "dead": "The person has died.",
        "presumed_dead": "The person is held to be dead, without proof.",
        "unknown": "It is not known.",
    },
    Gender: {
        "female": "Female.",
        "male": "Male.",
        "other": "Neither.",
        "unknown": "It is not known.",
    },
    Scope: {
        "self": "The actor alone.",
        "members": "It, and its members, wings and affiliates.",
        "command": "It, and whoever is under its command or administration, and its wings.",
        "facade": "It, and its facades.",
        "sponsored": "It, and whom it sponsors, with everyone under them by scope all.",
        "all": "It, and everyone by members, command and facade, mixed as may be.",
    },
    MatchReason: {
        "exact": "The same to the letter.",
        "folded": "The same but for case, script and diacritics.",
        "spacing": "The same but for the spaces between words.",
        "article": "The same but for the Arabic article.",
        "word_order": "The same words in another order.",
        "initials": "Its initials.",
        "consonants": "The same consonants in another romanisation or script.",
        "words": "Words of it, or words like them.",
        "spelling": "Spelt nearly alike.",
    },
}
"""What the words mean, in the order of each enumeration."""

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

CROSSWALKS: dict[EnumerationType, list[Crosswalk]] = {
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
}
"""What the words are in other systems."""
