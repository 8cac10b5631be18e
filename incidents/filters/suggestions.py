"""The parameters of suggestions."""

from api.filters import DetailFilterSet, SnapshotFilters
from api.filtersets import FilterGroup
from api.parameters import IntegerParameter, MultipleChoiceParameter, TextParameter
from incidents.suggestions import SuggestedType


class TypedTextParameter(TextParameter):
    """The beginning of a name, in any script, with at least one letter or digit."""

    max_length = 100
    example = "hez"


class SuggestionFilters(FilterGroup):
    """The letters that somebody has typed, and what to suggest."""

    q = TypedTextParameter(
        "The beginning of a name or title, or of any word in it, in any script: one letter or "
        "more.",
        required=True,
    )
    type = MultipleChoiceParameter(
        SuggestedType, "Records of this type; without it, of all four types."
    )
    limit = IntegerParameter("Maximum number of suggestions.", 1, 50, default=10)


class SuggestionFilterSet(DetailFilterSet):
    """The parameters of /suggest."""

    groups = (SuggestionFilters, SnapshotFilters)
