"""WeaponUse: what an incident was done with, how much of it, and where it came from."""

import pghistory
from django.db import models

from incidents.codes import Frequency, Weapon
from incidents.models.incident import Incident
from publishing.bidi import isolate
from publishing.fields import WordField
from sources.models import Citation, build_order_constraint


def _number(help_text: str) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(null=True, blank=True, help_text=help_text)


@pghistory.track()
class WeaponUse(models.Model):
    """That a weapon was used. An empty number is not known, never 0."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="weapons")
    weapon = WordField(Weapon, default=Weapon.UNKNOWN, help_text="What kind of weapon.")
    designation = models.CharField(
        max_length=200, blank=True, help_text="What it is called: Fajr-5, Shahed-136."
    )
    calibre_mm = models.DecimalField(
        "calibre in mm",
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="In millimetres: 107, 122, 7.62.",
    )
    count_low = _number("The lowest number that were used.")
    count_best = _number("The best number of those that were used.")
    count_high = _number("The highest number that were used.")
    intercepted_low = _number("The lowest number of those that were stopped.")
    intercepted_best = _number("The best number of those that were stopped.")
    intercepted_high = _number("The highest number of those that were stopped.")
    launch_platform = models.CharField(
        max_length=200, blank=True, help_text="From what it was launched: a truck, a rail, a ship."
    )
    origin = models.CharField(
        max_length=2, blank=True, help_text="Where it was made, as ISO 3166-1 alpha-2: IR."
    )
    supplier = models.ForeignKey(
        "actors.Actor",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who handed it over, where that is known.",
    )
    frequency = WordField(
        Frequency,
        default=Frequency.UNKNOWN,
        help_text="How often it was used, in a series.",
    )

    class Meta:
        ordering = ["weapon", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(origin__regex=r"^([A-Z]{2})?$"),
                name="weaponuse_origin_code",
                violation_error_message="An origin is two capital letters, as in IR.",
            ),
            models.CheckConstraint(
                condition=models.Q(calibre_mm__isnull=True) | models.Q(calibre_mm__gt=0),
                name="weaponuse_calibre_positive",
                violation_error_message="A calibre is more than nothing.",
            ),
            build_order_constraint(
                "weaponuse_count_in_order", "count_low", "count_best", "count_high"
            ),
            build_order_constraint(
                "weaponuse_intercepted_in_order",
                "intercepted_low",
                "intercepted_best",
                "intercepted_high",
            ),
        ]

    def __str__(self) -> str:
        return isolate(self.designation) or self.get_weapon_display()


@pghistory.track()
class WeaponUseCitation(Citation):
    """A passage cited for a use of a weapon."""

    use = models.ForeignKey(WeaponUse, models.CASCADE, related_name="citations")
