"""ResponsibilityStatement: what somebody says about who is responsible for an incident."""

from typing import Any

import pghistory
from django.db import models

from incidents.codes import Authenticity, Mode, SpeakerType, StatementKind
from incidents.models.incident import Incident
from publishing.bidi import isolate
from publishing.fields import (
    LanguageField,
    LineField,
    LinesField,
    SearchKeyField,
    WordField,
    get_cached_relation,
)
from publishing.models import Occurrence
from sources.models import Assertion, Citation


@pghistory.track()
class ResponsibilityStatement(Assertion, Occurrence):
    """A claim, a denial, an accusation or a finding. Our own assessment is an involvement."""

    needs = ("speaker",)

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="statements")
    number = models.PositiveSmallIntegerField(
        blank=True,
        help_text="The number by which other statements refer to it; leave empty for the next "
        "number.",
    )
    kind = WordField(
        StatementKind, help_text="What the statement says about the actors that it names."
    )
    speaker = models.ForeignKey(
        "actors.Actor",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The actor that made the statement; or enter a label instead.",
    )
    speaker_label = LineField(
        max_length=300,
        blank=True,
        help_text="A description, if there is no record of the speaker: a local official.",
    )
    speaker_key = SearchKeyField("speaker_label")
    speaker_type = WordField(
        SpeakerType,
        default=SpeakerType.UNKNOWN,
        help_text="The capacity in which the speaker speaks.",
    )
    mode = WordField(
        Mode, default=Mode.UNKNOWN, help_text="The medium of the statement, such as a video."
    )
    text = LinesField(blank=True, help_text="The text in the original language.")
    language = LanguageField(
        blank=True, help_text="The language of the text, as BCP 47: ar, en, ckb."
    )
    translation = LinesField(blank=True, help_text="The text in English.")
    authenticity = WordField(
        Authenticity,
        default=Authenticity.UNVERIFIED,
        help_text="Whether the statement comes from the speaker that it names.",
    )
    withdrawn_by = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="The number of the statement that withdraws it, in the same incident.",
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
                violation_error_message="Another statement of the incident already has this "
                "number.",
            ),
            models.CheckConstraint(
                condition=models.Q(speaker__isnull=False, speaker_label="")
                | (models.Q(speaker__isnull=True) & ~models.Q(speaker_label="")),
                name="responsibilitystatement_one_speaker",
                violation_error_message="Enter the speaker as an actor or as a label, not both.",
            ),
            models.CheckConstraint(
                condition=~models.Q(withdrawn_by=models.F("number"))
                | models.Q(withdrawn_by__isnull=True),
                name="responsibilitystatement_withdrawn_by_other",
                violation_error_message="A statement cannot withdraw itself: enter another number.",
            ),
        ]

    def __str__(self) -> str:
        speaker = get_cached_relation(self, "speaker") or isolate(self.speaker_label)
        return f"{self.number}. {self.get_kind_display()}{f' by {speaker}' if speaker else ''}"

    def clean_fields(self, exclude: Any = None) -> None:
        """Assign the number before the rules that need it are checked."""
        self._assign_number()
        super().clean_fields(exclude)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._assign_number()
        super().save(*args, **kwargs)

    def _assign_number(self) -> None:
        """Assign the number after the highest one; the incident may not be saved yet."""
        if not self.number and (self.incident_id or get_cached_relation(self, "incident")):
            saved = type(self).objects.filter(incident=self.incident_id)
            last = saved.aggregate(last=models.Max("number"))["last"]
            self.number = max(last or 0, self.incident.last_number) + 1
            self.incident.last_number = self.number


@pghistory.track()
class StatementResponsible(models.Model):
    """An actor that a statement names. A joint claim names several.

    A claim or a denial that names no actor is about its speaker.
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
        help_text="The actor; or enter a label instead.",
    )
    label = LineField(
        max_length=300, blank=True, help_text="A description, if there is no record of the actor."
    )
    label_key = SearchKeyField("label")
    on_behalf_of = models.ForeignKey(
        "actors.Actor",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The principal of a facade or a wing, by the words of the statement.",
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(actor__isnull=False, label="")
                | (models.Q(actor__isnull=True) & ~models.Q(label="")),
                name="statementresponsible_actor_or_label",
                violation_error_message="Enter an actor or a label, not both.",
            ),
            models.UniqueConstraint(
                "statement",
                "actor",
                "label",
                nulls_distinct=False,
                name="statementresponsible_once",
                violation_error_message="The statement already names this actor.",
            ),
        ]

    def __str__(self) -> str:
        return str(
            get_cached_relation(self, "actor") or isolate(self.label) or f"responsible {self.pk}"
        )


@pghistory.track()
class ResponsibilityStatementCitation(Citation):
    """A citation for a statement."""

    statement = models.ForeignKey(ResponsibilityStatement, models.CASCADE, related_name="citations")
