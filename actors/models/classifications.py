"""Classification: the type of armed actor that an actor was in a period."""

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models

from actors.codes import Basis, ClassificationWord
from actors.models.actor import Actor
from publishing.fields import WordField
from publishing.models import Validity
from sources.codes import Assessment
from sources.models import Citation, ConfidentAssertion


@pghistory.track()
class Classification(ConfidentAssertion, Validity):
    """The type of armed actor that an actor was in a period, by one assessment."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="classifications")
    classification = WordField(
        ClassificationWord, help_text="The type of armed actor, such as rebel group."
    )
    basis = WordField(
        Basis, default=Basis.UNKNOWN, help_text="The basis of the classification, such as a law."
    )
    primary = models.BooleanField(
        default=False,
        help_text="Whether lists use it when several classifications hold at the same time.",
    )

    class Meta(ConfidentAssertion.Meta):
        ordering = ["start", "pk"]
        constraints = [
            *ConfidentAssertion.Meta.constraints,
            *Validity.Meta.constraints,
            ExclusionConstraint(
                name="classification_one_primary",
                expressions=[("actor", "="), ("certain", "&&")],
                condition=models.Q(primary=True, assessment=Assessment.ACCEPTED),
                violation_error_message="Another accepted classification is primary on some of "
                "the same days: only one can be primary at a time.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_classification_display()


@pghistory.track()
class ClassificationCitation(Citation):
    """A citation for a classification."""

    classification = models.ForeignKey(Classification, models.CASCADE, related_name="citations")
