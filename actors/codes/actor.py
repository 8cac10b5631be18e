"""The words for actors, scopes and name matches."""

from publishing.fields import Enumeration, GrowingEnumeration
from publishing.vocabularies import Crosswalk, EnumerationType


class ActorKind(GrowingEnumeration):
    """The permanent kind of an actor; what it was in a period is a classification."""

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
    """Whether the identity of the actor is known."""

    IDENTIFIED = "identified"
    UNNAMED = "unnamed"
    UNKNOWN = "unknown"


class LifeStatus(Enumeration):
    """Whether an individual is alive."""

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
    """Which actors a parameter includes: the actor, and those below it by some affiliations."""

    SELF = "self", "the actor alone"
    MEMBERS = "members", "and its members, wings and affiliates"
    COMMAND = "command", "and the actors under its command or administration, and its wings"
    FACADE = "facade", "and its facades"
    SPONSORED = (
        "sponsored",
        "and the actors that it sponsors, with everyone below them by scope all",
    )
    ALL = "all", "and everyone below it by members, command and facade, in any combination"


class MatchReason(GrowingEnumeration):
    """Why a name matches the requested one."""

    EXACT = "exact", "exactly the same"
    FOLDED = "folded", "the same except for case, script and diacritics"
    SPACING = "spacing", "the same except for spaces between words"
    ARTICLE = "article", "the same except for the Arabic article"
    WORD_ORDER = "word_order", "the same words in another order"
    INITIALS = "initials", "its initials"
    CONSONANTS = "consonants", "the same consonants in another romanisation or script"
    WORDS = "words", "some of the same or similar words"
    SPELLING = "spelling", "a similar spelling"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    ActorKind: {
        "state": "A state as such.",
        "government_body": "A government, ministry, service or other organ of a state.",
        "armed_organisation": "An organisation that fights, whatever it calls itself.",
        "unit": "A brigade, battalion or other part of an armed organisation.",
        "coalition": "A group of organisations that have their own leaders.",
        "political_organisation": "A party, a movement or a front.",
        "media_outlet": "A channel, an agency or another publisher of statements.",
        "social_organisation": "A charity, a foundation, or a religious or tribal body.",
        "company": "A company.",
        "international_organisation": "An organisation of states, or its mission.",
        "population_group": "A part of the population: civilians, a community, refugees.",
        "individual": "A person.",
        "collective": "A set of actors that a source mentions without naming its members.",
    },
    Identified: {
        "identified": "The identity is known.",
        "unnamed": "A source mentions the actor without a name.",
        "unknown": "The identity is not known.",
    },
    LifeStatus: {
        "alive": "The person is alive.",
        "dead": "The person has died.",
        "presumed_dead": "The person is believed to be dead, without proof.",
        "unknown": "Not known.",
    },
    Gender: {
        "female": "Female.",
        "male": "Male.",
        "other": "Another gender.",
        "unknown": "Not known.",
    },
    Scope: {
        "self": "The actor alone.",
        "members": "The actor, and its members, wings and affiliates.",
        "command": "The actor, the actors under its command or administration, and its wings.",
        "facade": "The actor and its facades.",
        "sponsored": "The actor, and the actors that it sponsors, with everyone below them by "
        "scope `all`.",
        "all": "The actor, and everyone below it by members, command and facade, in any "
        "combination.",
    },
    MatchReason: {
        "exact": "Exactly the same.",
        "folded": "The same except for case, script and diacritics.",
        "spacing": "The same except for spaces between words.",
        "article": "The same except for the Arabic article.",
        "word_order": "The same words in another order.",
        "initials": "The initials of the name.",
        "consonants": "The same consonants in another romanisation or script.",
        "words": "Some of the same or similar words.",
        "spelling": "A similar spelling.",
    },
}
"""The meaning of each word, in the order of its enumeration."""

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
            "The FollowTheMoney schema of the entity. Population groups and collectives have none.",
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
            "The STIX 2.1 class of the identity; an actor that fights is also a threat-actor.",
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
"""The codes of the words in other systems."""
