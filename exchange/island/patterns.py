"""Patterns of incidents: how each kind is worded, and what belongs to it."""

from typing import NamedTuple

NIGHT, DAY, ANY = (0, 4), (9, 17), (0, 23)
"""Hours of the day, the first and the last."""
OF_THE_STATE = ("state", "army", "air")
"""The words for who does it that mean a side of the state."""


class Pattern(NamedTuple):
    """A kind of incident; its texts name {by}, {against}, {town} and {count}."""

    weight: float
    event_type: str
    sub_type: str
    by: str
    """Who does it: rebels, state, army, air, gangs, crowd or nobody."""
    against: str
    """Who is attacked: state, rebels, civilians or nobody."""
    texts: tuple[tuple[str, str], ...]
    """Pairs of a title and a summary."""
    weapons: tuple[tuple[str, str], ...] = ()
    """Each with its calibre in mm, or nothing."""
    targets: tuple[tuple[str, str], ...] = ()
    """Types of target, each with a name; the first is what was aimed at."""
    deadly: int = 0
    """How many are killed at most, in most cases."""
    hours: tuple[int, int] = ANY
    tags: tuple[str, ...] = ()
    harm: str = ""
    """What {count} people suffer, other than death and injury: abducted or detained."""
    at_sea: bool = False

    @property
    def violence(self) -> str:
        """The type of organised violence, as UCDP defines it."""
        if not self.deadly or self.by in ("crowd", "nobody", "gangs"):
            return "none"
        return "one_sided" if self.against == "civilians" else "state_based"


_BATTLE, _REMOTE = "battle", "explosion_remote_violence"
_CIVILIANS, _STRATEGIC = "violence_against_civilians", "strategic_development"
_RIFLES = ("small_arms", "7.62")

PATTERNS = (
    Pattern(
        weight=14,
        event_type=_BATTLE,
        sub_type="battle_armed_clash",
        by="rebels",
        against="state",
        texts=(
            (
                "Post of the {against} attacked near {town}",
                "Fighters of the {by} attack a post of the {against} outside {town} and withdraw "
                "after an hour.",
            ),
            (
                "Clash near {town}",
                "A patrol of the {against} meets fighters of the {by} on the road to {town}.",
            ),
            (
                "Firefight between the {by} and the {against} near {town}",
                "Both sides fire across the river at {town} until their ammunition runs low.",
            ),
        ),
        weapons=(_RIFLES, ("machine_gun", "12.7"), ("rpg", "")),
        targets=(("military", "a post or a patrol"),),
        deadly=6,
    ),
    Pattern(
        weight=8,
        event_type=_BATTLE,
        sub_type="ambush",
        by="rebels",
        against="state",
        texts=(
            (
                "Convoy of the {against} ambushed near {town}",
                "Fighters of the {by} stop a convoy of the {against} in the hills above {town} and "
                "burn two of its vehicles.",
            ),
            (
                "Ambush on a patrol near {town}",
                "A patrol of the {against} is fired at from both sides of the road near {town}.",
            ),
        ),
        weapons=(("small_arms", "5.56"), ("rpg", ""), ("machine_gun", "7.62")),
        targets=(("military", "a column"),),
        deadly=7,
    ),
    Pattern(
        weight=4,
        event_type=_BATTLE,
        sub_type="battle_government_regains",
        by="state",
        against="rebels",
        texts=(
            (
                "{town} retaken from the {against}",
                "Fighters of the {against} leave {town} after a day of fighting; men of the {by} "
                "take their positions.",
            ),
        ),
        weapons=(("small_arms", "5.56"), ("artillery", "105")),
        deadly=9,
    ),
    Pattern(
        weight=3,
        event_type=_BATTLE,
        sub_type="battle_nsa_overtakes",
        by="rebels",
        against="state",
        texts=(
            (
                "{town} falls to the {by}",
                "Fighters of the {by} enter {town} from three sides; men of the {against} retreat "
                "over the river.",
            ),
        ),
        weapons=(_RIFLES, ("mortar", "81")),
        deadly=8,
    ),
    Pattern(
        weight=10,
        event_type=_REMOTE,
        sub_type="rocket_attack",
        by="rebels",
        against="state",
        texts=(
            (
                "Rocket attack on a camp near {town}",
                "{count} rockets are fired at a camp of the {against} near {town}.",
            ),
            (
                "Rockets fired at {town}",
                "{count} rockets are fired at a barracks of the {against} in {town}; some fall "
                "into gardens.",
            ),
        ),
        weapons=(("rocket", "107"), ("rocket", "122")),
        targets=(("military", "a camp or a barracks"),),
        deadly=4,
    ),
    Pattern(
        weight=8,
        event_type=_REMOTE,
        sub_type="mortar_attack",
        by="rebels",
        against="state",
        texts=(
            (
                "Mortar attack on a checkpoint near {town}",
                "Fighters of the {by} fire {count} mortar bombs at a checkpoint of the {against} "
                "near {town}.",
            ),
            (
                "Mortar fire on {town}",
                "{count} mortar bombs fall around a checkpoint of the {against} in {town}.",
            ),
        ),
        weapons=(("mortar", "81"), ("mortar", "120")),
        targets=(("military", "a checkpoint"),),
        deadly=3,
        tags=("checkpoint",),
    ),
    Pattern(
        weight=7,
        event_type=_REMOTE,
        sub_type="artillery_shelling",
        by="army",
        against="rebels",
        texts=(
            (
                "Shelling of {town}",
                "Guns of the {by} shell positions of the {against} around {town}; a school is hit.",
            ),
            (
                "Artillery fire on the outskirts of {town}",
                "Guns of the {by} shell a ridge near {town} where they suspect fighters of the "
                "{against}; a school below it is hit.",
            ),
        ),
        weapons=(("artillery", "105"), ("artillery", "155")),
        targets=(("terrorists_militia", "positions"), ("educational", "a school")),
        deadly=7,
    ),
    Pattern(
        weight=7,
        event_type=_REMOTE,
        sub_type="air_strike",
        by="air",
        against="rebels",
        texts=(
            (
                "Air strike near {town}",
                "Aircraft drop {count} bombs on what the {by} calls a depot of the {against} near "
                "{town}. Residents say that it was a farm.",
            ),
            (
                "{by} bombs a farm near {town}",
                "Aircraft of the {by} drop {count} bombs on a farm near {town}, where the "
                "{against} is said to have kept weapons.",
            ),
        ),
        weapons=(("aerial_bomb", ""),),
        targets=(("terrorists_militia", "depot"), ("private_citizens_property", "a farm")),
        deadly=11,
    ),
    Pattern(
        weight=3,
        event_type=_REMOTE,
        sub_type="helicopter_strike",
        by="air",
        against="rebels",
        texts=(
            (
                "Helicopter fires at a camp near {town}",
                "A helicopter of the {by} fires at a camp of the {against} in the woods near "
                "{town}.",
            ),
        ),
        weapons=(("machine_gun", "12.7"),),
        targets=(("terrorists_militia", "a camp"),),
        deadly=5,
    ),
    Pattern(
        weight=7,
        event_type=_REMOTE,
        sub_type="drone_strike",
        by="rebels",
        against="state",
        texts=(
            (
                "Drones attack a base near {town}",
                "{count} drones of the {by} fly at a base of the {against} near {town}.",
            ),
            (
                "Drone attack on {town}",
                "{count} drones come down on {town}, where men of the {against} are quartered.",
            ),
        ),
        weapons=(("one_way_attack_drone", ""), ("armed_drone", "")),
        targets=(("military", "a base"),),
        deadly=3,
    ),
    Pattern(
        weight=9,
        event_type=_REMOTE,
        sub_type="ied",
        by="rebels",
        against="state",
        texts=(
            (
                "Roadside bomb near {town}",
                "A bomb beside the road explodes under a vehicle of the {against} near {town}.",
            ),
            (
                "Bomb hits a vehicle of the {against} near {town}",
                "A bomb in a drain hits the second vehicle of a column of the {against}.",
            ),
        ),
        weapons=(("ied", ""), ("efp", "")),
        targets=(("military", "a vehicle"),),
        deadly=4,
    ),
    Pattern(
        weight=4,
        event_type=_REMOTE,
        sub_type="landmine",
        by="nobody",
        against="civilians",
        texts=(
            (
                "Mine explodes on a farm track near {town}",
                "A mine explodes under a cart near {town}. Nobody knows who laid it, or when.",
            ),
            (
                "Tractor hits a mine near {town}",
                "A tractor hits a mine in a field near {town} that had been ploughed every year.",
            ),
        ),
        weapons=(("landmine", ""),),
        targets=(("private_citizens_property", "a vehicle"),),
        deadly=2,
        hours=DAY,
    ),
    Pattern(
        weight=5,
        event_type=_REMOTE,
        sub_type="grenade",
        by="gangs",
        against="civilians",
        texts=(
            (
                "Grenade thrown at a shop in {town}",
                "A grenade is thrown at a shop in {town} whose owner had refused to pay the {by}.",
            ),
        ),
        weapons=(("grenade", ""),),
        targets=(("business", "a shop"),),
        deadly=1,
        hours=NIGHT,
    ),
    Pattern(
        weight=5,
        event_type=_CIVILIANS,
        sub_type="targeted_killing",
        by="rebels",
        against="civilians",
        texts=(
            (
                "Clerk of the district shot in {town}",
                "Two people on a motorcycle shoot at a clerk of the district in front of the town "
                "hall of {town}.",
            ),
            (
                "Schoolmaster shot at his door in {town}",
                "A schoolmaster who had been called an informer is shot at his door in {town}.",
            ),
        ),
        weapons=(("small_arms", "9"),),
        targets=(("government_general", "an employee of the state"),),
        deadly=1,
        tags=("assassination",),
    ),
    Pattern(
        weight=4,
        event_type=_CIVILIANS,
        sub_type="attack_on_civilians",
        by="state",
        against="civilians",
        texts=(
            (
                "Night raid on houses in {town}",
                "Men of the {by} search houses in {town} and beat those who live there.",
            ),
        ),
        weapons=(("small_arms", "5.56"), ("melee", "")),
        targets=(("private_citizens_property", "houses"),),
        deadly=3,
        hours=NIGHT,
    ),
    Pattern(
        weight=2,
        event_type=_CIVILIANS,
        sub_type="attack_on_civilians",
        by="rebels",
        against="civilians",
        texts=(
            (
                "Ambulance fired at near {town}",
                "Fighters of the {by} fire at an ambulance that does not stop near {town}.",
            ),
        ),
        weapons=(_RIFLES,),
        targets=(("private_citizens_property", "an ambulance"),),
        deadly=2,
        tags=("health_care",),
    ),
    Pattern(
        weight=4,
        event_type=_CIVILIANS,
        sub_type="abduction",
        by="gangs",
        against="civilians",
        texts=(
            (
                "Drivers abducted near {town}",
                "{count} drivers are abducted near {town}; the {by} asks their families for a "
                "ransom.",
            ),
        ),
        weapons=(("small_arms", ""),),
        tags=("hostage_taking",),
        harm="abducted",
    ),
    Pattern(
        weight=9,
        event_type=_CIVILIANS,
        sub_type="attack_on_civilians",
        by="gangs",
        against="civilians",
        texts=(
            (
                "Fishing boat robbed off {town}",
                "People of the {by} stop a fishing boat off {town}, take its engine and leave it "
                "adrift.",
            ),
            (
                "Shots at a cargo boat off {town}",
                "A fast boat of the {by} fires at a cargo boat off {town} and turns away when the "
                "Coast Guard comes.",
            ),
        ),
        weapons=(("small_arms", ""), ("machine_gun", "7.62")),
        targets=(("maritime", "a boat"),),
        deadly=2,
        tags=("shipping",),
        at_sea=True,
    ),
    Pattern(
        weight=2,
        event_type=_STRATEGIC,
        sub_type="looting_destruction",
        by="rebels",
        against="civilians",
        texts=(
            (
                "School burnt down in {town}",
                "Fighters of the {by} set fire to the empty school of {town}.",
            ),
        ),
        weapons=(("incendiary", ""),),
        targets=(("educational", "a school"),),
        hours=NIGHT,
    ),
    Pattern(
        weight=2,
        event_type=_STRATEGIC,
        sub_type="looting_destruction",
        by="rebels",
        against="civilians",
        texts=(
            (
                "Power line cut near {town}",
                "Fighters of the {by} cut the power line near {town}; it is dark for four days.",
            ),
        ),
        weapons=(("sabotage", ""),),
        targets=(("utilities", "a power line"),),
        hours=NIGHT,
    ),
    Pattern(
        weight=8,
        event_type="protest",
        sub_type="peaceful_protest",
        by="crowd",
        against="nobody",
        texts=(
            (
                "Bread and Light rally in {town}",
                "People gather in {town} against the price of bread; nobody interferes.",
            ),
            ("March through {town}", "Several hundred people march through {town} with lamps."),
            ("Sit-in at {town}", "Pupils and their teachers sit down on the road at {town}."),
        ),
        hours=DAY,
    ),
    Pattern(
        weight=3,
        event_type="protest",
        sub_type="excessive_force_protesters",
        by="crowd",
        against="state",
        texts=(
            (
                "Shots at a demonstration in {town}",
                "Men of the {against} fire at people who demonstrate in {town}.",
            ),
        ),
        weapons=(("small_arms", ""),),
        deadly=2,
        hours=DAY,
    ),
    Pattern(
        weight=3,
        event_type="riot",
        sub_type="violent_demonstration",
        by="crowd",
        against="state",
        texts=(
            (
                "Riot over flour in {town}",
                "A demonstration in {town} turns violent when the flour runs out.",
            ),
            (
                "Stones and tear gas in {town}",
                "People throw stones at men of the {against} in {town} and are driven back.",
            ),
        ),
        weapons=(("melee", ""),),
        targets=(("business", "a bakery"),),
        hours=DAY,
    ),
    Pattern(
        weight=6,
        event_type=_STRATEGIC,
        sub_type="arrest",
        by="state",
        against="rebels",
        texts=(
            (
                "Arrests in {town}",
                "{count} people are arrested in {town}; they are accused of working for the "
                "{against}.",
            ),
        ),
        hours=NIGHT,
        harm="detained",
    ),
    Pattern(
        weight=4,
        event_type=_STRATEGIC,
        sub_type="weapons_seizure",
        by="state",
        against="rebels",
        texts=(
            (
                "Weapons found near {town}",
                "Men of the {by} find rifles, fuses and two radios in a barn near {town}.",
            ),
            (
                "Rifles and fuses seized in {town}",
                "A cart with rifles and fuses is stopped at the gate of {town}.",
            ),
        ),
        weapons=(("small_arms", ""),),
    ),
    Pattern(
        weight=3,
        event_type=_STRATEGIC,
        sub_type="plot_disrupted",
        by="rebels",
        against="state",
        texts=(
            (
                "Bomb made safe in {town}",
                "A bomb is found under a bridge in {town} and made safe.",
            ),
        ),
        weapons=(("ied", ""),),
        targets=(("transportation", "a bridge"),),
        hours=DAY,
    ),
    Pattern(
        weight=2,
        event_type=_STRATEGIC,
        sub_type="agreement",
        by="rebels",
        against="state",
        texts=(
            (
                "Local truce in {town}",
                "Commanders of the {by} and the {against} agree on a truce in {town} for the "
                "shearing.",
            ),
        ),
        hours=DAY,
    ),
    Pattern(
        weight=1,
        event_type=_STRATEGIC,
        sub_type="base_established",
        by="state",
        against="nobody",
        texts=(
            (
                "New post of the {by} at {town}",
                "Men of the {by} build a post on the hill above {town}.",
            ),
        ),
        hours=DAY,
    ),
    Pattern(
        weight=2,
        event_type=_STRATEGIC,
        sub_type="statement_threat",
        by="rebels",
        against="state",
        texts=(
            (
                "Threat of the {by} against the garrison of {town}",
                "Leaflets of the {by} tell the garrison of {town} to leave within ten days.",
            ),
        ),
    ),
)
