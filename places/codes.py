"""The words for places."""

from publishing.fields import Enumeration


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
