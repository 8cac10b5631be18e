"""The words for what happened."""

from publishing.fields import Enumeration, GrowingEnumeration
from publishing.vocabularies import Crosswalk, EnumerationType


class EventType(Enumeration):
    """What happened, in ACLED's six types."""

    BATTLE = "battle"
    EXPLOSION_REMOTE_VIOLENCE = "explosion_remote_violence", "explosion or remote violence"
    VIOLENCE_AGAINST_CIVILIANS = "violence_against_civilians"
    PROTEST = "protest"
    RIOT = "riot"
    STRATEGIC_DEVELOPMENT = "strategic_development"
    UNKNOWN = "unknown"


class SubType(GrowingEnumeration):
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


class Tag(GrowingEnumeration):
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


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    EventType: {
        "battle": "Two armed sides fight each other.",
        "explosion_remote_violence": "One side strikes from afar or by explosives.",
        "violence_against_civilians": "Armed people attack people who are not.",
        "protest": "People demonstrate without violence.",
        "riot": "People demonstrate or act as a mob, with violence.",
        "strategic_development": "No violence, but a change that matters to the conflict.",
        "unknown": "It is not known what happened.",
    },
    SubType: {
        "battle_armed_clash": "A fight after which no ground has changed hands.",
        "battle_government_regains": "A fight by which a government won ground back.",
        "battle_nsa_overtakes": "A fight by which a group that is no state won ground.",
        "ambush": "An attack from a hidden position on who passes.",
        "complex_attack": "An attack with several weapons or waves at once.",
        "invasion": "Forces enter a country or region to take it.",
        "ground_offensive": "An operation on the ground over days to take or clear an area.",
        "drone_strike": "A strike by an unmanned aircraft, or by one that is itself the weapon.",
        "air_strike": "A strike by a crewed aircraft with wings.",
        "helicopter_strike": "A strike by a helicopter.",
        "rocket_attack": "Unguided rockets are fired.",
        "missile_attack": "Guided missiles are fired.",
        "mortar_attack": "Mortars are fired.",
        "artillery_shelling": "Guns or howitzers are fired.",
        "ied": "An improvised explosive device.",
        "vbied": "An explosive device in a vehicle, without a suicide.",
        "efp": "An explosive device that forms a projectile against armour.",
        "landmine": "A mine made in a factory.",
        "uxo": "Ammunition left behind explodes.",
        "suicide_bomb": "A bomber who carries the bomb.",
        "suicide_vbied": "A bomber who drives the bomb.",
        "grenade": "A hand grenade, thrown or shot.",
        "chemical_weapon": "A chemical agent is used as a weapon.",
        "targeted_killing": "A killing of a person who was chosen, whoever does it and how.",
        "attack_on_civilians": "Armed people attack civilians.",
        "extrajudicial_killing": "A killing by a state or a ruler of the place, without a court.",
        "massacre": "Many who cannot defend themselves are killed at once.",
        "torture": "Pain is inflicted on somebody who is held.",
        "abduction": "Somebody is taken by force.",
        "enforced_disappearance": "Somebody is taken by a state or ruler, who denies it.",
        "sexual_violence": "Rape or another sexual assault.",
        "peaceful_protest": "A protest that nobody interferes with.",
        "protest_with_intervention": "A protest that is dispersed without lethal force.",
        "excessive_force_protesters": "A protest that is met with force that kills or may kill.",
        "violent_demonstration": "A demonstration that turns to violence.",
        "mob_violence": "A crowd attacks people or things outside a demonstration.",
        "agreement": "A ceasefire, a peace or another agreement.",
        "arrest": "Arrests.",
        "group_change": "A group forms, splits, merges, recruits or changes its leaders.",
        "interception": "A weapon on its way is shot down or stopped.",
        "weapons_seizure": "Weapons are found and taken.",
        "failed_launch": "A weapon does not leave or falls short.",
        "plot_disrupted": "An attack is stopped before it begins.",
        "base_established": "A base or headquarters is set up.",
        "looting_destruction": "Property is looted or destroyed.",
        "nonviolent_transfer": "Ground changes hands without a fight.",
        "withdrawal": "Forces leave.",
        "legal_recognition": "A law or decree recognises or incorporates an actor.",
        "statement_threat": "A statement that threatens or announces.",
        "cyber_attack": "An attack on computers or networks.",
        "other": "None of these.",
        "unknown": "No more is known than the event type.",
    },
    Violence: {
        "state_based": "Organised violence in which at least one side is a state.",
        "non_state": "Organised violence between groups of which none is a state.",
        "one_sided": "An organised actor kills civilians.",
        "none": "None of UCDP's types.",
        "unknown": "It is not known.",
    },
    Outcome: {
        "completed": "It was carried out as meant.",
        "partially_successful": "It was carried out in part.",
        "failed": "It was tried and did not work.",
        "intercepted": "What was fired or sent was stopped on its way.",
        "foiled": "It was stopped before it began.",
        "aborted": "Who did it broke it off.",
        "hoax": "There was nothing behind it.",
        "unknown": "It is not known.",
    },
    Granularity: {
        "single_event": "One event.",
        "aggregate": "A number of events that a source tells of as one.",
        "series": "Events without number that a source tells of as going on.",
    },
    Motive: {
        "sectarian": "Against people of another faith or branch of it.",
        "ethnic": "Against people of another people.",
        "political": "For a political end.",
        "retaliatory": "In return for something.",
        "criminal": "For gain.",
        "unknown": "It is not known why.",
    },
    PropertyDamage: {
        "none": "Nothing was destroyed.",
        "minor": "Less than a million US dollars.",
        "major": "A million US dollars or more.",
        "catastrophic": "A billion US dollars or more.",
        "unknown": "It is not known.",
    },
    Tag: {
        "aid_workers": "It concerns aid workers.",
        "assassination": "A person of rank was killed, or was to be.",
        "ceasefire_violation": "It broke a ceasefire.",
        "checkpoint": "It happened at a checkpoint.",
        "coup": "A coup, or an attempt at one.",
        "cross_border": "It reached across a border.",
        "cultural_property": "Monuments, museums or holy places were hit.",
        "cyber": "It concerns computers or networks.",
        "election": "It concerns an election.",
        "forced_displacement": "People were driven out.",
        "friendly_fire": "It hit one's own side.",
        "health_care": "Hospitals, ambulances or medical staff were hit.",
        "hostage_taking": "Hostages were taken.",
        "insider_attack": "It was done by somebody of the attacked side.",
        "oil_and_gas": "It concerns oil or gas.",
        "prison_break": "Prisoners were freed, or were to be.",
        "religious_event": "It concerns a pilgrimage, a feast or a service.",
        "sexual_violence": "It concerns sexual violence.",
        "shipping": "It concerns ships.",
        "siege": "A place was cut off.",
    },
}
"""What the words mean, in the order of each enumeration."""

CIVILIANS = "Violence against civilians"
RIOTS = "Riots"
REMOTE = "Explosions/Remote violence"
BATTLES = "Battles"
PROTESTS = "Protests"
STRATEGIC = "Strategic developments"

EVENT_TYPES: dict[str, str | None] = {
    "battle": BATTLES,
    "explosion_remote_violence": REMOTE,
    "violence_against_civilians": CIVILIANS,
    "protest": PROTESTS,
    "riot": RIOTS,
    "strategic_development": STRATEGIC,
    "unknown": None,
}
SUB_TYPES: dict[str, str | None] = {
    "battle_armed_clash": "Armed clash",
    "battle_government_regains": "Government regains territory",
    "battle_nsa_overtakes": "Non-state actor overtakes territory",
    "ambush": "Armed clash",
    "complex_attack": "Armed clash",
    "invasion": "Armed clash",
    "ground_offensive": "Armed clash",
    "drone_strike": "Air/drone strike",
    "air_strike": "Air/drone strike",
    "helicopter_strike": "Air/drone strike",
    "rocket_attack": "Shelling/artillery/missile attack",
    "missile_attack": "Shelling/artillery/missile attack",
    "mortar_attack": "Shelling/artillery/missile attack",
    "artillery_shelling": "Shelling/artillery/missile attack",
    "ied": "Remote explosive/landmine/IED",
    "vbied": "Remote explosive/landmine/IED",
    "efp": "Remote explosive/landmine/IED",
    "landmine": "Remote explosive/landmine/IED",
    "uxo": "Remote explosive/landmine/IED",
    "suicide_bomb": "Suicide bomb",
    "suicide_vbied": "Suicide bomb",
    "grenade": "Grenade",
    "chemical_weapon": "Chemical weapon",
    "targeted_killing": None,
    "attack_on_civilians": "Attack",
    "extrajudicial_killing": "Attack",
    "massacre": "Attack",
    "torture": "Attack",
    "abduction": "Abduction/forced disappearance",
    "enforced_disappearance": "Abduction/forced disappearance",
    "sexual_violence": "Sexual violence",
    "peaceful_protest": "Peaceful protest",
    "protest_with_intervention": "Protest with intervention",
    "excessive_force_protesters": "Excessive force against protesters",
    "violent_demonstration": "Violent demonstration",
    "mob_violence": "Mob violence",
    "agreement": "Agreement",
    "arrest": "Arrests",
    "group_change": "Change to group/activity",
    "interception": "Disrupted weapons use",
    "weapons_seizure": "Disrupted weapons use",
    "failed_launch": "Disrupted weapons use",
    "plot_disrupted": "Disrupted weapons use",
    "base_established": "Headquarters or base established",
    "looting_destruction": "Looting/property destruction",
    "nonviolent_transfer": "Non-violent transfer of territory",
    "withdrawal": "Other",
    "legal_recognition": "Other",
    "statement_threat": "Other",
    "cyber_attack": "Other",
    "other": "Other",
    "unknown": None,
}
_EXPLOSIONS = (
    *("drone_strike", "air_strike", "helicopter_strike", "rocket_attack", "missile_attack"),
    *("mortar_attack", "artillery_shelling", "ied", "vbied", "efp", "landmine", "uxo"),
    *("suicide_bomb", "suicide_vbied", "grenade"),
)
_ASSAULTS = (
    *("battle_armed_clash", "battle_government_regains", "battle_nsa_overtakes", "ambush"),
    *("complex_attack", "invasion", "ground_offensive", "attack_on_civilians", "massacre"),
)

CROSSWALKS: dict[EnumerationType, list[Crosswalk]] = {
    EventType: [Crosswalk("acled.event_type", "ACLED's event type.", EVENT_TYPES)],
    SubType: [
        Crosswalk(
            "acled.sub_event_type",
            "ACLED's sub-event type. A targeted killing is an Attack when its victim is a "
            "civilian, else what its weapon makes it. What was intercepted, foiled or aborted is "
            "Disrupted weapons use, whatever was to be fired.",
            SUB_TYPES,
            {
                "Armed clash": "battle_armed_clash",
                "Government regains territory": "battle_government_regains",
                "Non-state actor overtakes territory": "battle_nsa_overtakes",
                "Air/drone strike": "unknown",
                "Shelling/artillery/missile attack": "unknown",
                "Remote explosive/landmine/IED": "unknown",
                "Suicide bomb": "suicide_bomb",
                "Grenade": "grenade",
                "Chemical weapon": "chemical_weapon",
                "Sexual violence": "sexual_violence",
                "Attack": "attack_on_civilians",
                "Abduction/forced disappearance": "abduction",
                "Peaceful protest": "peaceful_protest",
                "Protest with intervention": "protest_with_intervention",
                "Excessive force against protesters": "excessive_force_protesters",
                "Violent demonstration": "violent_demonstration",
                "Mob violence": "mob_violence",
                "Agreement": "agreement",
                "Arrests": "arrest",
                "Change to group/activity": "group_change",
                "Disrupted weapons use": "unknown",
                "Headquarters or base established": "base_established",
                "Looting/property destruction": "looting_destruction",
                "Non-violent transfer of territory": "nonviolent_transfer",
                "Other": "other",
            },
        ),
        Crosswalk(
            "gtd.attacktype",
            "GTD's attack type: 1 assassination, 2 armed assault, 3 bombing or explosion, 4 "
            "hijacking, 5 barricade, 6 kidnapping, 7 facility or infrastructure, 8 unarmed "
            "assault, 9 unknown. Null: no attack, or not GTD's.",
            {
                **dict.fromkeys(SubType.values, None),
                **dict.fromkeys(_EXPLOSIONS, "3"),
                **dict.fromkeys(_ASSAULTS, "2"),
                "targeted_killing": "1",
                "extrajudicial_killing": "1",
                "abduction": "6",
                "enforced_disappearance": "6",
                "looting_destruction": "7",
                "chemical_weapon": "8",
                "mob_violence": "8",
                "sexual_violence": "8",
                "torture": "8",
                "unknown": "9",
            },
        ),
    ],
    Violence: [
        Crosswalk(
            "ucdp.type_of_violence",
            "UCDP's type of violence. It counts an event only with a death at least, by its best "
            "estimate.",
            {
                "state_based": "1",
                "non_state": "2",
                "one_sided": "3",
                "none": None,
                "unknown": None,
            },
            {"1": "state_based", "2": "non_state", "3": "one_sided"},
        )
    ],
    PropertyDamage: [
        Crosswalk(
            "gtd.propextent",
            "GTD's extent of damage: 1 from a billion dollars, 2 from a million, 3 below, 4 "
            "unknown.",
            {"none": None, "minor": "3", "major": "2", "catastrophic": "1", "unknown": "4"},
            {"1": "catastrophic", "2": "major", "3": "minor", "4": "unknown"},
        )
    ],
}
"""What the words are in other systems."""
