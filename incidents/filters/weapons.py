"""The filters by weapon and by target object."""

import re
from decimal import Decimal

from api.filtersets import SideFilterGroup
from api.parameters import MultipleChoiceParameter, Parameter
from incidents.codes import TargetType, Weapon
from incidents.entries import IncidentTargetEntry, IncidentWeaponEntry
from sources.filters import CountryCodesParameter


class CalibresParameter(Parameter):
    """One or more calibres in millimetres."""

    repeatable = True
    schema = {"type": "number", "exclusiveMinimum": 0, "maximum": 9999.99}
    example = 107

    def parse(self, text: str) -> Decimal:
        if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,2})?", text, re.ASCII) or not Decimal(text):
            raise ValueError("Use millimetres, with at most two decimals, such as 107 or 7.62.")
        return Decimal(text)


class WeaponFilters(SideFilterGroup):
    """The filters by weapon, which a single use of a weapon must match together."""

    model = IncidentWeaponEntry

    weapon = MultipleChoiceParameter(Weapon, "Incidents with this type of weapon.", "weapon")
    calibre_mm = CalibresParameter(
        "Incidents with a weapon of this calibre, in millimetres.", "calibre_mm"
    )
    weapon_origin = CountryCodesParameter(
        "Incidents with a weapon made in this country, by ISO code.", "origin"
    )


class TargetFilters(SideFilterGroup):
    """The filters by target object, which a single object must match together."""

    model = IncidentTargetEntry

    target_type = MultipleChoiceParameter(
        TargetType, "Incidents with this type of target object.", "type"
    )
    target_nationality = CountryCodesParameter(
        "Incidents with a target object of this nationality, by ISO code.", "nationality"
    )
