"""The words for what happened."""

from publishing.fields import Enumeration, Growing


class EventType(Enumeration):
    """What happened, in ACLED's six types."""

    BATTLE = "battle"
    EXPLOSION_REMOTE_VIOLENCE = "explosion_remote_violence", "explosion or remote violence"
    VIOLENCE_AGAINST_CIVILIANS = "violence_against_civilians"
    PROTEST = "protest"
    RIOT = "riot"
    STRATEGIC_DEVELOPMENT = "strategic_development"
    UNKNOWN = "unknown"


class SubType(Growing):
    """What happened, finer than ACLED's sub-event types; each word maps to one of them."""

    BATTLE_ARMED_CLASH = "battle_armed_clash"
    BATTLE_GOVERNMENT_REGAINS = "battle_government_regains"
    BATTLE_NSA_OVERTAKES = "battle_nsa_overtakes"
    AMBUSH = "ambush"
    COMPLEX_ATTACK = "complex_attack"
    INVASION = "invasion"
    GROUND_OFFENSIVE = "ground_offensive"
    DRONE_STRIKE = "drone_strike"
    AIR_STRIKE = "air_strike"
    HELICOPTER_STRIKE = "helicopter_strike"
    ROCKET_ATTACK = "rocket_attack"
    MISSILE_ATTACK = "missile_attack"
    MORTAR_ATTACK = "mortar_attack"
    ARTILLERY_SHELLING = "artillery_shelling"
    IED = "ied"
    VBIED = "vbied"
    EFP = "efp"
    LANDMINE = "landmine"
    UXO = "uxo"
    SUICIDE_BOMB = "suicide_bomb"
    SUICIDE_VBIED = "suicide_vbied"
    GRENADE = "grenade"
    CHEMICAL_WEAPON = "chemical_weapon"
    TARGETED_KILLING = "targeted_killing"
    ATTACK_ON_CIVILIANS = "attack_on_civilians"
    EXTRAJUDICIAL_KILLING = "extrajudicial_killing"
    MASSACRE = "massacre"
    TORTURE = "torture"
    ABDUCTION = "abduction"
    ENFORCED_DISAPPEARANCE = "enforced_disappearance"
    SEXUAL_VIOLENCE = "sexual_violence"
    PEACEFUL_PROTEST = "peaceful_protest"
    PROTEST_WITH_INTERVENTION = "protest_with_intervention"
    EXCESSIVE_FORCE_PROTESTERS = "excessive_force_protesters"
    VIOLENT_DEMONSTRATION = "violent_demonstration"
    MOB_VIOLENCE = "mob_violence"
    AGREEMENT = "agreement"
    ARREST = "arrest"
    GROUP_CHANGE = "group_change"
    INTERCEPTION = "interception"
    WEAPONS_SEIZURE = "weapons_seizure"
    FAILED_LAUNCH = "failed_launch"
    PLOT_DISRUPTED = "plot_disrupted"
    BASE_ESTABLISHED = "base_established"
    LOOTING_DESTRUCTION = "looting_destruction", "looting or destruction of property"
    NONVIOLENT_TRANSFER = "nonviolent_transfer", "non-violent transfer of territory"
    WITHDRAWAL = "withdrawal"
    LEGAL_RECOGNITION = "legal_recognition"
    STATEMENT_THREAT = "statement_threat"
    CYBER_ATTACK = "cyber_attack"
    OTHER = "other"
    UNKNOWN = "unknown"


class Violence(Enumeration):
    """UCDP's type of organised violence."""

    STATE_BASED = "state_based", "state-based"
    NON_STATE = "non_state", "non-state"
    ONE_SIDED = "one_sided", "one-sided"
    NONE = "none"
    UNKNOWN = "unknown"


class Outcome(Enumeration):
    """How it ended for who did it."""

    COMPLETED = "completed"
    PARTIALLY_SUCCESSFUL = "partially_successful"
    FAILED = "failed"
    INTERCEPTED = "intercepted"
    FOILED = "foiled"
    ABORTED = "aborted"
    HOAX = "hoax"
    UNKNOWN = "unknown"


class Granularity(Enumeration):
    """Whether the record is one event, a sum that a source gives, or events without number."""

    SINGLE_EVENT = "single_event"
    AGGREGATE = "aggregate"
    SERIES = "series"


class Motive(Enumeration):
    """Why it was done."""

    SECTARIAN = "sectarian"
    ETHNIC = "ethnic"
    POLITICAL = "political"
    RETALIATORY = "retaliatory"
    CRIMINAL = "criminal"
    UNKNOWN = "unknown"


class PropertyDamage(Enumeration):
    """How much was destroyed (GTD: catastrophic from $1bn, major from $1m, minor below)."""

    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CATASTROPHIC = "catastrophic"
    UNKNOWN = "unknown"


class Tag(Growing):
    """What an incident is also looked for by, beside its type, weapons and targets."""

    AID_WORKERS = "aid_workers"
    ASSASSINATION = "assassination"
    CEASEFIRE_VIOLATION = "ceasefire_violation"
    CHECKPOINT = "checkpoint"
    COUP = "coup"
    CROSS_BORDER = "cross_border", "cross-border"
    CULTURAL_PROPERTY = "cultural_property"
    CYBER = "cyber"
    ELECTION = "election"
    FORCED_DISPLACEMENT = "forced_displacement"
    FRIENDLY_FIRE = "friendly_fire"
    HEALTH_CARE = "health_care"
    HOSTAGE_TAKING = "hostage_taking"
    INSIDER_ATTACK = "insider_attack"
    OIL_AND_GAS = "oil_and_gas"
    PRISON_BREAK = "prison_break"
    RELIGIOUS_EVENT = "religious_event"
    SEXUAL_VIOLENCE = "sexual_violence"
    SHIPPING = "shipping"
    SIEGE = "siege"
