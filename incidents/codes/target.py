"""The words for what was hit."""

from publishing.fields import Growing


class TargetType(Growing):
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
