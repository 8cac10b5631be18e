"""The words for weapons."""

from publishing.fields import Enumeration, GrowingEnumeration
from publishing.vocabularies import Crosswalk, EnumerationType


class Weapon(GrowingEnumeration):
    """The kind of weapon, finer than the weapon types of GTD; each word maps to one of them."""

    SMALL_ARMS = "small_arms"
    MACHINE_GUN = "machine_gun"
    SNIPER = "sniper"
    IED = "ied"
    VBIED = "vbied"
    EFP = "efp"
    LANDMINE = "landmine"
    STICKY_BOMB = "sticky_bomb"
    SUICIDE_VEST = "suicide_vest"
    GRENADE = "grenade"
    RPG = "rpg"
    MORTAR = "mortar"
    ROCKET = "rocket"
    IRAM = "iram"
    ARTILLERY = "artillery"
    BALLISTIC_MISSILE = "ballistic_missile"
    CRUISE_MISSILE = "cruise_missile"
    ANTI_SHIP_MISSILE = "anti_ship_missile", "anti-ship missile"
    ATGM = "atgm"
    MANPADS = "manpads", "MANPADS"
    ONE_WAY_ATTACK_DRONE = "one_way_attack_drone", "one-way attack drone"
    ARMED_DRONE = "armed_drone"
    DRONE = "drone"
    AERIAL_BOMB = "aerial_bomb"
    INCENDIARY = "incendiary"
    CHEMICAL = "chemical"
    BIOLOGICAL = "biological"
    RADIOLOGICAL = "radiological"
    NUCLEAR = "nuclear"
    MELEE = "melee"
    VEHICLE_RAMMING = "vehicle_ramming"
    SABOTAGE = "sabotage"
    FAKE = "fake"
    CYBER = "cyber"
    OTHER = "other"
    UNKNOWN = "unknown"


class Frequency(Enumeration):
    """How often a weapon was used in a series."""

    ALWAYS = "always"
    OFTEN = "often"
    SOMETIMES = "sometimes"
    UNKNOWN = "unknown"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    Weapon: {
        "small_arms": "Rifles and pistols.",
        "machine_gun": "Machine guns.",
        "sniper": "A rifle fired from a distance at a chosen person.",
        "ied": "An improvised explosive device.",
        "vbied": "An explosive device in a vehicle.",
        "efp": "An explosively formed penetrator.",
        "landmine": "A mine made in a factory.",
        "sticky_bomb": "A bomb fixed to a vehicle, often by a magnet.",
        "suicide_vest": "A bomb worn by the bomber.",
        "grenade": "A hand grenade.",
        "rpg": "A rocket-propelled grenade.",
        "mortar": "A mortar.",
        "rocket": "An unguided rocket.",
        "iram": "An improvised rocket-assisted mortar.",
        "artillery": "A gun or howitzer.",
        "ballistic_missile": "A ballistic missile.",
        "cruise_missile": "A cruise missile.",
        "anti_ship_missile": "A missile against ships.",
        "atgm": "A guided missile against tanks.",
        "manpads": "A portable missile against aircraft.",
        "one_way_attack_drone": "A drone that is itself the weapon.",
        "armed_drone": "A drone that drops or fires a weapon and returns.",
        "drone": "A drone of an unknown kind.",
        "aerial_bomb": "A bomb or missile from a crewed aircraft.",
        "incendiary": "Fire, or a device that starts it.",
        "chemical": "A chemical agent.",
        "biological": "A biological agent.",
        "radiological": "Radioactive matter.",
        "nuclear": "A nuclear weapon.",
        "melee": "Knives, clubs or hands.",
        "vehicle_ramming": "A vehicle driven into people or objects.",
        "sabotage": "Tools that break or cut something.",
        "fake": "A dummy.",
        "cyber": "Software.",
        "other": "None of these.",
        "unknown": "Not known.",
    },
    Frequency: {
        "always": "In every event of the series.",
        "often": "In many of them.",
        "sometimes": "In some of them.",
        "unknown": "Not known.",
    },
}
"""The meaning of each word, in the order of its enumeration."""

CROSSWALKS: dict[EnumerationType, list[Crosswalk]] = {
    Weapon: [
        Crosswalk(
            "gtd.weaptype",
            "The weapon type in GTD: 1 biological, 2 chemical, 3 radiological, 4 nuclear, 5 "
            "firearms, "
            "6 explosives, 7 fake, 8 incendiary, 9 melee, 10 vehicle, 11 sabotage, 12 other, 13 "
            "unknown.",
            {
                **dict.fromkeys(Weapon.values, "6"),
                **dict.fromkeys(("small_arms", "machine_gun", "sniper"), "5"),
                "biological": "1",
                "chemical": "2",
                "radiological": "3",
                "nuclear": "4",
                "fake": "7",
                "incendiary": "8",
                "melee": "9",
                "vehicle_ramming": "10",
                "sabotage": "11",
                "cyber": "12",
                "other": "12",
                "unknown": "13",
            },
        )
    ],
}
"""The codes of the words in other systems."""
