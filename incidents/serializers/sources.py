"""The sources in the summary of an incident, which are computed when it is read."""

from rest_framework import serializers

from publishing.serializers import CodedField


class IncidentSourceSerializer(serializers.Serializer):
    """A source that an incident cites, as it is at the snapshot."""

    id = serializers.UUIDField(read_only=True, help_text="The public id of the source.")
    title = serializers.CharField(read_only=True, help_text="The title of the source.")
    url = serializers.CharField(
        read_only=True, allow_null=True, help_text="The address of the source on the web."
    )
    publisher = serializers.CharField(
        read_only=True, allow_null=True, help_text="The name of the publisher of the source."
    )
    published = CodedField(
        read_only=True, allow_null=True, help_text="When the source was published, as EDTF."
    )


class IncidentSourcesSerializer(serializers.Serializer):
    """The properties of the summary of an incident that depend on other records."""

    sources = IncidentSourceSerializer(
        many=True,
        read_only=True,
        help_text="The sources that the incident and its parts cite, by public id. Confidential "
        "and withdrawn ones are left out.",
    )
