"""The words for targets."""

from publishing.fields import GrowingEnumeration
from publishing.vocabularies import Crosswalk, EnumerationType


class TargetType(GrowingEnumeration):
    """What kind of thing was hit or meant (GTD's target types)."""

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
        "government_general": "Government buildings and officials, not of the other kinds.",
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
        "terrorists_militia": "Armed groups that are no state's.",
        "tourists": "Tourists.",
        "transportation": "Roads, railways, buses, bridges.",
        "unknown": "It is not known.",
        "utilities": "Power, gas, oil.",
        "violent_political_party": "Parties that use violence.",
    },
}
"""What the words mean, in the order of each enumeration."""

_TARGETS = (
    *("business", "government_general", "police", "military", "abortion_related"),
    *("airports_aircraft", "government_diplomatic", "educational", "food_water"),
    *("journalists_media", "maritime", "ngo", "other", "private_citizens_property", "religious"),
    *("telecommunication", "terrorists_militia", "tourists", "transportation", "unknown"),
    *("utilities", "violent_political_party"),
)
"""In the order of GTD's numbers, 1 to 22."""

CROSSWALKS: dict[EnumerationType, list[Crosswalk]] = {
    TargetType: [
        Crosswalk(
            "gtd.targtype",
            "GTD's target type, 1 to 22.",
            {word: str(number) for number, word in enumerate(_TARGETS, start=1)},
            {str(number): word for number, word in enumerate(_TARGETS, start=1)},
        )
    ],
}
"""What the words are in other systems."""
