"""What an incident answered, and what it started, ended or changed."""

import pghistory
from django.db import models

from actors.codes import ClassificationWord
from incidents.codes import EffectKind, LinkKind
from incidents.models.incident import Incident
from publishing.fields import EdtfField, WordField, get_cached_relation
from sources.models import Citation


@pghistory.track()
class IncidentLink(models.Model):
    """How an incident stands to another, told on the later or smaller of the two."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="links")
    kind = WordField(LinkKind, help_text="How it stands to the other.")
    to = models.ForeignKey(
        Incident, models.PROTECT, related_name="links_to", help_text="The other incident."
    )

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(incident=models.F("to")),
                name="incidentlink_of_two",
                violation_error_message="An incident cannot be linked to itself.",
            ),
            models.UniqueConstraint(
                "incident",
                "kind",
                "to",
                name="incidentlink_once",
                violation_error_message="This link is there already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {get_cached_relation(self, 'to') or f'link {self.pk}'}"


@pghistory.track()
class IncidentLinkCitation(Citation):
    """A passage cited for a link."""

    link = models.ForeignKey(IncidentLink, models.CASCADE, related_name="citations")


@pghistory.track()
class PossibleDuplicate(models.Model):
    """That an incident may be another one told twice: for the desk alone, it is never published."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="possible_duplicates")
    of = models.ForeignKey(
        Incident, models.PROTECT, related_name="+", help_text="The incident that it may be."
    )
    note = models.TextField(blank=True, help_text="Why it may be, and what speaks against it.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(incident=models.F("of")),
                name="possibleduplicate_of_two",
                violation_error_message="An incident cannot be a duplicate of itself.",
            ),
            models.UniqueConstraint(
                "incident",
                "of",
                name="possibleduplicate_once",
                violation_error_message="This possible duplicate is there already.",
            ),
        ]

    def __str__(self) -> str:
        return str(get_cached_relation(self, "of") or f"possible duplicate {self.pk}")


@pghistory.track()
class Effect(models.Model):
    """That an incident starts, ends or changes a tie, or what an actor is."""

    needs = ("affiliation", "actor", "classification")

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="effects")
    kind = WordField(EffectKind, help_text="What the incident does to it.")
    affiliation = models.ForeignKey(
        "actors.Affiliation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The tie; or give an actor and its classification.",
    )
    actor = models.ForeignKey(
        "actors.Actor",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The actor whose classification it is.",
    )
    classification = WordField(
        ClassificationWord,
        default=ClassificationWord.UNKNOWN,
        help_text="The classification that the actor takes or loses.",
    )
    classification_start = EdtfField(
        blank=True, help_text="The start of that classification, as EDTF."
    )

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    affiliation__isnull=False,
                    actor__isnull=True,
                    classification=ClassificationWord.UNKNOWN,
                    classification_start="",
                )
                | (
                    models.Q(affiliation__isnull=True, actor__isnull=False)
                    & ~models.Q(classification=ClassificationWord.UNKNOWN)
                ),
                name="effect_tie_or_classification",
                violation_error_message="Give an affiliation, or an actor and its classification.",
            )
        ]

    def __str__(self) -> str:
        what = (
            get_cached_relation(self, "affiliation")
            or get_cached_relation(self, "actor")
            or f"effect {self.pk}"
        )
        return f"{self.get_kind_display()}: {what}"


@pghistory.track()
class EffectCitation(Citation):
    """A passage cited for an effect."""

    effect = models.ForeignKey(Effect, models.CASCADE, related_name="citations")
