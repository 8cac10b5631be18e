"""The words for publishers, sources, citations and assertions, and what they mean."""

from publishing.fields import Enumeration, GrowingEnumeration
from publishing.vocabularies import Crosswalk, EnumerationType


class Scale(Enumeration):
    """How far a publisher reaches (ACLED's source scale)."""

    LOCAL_PARTNER = "local_partner"
    SUBNATIONAL = "subnational"
    NATIONAL = "national"
    REGIONAL = "regional"
    INTERNATIONAL = "international"
    NEW_MEDIA = "new_media"
    OTHER = "other"
    UNKNOWN = "unknown"


class SourceKind(GrowingEnumeration):
    """What a source is."""

    ARTICLE = "article"
    REPORT = "report"
    BOOK = "book"
    DATASET = "dataset"
    STATEMENT = "statement"
    OFFICIAL_DOCUMENT = "official_document"
    COURT_RECORD = "court_record"
    SOCIAL_MEDIA_POST = "social_media_post"
    WEB_PAGE = "web_page"
    VIDEO = "video"
    AUDIO = "audio"
    IMAGE = "image"
    INTERVIEW = "interview"
    OTHER = "other"
    UNKNOWN = "unknown"


class LocatorKind(GrowingEnumeration):
    """By what a passage is found in its source."""

    PAGE = "page"
    PARAGRAPH = "paragraph"
    MINUTE = "minute"
    FRAME = "frame"
    CELL = "cell"
    ROW = "row"
    POST = "post"
    UNKNOWN = "unknown"


class Stance(Enumeration):
    """What a source does to what it is cited for."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    CONTEXT = "context"


class Assessment(Enumeration):
    """What the desk holds of a statement."""

    ACCEPTED = "accepted"
    DISPUTED = "disputed"
    REJECTED = "rejected"
    NEEDS_WORK = "needs_work"


class Topic(GrowingEnumeration):
    """What an analyst's assessment is about."""

    AIMS = "aims"
    STRATEGY = "strategy"
    CAPABILITY = "capability"
    TREND = "trend"
    RELATIONS = "relations"
    OUTLOOK = "outlook"


class Confidence(Enumeration):
    """How sure the desk is of a statement (STIX: low 15, medium 50, high 85)."""

    UNASSESSED = "unassessed"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Quantifier(Enumeration):
    """How a source words a number; a vague word is the datum where there is no number."""

    EXACT = "exact"
    APPROXIMATELY = "approximately"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BETWEEN = "between"
    SEVERAL = "several"
    FEW = "few"
    MANY = "many"
    DOZENS = "dozens"
    HUNDREDS = "hundreds"
    THOUSANDS = "thousands"
    TENS_OF_THOUSANDS = "tens_of_thousands"
    UNSPECIFIED = "unspecified"


class FigureRole(Enumeration):
    """Whether a figure is the desk's own or what one source says."""

    RECOMMENDED = "recommended"
    SUPPORTING = "supporting"


class Match(Enumeration):
    """How a record and what another system calls by an id relate (SKOS)."""

    EXACT = "exact"
    CLOSE = "close"
    BROADER = "broader"
    NARROWER = "narrower"


class Scheme(GrowingEnumeration):
    """The systems whose ids are kept."""

    WIKIDATA = "wikidata"
    OPENSANCTIONS = "opensanctions"
    OFAC_UID = "ofac_uid"
    UN_REF = "un_ref"
    EU_REF = "eu_ref"
    UK_REF = "uk_ref"
    ACLED_ACTOR = "acled_actor"
    ACLED_EVENT = "acled_event"
    UCDP_ACTOR = "ucdp_actor"
    UCDP_DYAD = "ucdp_dyad"
    UCDP_CONFLICT = "ucdp_conflict"
    UCDP_EVENT = "ucdp_event"
    GTD_EVENT = "gtd_event"
    GTD_GROUP = "gtd_group"
    MMP = "mmp"
    MILITIA_SPOTLIGHT = "militia_spotlight"
    TRAC = "trac"
    SFM = "sfm"
    BAYANAT = "bayanat"
    ISNI = "isni"
    VIAF = "viaf"
    GW = "gw"
    COW = "cow"
    ISO3166 = "iso3166"
    GEONAMES = "geonames"
    OSM = "osm"
    GADM = "gadm"
    OCHA_PCODE = "ocha_pcode"
    GLIDE = "glide"
    RELIEFWEB = "reliefweb"
    STIX_ID = "stix_id"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    Scale: {
        "local_partner": "An organisation on the spot that shares what it records.",
        "subnational": "It reaches a part of one country.",
        "national": "It reaches one country.",
        "regional": "It reaches several neighbouring countries.",
        "international": "It reaches the world.",
        "new_media": "Accounts and channels on the internet.",
        "other": "None of these.",
        "unknown": "It is not known.",
    },
    SourceKind: {
        "article": "A text in a newspaper, magazine or journal.",
        "report": "A study by an organisation.",
        "book": "A book.",
        "dataset": "A release of a dataset.",
        "statement": "What somebody declared, as it was given out.",
        "official_document": "A law, an order, a list or a record of a state or organisation.",
        "court_record": "A judgment, an indictment or a record of a hearing.",
        "social_media_post": "A post of an account or a channel.",
        "web_page": "A page that is none of the others.",
        "video": "Moving pictures.",
        "audio": "Sound.",
        "image": "A still picture.",
        "interview": "A conversation held for the record.",
        "other": "None of these.",
        "unknown": "It is not known.",
    },
    LocatorKind: {
        "page": "A page, or several.",
        "paragraph": "A paragraph, by its number.",
        "minute": "A time in sound or moving pictures.",
        "frame": "A frame of moving pictures.",
        "cell": "A cell of a table.",
        "row": "A row of a dataset, by its id.",
        "post": "A post of a thread or channel.",
        "unknown": "It is not said what the locator counts.",
    },
    Stance: {
        "supports": "The source says so.",
        "contradicts": "The source says otherwise.",
        "context": "The source helps to understand it, and says neither.",
    },
    Assessment: {
        "accepted": "The desk holds it to be so.",
        "disputed": "There are grounds for it and against it, and the desk shows both.",
        "rejected": "The desk holds it not to be so; it stays so that nobody enters it again.",
        "needs_work": "The desk has not decided yet.",
    },
    Topic: {
        "aims": "What an actor wants.",
        "strategy": "How it goes about it.",
        "capability": "What it can do.",
        "trend": "Where things have been going.",
        "relations": "How it stands to others.",
        "outlook": "What is to be expected.",
    },
    Confidence: {
        "unassessed": "Nobody has graded it.",
        "low": "Weak or single grounds; it may well be otherwise.",
        "medium": "Sound grounds that leave room for doubt.",
        "high": "Strong grounds that agree.",
    },
    Quantifier: {
        "exact": "The number itself.",
        "approximately": "About the number.",
        "at_least": "The number or more.",
        "at_most": "The number or less.",
        "between": "A lowest and a highest number.",
        "several": "“Several”; there may be no number at all.",
        "few": "“A few”.",
        "many": "“Many”.",
        "dozens": "“Dozens”.",
        "hundreds": "“Hundreds”.",
        "thousands": "“Thousands”.",
        "tens_of_thousands": "“Tens of thousands”.",
        "unspecified": "It is not said how the number is meant.",
    },
    FigureRole: {
        "recommended": "The desk's own figure, at most one of its kind.",
        "supporting": "What one source says.",
    },
    Match: {
        "exact": "Both are the same thing.",
        "close": "They are the same thing for most purposes.",
        "broader": "What the other system means is wider than the record.",
        "narrower": "What the other system means is narrower than the record.",
    },
    Scheme: {
        "wikidata": "Wikidata: an item.",
        "opensanctions": "OpenSanctions: an entity.",
        "ofac_uid": "US Treasury, OFAC: a unique id on its lists.",
        "un_ref": "United Nations Security Council: a permanent reference number.",
        "eu_ref": "European Union: a reference on its consolidated list.",
        "uk_ref": "United Kingdom: a reference on its sanctions list.",
        "acled_actor": "ACLED: an actor, by its name.",
        "acled_event": "ACLED: an event (event_id_cnty).",
        "ucdp_actor": "UCDP: an actor.",
        "ucdp_dyad": "UCDP: a dyad.",
        "ucdp_conflict": "UCDP: a conflict.",
        "ucdp_event": "UCDP: an event of GED.",
        "gtd_event": "Global Terrorism Database: an event.",
        "gtd_group": "Global Terrorism Database: a group, by its name.",
        "mmp": "Mapping Militants Project: a profile.",
        "militia_spotlight": "Militia Spotlight: a profile.",
        "trac": "Terrorism Research and Analysis Consortium: a profile.",
        "sfm": "Security Force Monitor: a unit or a person.",
        "bayanat": "Bayanat: an item.",
        "isni": "International Standard Name Identifier.",
        "viaf": "Virtual International Authority File.",
        "gw": "Gleditsch and Ward: the number of a state.",
        "cow": "Correlates of War: the number of a state.",
        "iso3166": "ISO 3166: the code of a country or a division.",
        "geonames": "GeoNames: a place.",
        "osm": "OpenStreetMap: a node, way or relation.",
        "gadm": "GADM: an administrative area.",
        "ocha_pcode": "OCHA: the p-code of an administrative area.",
        "glide": "GLIDE: the number of a disaster.",
        "reliefweb": "ReliefWeb: a report or a disaster.",
        "stix_id": "STIX: the id of an object.",
    },
}
"""What the words mean, in the order of each enumeration."""

CROSSWALKS: dict[EnumerationType, list[Crosswalk]] = {
    Scale: [
        Crosswalk(
            "acled.source_scale",
            "ACLED's scale of sources; that of an event joins those of all its publishers, as in "
            "Local partner-National.",
            {
                "local_partner": "Local partner",
                "subnational": "Subnational",
                "national": "National",
                "regional": "Regional",
                "international": "International",
                "new_media": "New media",
                "other": "Other",
                "unknown": None,
            },
        )
    ],
    Confidence: [
        Crosswalk(
            "stix.confidence",
            "STIX 2.1's confidence, on its scale of low, medium and high; absent where there is "
            "none.",
            {"unassessed": None, "low": "15", "medium": "50", "high": "85"},
            {"15": "low", "50": "medium", "85": "high"},
        ),
        Crosswalk(
            "sfm.confidence",
            "Security Force Monitor's confidence in a value.",
            {"unassessed": None, "low": "1", "medium": "2", "high": "3"},
            {"1": "low", "2": "medium", "3": "high"},
        ),
    ],
    Quantifier: [
        Crosswalk(
            "acled.fatalities",
            "The number that ACLED writes for a word where a source gives no number: the smallest "
            "that the word allows (3 for several, 10 for many, 12 for dozens, 100 for hundreds, "
            "and so on for the larger ones). Null: the number itself, the lowest of those "
            "accepted.",
            {
                "exact": None,
                "approximately": None,
                "at_least": None,
                "at_most": None,
                "between": None,
                "several": "3",
                "few": "3",
                "many": "10",
                "dozens": "12",
                "hundreds": "100",
                "thousands": "1000",
                "tens_of_thousands": "10000",
                "unspecified": None,
            },
        )
    ],
}
"""What the words are in other systems."""
