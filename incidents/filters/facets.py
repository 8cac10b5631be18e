"""The parameters of facets."""

from django.db.models import TextChoices

from api.filters import RecordFilters, SnapshotFilters
from api.filtersets import FilterGroup
from api.parameters import IntegerParameter, MultipleChoiceParameter
from incidents.filters.counting import CountingFilterSet, CountLimitParameter
from incidents.filters.incident import INCIDENT_GROUPS


class Facet(TextChoices):
    """The properties of which facets count the values, by the name of their filter."""

    YEAR = "year"
    DATE_PRECISION = "date_precision"
    EVENT_TYPE = "event_type"
    SUB_TYPE = "sub_type"
    VIOLENCE = "violence"
    OUTCOME = "outcome"
    GRANULARITY = "granularity"
    MOTIVE = "motive"
    TAG = "tag"
    COUNTRY = "country"
    ADMIN1 = "admin1"
    PRECISION = "precision"
    PARTICIPANT = "participant"
    PERPETRATOR = "perpetrator"
    TARGET = "target"
    CLAIM_STATUS = "claim_status"
    ATTRIBUTION_STATUS = "attribution_status"
    CLAIMED_BY = "claimed_by"
    DENIED_BY = "denied_by"
    ACCUSED = "accused"
    WEAPON = "weapon"
    TARGET_TYPE = "target_type"
    SOURCE = "source"
    PUBLISHER = "publisher"


SINGLE = tuple(
    facet
    for facet in Facet
    if facet
    not in {
        *(Facet.MOTIVE, Facet.TAG, Facet.PARTICIPANT, Facet.PERPETRATOR, Facet.TARGET),
        *(Facet.CLAIMED_BY, Facet.DENIED_BY, Facet.ACCUSED, Facet.WEAPON, Facet.TARGET_TYPE),
        *(Facet.SOURCE, Facet.PUBLISHER),
    }
)
"""The facets of which an incident has one value."""
PARAMETERS = {Facet.YEAR: "starts_in"}
"""The filters that do not have the name of their facet."""


MAX_MATCHES = 50_000
"""The maximum number of incidents that are counted: all columns of a million take seconds."""


class FacetFilters(FilterGroup):
    """The facets, how many values of each, and of how many incidents."""

    facet = MultipleChoiceParameter(
        Facet,
        "The properties whose values are counted; without it, those that an incident has once, "
        "such as its type, which are counted faster than its actors. A facet ignores the "
        "filter of its own name (`year` ignores `starts_in`), so that it also counts the values "
        "that somebody may add.",
    )
    limit = IntegerParameter("Maximum number of values of each facet.", 1, 100, default=10)
    count_limit = CountLimitParameter(MAX_MATCHES)


class FacetFilterSet(CountingFilterSet):
    """The parameters of /facets: the filters of /incidents, and what to count."""

    groups = (SnapshotFilters, FacetFilters, RecordFilters, *INCIDENT_GROUPS)

    @property
    def facets(self) -> list[Facet]:
        """The requested facets, each once."""
        return [Facet(word) for word in dict.fromkeys(self.params["facet"] or SINGLE)]

    def group_facets(self) -> list[tuple["FacetFilterSet", list[Facet]]]:
        """Return the facets with the filters that they count by, first those with all filters.

        A facet ignores its own filter and the scope of that.
        """
        names = {facet: PARAMETERS.get(facet, facet.value) for facet in self.facets}
        others = [facet for facet in self.facets if names[facet] not in self.given]
        own = [facet for facet in self.facets if names[facet] in self.given]
        return [(self, others)] + [
            (self.leave_out(names[facet], f"{names[facet]}_scope"), [facet]) for facet in own
        ]
