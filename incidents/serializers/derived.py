"""Properties of an incident that are read off one list of its parts."""

from typing import Any

from publishing.serializers import DerivedField


class OfParts(DerivedField):
    """A property that is read off one list of parts."""

    def of(self, shown: dict[str, Any]) -> Any:
        """Return its value for an incident whose parts are rendered."""
        raise NotImplementedError
