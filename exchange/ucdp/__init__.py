"""What the datasets of UCDP share: their publisher, and what is known of each as a source."""

from sources.codes import Scale

UCDP = {
    "name": "Uppsala Conflict Data Program",
    "country": "SE",
    "language": "en",
    "scale": Scale.INTERNATIONAL,
}
ABOUT = {"language": "en", "licence": "CC BY 4.0", "url": "https://ucdp.uu.se/downloads/"}
ACTOR_IDS = {
    "ucdp_esd": ("actor_id", "oppo_id", "ext_id"),
    "ucdp_actor": (
        *("ActorId", "ActorIdPrev", "ActorIdSplitTemp", "ActorIdAlliance", "ActorIdGroup"),
        *("OSCoalitionID", "NSCoalitionID"),
    ),
}
"""The columns of ids, by dataset whose rows may name actors that their records do not reference."""
