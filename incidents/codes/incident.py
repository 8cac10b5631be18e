"""The words for the type, the outcome and the topics of incidents."""

from publishing.fields import Enumeration, GrowingEnumeration
from publishing.vocabularies import Crosswalk, EnumerationType


class EventType(GrowingEnumeration):
    """The general type of event, one of the six types of ACLED."""

    BATTLE = "battle"
    EXPLOSION_REMOTE_VIOLENCE = "explosion_remote_violence", "explosion or remote violence"
    VIOLENCE_AGAINST_CIVILIANS = "violence_against_civilians"
    PROTEST = "protest"
    RIOT = "riot"
    STRATEGIC_DEVELOPMENT = "strategic_development"
    UNKNOWN = "unknown"


class SubType(GrowingEnumeration):
    """The detailed type of event, finer than the sub-event types of ACLED, to which it maps."""

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
    """The type of organised violence, as UCDP defines it."""

    STATE_BASED = "state_based", "state-based"
    NON_STATE = "non_state", "non-state"
    ONE_SIDED = "one_sided", "one-sided"
    NONE = "none"
    UNKNOWN = "unknown"


class Outcome(GrowingEnumeration):
    """The outcome for those who did it."""

    COMPLETED = "completed"
    PARTIALLY_SUCCESSFUL = "partially_successful"
    FAILED = "failed"
    INTERCEPTED = "intercepted"
    FOILED = "foiled"
    ABORTED = "aborted"
    HOAX = "hoax"
    UNKNOWN = "unknown"


class Granularity(Enumeration):
    """Whether the record is one event, an aggregate, or a series of an unknown number."""

    SINGLE_EVENT = "single_event"
    AGGREGATE = "aggregate"
    SERIES = "series"


class Motive(GrowingEnumeration):
    """The motive of an incident."""

    SECTARIAN = "sectarian"
    ETHNIC = "ethnic"
    POLITICAL = "political"
    RETALIATORY = "retaliatory"
    CRIMINAL = "criminal"
    UNKNOWN = "unknown"


class PropertyDamage(Enumeration):
    """The extent of the damage (GTD: catastrophic from $1bn, major from $1m, minor below)."""

    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CATASTROPHIC = "catastrophic"
    UNKNOWN = "unknown"


class Tag(GrowingEnumeration):
    """A topic of an incident, in addition to its type, weapons and targets."""

    AID_WORKERS = "aid_workers"
    ASSASSINATION = "assassination"
    CEASEFIRE_VIOLATION = "ceasefire_violation"
    CHECKPOINT = "checkpoint"
    COUP = "coup"
    CROSS_BORDER = "cross_border", "cross-border"
    CULTURAL_PROPERTY = "cultural_property"
    CYBER = "cyber"
    ELECTION = "election"
    FICTIONAL = "fictional"
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
        "explosion_remote_violence": "One side strikes from a distance or with explosives.",
        "violence_against_civilians": "Armed people attack people who are not armed.",
        "protest": "People demonstrate without violence.",
        "riot": "People demonstrate or act as a mob, with violence.",
        "strategic_development": "No violence, but a change that matters to the conflict.",
        "unknown": "Not known.",
    },
    SubType: {
        "battle_armed_clash": "A fight that does not change who controls territory.",
        "battle_government_regains": "A fight in which a government regains territory.",
        "battle_nsa_overtakes": "A fight in which a non-state group takes territory.",
        "ambush": "An attack from a hidden position on people who pass.",
        "complex_attack": "An attack with several weapons or waves at once.",
        "invasion": "Forces enter a country or region to occupy it.",
        "ground_offensive": "A ground operation over days to take or clear an area.",
        "drone_strike": "A strike by a drone, or by a drone that is itself the weapon.",
        "air_strike": "A strike by a crewed aeroplane.",
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
        "targeted_killing": "The killing of a chosen person, by any actor and any means.",
        "attack_on_civilians": "Armed people attack civilians.",
        "extrajudicial_killing": "A killing by the state or another authority, without a court.",
        "massacre": "Many people who cannot defend themselves are killed at once.",
        "torture": "Pain is inflicted on a prisoner.",
        "abduction": "Somebody is abducted.",
        "enforced_disappearance": "Somebody is abducted by the state or another authority, which "
        "denies it.",
        "sexual_violence": "Rape or another sexual assault.",
        "peaceful_protest": "A protest without interference.",
        "protest_with_intervention": "A protest that is dispersed without lethal force.",
        "excessive_force_protesters": "A protest that is met with force that kills or can kill.",
        "violent_demonstration": "A demonstration that turns to violence.",
        "mob_violence": "A crowd attacks people or property outside a demonstration.",
        "agreement": "A ceasefire, a peace agreement or another agreement.",
        "arrest": "Arrests.",
        "group_change": "A group forms, splits, merges, recruits or changes its leaders.",
        "interception": "A weapon in flight is shot down or stopped.",
        "weapons_seizure": "Weapons are found and taken.",
        "failed_launch": "A weapon fails to launch or falls short.",
        "plot_disrupted": "An attack is stopped before it begins.",
        "base_established": "A base or headquarters is set up.",
        "looting_destruction": "Property is looted or destroyed.",
        "nonviolent_transfer": "Territory changes hands without a fight.",
        "withdrawal": "Forces leave.",
        "legal_recognition": "A law or decree recognises or incorporates an actor.",
        "statement_threat": "A threat or an announcement.",
        "cyber_attack": "An attack on computers or networks.",
        "other": "None of these.",
        "unknown": "Only the event type is known.",
    },
    Violence: {
        "state_based": "Organised violence in which at least one side is a state.",
        "non_state": "Organised violence between groups that are not states.",
        "one_sided": "An organised actor kills civilians.",
        "none": "None of the types of UCDP.",
        "unknown": "Not known.",
    },
    Outcome: {
        "completed": "It was carried out as intended.",
        "partially_successful": "It was carried out in part.",
        "failed": "It was attempted and failed.",
        "intercepted": "The weapon was stopped on its way.",
        "foiled": "It was stopped before it began.",
        "aborted": "The perpetrators broke it off.",
        "hoax": "It was a hoax.",
        "unknown": "Not known.",
    },
    Granularity: {
        "single_event": "One event.",
        "aggregate": "A number of events that a source reports as one.",
        "series": "An unknown number of events that a source reports as continuing.",
    },
    Motive: {
        "sectarian": "Against people of another faith or denomination.",
        "ethnic": "Against people of another ethnic group.",
        "political": "For a political aim.",
        "retaliatory": "In retaliation.",
        "criminal": "For profit.",
        "unknown": "Not known.",
    },
    PropertyDamage: {
        "none": "Nothing was destroyed.",
        "minor": "Less than a million US dollars.",
        "major": "A million US dollars or more.",
        "catastrophic": "A billion US dollars or more.",
        "unknown": "Not known.",
    },
    Tag: {
        "aid_workers": "It concerns aid workers.",
        "assassination": "A prominent person was killed, or was to be killed.",
        "ceasefire_violation": "It broke a ceasefire.",
        "checkpoint": "It happened at a checkpoint.",
        "coup": "A coup, or an attempt at one.",
        "cross_border": "It crossed a border.",
        "cultural_property": "Monuments, museums or holy places were hit.",
        "cyber": "It concerns computers or networks.",
        "election": "It concerns an election.",
        "fictional": "It never happened: it shows what this software does.",
        "forced_displacement": "People were forced to leave.",
        "friendly_fire": "It hit the attackers' own side.",
        "health_care": "Hospitals, ambulances or medical staff were hit.",
        "hostage_taking": "Hostages were taken.",
        "insider_attack": "It was done by somebody of the attacked side.",
        "oil_and_gas": "It concerns oil or gas.",
        "prison_break": "Prisoners were freed, or were to be freed.",
        "religious_event": "It concerns a pilgrimage, a feast or a service.",
        "sexual_violence": "It concerns sexual violence.",
        "shipping": "It concerns ships.",
        "siege": "A place was besieged.",
    },
}
"""The meaning of each word, in the order of its enumeration."""

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

_EVENTS_OF_ACLED: dict[str, EventType] = {
    **dict.fromkeys(
        ("Armed clash", "Government regains territory", "Non-state actor overtakes territory"),
        EventType.BATTLE,
    ),
    **dict.fromkeys(
        (
            *("Chemical weapon", "Air/drone strike", "Suicide bomb", "Grenade"),
            *("Shelling/artillery/missile attack", "Remote explosive/landmine/IED"),
        ),
        EventType.EXPLOSION_REMOTE_VIOLENCE,
    ),
    **dict.fromkeys(
        ("Sexual violence", "Attack", "Abduction/forced disappearance"),
        EventType.VIOLENCE_AGAINST_CIVILIANS,
    ),
    **dict.fromkeys(
        ("Peaceful protest", "Protest with intervention", "Excessive force against protesters"),
        EventType.PROTEST,
    ),
    **dict.fromkeys(("Violent demonstration", "Mob violence"), EventType.RIOT),
    **dict.fromkeys(
        (
            *("Agreement", "Arrests", "Change to group/activity", "Other"),
            *("Headquarters or base established", "Looting/property destruction"),
            "Non-violent transfer of territory",
        ),
        EventType.STRATEGIC_DEVELOPMENT,
    ),
}
EVENT_TYPES_OF_SUB_TYPES: dict[str, list[str]] = {
    **{
        sub_type: [_EVENTS_OF_ACLED[event].value]
        for sub_type, event in SUB_TYPES.items()
        if event in _EVENTS_OF_ACLED
    },
    SubType.TARGETED_KILLING: [
        EventType.VIOLENCE_AGAINST_CIVILIANS.value,
        EventType.EXPLOSION_REMOTE_VIOLENCE.value,
        EventType.BATTLE.value,
    ],
    SubType.OTHER: [],
    SubType.UNKNOWN: [],
}
"""The event types that a sub type can have; every one if it is not listed."""

CROSSWALKS: dict[EnumerationType, list[Crosswalk]] = {
    EventType: [Crosswalk("acled.event_type", "The event type in ACLED.", EVENT_TYPES)],
    SubType: [
        Crosswalk(
            "acled.sub_event_type",
            "The sub-event type in ACLED. A targeted killing is an Attack if the victim is a "
            "civilian; otherwise it depends on the weapon. An incident that was intercepted, "
            "foiled "
            "or aborted is Disrupted weapons use, whatever the weapon.",
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
            "The attack type in GTD: 1 assassination, 2 armed assault, 3 bombing or explosion, 4 "
            "hijacking, 5 barricade, 6 kidnapping, 7 facility or infrastructure, 8 unarmed "
            "assault, 9 unknown. Null: not an attack, or not in GTD.",
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
            "The type of violence in UCDP, which includes only events with at least one death by "
            "its best estimate.",
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
            "The extent of damage in GTD: 1 from a billion dollars, 2 from a million, 3 below, 4 "
            "unknown.",
            {"none": None, "minor": "3", "major": "2", "catastrophic": "1", "unknown": "4"},
            {"1": "catastrophic", "2": "major", "3": "minor", "4": "unknown"},
        )
    ],
}
"""The codes of the words in other systems."""
