"""Explanations of results in the responses of lists."""

from rest_framework import serializers

from actors.codes import AffiliationKind
from publishing.serializers import GrowingWordField, RangeSerializer, ReferenceSerializer


class ExplanationLinkSerializer(serializers.Serializer):
    """An affiliation of a path, from its subject up to its object."""

    affiliation = serializers.UUIDField(
        read_only=True, help_text="The public id of the affiliation."
    )
    kind = GrowingWordField(
        AffiliationKind.choices, read_only=True, help_text="The kind of affiliation."
    )
    subject = ReferenceSerializer(read_only=True, help_text="The lower actor.")
    object = ReferenceSerializer(read_only=True, help_text="The higher actor.")


class ExplanationSerializer(serializers.Serializer):
    """Why a scope has found a result: an actor of it, with a path up to the requested actor.

    If there are several paths, it is the shortest one on the days of the result, first of all one
    that is certain.
    """

    parameter = serializers.CharField(
        read_only=True, help_text="The parameter with the scope, such as `perpetrator`."
    )
    actor = ReferenceSerializer(read_only=True, help_text="The actor of the result.")
    is_certain = serializers.BooleanField(
        read_only=True,
        help_text="Whether the path is certain on the days of the result, or else only possible.",
    )
    path = ExplanationLinkSerializer(
        many=True,
        read_only=True,
        help_text="The affiliations from the actor up to the requested one; empty if the actor is "
        "the requested one.",
    )
    possible = RangeSerializer(
        many=True, read_only=True, help_text="The days on which the whole path may hold."
    )
    certain = RangeSerializer(
        many=True, read_only=True, help_text="The days on which the whole path certainly holds."
    )
