"""What actors and affiliations can be asked for by, and how others are asked for by actor."""

from actors.filters.actor import ActorFilters
from actors.filters.affiliations import AffiliationFilters
from actors.filters.by_actor import Actors, ByActor
from actors.filters.dates import Dates, Doubt, Held
from actors.filters.network import NetworkFilters
from actors.filters.resolution import ResolveFilters

__all__ = [
    "ActorFilters",
    "Actors",
    "AffiliationFilters",
    "ByActor",
    "Dates",
    "Doubt",
    "Held",
    "NetworkFilters",
    "ResolveFilters",
]
