"""What our words about incidents are in UCDP's Georeferenced Event Dataset, and its rules."""

from enum import Enum

from incidents.codes import Precision, Violence
from publishing.vocabularies import Crosswalk, Words

CROSSWALKS: dict[Words, list[Crosswalk]] = {
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
    Precision: [
        Crosswalk(
            "ucdp.where_prec",
            "UCDP's precision of places: 1 exact, 2 within 25 km, 3 the second level, 4 the first "
            "level, 5 a line or a vague area, 6 the country, 7 water or air.",
            {
                "exact": "1",
                "settlement": "1",
                "near_settlement": "2",
                "admin3": "3",
                "admin2": "3",
                "admin1": "4",
                "region": "5",
                "country": "6",
                "water_or_airspace": "7",
            },
            {
                "1": "exact",
                "2": "near_settlement",
                "3": "admin2",
                "4": "admin1",
                "5": "region",
                "6": "country",
                "7": "water_or_airspace",
            },
        )
    ],
}


class Party(Enum):
    """What a side of an event is to UCDP."""

    STATE = "the forces of a state, acting as such"
    GROUP = "another organised actor"
    CIVILIANS = "civilians"
    OTHER = "none of these, or not known"


_ORGANISED = (Party.STATE, Party.GROUP)


def violence(did: Party, suffered: Party) -> Violence | None:
    """Return the type of violence between two sides; None where it is none of UCDP's."""
    if did not in _ORGANISED:
        return None
    if suffered is Party.CIVILIANS:
        return Violence.ONE_SIDED
    if suffered not in _ORGANISED:
        return None
    return Violence.STATE_BASED if Party.STATE in (did, suffered) else Violence.NON_STATE


def counts(best: int | None) -> bool:
    """Return whether UCDP counts an event with this best estimate of the killed."""
    return best is not None and best >= 1
