"""Designation: that a state or an organisation has put an actor on a list."""

import pghistory
from django.db import models

from actors.codes import DesignationStatus, Regime
from actors.models.actor import Actor
from publishing.codes import EndKind
from publishing.fields import WordField
from publishing.models import Validity
from sources.models import Citation


@pghistory.track()
class Designation(Validity):
    """An entry of a list; it starts with the listing and ends with the delisting."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="designations")
    regime = WordField(Regime, help_text="The list.")
    listed_name = models.CharField(
        max_length=300, blank=True, help_text="The name that the list gives it."
    )
    entry_id = models.CharField(
        "entry id", max_length=100, blank=True, help_text="The number of the entry in the list."
    )
    status = WordField(
        DesignationStatus, default=DesignationStatus.UNKNOWN, help_text="Whether it stands."
    )
    legal_basis = models.CharField(
        max_length=300, blank=True, help_text="The law, order or resolution that it rests on."
    )
    url = models.URLField(
        "URL", max_length=2000, blank=True, help_text="Where the entry can be read."
    )

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
                violation_error_message="What is listed has not ended: leave out the end, or make "
                "the status delisted.",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=DesignationStatus.DELISTED, end_kind=EndKind.ONGOING),
                name="designation_delisted_has_ended",
                violation_error_message="What is delisted does not hold any more: its end is "
                "actual, or not known.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_regime_display()} (designation {self.pk})"


@pghistory.track()
class DesignationCitation(Citation):
    """A passage cited for a designation."""

    designation = models.ForeignKey(Designation, models.CASCADE, related_name="citations")
