"""What an incident was done with."""

from typing import Any

from django.contrib import admin

from curation.admin import StackedPartInline
from incidents.admin.part import IncidentPartAdmin
from incidents.models import WeaponUse, WeaponUseCitation
from sources.admin import CitationInline

WEAPON: list[Any] = [
    ("weapon", "designation", "calibre_mm"),
    ("count_low", "count_best", "count_high"),
    ("intercepted_low", "intercepted_best", "intercepted_high"),
    ("launch_platform", "frequency"),
    ("origin", "supplier"),
]


class WeaponInline(StackedPartInline):
    model = WeaponUse
    fieldsets = [(None, {"fields": [*WEAPON, "cited"]})]
    verbose_name_plural = "weapons"


class WeaponCitationInline(CitationInline):
    model = WeaponUseCitation


@admin.register(WeaponUse)
class WeaponAdmin(IncidentPartAdmin):
    """The page of a use of a weapon."""

    fieldsets = ((None, {"fields": ["incident", *WEAPON]}),)
    inlines = (WeaponCitationInline,)
