"""What an incident was done with."""

from typing import Any

from rest_framework import serializers

from incidents.models import WeaponUse
from publishing.serializers import OptionalReference, PartSerializer
from sources.serializers import CitedSerializer


def _bound(bounds: str, name: str) -> Any:
    return serializers.IntegerField(
        source=f"{bounds}_{name}",
        read_only=True,
        allow_null=True,
        help_text=f"The {name}{'' if name == 'best' else 'est'} number.",
    )


class WeaponCountSerializer(serializers.Serializer):
    """How many were used; null is not known, which is not 0."""

    low, best, high = (_bound("count", name) for name in ("low", "best", "high"))


class WeaponInterceptedSerializer(serializers.Serializer):
    """How many of them were stopped; null is not known, which is not 0."""

    low, best, high = (_bound("intercepted", name) for name in ("low", "best", "high"))


class WeaponUseSerializer(CitedSerializer, PartSerializer):
    """That a weapon was used."""

    count = WeaponCountSerializer(source="*", read_only=True, help_text="How many were used.")
    intercepted = WeaponInterceptedSerializer(
        source="*", read_only=True, help_text="How many of them were stopped."
    )
    supplier = OptionalReference(help_text="Who handed it over, where that is known.")

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
