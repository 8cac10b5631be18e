"""The words for responsibility statements and for the status that follows from them."""

from publishing.fields import Enumeration, GrowingEnumeration
from publishing.vocabularies import Crosswalk, EnumerationType


class StatementKind(GrowingEnumeration):
    """What a statement says about the actors that it names."""

    CLAIM = "claim"
    DENIAL = "denial"
    ACCUSATION = "accusation"
    ENDORSEMENT = "endorsement"
    RETRACTION = "retraction"
    COURT_FINDING = "court_finding"
    INVESTIGATION_FINDING = "investigation_finding"


class SpeakerType(GrowingEnumeration):
    """The capacity in which a speaker speaks."""

    ARMED_GROUP = "armed_group"
    SPOKESPERSON = "spokesperson"
    MEDIA_OUTLET = "media_outlet"
    GOVERNMENT = "government"
    MILITARY = "military"
    POLICE = "police"
    COURT = "court"
    INVESTIGATOR = "investigator"
    INTERNATIONAL_ORGANISATION = "international_organisation"
    POLITICAL_PARTY = "political_party"
    JOURNALIST = "journalist"
    WITNESS = "witness"
    VICTIM = "victim"
    ANONYMOUS = "anonymous"
    OTHER = "other"
    UNKNOWN = "unknown"


class Mode(GrowingEnumeration):
    """The medium of a statement (GTD's claim modes, and finer ones)."""

    LETTER = "letter"
    CALL_AFTER = "call_after"
    CALL_BEFORE = "call_before"
    EMAIL = "email"
    NOTE_AT_SCENE = "note_at_scene"
    VIDEO = "video"
    WEBSITE_POST = "website_post"
    TELEGRAM_CHANNEL = "telegram_channel"
    SOCIAL_MEDIA = "social_media"
    GROUP_MEDIA_OUTLET = "group_media_outlet"
    PERSONAL_CLAIM = "personal_claim"
    PRESS_CONFERENCE = "press_conference"
    OFFICIAL_STATEMENT = "official_statement"
    INTERVIEW = "interview"
    LEAFLET = "leaflet"
    COURT_RECORD = "court_record"
    OTHER = "other"
    UNKNOWN = "unknown"


class Authenticity(GrowingEnumeration):
    """Whether a statement comes from the speaker that it names."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    DISPUTED = "disputed"
    FAKE = "fake"


class ClaimStatus(GrowingEnumeration):
    """Whether an incident was claimed, and whether the claims agree."""

    NONE = "none"
    CLAIMED = "claimed"
    JOINT = "joint"
    COMPETING = "competing"


class AttributionStatus(GrowingEnumeration):
    """How certain it is who did it, by our assessment."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    SUSPECTED = "suspected"
    DISPUTED = "disputed"
    CLAIMED_ONLY = "claimed_only"
    PARTIES_ONLY = "parties_only"
    UNATTRIBUTED = "unattributed"


class StatementRole(Enumeration):
    """The role of an actor in a statement that counts, as the name of a parameter.

    The last two are those of actors that have no other role in the statement.
    """

    CLAIMED_BY = "claimed_by"
    ANNOUNCED_BY = "announced_by"
    DENIED_BY = "denied_by"
    ACCUSED = "accused"
    ACCUSED_BY = "accused_by"
    STATEMENT_ABOUT = "statement_about"
    STATEMENT_BY = "statement_by"


STATEMENT_ROLES: dict[str, list[str]] = {
    **{role: [role] for role in StatementRole.values},
    "statement_about": ["claimed_by", "denied_by", "accused", "statement_about"],
    "statement_by": ["announced_by", "accused_by", "statement_by"],
}
"""The roles in statements that each parameter means."""


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    StatementKind: {
        "claim": "The actors that it names did it, by their own words.",
        "denial": "The actors that it names did not do it.",
        "accusation": "The speaker says that other actors did it.",
        "endorsement": "The speaker praises the incident without claiming it.",
        "retraction": "The speaker takes back an earlier statement.",
        "court_finding": "A court finds who did it.",
        "investigation_finding": "An inquiry finds who did it.",
    },
    SpeakerType: {
        "armed_group": "An armed group.",
        "spokesperson": "Somebody who speaks for an organisation.",
        "media_outlet": "A channel or agency.",
        "government": "A government.",
        "military": "Armed forces.",
        "police": "Police.",
        "court": "A court.",
        "investigator": "An inquiry or a body of experts.",
        "international_organisation": "An organisation of states.",
        "political_party": "A party.",
        "journalist": "A journalist.",
        "witness": "Somebody who saw the incident.",
        "victim": "Somebody who was harmed.",
        "anonymous": "Somebody who is not named.",
        "other": "None of these.",
        "unknown": "Not known.",
    },
    Mode: {
        "letter": "A letter.",
        "call_after": "A call after the incident.",
        "call_before": "A call before the incident.",
        "email": "An e-mail.",
        "note_at_scene": "A note left at the scene.",
        "video": "A video.",
        "website_post": "A post on a website.",
        "telegram_channel": "A post on a Telegram channel.",
        "social_media": "A post on another social network.",
        "group_media_outlet": "The channel or agency of the group itself.",
        "personal_claim": "In person.",
        "press_conference": "At a press conference.",
        "official_statement": "An official statement.",
        "interview": "In an interview.",
        "leaflet": "A leaflet.",
        "court_record": "In court.",
        "other": "None of these.",
        "unknown": "Not known.",
    },
    Authenticity: {
        "verified": "It comes from the speaker that it names.",
        "unverified": "The origin has not been checked.",
        "disputed": "There are reasons for and against.",
        "fake": "It does not come from the speaker that it names.",
    },
    ClaimStatus: {
        "none": "No claim counts.",
        "claimed": "One actor claims it.",
        "joint": "Several claim it together.",
        "competing": "Several claim it, each for itself.",
    },
    AttributionStatus: {
        "confirmed": "The most certain accepted perpetrator is confirmed.",
        "probable": "The most certain accepted perpetrator is probable.",
        "possible": "The most certain accepted perpetrator is possible.",
        "suspected": "The most certain accepted perpetrator is suspected.",
        "disputed": "Two accepted primary perpetrators exclude each other, or one is disputed.",
        "claimed_only": "No accepted perpetrator, but somebody claims it.",
        "parties_only": "No accepted perpetrator and no claim, but a party to the fight is known.",
        "unattributed": "No accepted perpetrator, no claim and no party.",
    },
}
"""The meaning of each word, in the order of its enumeration."""

CROSSWALKS: dict[EnumerationType, list[Crosswalk]] = {
    Mode: [
        Crosswalk(
            "gtd.claimmode",
            "The mode of a claim in GTD.",
            {
                "letter": "1",
                "call_after": "2",
                "call_before": "3",
                "email": "4",
                "note_at_scene": "5",
                "video": "6",
                "website_post": "7",
                "telegram_channel": "7",
                "social_media": "7",
                "group_media_outlet": "7",
                "personal_claim": "8",
                "press_conference": "9",
                "official_statement": "9",
                "interview": "9",
                "leaflet": "9",
                "court_record": "9",
                "other": "9",
                "unknown": "10",
            },
            {
                "1": "letter",
                "2": "call_after",
                "3": "call_before",
                "4": "email",
                "5": "note_at_scene",
                "6": "video",
                "7": "website_post",
                "8": "personal_claim",
                "9": "other",
                "10": "unknown",
            },
        )
    ],
}
"""The codes of the words in other systems."""
