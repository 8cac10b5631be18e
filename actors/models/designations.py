"""Designation: the listing of an actor by a state or an international organisation."""

import pghistory
from django.db import models

from actors.codes import DesignationStatus, Regime
from actors.models.actor import Actor
from publishing.codes import EndKind
from publishing.fields import LineField, WordField
from publishing.models import Validity
from sources.models import Citation


@pghistory.track()
class Designation(Validity):
    """An entry in a list of sanctions or terrorists, from the listing to the delisting."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="designations")
    regime = WordField(Regime, help_text="The list, such as US FTO.")
    listed_name = LineField(max_length=300, blank=True, help_text="The name in the list.")
    entry_id = LineField(
        "entry id", max_length=100, blank=True, help_text="The identifier of the entry in the list."
    )
    status = WordField(
        DesignationStatus,
        default=DesignationStatus.UNKNOWN,
        help_text="Whether the actor is on the list.",
    )
    legal_basis = LineField(
        max_length=300, blank=True, help_text="The law, order or resolution behind the listing."
    )
    url = models.URLField("URL", max_length=2000, blank=True, help_text="The address of the entry.")

    class Meta:
        ordering = ["regime", "start", "pk"]
        constraints = [
            *Validity.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(
                    status__in=[DesignationStatus.LISTED, DesignationStatus.SUSPENDED],
                    end_kind=EndKind.ACTUAL,
                ),
                name="designation_listed_has_not_ended",
                violation_error_message="A listed entry has no actual end: clear the end, or "
                "change "
                "the status to delisted.",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=DesignationStatus.DELISTED, end_kind=EndKind.ONGOING),
                name="designation_delisted_has_ended",
                violation_error_message="A delisted entry is not ongoing: change the kind of end "
                "to "
                "actual or unknown.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_regime_display()} (designation {self.pk})"


@pghistory.track()
class DesignationCitation(Citation):
    """A citation for a designation."""

    designation = models.ForeignKey(Designation, models.CASCADE, related_name="citations")
