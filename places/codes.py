"""The words for places, and what they mean."""

from publishing.fields import Enumeration
from publishing.vocabularies import EnumerationType


class PlaceKind(Enumeration):
    """What a place is, from the widest to the narrowest, then what lies outside that order."""

    COUNTRY = "country"
    REGION = "region"
    ADMIN1 = "admin1"
    ADMIN2 = "admin2"
    ADMIN3 = "admin3"
    SETTLEMENT = "settlement"
    NEIGHBOURHOOD = "neighbourhood"
    FACILITY = "facility"
    BASE = "base"
    CHECKPOINT = "checkpoint"
    BORDER_CROSSING = "border_crossing"
    NATURAL_FEATURE = "natural_feature"
    MARITIME = "maritime"
    AIRSPACE = "airspace"
    OTHER = "other"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    PlaceKind: {
        "country": "A country of ISO 3166-1.",
        "region": "A part of a country or of the world that is no division of the first level.",
        "admin1": "A division of the first level: a governorate, a province, a state.",
        "admin2": "A division of the second level: a district.",
        "admin3": "A division of the third level: a subdistrict.",
        "settlement": "A city, town, village or camp.",
        "neighbourhood": "A part of a settlement.",
        "facility": "A building or site: an airport, a plant, an embassy.",
        "base": "A military base or camp.",
        "checkpoint": "A post that controls a road.",
        "border_crossing": "Where a border is crossed.",
        "natural_feature": "A river, mountain, desert or the like.",
        "maritime": "A sea, strait or port's waters.",
        "airspace": "The air above somewhere.",
        "other": "None of these.",
    },
}
"""What the words mean, in the order of each enumeration."""
