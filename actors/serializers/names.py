"""The names of an actor in its document."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from actors.models import (
    ActorName,
)
from actors.scripts import detect_script
from publishing.serializers import PartSerializer, ValiditySerializer
from sources.serializers import CitedSerializer


class ActorNameSerializer(CitedSerializer, PartSerializer):
    """Another name: in another language, a former one, an alias or a brand."""

    script = serializers.SerializerMethodField(
        help_text="The script of the name, as ISO 15924: Arab, Latn; null if not known."
    )
    validity = ValiditySerializer(
        source="*", read_only=True, help_text="The time in which the name was used."
    )

    class Meta:
        model = ActorName
        fields = (
            "text",
            "kind",
            "language",
            "script",
            "preferred",
            "meaning",
            "validity",
            "citations",
        )

    def derive(self, values: dict[str, Any]) -> None:
        values["script"] = detect_script(values["text"])

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_script(self, name: ActorName) -> str | None:
        return detect_script(name.text)
