"""The vocabularies of publishers, sources, citations, assertions and figures."""

from publishing.fields import Enumeration, GrowingEnumeration
from publishing.vocabularies import Crosswalk, EnumerationType


class Scale(GrowingEnumeration):
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
    """The kinds of source."""

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
    """What a locator counts."""

    PAGE = "page"
    PARAGRAPH = "paragraph"
    MINUTE = "minute"
    FRAME = "frame"
    CELL = "cell"
    ROW = "row"
    POST = "post"
    UNKNOWN = "unknown"


class Stance(Enumeration):
    """Whether a source supports the statement that it is cited for."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    CONTEXT = "context"


class Assessment(Enumeration):
    """The assessment of a statement by the editors."""

    ACCEPTED = "accepted"
    DISPUTED = "disputed"
    REJECTED = "rejected"
    NEEDS_WORK = "needs_work"


class Topic(GrowingEnumeration):
    """The topics of analysts' assessments."""

    AIMS = "aims"
    STRATEGY = "strategy"
    CAPABILITY = "capability"
    TREND = "trend"
    RELATIONS = "relations"
    OUTLOOK = "outlook"


class Confidence(Enumeration):
    """How confident the editors are of a statement (STIX: low 15, medium 50, high 85)."""

    UNASSESSED = "unassessed"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Quantifier(GrowingEnumeration):
    """How a source words a number. Vague words need no number."""

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


LEAST: dict[str, int] = {
    Quantifier.SEVERAL: 3,
    Quantifier.FEW: 3,
    Quantifier.MANY: 10,
    Quantifier.DOZENS: 12,
    Quantifier.HUNDREDS: 100,
    Quantifier.THOUSANDS: 1_000,
    Quantifier.TENS_OF_THOUSANDS: 10_000,
}
"""The lowest number that a vague word stands for, where a source states no number."""


class FigureRole(Enumeration):
    """Whether editors use a figure or it is only what one source says."""

    RECOMMENDED = "recommended"
    SUPPORTING = "supporting"


class Match(Enumeration):
    """How a record relates to what an external id identifies (SKOS)."""

    EXACT = "exact"
    CLOSE = "close"
    BROADER = "broader"
    NARROWER = "narrower"


class Scheme(GrowingEnumeration):
    """The systems of external ids."""

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
        "local_partner": "A local organisation that shares its records.",
        "subnational": "It reaches a part of one country.",
        "national": "It reaches one country.",
        "regional": "It reaches several neighbouring countries.",
        "international": "It reaches the world.",
        "new_media": "Accounts and channels on the internet.",
        "other": "None of these.",
        "unknown": "It is unknown.",
    },
    SourceKind: {
        "article": "A text in a newspaper, magazine or journal.",
        "report": "A study by an organisation.",
        "book": "A book.",
        "dataset": "A release of a dataset.",
        "statement": "A declaration, as its author released it.",
        "official_document": "A law, an order, a list or a record of a state or organisation.",
        "court_record": "A judgment, an indictment or a record of a hearing.",
        "social_media_post": "A post of an account or a channel.",
        "web_page": "Another page on the web.",
        "video": "A video recording.",
        "audio": "A sound recording.",
        "image": "A photograph or another still picture.",
        "interview": "A recorded conversation with a person who answers questions.",
        "other": "None of these.",
        "unknown": "It is unknown.",
    },
    LocatorKind: {
        "page": "A page, or several.",
        "paragraph": "A paragraph, by its number.",
        "minute": "A time in audio or video.",
        "frame": "A frame of a video.",
        "cell": "A cell of a table.",
        "row": "A row of a dataset, by its id.",
        "post": "A post of a thread or channel.",
        "unknown": "It is unknown what the locator counts.",
    },
    Stance: {
        "supports": "The source says that it is true.",
        "contradicts": "The source says that it is not true.",
        "context": "The source helps to understand it but says neither.",
    },
    Assessment: {
        "accepted": "The editors accept it as true.",
        "disputed": "There is evidence for it and against it; the record shows both.",
        "rejected": "The editors reject it. It stays listed so that nobody enters it again.",
        "needs_work": "The editors have not decided yet.",
    },
    Topic: {
        "aims": "What an actor wants to achieve.",
        "strategy": "How an actor pursues its aims.",
        "capability": "What an actor is able to do.",
        "trend": "How the situation has developed.",
        "relations": "An actor's relations to others.",
        "outlook": "What is likely to happen.",
    },
    Confidence: {
        "unassessed": "The editors have not graded it.",
        "low": "Weak evidence or a single source; it may well be untrue.",
        "medium": "Good evidence that leaves room for doubt.",
        "high": "Strong evidence from sources that agree.",
    },
    Quantifier: {
        "exact": "The number itself.",
        "approximately": "About the number.",
        "at_least": "The number or more.",
        "at_most": "The number or less.",
        "between": "A lowest and a highest number.",
        "several": "“Several”: at least 3 if there is no number.",
        "few": "“A few”: at least 3 if there is no number.",
        "many": "“Many”: at least 10 if there is no number.",
        "dozens": "“Dozens”: at least 12 if there is no number.",
        "hundreds": "“Hundreds”: at least 100 if there is no number.",
        "thousands": "“Thousands”: at least 1,000 if there is no number.",
        "tens_of_thousands": "“Tens of thousands”: at least 10,000 if there is no number.",
        "unspecified": "The source does not say how exact the number is.",
    },
    FigureRole: {
        "recommended": "The figure that the editors use, at most one of its kind.",
        "supporting": "What one source says.",
    },
    Match: {
        "exact": "Both are the same.",
        "close": "Both are the same for most purposes.",
        "broader": "The other system's item is broader than the record.",
        "narrower": "The other system's item is narrower than the record.",
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
"""The meanings of the words, in the order of each enumeration."""

CROSSWALKS: dict[EnumerationType, list[Crosswalk]] = {
    Scale: [
        Crosswalk(
            "acled.source_scale",
            "ACLED's scale of sources. The scale of an event joins those of its publishers, such "
            "as Local partner-National.",
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
            "STIX 2.1's confidence, on its scale of low, medium and high. The property is absent "
            "if it is not assessed.",
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
            "The number that ACLED codes if a source gives a word and no number: the smallest "
            "number that the word allows (3 for several, 10 for many, 12 for dozens, 100 for "
            "hundreds, and so on). Null: the export uses the number itself, the lowest of those "
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
"""The codes of the words in other systems."""
