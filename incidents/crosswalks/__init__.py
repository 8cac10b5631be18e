"""What our words about incidents are elsewhere, system by system."""

from incidents.codes import Precision
from incidents.crosswalks import acled, gtd, ucdp
from publishing.vocabularies import Crosswalk, Words

_MAPS: dict[Words, list[Crosswalk]] = {
    Precision: [
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
    ]
}
_SYSTEMS = (acled.CROSSWALKS, ucdp.CROSSWALKS, gtd.CROSSWALKS, _MAPS)

CROSSWALKS: dict[Words, list[Crosswalk]] = {
    words: [one for system in _SYSTEMS for one in system.get(words, ())]
    for words in dict.fromkeys(words for system in _SYSTEMS for words in system)
}
