"""The response of name resolution."""

from rest_framework import serializers

from actors.codes import MatchReason, NameKind
from publishing.serializers import GrowingWordField, ReferenceSerializer


class MatchedNameSerializer(serializers.Serializer):
    """A name of an actor, as in its document."""

    text = serializers.CharField(read_only=True, help_text="The name, in its own script.")
    kind = GrowingWordField(
        NameKind.choices,
        read_only=True,
        allow_null=True,
        help_text="The kind of name; null for the main name.",
    )
    language = serializers.CharField(
        read_only=True, allow_null=True, help_text="The language of the name, as BCP 47."
    )


class NameMatchSerializer(serializers.Serializer):
    """An actor that the name may mean."""

    actor = ReferenceSerializer(read_only=True, help_text="The actor.")
    score = serializers.FloatField(
        read_only=True,
        help_text="How likely the name means the actor, from 0 to 1. Similar is not equal.",
    )
    reason = GrowingWordField(
        MatchReason.choices, read_only=True, help_text="Why the name matches."
    )
    name = MatchedNameSerializer(read_only=True, help_text="The name that matches best.")
