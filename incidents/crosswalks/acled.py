"""What our words about incidents are in ACLED, and its rules that a word alone does not decide."""

from incidents.codes import EventType, Outcome, Precision, SubType
from publishing.vocabularies import Crosswalk, Words

BATTLES = "Battles"
REMOTE = "Explosions/Remote violence"
CIVILIANS = "Violence against civilians"
PROTESTS = "Protests"
RIOTS = "Riots"
STRATEGIC = "Strategic developments"

SUB_EVENTS = {
    "Government regains territory": BATTLES,
    "Non-state actor overtakes territory": BATTLES,
    "Armed clash": BATTLES,
    "Excessive force against protesters": PROTESTS,
    "Protest with intervention": PROTESTS,
    "Peaceful protest": PROTESTS,
    "Violent demonstration": RIOTS,
    "Mob violence": RIOTS,
    "Chemical weapon": REMOTE,
    "Air/drone strike": REMOTE,
    "Suicide bomb": REMOTE,
    "Shelling/artillery/missile attack": REMOTE,
    "Remote explosive/landmine/IED": REMOTE,
    "Grenade": REMOTE,
    "Sexual violence": CIVILIANS,
    "Attack": CIVILIANS,
    "Abduction/forced disappearance": CIVILIANS,
    "Agreement": STRATEGIC,
    "Arrests": STRATEGIC,
    "Change to group/activity": STRATEGIC,
    "Disrupted weapons use": STRATEGIC,
    "Headquarters or base established": STRATEGIC,
    "Looting/property destruction": STRATEGIC,
    "Non-violent transfer of territory": STRATEGIC,
    "Other": STRATEGIC,
}
"""ACLED's 25 sub-event types, each with its event type."""

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

_BY_WEAPON = {
    **dict.fromkeys(
        ("one_way_attack_drone", "armed_drone", "drone", "aerial_bomb"), "Air/drone strike"
    ),
    **dict.fromkeys(
        (
            "mortar",
            "rocket",
            "iram",
            "artillery",
            "ballistic_missile",
            "cruise_missile",
            "anti_ship_missile",
            "atgm",
            "manpads",
        ),
        "Shelling/artillery/missile attack",
    ),
    **dict.fromkeys(
        ("ied", "vbied", "efp", "landmine", "sticky_bomb"), "Remote explosive/landmine/IED"
    ),
    "suicide_vest": "Suicide bomb",
    "grenade": "Grenade",
    "chemical": "Chemical weapon",
}
"""By weapon, what the killing of somebody who is no civilian is; else it is an armed clash."""

CROSSWALKS: dict[Words, list[Crosswalk]] = {
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
    ],
    Precision: [
        Crosswalk(
            "acled.geo_precision",
            "ACLED's precision of places. It leaves out what is known by its country alone.",
            {
                "exact": "1",
                "settlement": "1",
                "near_settlement": "2",
                "admin3": "2",
                "admin2": "2",
                "admin1": "3",
                "region": "3",
                "country": None,
                "water_or_airspace": "3",
            },
        )
    ],
}


def sub_event(
    sub_type: str, outcome: str = "unknown", weapon: str = "unknown", *, civilian: bool = False
) -> str | None:
    """Return ACLED's sub-event type; `civilian` tells that the victim was one."""
    disrupted = outcome in (Outcome.INTERCEPTED, Outcome.FOILED, Outcome.ABORTED)
    if disrupted and SUB_EVENTS.get(SUB_TYPES[sub_type] or "") == REMOTE:
        return "Disrupted weapons use"
    if sub_type == SubType.TARGETED_KILLING:
        return "Attack" if civilian else _BY_WEAPON.get(weapon, "Armed clash")
    return SUB_TYPES[sub_type]


def event_type(sub_event: str | None, event_type: str) -> str | None:
    """Return ACLED's event type: that of the sub-event where there is one."""
    return SUB_EVENTS[sub_event] if sub_event else EVENT_TYPES[event_type]


def disorder_types(sub_event: str) -> list[str]:
    """Return ACLED's disorder types of a sub-event: excessive force has two."""
    if SUB_EVENTS[sub_event] == STRATEGIC:
        return ["Strategic developments"]
    if sub_event == "Excessive force against protesters":
        return ["Political violence", "Demonstrations"]
    demonstrates = SUB_EVENTS[sub_event] == PROTESTS or sub_event == "Violent demonstration"
    return ["Demonstrations" if demonstrates else "Political violence"]
