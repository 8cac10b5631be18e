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
    """A further name: in another language, former, an alias, a brand."""

    script = serializers.SerializerMethodField(
        help_text="The script that it is written in, as ISO 15924: Arab, Latn; null if not known."
    )
    validity = ValiditySerializer(source="*", read_only=True, help_text="When it was borne.")

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

    def derive(self, shown: dict[str, Any]) -> None:
        shown["script"] = detect_script(shown["text"])

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_script(self, name: ActorName) -> str | None:
        return detect_script(name.text)
