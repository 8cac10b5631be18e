"""ActorAttribute: an ideology, goal, activity or other property of an actor in a period."""

import pghistory
from django.core.exceptions import ValidationError
from django.db import models

from actors.codes import Activity, ActorKind, AttributeKind, TargetFocus
from actors.models.actor import Actor
from publishing.bidi import isolate
from publishing.fields import LineField, WordField
from publishing.models import Validity
from sources.models import Citation, ConfidentAssertion


@pghistory.track()
class ActorAttribute(ConfidentAssertion, Validity):
    """A property of an actor in a period; each row has one value."""

    needs = ("value",)

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="attributes")
    kind = WordField(AttributeKind, help_text="The kind of property.")
    value = LineField(
        max_length=300,
        help_text="A text, such as Shia. An activity is one of: "
        f"{', '.join(Activity.values)}. A target focus is one of: "
        f"{', '.join(TargetFocus.values)}. A nationality is an ISO 3166-1 alpha-2 code: IQ.",
    )

    class Meta(ConfidentAssertion.Meta):
        ordering = ["kind", "start", "value", "pk"]
        constraints = [
            *ConfidentAssertion.Meta.constraints,
            *Validity.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(kind=AttributeKind.ACTIVITY)
                | models.Q(value__in=Activity.values),
                name="actorattribute_activity_is_a_word",
                violation_error_message=f"An activity is one of: {', '.join(Activity.values)}.",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=AttributeKind.TARGET_FOCUS)
                | models.Q(value__in=TargetFocus.values),
                name="actorattribute_target_focus_is_a_word",
                violation_error_message="A target focus is one of: "
                f"{', '.join(TargetFocus.values)}.",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=AttributeKind.NATIONALITY)
                | models.Q(value__regex=r"^[A-Z]{2}$"),
                name="actorattribute_nationality_code",
                violation_error_message="A nationality is two capital letters, such as IQ.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {isolate(self.value)}"

    def clean(self) -> None:
        super().clean()
        individual = self.actor_id is None or self.actor.kind == ActorKind.INDIVIDUAL
        if self.kind == AttributeKind.NATIONALITY and not individual:
            raise ValidationError(
                {"kind": "Only individuals have a nationality: enter the home country instead."}
            )


@pghistory.track()
class ActorAttributeCitation(Citation):
    """A citation for an attribute."""

    attribute = models.ForeignKey(ActorAttribute, models.CASCADE, related_name="citations")
