"""Support: one type of help that a sponsor gives an actor, with its dates and its opponent."""

import pghistory
from django.core.exceptions import ValidationError
from django.db import models

from actors.codes import AffiliationKind, Basis, SupportType
from actors.models.actor import Actor
from actors.models.affiliations import Affiliation
from publishing.fields import LineField, WordField
from publishing.models import Validity
from sources.models import Citation, ConfidentAssertion


@pghistory.track()
class Support(ConfidentAssertion, Validity):
    """One type of support that the subject of a `sponsored_by` affiliation has from its object."""

    affiliation = models.ForeignKey(Affiliation, models.CASCADE, related_name="support")
    type = WordField(SupportType, help_text="The type of support, such as weapons or training.")
    basis = WordField(
        Basis,
        default=Basis.UNKNOWN,
        help_text="The basis of this statement, such as a law or an assessment.",
    )
    against = models.ForeignKey(
        Actor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The opponent of the supported actor, if the source names one.",
    )
    jointly = LineField(
        max_length=300,
        blank=True,
        help_text="The sponsors that gave it together, if the source does not separate them.",
    )

    class Meta(ConfidentAssertion.Meta):
        ordering = ["type", "start", "pk"]
        constraints = [*ConfidentAssertion.Meta.constraints, *Validity.Meta.constraints]
        verbose_name_plural = "support"

    def __str__(self) -> str:
        return f"{self.get_type_display()} (support {self.pk})"

    def clean(self) -> None:
        super().clean()
        if not self.affiliation_id:
            return
        parent = self.affiliation
        if parent.kind != AffiliationKind.SPONSORED_BY:
            raise ValidationError("Only an affiliation of kind “sponsored by” can have support.")
        if self.against_id in (parent.subject_id, parent.object_id):
            raise ValidationError(
                {"against": "The opponent cannot be the sponsor or the supported actor."}
            )


@pghistory.track()
class SupportCitation(Citation):
    """A citation for support."""

    support = models.ForeignKey(Support, models.CASCADE, related_name="citations")
