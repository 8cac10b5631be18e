"""The words for publishers, sources, citations and assertions."""

from publishing.fields import Enumeration, Growing


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


class SourceKind(Growing):
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


class LocatorKind(Growing):
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


class Topic(Growing):
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


class Scheme(Growing):
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
