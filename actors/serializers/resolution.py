"""The answer of name resolution."""

from rest_framework import serializers

from actors.codes import MatchReason, NameKind
from publishing.serializers import GrowingWordField, ReferenceSerializer


class MatchedNameSerializer(serializers.Serializer):
    """A name of an actor, as its document tells it."""

    text = serializers.CharField(read_only=True, help_text="The name, in its own script.")
    kind = GrowingWordField(
        NameKind.choices,
        read_only=True,
        allow_null=True,
        help_text="What kind of name it is; null: the one that the actor is shown by.",
    )
    language = serializers.CharField(
        read_only=True, allow_null=True, help_text="Its language, as BCP 47."
    )


class NameMatchSerializer(serializers.Serializer):
    """An actor that the name may mean."""

    actor = ReferenceSerializer(read_only=True, help_text="The actor.")
    score = serializers.FloatField(
        read_only=True, help_text="How likely it is meant, from 0 to 1. Similar is not equal."
    )
    reason = GrowingWordField(
        MatchReason.choices, read_only=True, help_text="In which reading the name is the same."
    )
    name = MatchedNameSerializer(read_only=True, help_text="The name of it that matched best.")
