"""Properties that follow from others of their document, and are taken from these as rendered.

So one reading serves a body that is rendered and a document from which something was redacted.
"""

from typing import Any

from rest_framework import serializers


class Derived(serializers.Field):
    """A property that follows from others of its document, which put it there."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def get_attribute(self, instance: Any) -> None:
        """Leave it open while the others are rendered."""


class DerivedWord(Derived, serializers.ChoiceField):
    """A word that follows from other properties."""


class DerivedFlag(Derived, serializers.BooleanField):
    """A yes or no that follows from other properties."""
