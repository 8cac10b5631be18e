"""The rows by which published places are found, and what other rows are found by where they are."""

from places.entries.located import LocatedEntry, cell
from places.entries.place import PlaceEntry
from places.entries.placed import PlacedEntry

__all__ = ["LocatedEntry", "PlaceEntry", "PlacedEntry", "cell"]
