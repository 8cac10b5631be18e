"""Presence: a place where an actor was, and its control over the place."""

import pghistory
from django.db import models

from actors.codes import Control, PresenceKind
from actors.models.actor import Actor
from publishing.fields import WordField, get_cached_relation
from publishing.models import Validity
from sources.models import Citation, ConfidentAssertion


@pghistory.track()
class Presence(ConfidentAssertion, Validity):
    """The presence of an actor at a place in a period."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="presences")
    place = models.ForeignKey(
        "places.Place", models.PROTECT, related_name="+", help_text="The place."
    )
    kind = WordField(PresenceKind, help_text="The kind of presence, such as headquarters.")
    control = WordField(
        Control, default=Control.UNKNOWN, help_text="How far the actor controls the place."
    )

    class Meta(ConfidentAssertion.Meta):
        ordering = ["kind", "start", "pk"]
        constraints = [*ConfidentAssertion.Meta.constraints, *Validity.Meta.constraints]

    def __str__(self) -> str:
        place = get_cached_relation(self, "place") or f"presence {self.pk}"
        return f"{self.get_kind_display()}: {place}"


@pghistory.track()
class PresenceCitation(Citation):
    """A citation for a presence."""

    presence = models.ForeignKey(Presence, models.CASCADE, related_name="citations")
