"""The words for targets."""

from publishing.fields import GrowingEnumeration
from publishing.vocabularies import Crosswalk, EnumerationType


class TargetType(GrowingEnumeration):
    """The kind of object that was hit or aimed at (GTD's target types)."""

    BUSINESS = "business"
    GOVERNMENT_GENERAL = "government_general", "government (general)"
    POLICE = "police"
    MILITARY = "military"
    ABORTION_RELATED = "abortion_related", "abortion-related"
    AIRPORTS_AIRCRAFT = "airports_aircraft", "airports and aircraft"
    GOVERNMENT_DIPLOMATIC = "government_diplomatic", "government (diplomatic)"
    EDUCATIONAL = "educational"
    FOOD_WATER = "food_water", "food or water supply"
    JOURNALISTS_MEDIA = "journalists_media", "journalists and media"
    MARITIME = "maritime"
    NGO = "ngo"
    OTHER = "other"
    PRIVATE_CITIZENS_PROPERTY = "private_citizens_property", "private citizens and property"
    RELIGIOUS = "religious"
    TELECOMMUNICATION = "telecommunication"
    TERRORISTS_MILITIA = "terrorists_militia"
    TOURISTS = "tourists"
    TRANSPORTATION = "transportation"
    UNKNOWN = "unknown"
    UTILITIES = "utilities"
    VIOLENT_POLITICAL_PARTY = "violent_political_party"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    TargetType: {
        "business": "Shops, restaurants, companies.",
        "government_general": "Government buildings and officials that are not of another kind.",
        "police": "Police.",
        "military": "Armed forces: bases, convoys, staff.",
        "abortion_related": "Clinics and staff for abortions.",
        "airports_aircraft": "Airports and aircraft.",
        "government_diplomatic": "Embassies, consulates and diplomats.",
        "educational": "Schools and universities.",
        "food_water": "Food and water supply.",
        "journalists_media": "Journalists and media.",
        "maritime": "Ships and ports.",
        "ngo": "Non-governmental organisations.",
        "other": "None of these.",
        "private_citizens_property": "Private citizens and their property.",
        "religious": "Places and figures of a religion.",
        "telecommunication": "Telephone, radio, networks.",
        "terrorists_militia": "Armed groups that do not belong to a state.",
        "tourists": "Tourists.",
        "transportation": "Roads, railways, buses, bridges.",
        "unknown": "Not known.",
        "utilities": "Power, gas, oil.",
        "violent_political_party": "Parties that use violence.",
    },
}
"""The meaning of each word, in the order of its enumeration."""

_IN_GTD_ORDER = (
    *("business", "government_general", "police", "military", "abortion_related"),
    *("airports_aircraft", "government_diplomatic", "educational", "food_water"),
    *("journalists_media", "maritime", "ngo", "other", "private_citizens_property", "religious"),
    *("telecommunication", "terrorists_militia", "tourists", "transportation", "unknown"),
    *("utilities", "violent_political_party"),
)
"""The words in the order of the numbers in GTD, 1 to 22."""

CROSSWALKS: dict[EnumerationType, list[Crosswalk]] = {
    TargetType: [
        Crosswalk(
            "gtd.targtype",
            "The target type in GTD, 1 to 22.",
            {word: str(number) for number, word in enumerate(_IN_GTD_ORDER, start=1)},
            {str(number): word for number, word in enumerate(_IN_GTD_ORDER, start=1)},
        )
    ],
}
"""The codes of the words in other systems."""
