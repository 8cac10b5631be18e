"""The words for who says who did it, and what follows from that."""

from publishing.fields import Enumeration, Growing


class StatementKind(Enumeration):
    """What a statement says of those whom it names."""

    CLAIM = "claim"
    DENIAL = "denial"
    ACCUSATION = "accusation"
    ENDORSEMENT = "endorsement"
    RETRACTION = "retraction"
    COURT_FINDING = "court_finding"
    INVESTIGATION_FINDING = "investigation_finding"


class SpeakerType(Growing):
    """As what a speaker speaks."""

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


class Mode(Growing):
    """By what means a statement was made (GTD's claim modes, and finer ones)."""

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


class Authenticity(Enumeration):
    """Whether a statement is by whom it says it is."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    DISPUTED = "disputed"
    FAKE = "fake"


class ClaimStatus(Enumeration):
    """Whether it was claimed: by one, by several together, or by several who do not agree."""

    NONE = "none"
    CLAIMED = "claimed"
    JOINT = "joint"
    COMPETING = "competing"


class AttributionStatus(Enumeration):
    """How certain it is who did it, as we conclude."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    SUSPECTED = "suspected"
    DISPUTED = "disputed"
    CLAIMED_ONLY = "claimed_only"
    UNATTRIBUTED = "unattributed"


class StatementRole(Enumeration):
    """What an actor is to a statement that counts, as parameters call it."""

    CLAIMED_BY = "claimed_by"
    ANNOUNCED_BY = "announced_by"
    DENIED_BY = "denied_by"
    ACCUSED = "accused"
    ACCUSED_BY = "accused_by"
