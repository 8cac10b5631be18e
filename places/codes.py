"""The vocabulary of places."""

from publishing.fields import GrowingEnumeration
from publishing.vocabularies import EnumerationType


class PlaceKind(GrowingEnumeration):
    """The kinds of place: first from the largest to the smallest, then those without an order."""

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
        "region": "A part of a country or of the world that is not a first-level division.",
        "admin1": "A first-level division: a governorate, a province, a state.",
        "admin2": "A second-level division: a district.",
        "admin3": "A third-level division: a subdistrict.",
        "settlement": "A city, town, village or camp.",
        "neighbourhood": "A part of a settlement.",
        "facility": "A building or site: an airport, a plant, an embassy.",
        "base": "A military base or camp.",
        "checkpoint": "A post that controls a road.",
        "border_crossing": "A place to cross a border.",
        "natural_feature": "A river, mountain, desert or the like.",
        "maritime": "A sea, a strait or the waters of a port.",
        "airspace": "The air above a place.",
        "other": "None of these.",
    },
}
"""The meanings of the words, in the order of each enumeration."""
