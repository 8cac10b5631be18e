"""The response of hierarchies."""

from rest_framework import serializers

from actors.serializers.explanations import ExplanationLinkSerializer
from api.problems import WARNINGS, WarningSerializer
from publishing.serializers import RangeSerializer, ReferenceSerializer


class ChainLinkSerializer(ExplanationLinkSerializer):
    """An affiliation of a chain, from its subject up to its object."""

    is_certain = serializers.BooleanField(
        read_only=True, help_text="Whether it was certainly valid on one of the days."
    )


class ChainSerializer(serializers.Serializer):
    """Affiliations from the actor up to a root, all of which may hold on the same day."""

    root = ReferenceSerializer(read_only=True, help_text="The actor at the top.")
    is_certain = serializers.BooleanField(
        read_only=True, help_text="Whether the whole chain certainly holds on one of the days."
    )
    links = ChainLinkSerializer(
        many=True, read_only=True, help_text="The affiliations, from the actor up to the root."
    )
    possible = RangeSerializer(
        many=True, read_only=True, help_text="All days on which the whole chain may hold."
    )
    certain = RangeSerializer(
        many=True, read_only=True, help_text="All days on which the whole chain certainly holds."
    )


class HierarchySerializer(serializers.Serializer):
    """Who is above an actor."""

    snapshot = serializers.CharField(read_only=True, help_text="The snapshot of the answer.")
    days = RangeSerializer(read_only=True, help_text="The days of `at`, or that of the snapshot.")
    actor = ReferenceSerializer(
        read_only=True, allow_null=True, help_text="The actor; null if it is not public."
    )
    chains = ChainSerializer(
        many=True,
        read_only=True,
        help_text="The chains up to all roots, the shortest first; none if nobody is above it.",
    )
    truncated = serializers.BooleanField(
        read_only=True,
        help_text="Whether some chains are left out: there are more than 100, or too many "
        "affiliations lead to them.",
    )
    warnings = WarningSerializer(many=True, read_only=True, help_text=WARNINGS)
