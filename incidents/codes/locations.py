"""The words for locations."""

from places.codes import PlaceKind
from publishing.fields import Enumeration, GrowingEnumeration
from publishing.vocabularies import Crosswalk, EnumerationType


class LocationRole(GrowingEnumeration):
    """The role of a location in an incident."""

    IMPACT = "impact"
    INTENDED_TARGET = "intended_target"
    LAUNCH = "launch"
    INTERCEPT = "intercept"
    TRANSIT = "transit"
    ABDUCTION = "abduction"
    OTHER = "other"
    UNKNOWN = "unknown"


class Precision(Enumeration):
    """How precisely a location is known, from the finest to the coarsest."""

    EXACT = "exact"
    SETTLEMENT = "settlement"
    NEAR_SETTLEMENT = "near_settlement"
    ADMIN3 = "admin3"
    ADMIN2 = "admin2"
    ADMIN1 = "admin1"
    REGION = "region"
    COUNTRY = "country"
    WATER_OR_AIRSPACE = "water_or_airspace"


POINT_PRECISIONS = (Precision.EXACT, Precision.SETTLEMENT, Precision.NEAR_SETTLEMENT)
"""The precisions of a point: the incident is within about 25 kilometres of it."""

PRECISION_OF_PLACES: dict[str, str] = {
    PlaceKind.COUNTRY: Precision.COUNTRY,
    PlaceKind.REGION: Precision.REGION,
    PlaceKind.ADMIN1: Precision.ADMIN1,
    PlaceKind.ADMIN2: Precision.ADMIN2,
    PlaceKind.ADMIN3: Precision.ADMIN3,
    PlaceKind.SETTLEMENT: Precision.SETTLEMENT,
    PlaceKind.NEIGHBOURHOOD: Precision.EXACT,
    PlaceKind.FACILITY: Precision.EXACT,
    PlaceKind.BASE: Precision.EXACT,
    PlaceKind.CHECKPOINT: Precision.EXACT,
    PlaceKind.BORDER_CROSSING: Precision.EXACT,
    PlaceKind.MARITIME: Precision.WATER_OR_AIRSPACE,
    PlaceKind.AIRSPACE: Precision.WATER_OR_AIRSPACE,
}
"""How precisely a location is known if its place is all that is known about it."""

FINENESS: dict[str, int] = {
    Precision.COUNTRY: 0,
    PlaceKind.COUNTRY: 0,
    PlaceKind.REGION: 1,
    Precision.WATER_OR_AIRSPACE: 1,
    PlaceKind.MARITIME: 1,
    PlaceKind.AIRSPACE: 1,
    PlaceKind.ADMIN1: 2,
    PlaceKind.ADMIN2: 3,
    PlaceKind.ADMIN3: 4,
    Precision.NEAR_SETTLEMENT: 5,
    PlaceKind.SETTLEMENT: 5,
    PlaceKind.OTHER: 5,
    PlaceKind.NATURAL_FEATURE: 5,
    PlaceKind.NEIGHBOURHOOD: 6,
    PlaceKind.FACILITY: 6,
    PlaceKind.BASE: 6,
    PlaceKind.CHECKPOINT: 6,
    PlaceKind.BORDER_CROSSING: 6,
    Precision.EXACT: 6,
}
"""How fine each precision and each kind of place is: the higher, the finer."""

MEANINGS: dict[EnumerationType, dict[str, str]] = {
    LocationRole: {
        "impact": "Where the incident took place or the weapon struck.",
        "intended_target": "Where the weapon was aimed.",
        "launch": "Where the weapon was launched or the attackers set out.",
        "intercept": "Where the weapon was intercepted.",
        "transit": "A place on its way.",
        "abduction": "Where somebody was abducted.",
        "other": "None of these.",
        "unknown": "The role is not known.",
    },
    Precision: {
        "exact": "Within about 100 metres.",
        "settlement": "A settlement, at its centre.",
        "near_settlement": "Within about 25 kilometres of a settlement.",
        "admin3": "Somewhere in a division of the third level.",
        "admin2": "Somewhere in a division of the second level.",
        "admin1": "Somewhere in a division of the first level.",
        "region": "Somewhere in a vague area or along a line.",
        "country": "Somewhere in a country.",
        "water_or_airspace": "At sea or in the air.",
    },
}
"""The meaning of each word, in the order of its enumeration."""

CROSSWALKS: dict[EnumerationType, list[Crosswalk]] = {
    Precision: [
        Crosswalk(
            "acled.geo_precision",
            "The precision of places in ACLED, which omits incidents of which only the country is "
            "known.",
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
        ),
        Crosswalk(
            "ucdp.where_prec",
            "The precision of places in UCDP: 1 exact, 2 within 25 km, 3 the second level, 4 the "
            "first "
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
        ),
        Crosswalk(
            "gtd.specificity",
            "The specificity of places in GTD: 1 the settlement, 2 to 4 coarser ones, 5 unknown.",
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
        ),
        Crosswalk(
            "helix.accuracy",
            "The accuracy of a place in IDMC Helix.",
            {
                "exact": "POINT",
                "settlement": "ADM3",
                "near_settlement": "ADM3",
                "admin3": "ADM3",
                "admin2": "ADM2",
                "admin1": "ADM1",
                "region": None,
                "country": "ADM0",
                "water_or_airspace": None,
            },
        ),
        Crosswalk(
            "atlos.geolocation",
            "The precision of a place in Atlos.",
            {
                "exact": "Exact",
                "settlement": "Locality",
                **dict.fromkeys(("near_settlement", "admin3", "admin2", "admin1")),
                **dict.fromkeys(("region", "country", "water_or_airspace")),
            },
        ),
    ],
}
"""The codes of the words in other systems."""
