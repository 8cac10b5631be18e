"""CasualtyFigure: how many were killed, injured, missing, abducted, detained or displaced."""

import pghistory
from django.db import models

from incidents.codes import CasualtyMeasure, Population
from incidents.models.incident import Incident
from publishing.fields import EdtfField, WordField
from sources.codes import FigureRole
from sources.models import Citation, Figure


@pghistory.track()
class CasualtyFigure(Figure):
    """The toll of an incident, or of a part of its people. An empty number is not known, never 0.

    The recommended figure is the desk's conclusion; what single sources say are supporting ones.
    The numbers of a source are evidence: low, best and high out of order are kept and pointed out,
    never refused: see docs/casualties.md.
    """

    needs = ("actor", "nationality", "population", "low", "best", "high")

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="casualties")
    measure = WordField(CasualtyMeasure, help_text="What was done to them.")
    population = WordField(Population, default=Population.TOTAL, help_text="Who is counted.")
    actor = models.ForeignKey(
        "actors.Actor",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose people they were, where that is known.",
    )
    nationality = models.CharField(
        max_length=2, blank=True, help_text="Of which country, as ISO 3166-1 alpha-2: IQ."
    )
    as_of = EdtfField("as of", blank=True, help_text="When the count stood so, as EDTF.")
    note = models.TextField(blank=True, help_text="What readers should know of it, public.")

    class Meta(Figure.Meta):
        ordering = ["measure", "role", "population", "pk"]
        constraints = [
            *Figure.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(nationality__regex=r"^([A-Z]{2})?$"),
                name="casualtyfigure_nationality_code",
                violation_error_message="A nationality is two capital letters, as in US.",
            ),
            models.UniqueConstraint(
                "incident",
                "measure",
                "population",
                "actor",
                "nationality",
                condition=models.Q(role=FigureRole.RECOMMENDED),
                nulls_distinct=False,
                name="casualtyfigure_one_recommended",
                violation_error_message="Another figure is recommended for these people already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_population_display()} {self.get_measure_display()} (figure {self.pk})"


@pghistory.track()
class CasualtyFigureCitation(Citation):
    """A passage cited for a toll."""

    figure = models.ForeignKey(CasualtyFigure, models.CASCADE, related_name="citations")
