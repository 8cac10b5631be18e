"""What the generated incidents are made of: towns, and who fights where and when."""

from datetime import date
from typing import NamedTuple

from exchange.island.drawing import Json


class Town(NamedTuple):
    """A settlement, by the key of its place."""

    key: str
    name: str
    """The name without “(fictional)”."""
    division: str
    """The key of its first-level division."""
    latitude: float
    longitude: float


class Group(NamedTuple):
    """An actor that the generated incidents name, by its key."""

    key: str
    name: str
    since: date = date(2000, 1, 1)
    until: date = date(2100, 1, 1)

    def fights_on(self, day: date) -> bool:
        """Return whether it fights on a day."""
        return self.since <= day < self.until


def list_towns(places: list[Json]) -> list[Town]:
    """Return the settlements among the places of the dataset."""
    parents = {place["key"]: place.get("parent", "") for place in places}
    kinds = {place["key"]: place["kind"] for place in places}
    towns = []
    for place in places:
        if place["kind"] == "settlement":
            division = place["parent"]
            while kinds[division] != "admin1":
                division = parents[division]
            name = place["name"].removesuffix(" (fictional)")
            point = float(place["latitude"]), float(place["longitude"])
            towns.append(Town(place["key"], name, division, *point))
    return towns


_FHA = Group("free-highfell-army", "Free Highfell Army")
_COLUMN = Group("salt-road-column", "Salt Road Column")
_RENEWAL = Group("highfell-renewal", "Highfell Renewal", date(2024, 2, 12))
_LANTERN = Group("lantern-movement", "Lantern Movement")
_DAWN = Group("ember-dawn-front", "Ember Dawn Front")
_SEA = Group("sea-watch", "Sea Watch")
_DAM = Group("dam-battalion", "Dam Battalion", date(2023, 3, 1))
_MARSH = Group("marsh-brothers", "Marsh Brothers", until=date(2023, 9, 15))
_REED = Group("reed-front", "Reed Front", until=date(2023, 9, 15))
_FRONT = Group("united-marsh-front", "United Marsh Front", date(2023, 9, 16))
_KEEPERS = Group("lighthouse-guard", "Lighthouse Guard", until=date(2023, 10, 1))
_KEEPERS_AGAIN = Group("lighthouse-guard", "Lighthouse Guard", date(2025, 5, 5))
_RED = Group("red-current", "Red Current")
_PIER = Group("pier-nine-gang", "Pier Nine Gang")

_FELL = Group("fourth-fell-brigade", "4th Fell Brigade", date(2022, 11, 1))
_SECOND = Group("second-marsh-brigade", "2nd Marsh Brigade")
_POLICE = Group("talassian-police", "National Police")
_HARBOUR = Group("harbour-police", "Harbour Police")
_WATCH = Group("district-volunteer-corps", "Hearth Watch", until=date(2024, 3, 1))
_CORPS = Group("district-volunteer-corps", "District Volunteer Corps", date(2024, 3, 2))
_RANGERS = Group("saltmarch-rangers", "Saltmarch Rangers")
_GANNET = Group("gannet-battalion", "Gannet Battalion")
_COAST = Group("talassian-coast-guard", "Coast Guard")
AIR_WING = Group("talassian-air-wing", "Air Wing")
FORCES = Group("talassian-armed-forces", "Armed Forces")

REBELS = {
    "carrow": (_COLUMN, _DAWN, _LANTERN),
    "northmark": (_KEEPERS, _KEEPERS_AGAIN, _FHA),
    "highfell": (_FHA, _FHA, _RENEWAL),
    "saltmarch": (_MARSH, _REED, _FRONT),
    "emberlow": (_LANTERN, _DAWN, _SEA, _DAM),
    "lesser-sound": (_SEA,),
}
"""The rebels of each division."""
STATE = {
    "carrow": (_POLICE, _HARBOUR, _WATCH, _CORPS),
    "northmark": (_FELL, _WATCH, _CORPS, _POLICE),
    "highfell": (_FELL, FORCES),
    "saltmarch": (_SECOND, _RANGERS, _GANNET),
    "emberlow": (_SECOND, FORCES),
    "lesser-sound": (_COAST,),
}
"""The forces of the state and its allies, of each division."""
ARMY = {
    "carrow": (FORCES,),
    "northmark": (_FELL, FORCES),
    "highfell": (_FELL, FORCES),
    "saltmarch": (_SECOND,),
    "emberlow": (_SECOND, FORCES),
    "lesser-sound": (FORCES,),
}
"""Those of them that have guns."""
GANGS = {"carrow": (_PIER, _RED), "lesser-sound": (_RED,), "emberlow": (_RED,)}
"""The armed gangs of each division; elsewhere there are none."""
FACADES = {
    "lantern-movement": Group("sons-of-the-tide", "Sons of the Tide", date(2022, 9, 1)),
    "ember-dawn-front": Group("black-gull-company", "Black Gull Company", date(2024, 1, 1)),
}
"""The name under which a group claims some of its attacks."""
CLAIMS = {
    "lantern-movement": ("ar", "نعلن مسؤوليتنا عن عملية {day}.", "telegram_channel"),
    "sons-of-the-tide": ("ar", "أبناء المد يعلنون مسؤوليتهم عن عملية {day}.", "telegram_channel"),
    "ember-dawn-front": ("fa", "مسئولیت عملیات {day} را می‌پذیریم.", "group_media_outlet"),
    "black-gull-company": ("fa", "گروهان مرغ سیاه عملیات {day} را انجام داد.", "telegram_channel"),
    "sea-watch": ("he", "אנו נוטלים אחריות על הפעולה ב־{day}.", "group_media_outlet"),
    "lighthouse-guard": ("ru", "Берём на себя ответственность за операцию {day}.", "video"),
}
"""How a group words its claims, if not in English: language, text and medium."""
