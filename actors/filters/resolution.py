"""The parameters of name resolution."""

import re

from actors.codes import ActorKind
from api.filters import DetailFilterSet, SnapshotFilters
from api.filtersets import FilterGroup
from api.parameters import IntegerParameter, MultipleChoiceParameter, Parameter, TextParameter


class ScoreParameter(Parameter):
    """A number from 0 to 1."""

    schema = {"type": "number", "minimum": 0, "maximum": 1}
    example = 0.8

    def parse(self, text: str) -> float:
        if not re.fullmatch(r"0(\.[0-9]{1,9})?|1(\.0{1,9})?", text, re.ASCII):
            raise ValueError("Use a number from 0 to 1, such as 0.75.")
        return float(text)


class ResolutionFilters(FilterGroup):
    """The name to resolve, and which matches to return."""

    name = TextParameter("The name, in any script or romanisation.", required=True)
    kind = MultipleChoiceParameter(ActorKind, "Actors of this kind.")
    min_score = ScoreParameter("Matches with at least this score.", default=0.5)
    limit = IntegerParameter("Maximum number of actors.", 1, 100, default=10)


class ResolutionFilterSet(DetailFilterSet):
    """The parameters of /resolve."""

    groups = (ResolutionFilters, SnapshotFilters)
