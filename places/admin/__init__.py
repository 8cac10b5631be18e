"""The admin of places."""

from places.admin.place import PlaceAdmin

__all__ = ["PlaceAdmin"]
