"""Support: with what a sponsor supports, when, and against whom."""

import pghistory
from django.core.exceptions import ValidationError
from django.db import models

from actors.codes import AffiliationKind, Basis, SupportType
from actors.models.actor import Actor
from actors.models.affiliations import Affiliation
from publishing.fields import WordField
from publishing.models import Validity
from sources.models import Citation, ConfidentAssertion


@pghistory.track()
class Support(ConfidentAssertion, Validity):
    """One type of support that the subject of a sponsored_by tie had from its object."""

    affiliation = models.ForeignKey(Affiliation, models.CASCADE, related_name="support")
    type = WordField(SupportType, help_text="With what it is supported.")
    basis = WordField(Basis, default=Basis.UNKNOWN, help_text="On what ground it is told.")
    against = models.ForeignKey(
        Actor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The opponent against whom it is given, where that is told.",
    )
    jointly = models.CharField(
        max_length=300,
        blank=True,
        help_text="The sponsors who gave it together, where the source does not say who gave what.",
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
        tie = self.affiliation
        if tie.kind != AffiliationKind.SPONSORED_BY:
            raise ValidationError("Support is given in a sponsorship: choose a “sponsored by” tie.")
        if self.against_id in (tie.subject_id, tie.object_id):
            raise ValidationError({"against": "Nobody supports anybody against either of the two."})


@pghistory.track()
class SupportCitation(Citation):
    """A passage cited for support."""

    support = models.ForeignKey(Support, models.CASCADE, related_name="citations")
