"""The casualties of a generated incident: figures of several sources, and a sentence on them."""

from collections.abc import Callable
from typing import NamedTuple

from exchange.island.drawing import Drawing, Json
from exchange.island.patterns import OF_THE_STATE, Pattern
from exchange.island.words import say, say_be, say_people

Cite = Callable[..., Json]

_AGREEMENT = (
    (45, "agree"),
    (20, "conflict"),
    (12, "bounded"),
    (7, "vague"),
    (8, "unknown"),
    (8, "unstated"),
)
"""How often the sources agree, or how they do not."""


class Casualties(NamedTuple):
    """The figures, the sentence about them, and about how many were killed."""

    figures: list[Json]
    text: str
    killed: int


class _Figures:
    """Figures that cite the monthly report or the dataset."""

    def __init__(self, report: str, cite: Cite) -> None:
        self.report, self.cite, self.rows = report, cite, list[Json]()

    def add(
        self,
        measure: str,
        quantifier: str = "exact",
        population: str = "total",
        *,
        role: str = "recommended",
        source: str = "",
        quote: str = "",
        note: str = "",
        **numbers: int,
    ) -> None:
        """Add a figure."""
        self.rows.append(
            {
                "measure": measure,
                "population": population,
                "quantifier": quantifier,
                "role": role,
                **{name: str(number) for name, number in numbers.items()},
                **({"note": note} if note else {}),
                "citations": [self.cite(source or self.report, quote)],
            }
        )


def draw_casualties(
    drawing: Drawing, pattern: Pattern, report: str, cite: Cite, *, is_spared: bool
) -> Casualties:
    """Return figures that agree, conflict, are bounded, vague or unknown."""
    figures = _Figures(report, cite)
    if is_spared:
        figures.add("killed", best=0)
        figures.add("injured", best=0)
        return Casualties(figures.rows, "Nobody is hurt.", 0)
    killed = 0 if drawing.chance(0.25) else drawing.number(1, max(1, pattern.deadly))
    if pattern.deadly > 3 and drawing.chance(0.05):
        killed += drawing.number(5, 25)
    kind = drawing.weigh(_AGREEMENT)
    text = ""
    if kind == "unstated":
        return Casualties([], "No source says whether anybody was hurt.", 0)
    if kind == "unknown":
        figures.add("killed", "unspecified", quote="There were victims.")
        text = "There are victims, but nobody counts them."
    elif kind == "vague" and killed:
        word = "several" if killed < 8 else "dozens" if killed > 11 else "many"
        figures.add("killed", word)
        text = f"{word.capitalize()} people are killed."
    elif kind == "bounded" and killed:
        figures.add("killed", "at_least", low=killed)
        text = f"At least {say(killed)} {say_people(killed)} {say_be(killed)} killed."
        if drawing.chance(0.4):
            figures.rows.clear()
            figures.add("killed", "between", low=killed, high=killed + 3)
            text = f"Between {say(killed)} and {say(killed + 3)} people are killed."
    elif kind == "conflict" and killed > 1:
        text = _add_conflict(drawing, pattern, figures, killed)
    else:
        figures.add("killed", best=killed)
        if drawing.chance(0.4):
            figures.add("killed", role="supporting", source="tidewatch-7", best=killed)
        text = f"{say(killed).capitalize()} {say_people(killed)} {say_be(killed)} killed."
        if not killed:
            text = "Nobody is killed."
    _add_others(drawing, pattern, figures, killed if kind in ("agree", "conflict") else 0)
    return Casualties(figures.rows, text, killed)


def _add_conflict(drawing: Drawing, pattern: Pattern, figures: _Figures, killed: int) -> str:
    """Add figures that differ; those of an attacker from the state are the lowest."""
    less, more = drawing.number(0, killed - 1), killed + drawing.number(1, 4)
    figures.add("killed", "between", low=less or 1, best=killed, high=more)
    figures.add("killed", role="supporting", source="tidewatch-7", best=killed)
    if pattern.by in OF_THE_STATE:
        note = "The figure of the side that is accused."
        figures.add(
            *("killed", "exact"),
            role="supporting",
            quote=f"The Armed Forces told us of {say(less)} dead.",
            note=note,
            best=less,
        )
        conceded = f"The Armed Forces concede {say(less)} dead"
    else:
        figures.add(
            "killed",
            role="supporting",
            quote=f"The police spoke of {say(less)} dead.",
            best=less,
        )
        conceded = f"The police count {say(less)} dead"
    figures.add(
        *("killed", "exact"),
        role="supporting",
        quote=f"The Council spoke of {say(more)} dead.",
        best=more,
    )
    return f"{conceded}, the Council {say(more)}; probably {say(killed)} people are killed."


def _add_others(drawing: Drawing, pattern: Pattern, figures: _Figures, killed: int) -> None:
    """Add who the dead were, and how many were injured."""
    if killed and pattern.against == "civilians":
        figures.add("killed", "exact", "civilians", best=killed)
    elif killed > 1 and drawing.chance(0.5):
        own = drawing.number(0, killed)
        figures.add("killed", "exact", "side_a", best=own)
        figures.add("killed", "exact", "side_b", best=killed - own)
    if drawing.chance(0.5):
        injured = drawing.number(0, 2 * killed + 3)
        figures.add("injured", best=injured)
