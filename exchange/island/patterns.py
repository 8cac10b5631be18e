"""Patterns of incidents: how each kind is worded, and what belongs to it."""

from typing import NamedTuple


class Pattern(NamedTuple):
    """A kind of incident; its texts name {by}, {against} and {town}."""

    weight: float
    event_type: str
    sub_type: str
    by: str
    """Who does it: rebels, state, air, gangs, crowd or nobody."""
    against: str
    """Against whom: state, rebels, civilians, gangs or nobody."""
    titles: tuple[str, ...]
    summaries: tuple[str, ...]
    weapons: tuple[tuple[str, str], ...] = ()
    """Each with its calibre in mm, or nothing."""
    targets: tuple[tuple[str, str], ...] = ()
    """Types of target, each with a name."""
    deadly: int = 0
    """How many are killed at most, in most cases."""
    tags: tuple[str, ...] = ()

    @property
    def violence(self) -> str:
        """The type of organised violence, as UCDP defines it."""
        if not self.deadly or self.by in ("crowd", "nobody", "gangs"):
            return "none"
        return "one_sided" if self.against == "civilians" else "state_based"


_BATTLE, _REMOTE = "battle", "explosion_remote_violence"
_CIVILIANS, _STRATEGIC = "violence_against_civilians", "strategic_development"

PATTERNS = (
    Pattern(
        *(14, _BATTLE, "battle_armed_clash", "rebels", "state"),
        (
            "Firefight between the {by} and the {against} near {town}",
            "Clash near {town}",
            "The {by} attacks a post of the {against} at {town}",
        ),
        (
            "Fighters of the {by} attack a post of the {against} outside {town} at dusk and "
            "withdraw after an hour.",
            "A patrol of the {against} meets fighters of the {by} on the road to {town}.",
        ),
        (("small_arms", "7.62"), ("machine_gun", "12.7"), ("rpg", "")),
        (("military", "post outside the town"),),
        6,
    ),
    Pattern(
        *(8, _BATTLE, "ambush", "rebels", "state"),
        ("Ambush on a patrol near {town}", "Convoy of the {against} ambushed near {town}"),
        (
            "The {by} stops a convoy of the {against} in the hills above {town} and burns two "
            "of its vehicles.",
            "A patrol of the {against} is fired at from both sides of the road near {town}.",
        ),
        (("small_arms", "5.56"), ("rpg", ""), ("machine_gun", "7.62")),
        (("military", "convoy"),),
        7,
    ),
    Pattern(
        *(4, _BATTLE, "battle_government_regains", "state", "rebels"),
        ("The {against} is driven out of {town}", "State forces retake {town}"),
        ("The {against} leaves {town} after a day of fighting; the {by} takes its positions.",),
        (("small_arms", "5.56"), ("artillery", "105")),
        (),
        9,
    ),
    Pattern(
        *(3, _BATTLE, "battle_nsa_overtakes", "rebels", "state"),
        ("The {by} takes {town}", "{town} falls to the {by}"),
        ("The {by} enters {town} from three sides; the {against} retreats over the river.",),
        (("small_arms", "7.62"), ("mortar", "81")),
        (),
        8,
    ),
    Pattern(
        *(10, _REMOTE, "rocket_attack", "rebels", "state"),
        ("Rockets fired at {town}", "Rocket attack on a camp near {town}"),
        (
            "{count} rockets are fired at a camp of the {against} near {town}.",
            "The {by} fires {count} rockets at a barracks in {town}; some fall into gardens.",
        ),
        (("rocket", "107"), ("rocket", "122")),
        (("military", "camp"), ("private_citizens_property", "gardens")),
        4,
    ),
    Pattern(
        *(8, _REMOTE, "mortar_attack", "rebels", "state"),
        ("Mortar fire on {town}", "Mortar attack on a checkpoint near {town}"),
        ("The {by} fires {count} mortar bombs at a checkpoint of the {against} near {town}.",),
        (("mortar", "81"), ("mortar", "120")),
        (("military", "checkpoint"),),
        3,
        ("checkpoint",),
    ),
    Pattern(
        *(7, _REMOTE, "artillery_shelling", "state", "rebels"),
        ("Shelling of {town}", "Artillery fire on the outskirts of {town}"),
        ("Guns of the {by} shell positions of the {against} around {town}; a school is hit.",),
        (("artillery", "105"), ("artillery", "155")),
        (("terrorists_militia", "positions"), ("educational", "a school")),
        7,
    ),
    Pattern(
        *(7, _REMOTE, "air_strike", "air", "rebels"),
        ("Air strike near {town}", "Air Wing bombs a depot at {town}"),
        (
            "Aircraft of the {by} drop {count} bombs on what they call a depot of the {against} "
            "near {town}. Residents say that it was a farm.",
        ),
        (("aerial_bomb", ""),),
        (("terrorists_militia", "depot"), ("private_citizens_property", "a farm")),
        11,
    ),
    Pattern(
        *(3, _REMOTE, "helicopter_strike", "air", "rebels"),
        ("Helicopter fires at a camp near {town}",),
        ("A helicopter of the {by} fires at a camp of the {against} in the woods near {town}.",),
        (("aerial_bomb", ""),),
        (("terrorists_militia", "camp"),),
        5,
    ),
    Pattern(
        *(7, _REMOTE, "drone_strike", "rebels", "state"),
        ("Drones attack a base near {town}", "Drone attack on {town}"),
        ("{count} drones of the {by} fly at a base of the {against} near {town}.",),
        (("one_way_attack_drone", ""), ("armed_drone", "")),
        (("military", "base"),),
        3,
    ),
    Pattern(
        *(9, _REMOTE, "ied", "rebels", "state"),
        ("Roadside bomb near {town}", "Bomb hits a vehicle of the {against} at {town}"),
        ("A bomb beside the road hits a vehicle of the {against} near {town}.",),
        (("ied", ""), ("efp", "")),
        (("military", "vehicle"),),
        4,
    ),
    Pattern(
        *(4, _REMOTE, "landmine", "nobody", "civilians"),
        ("Mine explodes on a farm track near {town}", "Tractor hits a mine near {town}"),
        ("A mine explodes under a cart near {town}. Nobody knows who laid it, or when.",),
        (("landmine", ""),),
        (("private_citizens_property", "a cart"),),
        2,
    ),
    Pattern(
        *(5, _REMOTE, "grenade", "gangs", "civilians"),
        ("Grenade thrown at a shop in {town}", "Grenade at a warehouse in {town}"),
        ("A grenade is thrown at a shop in {town} whose owner had refused to pay the {by}.",),
        (("grenade", ""),),
        (("business", "a shop"),),
        1,
    ),
    Pattern(
        *(5, _CIVILIANS, "targeted_killing", "rebels", "civilians"),
        ("Killing of a district clerk in {town}", "Mayor's secretary shot in {town}"),
        ("Two people on a motorcycle shoot a clerk of the district in front of the town hall.",),
        (("small_arms", "9"),),
        (("government_general", "a clerk"),),
        1,
        ("assassination",),
    ),
    Pattern(
        *(5, _CIVILIANS, "attack_on_civilians", "state", "civilians"),
        ("Men of the {by} beat villagers near {town}", "Night raid on houses in {town}"),
        ("Men of the {by} search houses in {town} at night and beat those who live there.",),
        (("small_arms", "5.56"), ("melee", "")),
        (("private_citizens_property", "houses"),),
        3,
    ),
    Pattern(
        *(6, _CIVILIANS, "abduction", "gangs", "civilians"),
        ("Trader abducted near {town}", "Abduction of two fishers off {town}"),
        ("The {by} abducts people near {town} and asks their families for a ransom.",),
        (("small_arms", ""),),
        (),
        0,
        ("hostage_taking",),
    ),
    Pattern(
        *(4, _STRATEGIC, "looting_destruction", "rebels", "civilians"),
        ("School burnt down in {town}", "Power line cut near {town}"),
        ("At night the {by} sets fire to a building in {town} that the state had opened in May.",),
        (("incendiary", ""),),
        (("educational", "a school"), ("utilities", "a power line")),
    ),
    Pattern(
        *(8, "protest", "peaceful_protest", "crowd", "nobody"),
        ("Bread and Light rally in {town}", "Teachers march in {town}", "Sit-in at {town}"),
        ("People gather in {town} against the price of bread; nobody interferes.",),
    ),
    Pattern(
        *(3, "protest", "excessive_force_protesters", "crowd", "state"),
        ("Shots at a demonstration in {town}",),
        ("The {against} fires at people who demonstrate in {town}.",),
        (("small_arms", ""),),
        (),
        2,
    ),
    Pattern(
        *(3, "riot", "violent_demonstration", "crowd", "state"),
        ("Riot over flour in {town}", "Stones and tear gas in {town}"),
        ("A demonstration in {town} turns violent when the flour runs out.",),
        (("melee", ""),),
        (("business", "a bakery"),),
        0,
    ),
    Pattern(
        *(6, _STRATEGIC, "arrest", "state", "rebels"),
        ("Arrests in {town}", "The {by} arrests suspects in {town}"),
        ("The {by} arrests people in {town} whom it accuses of working for the {against}.",),
    ),
    Pattern(
        *(4, _STRATEGIC, "weapons_seizure", "state", "rebels"),
        ("Weapons found near {town}", "Rifles and fuses seized in {town}"),
        ("The {by} finds rifles, fuses and two radios in a barn near {town}.",),
        (("small_arms", ""),),
    ),
    Pattern(
        *(3, _STRATEGIC, "plot_disrupted", "rebels", "state"),
        ("Bomb made safe in {town}", "Attack on {town} prevented"),
        ("A bomb is found under a bridge in {town} and made safe.",),
        (("ied", ""),),
        (("transportation", "a bridge"),),
    ),
    Pattern(
        *(3, _STRATEGIC, "agreement", "rebels", "state"),
        ("Local truce in {town}",),
        ("Commanders of the {by} and the {against} agree on a truce in {town} for the harvest.",),
    ),
    Pattern(
        *(2, _STRATEGIC, "base_established", "state", "nobody"),
        ("New post of the {by} at {town}",),
        ("The {by} builds a post on the hill above {town}.",),
    ),
    Pattern(
        *(3, _STRATEGIC, "statement_threat", "rebels", "state"),
        ("The {by} threatens the garrison of {town}",),
        ("Leaflets of the {by} tell the garrison of {town} to leave within ten days.",),
    ),
)
