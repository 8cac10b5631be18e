"""The weapons in the document of an incident."""

from typing import Any

from rest_framework import serializers

from incidents.models import WeaponUse
from publishing.serializers import OptionalReference, PartSerializer
from sources.serializers import CitedSerializer


def _make_bound(bounds: str, name: str) -> Any:
    return serializers.IntegerField(
        source=f"{bounds}_{name}",
        read_only=True,
        allow_null=True,
        help_text=f"The {name}{'' if name == 'best' else 'est'} number.",
    )


class WeaponCountSerializer(serializers.Serializer):
    """The number that was used; null means not known, which is not 0."""

    low, best, high = (_make_bound("count", name) for name in ("low", "best", "high"))


class WeaponInterceptedSerializer(serializers.Serializer):
    """The number that was intercepted; null means not known, which is not 0."""

    low, best, high = (_make_bound("intercepted", name) for name in ("low", "best", "high"))


class WeaponUseSerializer(CitedSerializer, PartSerializer):
    """The use of a weapon."""

    count = WeaponCountSerializer(source="*", read_only=True, help_text="The number that was used.")
    intercepted = WeaponInterceptedSerializer(
        source="*", read_only=True, help_text="The number that was intercepted."
    )
    supplier = OptionalReference(help_text="The actor that supplied it, if known.")

    class Meta:
        model = WeaponUse
        fields = (
            "weapon",
            "designation",
            "calibre_mm",
            "count",
            "intercepted",
            "launch_platform",
            "origin",
            "supplier",
            "frequency",
            "citations",
        )
