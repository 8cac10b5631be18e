"""The filters of actors, affiliations, networks and name resolution."""

from actors.filters.actor import ActorFilterSet
from actors.filters.affiliations import AffiliationFilterSet
from actors.filters.network import NetworkFilterSet
from actors.filters.resolution import ResolutionFilterSet
from actors.filters.scopes import ActorsParameter, ScopeFilters

__all__ = [
    "ActorFilterSet",
    "ActorsParameter",
    "AffiliationFilterSet",
    "NetworkFilterSet",
    "ResolutionFilterSet",
    "ScopeFilters",
]
