"""Presence: where an actor was, what the place was to it, and how far it controlled it."""

import pghistory
from django.db import models

from actors.codes import Control, PresenceKind
from actors.models.actor import Actor
from publishing.fields import WordField, get_cached_relation
from publishing.models import Validity
from sources.models import Citation, ConfidentAssertion


@pghistory.track()
class Presence(ConfidentAssertion, Validity):
    """That an actor was at a place for a time."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="presences")
    place = models.ForeignKey(
        "places.Place", models.PROTECT, related_name="+", help_text="Where it was."
    )
    kind = WordField(PresenceKind, help_text="What the place was to it.")
    control = WordField(
        Control, default=Control.UNKNOWN, help_text="How far it controlled the place."
    )

    class Meta(ConfidentAssertion.Meta):
        ordering = ["kind", "start", "pk"]
        constraints = [*ConfidentAssertion.Meta.constraints, *Validity.Meta.constraints]

    def __str__(self) -> str:
        place = get_cached_relation(self, "place") or f"presence {self.pk}"
        return f"{self.get_kind_display()}: {place}"


@pghistory.track()
class PresenceCitation(Citation):
    """A passage cited for a presence."""

    presence = models.ForeignKey(Presence, models.CASCADE, related_name="citations")
