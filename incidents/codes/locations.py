"""The words for locations."""

from publishing.fields import Enumeration
from publishing.vocabularies import Crosswalk, EnumerationType


class LocationRole(Enumeration):
    """What a place was to the incident."""

    IMPACT = "impact"
    INTENDED_TARGET = "intended_target"
    LAUNCH = "launch"
    INTERCEPT = "intercept"
    TRANSIT = "transit"
    ABDUCTION = "abduction"
    OTHER = "other"
    UNKNOWN = "unknown"


class Precision(Enumeration):
    """How finely a location is known, from the finest to the coarsest."""

    EXACT = "exact"
    SETTLEMENT = "settlement"
    NEAR_SETTLEMENT = "near_settlement"
    ADMIN3 = "admin3"
    ADMIN2 = "admin2"
    ADMIN1 = "admin1"
    REGION = "region"
    COUNTRY = "country"
    WATER_OR_AIRSPACE = "water_or_airspace"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    LocationRole: {
        "impact": "Where it struck or took place.",
        "intended_target": "Where it was meant to strike.",
        "launch": "From where it was fired or set out.",
        "intercept": "Where it was stopped.",
        "transit": "Over or through where it came.",
        "abduction": "Where somebody was taken.",
        "other": "None of these.",
        "unknown": "It is not known what the place was to it.",
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
"""What the words mean, in the order of each enumeration."""

CROSSWALKS: dict[EnumerationType, list[Crosswalk]] = {
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
        ),
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
        ),
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
        ),
        Crosswalk(
            "helix.accuracy",
            "IDMC Helix's accuracy of a place.",
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
            "Atlos's word for how exact a place is.",
            {
                "exact": "Exact",
                "settlement": "Locality",
                **dict.fromkeys(("near_settlement", "admin3", "admin2", "admin1")),
                **dict.fromkeys(("region", "country", "water_or_airspace")),
            },
        ),
    ],
}
"""What the words are in other systems."""
