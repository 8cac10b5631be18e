"""What places can be asked for by, and how other records are asked for by where they are."""

from places.filters.place import PlaceFilters
from places.filters.space import InSpace
from places.filters.within import ByPlace, InCountry

__all__ = ["ByPlace", "InCountry", "InSpace", "PlaceFilters"]
