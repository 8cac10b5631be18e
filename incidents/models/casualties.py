"""CasualtyFigure: the number of people killed, injured, missing or otherwise harmed."""

import pghistory
from django.db import models

from incidents.codes import CasualtyMeasure, Population
from incidents.models.incident import Incident
from publishing.fields import EdtfField, LinesField, WordField
from sources.codes import FigureRole
from sources.models import Citation, Figure


@pghistory.track()
class CasualtyFigure(Figure):
    """A number of casualties, of everyone or of some people. An empty number is not known, never 0.

    The recommended figure is the conclusion of the editors; supporting figures are those of single
    sources. Since a source is evidence, its low, best and high may be out of order: a quality rule
    reports them, but no constraint refuses them.
    """

    needs = ("actor", "nationality", "population", "low", "best", "high")

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="casualties")
    measure = WordField(CasualtyMeasure, help_text="The kind of harm, such as killed.")
    population = WordField(
        Population,
        default=Population.TOTAL,
        help_text="The people that are counted; total for everyone.",
    )
    actor = models.ForeignKey(
        "actors.Actor",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The actor that the people belonged to, if known.",
    )
    nationality = models.CharField(
        max_length=2,
        blank=True,
        help_text="The nationality of the people, as ISO 3166-1 alpha-2: IQ.",
    )
    as_of = EdtfField("as of", blank=True, help_text="The date of the count, as EDTF: 2020-01-04.")
    note = LinesField(blank=True, help_text="A public note for readers.")

    class Meta(Figure.Meta):
        ordering = ["measure", "role", "population", "pk"]
        constraints = [
            *Figure.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(nationality__regex=r"^([A-Z]{2})?$"),
                name="casualtyfigure_nationality_code",
                violation_error_message="A nationality is two capital letters, such as US.",
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
                violation_error_message="Another figure is already recommended for these people.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_population_display()} {self.get_measure_display()} (figure {self.pk})"


@pghistory.track()
class CasualtyFigureCitation(Citation):
    """A citation for a casualty figure."""

    figure = models.ForeignKey(CasualtyFigure, models.CASCADE, related_name="citations")
