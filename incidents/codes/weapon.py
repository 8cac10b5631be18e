"""The words for what an incident was done with."""

from publishing.fields import Enumeration, Growing


class Weapon(Growing):
    """What was used, finer than GTD's weapon types; each word maps to one of them."""

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
    """How often it was used in a series."""

    ALWAYS = "always"
    OFTEN = "often"
    SOMETIMES = "sometimes"
    UNKNOWN = "unknown"
