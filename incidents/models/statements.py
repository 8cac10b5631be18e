"""ResponsibilityStatement: who says who did it, or who did not. What we conclude is another row."""

from typing import Any

import pghistory
from django.db import models

from incidents.codes import Authenticity, Mode, SpeakerType, StatementKind
from incidents.models.incident import Incident
from publishing.bidi import isolate
from publishing.fields import LanguageField, WordField, get_cached_relation
from publishing.models import Occurrence
from sources.models import Assertion, Citation


@pghistory.track()
class ResponsibilityStatement(Assertion, Occurrence):
    """One line of the ledger: a claim, a denial, an accusation, a finding, in its own words."""

    needs = ("speaker",)

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="statements")
    number = models.PositiveSmallIntegerField(
        blank=True,
        help_text="By what other statements of the incident call it; given when left empty.",
    )
    kind = WordField(StatementKind, help_text="What it says of those whom it names.")
    speaker = models.ForeignKey(
        "actors.Actor",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who made it; or give a label.",
    )
    speaker_label = models.CharField(
        max_length=300, blank=True, help_text="Who made it, in words, when there is no actor."
    )
    speaker_type = WordField(
        SpeakerType, default=SpeakerType.UNKNOWN, help_text="As what the speaker speaks."
    )
    mode = WordField(Mode, default=Mode.UNKNOWN, help_text="By what means it was made.")
    text = models.TextField(blank=True, help_text="What was said, in the original language.")
    language = LanguageField(
        blank=True, help_text="The language of the text, as BCP 47: ar, en, ckb."
    )
    translation = models.TextField(blank=True, help_text="What was said, in English.")
    authenticity = WordField(
        Authenticity,
        default=Authenticity.UNVERIFIED,
        help_text="Whether it is by whom it says it is.",
    )
    withdrawn_by = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="The number of the statement of this incident by which it was withdrawn.",
    )

    class Meta(Assertion.Meta):
        ordering = ["number"]
        constraints = [
            *Assertion.Meta.constraints,
            *Occurrence.Meta.constraints,
            models.UniqueConstraint(
                "incident",
                "number",
                name="responsibilitystatement_number",
                violation_error_message="Another statement of the incident has this number.",
            ),
            models.CheckConstraint(
                condition=models.Q(speaker__isnull=False, speaker_label="")
                | (models.Q(speaker__isnull=True) & ~models.Q(speaker_label="")),
                name="responsibilitystatement_one_speaker",
                violation_error_message="Give the speaker as an actor or as a label, not both.",
            ),
            models.CheckConstraint(
                condition=~models.Q(withdrawn_by=models.F("number"))
                | models.Q(withdrawn_by__isnull=True),
                name="responsibilitystatement_withdrawn_by_other",
                violation_error_message="A statement does not withdraw itself: name another one.",
            ),
        ]

    def __str__(self) -> str:
        who = get_cached_relation(self, "speaker") or isolate(self.speaker_label)
        return f"{self.number}. {self.get_kind_display()}{f' by {who}' if who else ''}"

    def clean_fields(self, exclude: Any = None) -> None:
        """Number it before the rules that need the number are checked."""
        self._give_number()
        super().clean_fields(exclude)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._give_number()
        super().save(*args, **kwargs)

    def _give_number(self) -> None:
        """Take the number after all that are taken; the incident may have no key yet."""
        if not self.number and (self.incident_id or get_cached_relation(self, "incident")):
            saved = type(self).objects.filter(incident=self.incident_id)
            last = saved.aggregate(last=models.Max("number"))["last"]
            self.number = max(last or 0, self.incident.last_number) + 1
            self.incident.last_number = self.number


@pghistory.track()
class StatementResponsible(models.Model):
    """Whom a statement names: who did it, as it says, or who did not. A joint claim names several.

    A claim or a denial that names nobody speaks of its speaker.
    """

    needs = ("actor",)

    statement = models.ForeignKey(
        ResponsibilityStatement, models.CASCADE, related_name="responsible"
    )
    actor = models.ForeignKey(
        "actors.Actor",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who it is; or give a label.",
    )
    label = models.CharField(
        max_length=300, blank=True, help_text="Who it is, in words, when there is no actor."
    )
    on_behalf_of = models.ForeignKey(
        "actors.Actor",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="For whom, as the statement has it: the principal of a facade or of a wing.",
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(actor__isnull=False, label="")
                | (models.Q(actor__isnull=True) & ~models.Q(label="")),
                name="statementresponsible_actor_or_label",
                violation_error_message="Give an actor or a label, not both.",
            ),
            models.UniqueConstraint(
                "statement",
                "actor",
                "label",
                nulls_distinct=False,
                name="statementresponsible_once",
                violation_error_message="The statement names them already.",
            ),
        ]

    def __str__(self) -> str:
        return str(
            get_cached_relation(self, "actor") or isolate(self.label) or f"responsible {self.pk}"
        )


@pghistory.track()
class ResponsibilityStatementCitation(Citation):
    """A passage cited for a statement."""

    statement = models.ForeignKey(ResponsibilityStatement, models.CASCADE, related_name="citations")
