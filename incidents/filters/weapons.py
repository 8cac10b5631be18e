"""By weapons and targets incidents can be asked for."""

import re
from decimal import Decimal
from typing import ClassVar

from api.filters import ListFilters
from api.parameters import Parameter, Words
from incidents.codes import TargetType, Weapon
from incidents.entries import IncidentTargetEntry, IncidentWeaponEntry
from publishing.models.entry import SideEntry
from sources.filters import Codes


class Calibres(Parameter):
    """One or more calibres in millimetres."""

    repeatable = True
    schema = {"type": "number", "exclusiveMinimum": 0, "maximum": 9999.99}

    def read(self, text: str) -> Decimal:
        if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,2})?", text, re.ASCII) or not Decimal(text):
            raise ValueError("It is in millimetres, with two decimals at the most: 107, 7.62.")
        return Decimal(text)


class Things(ListFilters):
    """The parameters for weapons, met by one use, and for targets, met by one target."""

    weapon = Words(Weapon, "What it was done with.", "weapon")
    calibre_mm = Calibres("Of which calibre that was, in millimetres.", "calibre_mm")
    weapon_origin = Codes("Where that was made, by ISO code.", "origin")
    target_type = Words(TargetType, "What kind of thing was hit or meant.", "type")
    target_nationality = Codes("Whose that thing was, by ISO code.", "nationality")

    groups: ClassVar[dict[type[SideEntry], tuple[str, ...]]] = {
        IncidentWeaponEntry: ("weapon", "calibre_mm", "weapon_origin"),
        IncidentTargetEntry: ("target_type", "target_nationality"),
    }
