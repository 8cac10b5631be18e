"""The words for actors and their affiliations (CODES: crosswalks come from here)."""

from publishing.fields import Enumeration, Growing


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


class NameKind(Growing):
    """What kind of name it is."""

    OFFICIAL = "official"
    COMMON = "common"
    ALIAS = "alias"
    ACRONYM = "acronym"
    FORMER = "former"
    NOM_DE_GUERRE = "nom_de_guerre"
    FACADE_BRAND = "facade_brand"
    LIST_NAME = "list_name"
    WEAK_ALIAS = "weak_alias"
    TRANSLATION = "translation"


class ClassificationWord(Enumeration):
    """What an actor was in a period; ACLED's interaction codes derive from it."""

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


class Basis(Enumeration):
    """On what ground something holds."""

    DE_JURE = "de_jure"
    DE_FACTO = "de_facto"
    CLAIMED = "claimed"
    ASSESSED = "assessed"
    UNKNOWN = "unknown"


class Closeness(Enumeration):
    """How close a tie is."""

    UNKNOWN = "unknown"
    LOOSE = "loose"
    CLOSE = "close"
    CONTROLLED = "controlled"


class AffiliationKind(Growing):
    """How the subject of an affiliation stands to its object."""

    SUBORDINATE_OF = "subordinate_of"
    ADMINISTRATIVELY_UNDER = "administratively_under"
    MEMBER_OF = "member_of"
    WING_OF = "wing_of"
    FACADE_OF = "facade_of"
    AFFILIATE_OF = "affiliate_of"
    SPONSORED_BY = "sponsored_by"
    RECOGNISED_BY = "recognised_by"
    SPLINTER_OF = "splinter_of"
    MERGED_INTO = "merged_into"
    SUCCESSOR_OF = "successor_of"
    ALIGNED_WITH = "aligned_with"
    ALLIED_WITH = "allied_with"
    COOPERATES_WITH = "cooperates_with"
    RIVAL_OF = "rival_of"
    IN_CONFLICT_WITH = "in_conflict_with"
    CEASEFIRE_WITH = "ceasefire_with"
    POSSIBLY_SAME_AS = "possibly_same_as"
    FOUNDER_OF = "founder_of"
    LEADER_OF = "leader_of"
    DEPUTY_LEADER_OF = "deputy_leader_of"
    COMMANDER_OF = "commander_of"
    SPOKESPERSON_OF = "spokesperson_of"
    ADVISER_OF = "adviser_of"


class Measure(Enumeration):
    """What an estimate of strength counts."""

    FIGHTERS = "fighters"
    MEMBERS = "members"
    UNITS = "units"
    VEHICLES = "vehicles"
    OTHER = "other"


class Scope(Enumeration):
    """Whom a question about an actor means: itself, and who stands under it by some ties."""

    SELF = "self", "the actor alone"
    MEMBERS = "members", "and its members, wings and affiliates"
    COMMAND = "command", "and whoever is under its command or administration, and its wings"
    FACADE = "facade", "and its facades"
    SPONSORED = "sponsored", "and whom it sponsors, with everyone under them by scope all"
    ALL = "all", "and everyone by members, command and facade, mixed as may be"


class MatchReason(Growing):
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


class AttributeKind(Growing):
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


class Activity(Growing):
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


class TargetFocus(Growing):
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


class Regime(Growing):
    """The lists on which states and organisations put actors."""

    US_FTO = "us_fto"
    US_SDGT = "us_sdgt"
    US_OFAC_SDN = "us_ofac_sdn"
    US_OFAC_NONSDN = "us_ofac_nonsdn"
    US_TTL = "us_ttl"
    EU_TERRORIST_LIST = "eu_terrorist_list"
    EU_CONSOLIDATED = "eu_consolidated"
    UN_1267 = "un_1267"
    UN_1988 = "un_1988"
    UN_OTHER = "un_other"
    UK_PROSCRIBED = "uk_proscribed"
    UK_SANCTIONS = "uk_sanctions"
    CA_LISTED_ENTITY = "ca_listed_entity"
    CA_SEMA = "ca_sema"
    AU_LISTED = "au_listed"
    AU_DFAT = "au_dfat"
    NZ_DESIGNATED = "nz_designated"
    IL_NBCTF = "il_nbctf"
    AE_LOCAL_LIST = "ae_local_list"
    SA_LIST = "sa_list"
    IN_UAPA = "in_uapa"
    CH_SECO = "ch_seco"
    JP_MOF = "jp_mof"
    TR_LIST = "tr_list"
    IQ_DOMESTIC = "iq_domestic"
    OTHER = "other"


class DesignationStatus(Enumeration):
    """Whether a designation stands."""

    LISTED = "listed"
    SUSPENDED = "suspended"
    DELISTED = "delisted"
    UNKNOWN = "unknown"


class PresenceKind(Growing):
    """What a place is to an actor."""

    HEADQUARTERS = "headquarters"
    BASE = "base"
    AREA_OF_OPERATIONS = "area_of_operations"
    TERRITORIAL_CONTROL = "territorial_control"
    INFLUENCE = "influence"
    CHECKPOINT = "checkpoint"
    RECRUITMENT = "recruitment"
    ORIGIN = "origin"


class Control(Enumeration):
    """How far an actor controls a place."""

    NONE = "none"
    CONTESTED = "contested"
    PARTIAL = "partial"
    FULL = "full"
    UNKNOWN = "unknown"


class SupportType(Growing):
    """With what a sponsor supports (UCDP's External Support, and three of ours)."""

    TROOP_SUPPORT = "troop_support"
    FOREIGN_TROOP_PRESENCE = "foreign_troop_presence"
    INFRASTRUCTURE_OR_JOINT_OPERATIONS = "infrastructure_or_joint_operations"
    WEAPONS = "weapons"
    MATERIEL_LOGISTICS = "materiel_logistics", "materiel and logistics"
    TRAINING_EXPERTISE = "training_expertise", "training and expertise"
    FUNDING = "funding"
    INTELLIGENCE = "intelligence"
    TERRITORY_ACCESS = "territory_access"
    POLITICAL_COVER = "political_cover"
    MEDIA_SUPPORT = "media_support"
    COMMAND_AND_CONTROL = "command_and_control"
    OTHER = "other"
    UNKNOWN = "unknown"
