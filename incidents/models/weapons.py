"""WeaponUse: a weapon that was used in an incident, its number and its origin."""

import pghistory
from django.db import models

from incidents.codes import Frequency, Weapon
from incidents.models.incident import Incident
from publishing.bidi import isolate
from publishing.fields import LineField, WordField
from sources.models import Citation, build_order_constraint


def _make_number_field(help_text: str) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(null=True, blank=True, help_text=help_text)


@pghistory.track()
class WeaponUse(models.Model):
    """The use of a weapon. An empty number is not known, never 0."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="weapons")
    weapon = WordField(Weapon, default=Weapon.UNKNOWN, help_text="The kind of weapon.")
    designation = LineField(
        max_length=200, blank=True, help_text="The model, such as Fajr-5 or Shahed-136."
    )
    calibre_mm = models.DecimalField(
        "calibre in mm",
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="The calibre in millimetres, such as 107, 122 or 7.62.",
    )
    count_low = _make_number_field("The lowest number that was used.")
    count_best = _make_number_field("The best estimate of the number that was used.")
    count_high = _make_number_field("The highest number that was used.")
    intercepted_low = _make_number_field("The lowest number that was intercepted.")
    intercepted_best = _make_number_field("The best estimate of the number that was intercepted.")
    intercepted_high = _make_number_field("The highest number that was intercepted.")
    launch_platform = LineField(
        max_length=200,
        blank=True,
        help_text="The launch platform, such as a truck, a rail or a ship.",
    )
    origin = models.CharField(
        max_length=2,
        blank=True,
        help_text="The country in which it was made, as ISO 3166-1 alpha-2: IR.",
    )
    supplier = models.ForeignKey(
        "actors.Actor",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The actor that supplied it, if known.",
    )
    frequency = WordField(
        Frequency,
        default=Frequency.UNKNOWN,
        help_text="How often it was used, only for a series.",
    )

    class Meta:
        ordering = ["weapon", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(origin__regex=r"^([A-Z]{2})?$"),
                name="weaponuse_origin_code",
                violation_error_message="An origin is two capital letters, such as IR.",
            ),
            models.CheckConstraint(
                condition=models.Q(calibre_mm__isnull=True) | models.Q(calibre_mm__gt=0),
                name="weaponuse_calibre_positive",
                violation_error_message="A calibre is greater than 0.",
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
    """A citation for a weapon."""

    use = models.ForeignKey(WeaponUse, models.CASCADE, related_name="citations")
