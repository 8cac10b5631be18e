"""What our words about incidents are in the Global Terrorism Database."""

from incidents.codes import (
    Mode,
    Precision,
    PropertyDamage,
    SubType,
    TargetType,
    Weapon,
)
from publishing.vocabularies import Crosswalk, Words

_EXPLOSIONS = (
    *("drone_strike", "air_strike", "helicopter_strike", "rocket_attack", "missile_attack"),
    *("mortar_attack", "artillery_shelling", "ied", "vbied", "efp", "landmine", "uxo"),
    *("suicide_bomb", "suicide_vbied", "grenade"),
)
_ASSAULTS = (
    *("battle_armed_clash", "battle_government_regains", "battle_nsa_overtakes", "ambush"),
    *("complex_attack", "invasion", "ground_offensive", "attack_on_civilians", "massacre"),
)
_TARGETS = (
    *("business", "government_general", "police", "military", "abortion_related"),
    *("airports_aircraft", "government_diplomatic", "educational", "food_water"),
    *("journalists_media", "maritime", "ngo", "other", "private_citizens_property", "religious"),
    *("telecommunication", "terrorists_militia", "tourists", "transportation", "unknown"),
    *("utilities", "violent_political_party"),
)
"""In the order of GTD's numbers, 1 to 22."""

CROSSWALKS: dict[Words, list[Crosswalk]] = {
    SubType: [
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
        )
    ],
    TargetType: [
        Crosswalk(
            "gtd.targtype",
            "GTD's target type, 1 to 22.",
            {word: str(number) for number, word in enumerate(_TARGETS, start=1)},
            {str(number): word for number, word in enumerate(_TARGETS, start=1)},
        )
    ],
    Precision: [
        Crosswalk(
            "gtd.specificity",
            "GTD's specificity of places: 1 the settlement, 2 to 4 coarser ones, 5 unknown.",
            {
                "exact": "1",
                "settlement": "1",
                "near_settlement": "1",
                "admin3": "2",
                "admin2": "3",
                "admin1": "4",
                "region": "4",
                "country": "5",
                "water_or_airspace": None,
            },
        )
    ],
    Weapon: [
        Crosswalk(
            "gtd.weaptype",
            "GTD's weapon type: 1 biological, 2 chemical, 3 radiological, 4 nuclear, 5 firearms, "
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
    Mode: [
        Crosswalk(
            "gtd.claimmode",
            "GTD's mode of a claim.",
            {
                "letter": "1",
                "call_after": "2",
                "call_before": "3",
                "email": "4",
                "note_at_scene": "5",
                "video": "6",
                "website_post": "7",
                "telegram_channel": "7",
                "social_media": "7",
                "group_media_outlet": "7",
                "personal_claim": "8",
                "press_conference": "9",
                "official_statement": "9",
                "interview": "9",
                "leaflet": "9",
                "court_record": "9",
                "other": "9",
                "unknown": "10",
            },
            {
                "1": "letter",
                "2": "call_after",
                "3": "call_before",
                "4": "email",
                "5": "note_at_scene",
                "6": "video",
                "7": "website_post",
                "8": "personal_claim",
                "9": "other",
                "10": "unknown",
            },
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
