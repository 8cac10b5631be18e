"""The filters of actors, affiliations, networks and name resolution."""

from actors.filters.actor import ActorFilterSet
from actors.filters.affiliations import AffiliationFilterSet
from actors.filters.explanations import ExplainedFilterSet, ExplanationFilters
from actors.filters.hierarchy import HierarchyFilterSet
from actors.filters.network import NetworkFilterSet
from actors.filters.resolution import ResolutionFilterSet
from actors.filters.scopes import ActorsParameter, ScopeFilters

__all__ = [
    "ActorFilterSet",
    "ActorsParameter",
    "AffiliationFilterSet",
    "ExplainedFilterSet",
    "ExplanationFilters",
    "HierarchyFilterSet",
    "NetworkFilterSet",
    "ResolutionFilterSet",
    "ScopeFilters",
]
