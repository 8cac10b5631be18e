"""What is asserted of an actor and may change, be disputed or differ by source."""

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
    """What an actor was in a period."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="classifications")
    classification = WordField(ClassificationWord, help_text="What it was.")
    basis = WordField(Basis, default=Basis.UNKNOWN, help_text="On what ground.")
    primary = models.BooleanField(
        default=False, help_text="Whether it is the one to go by where several hold at a time."
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
                "the same days: only one is to go by at a time.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_classification_display()


@pghistory.track()
class ClassificationCitation(Citation):
    """A passage cited for a classification."""

    classification = models.ForeignKey(Classification, models.CASCADE, related_name="citations")
