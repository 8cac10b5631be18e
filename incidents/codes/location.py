"""The words for where it happened."""

from publishing.fields import Enumeration


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
