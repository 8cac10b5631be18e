"""Plain Django REST framework: a viewset with nested serializers, django-filter and cursor pages.

What the framework costs by itself is seen in two bare views: `/stored` reads stored documents,
`/empty` nothing.
"""

from typing import Any

from benchmarks.peers.setup import set_up

set_up("benchmarks.peers.plain_drf")

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django_filters import CharFilter, DateFilter, FilterSet  # noqa: E402
from django_filters.rest_framework import DjangoFilterBackend  # noqa: E402
from rest_framework import serializers  # noqa: E402
from rest_framework.pagination import CursorPagination  # noqa: E402
from rest_framework.renderers import JSONRenderer  # noqa: E402
from rest_framework.request import Request  # noqa: E402
from rest_framework.views import APIView  # noqa: E402
from rest_framework.viewsets import ReadOnlyModelViewSet  # noqa: E402

from actors.models import Actor  # noqa: E402
from benchmarks.peers import stored  # noqa: E402
from benchmarks.peers.queries import newest_incidents  # noqa: E402
from incidents import models  # noqa: E402
from places.models import Place  # noqa: E402
from sources.models import Source  # noqa: E402


class ActorSerializer(serializers.ModelSerializer):
    """A reference to an actor."""

    class Meta:
        model = Actor
        fields = ("public_id", "kind", "name", "slug")


class PlaceSerializer(serializers.ModelSerializer):
    """A reference to a place."""

    class Meta:
        model = Place
        fields = (
            *("public_id", "kind", "name", "slug", "country", "admin1"),
            *("latitude", "longitude"),
        )


class SourceSerializer(serializers.ModelSerializer):
    """A reference to a source."""

    class Meta:
        model = Source
        fields = ("public_id", "kind", "title")


class IncidentReferenceSerializer(serializers.ModelSerializer):
    """A reference to an incident."""

    class Meta:
        model = models.Incident
        fields = ("public_id", "event_type", "title", "slug")


class CitationSerializer(serializers.Serializer):
    """A citation of any part."""

    source = SourceSerializer()  # type: ignore[assignment]
    field = serializers.CharField()
    stance = serializers.CharField()
    locator_kind = serializers.CharField()
    locator = serializers.CharField()
    quote = serializers.CharField()
    quote_language = serializers.CharField()
    translation = serializers.CharField()


class LocationSerializer(serializers.ModelSerializer):
    """Where it happened."""

    place = PlaceSerializer()
    citations = CitationSerializer(many=True)

    class Meta:
        model = models.IncidentLocation
        exclude = ("id", "incident", "private_place")


class InvolvementSerializer(serializers.ModelSerializer):
    """Who took part."""

    actor = ActorSerializer()
    on_behalf_of = ActorSerializer()
    citations = CitationSerializer(many=True)

    class Meta:
        model = models.Involvement
        exclude = ("id", "incident", "label_key", "internal_note")


class ResponsibleSerializer(serializers.ModelSerializer):
    """Who a statement names."""

    actor = ActorSerializer()

    class Meta:
        model = models.StatementResponsible
        fields = ("actor", "label")


class StatementSerializer(serializers.ModelSerializer):
    """What others say about who did it."""

    speaker = ActorSerializer()
    responsible = ResponsibleSerializer(many=True)
    citations = CitationSerializer(many=True)

    class Meta:
        model = models.ResponsibilityStatement
        exclude = ("id", "incident", "speaker_key", "internal_note")


class WeaponSerializer(serializers.ModelSerializer):
    """The weapon that was used."""

    supplier = ActorSerializer()
    citations = CitationSerializer(many=True)

    class Meta:
        model = models.WeaponUse
        exclude = ("id", "incident")


class TargetSerializer(serializers.ModelSerializer):
    """The object that was hit."""

    place = PlaceSerializer()
    citations = CitationSerializer(many=True)

    class Meta:
        model = models.Target
        exclude = ("id", "incident")


class CasualtySerializer(serializers.ModelSerializer):
    """How many were harmed."""

    actor = ActorSerializer()
    citations = CitationSerializer(many=True)

    class Meta:
        model = models.CasualtyFigure
        exclude = ("id", "incident")


class LinkSerializer(serializers.ModelSerializer):
    """A link to another incident."""

    to = IncidentReferenceSerializer()
    citations = CitationSerializer(many=True)

    class Meta:
        model = models.IncidentLink
        exclude = ("id", "incident")


class ExternalIdSerializer(serializers.ModelSerializer):
    """An id in another system."""

    class Meta:
        model = models.IncidentExternalId
        exclude = ("id", "incident")


class IncidentSerializer(serializers.ModelSerializer):
    """An incident with all its parts."""

    locations = LocationSerializer(many=True)
    involvements = InvolvementSerializer(many=True)
    statements = StatementSerializer(many=True)
    weapons = WeaponSerializer(many=True)
    target_objects = TargetSerializer(many=True)
    casualties = CasualtySerializer(many=True)
    links = LinkSerializer(many=True)
    external_ids = ExternalIdSerializer(many=True)
    citations = CitationSerializer(many=True)

    class Meta:
        model = models.Incident
        exclude = ("id", "internal_note")


class IncidentFilters(FilterSet):
    """The filters of the list."""

    country = CharFilter(method="filter_country")
    occurred_from = DateFilter(field_name="date_end", lookup_expr="gte")

    class Meta:
        model = models.Incident
        fields = ("event_type",)

    def filter_country(self, rows: Any, name: str, value: str) -> Any:
        """Keep the incidents whose primary location is in a country."""
        return rows.filter(locations__primary=True, locations__place__country=value)


class NewestPages(CursorPagination):
    """Pages without an offset."""

    page_size = stored.PAGE_SIZE
    ordering = ("-date_start", "-pk")


class IncidentViewSet(ReadOnlyModelViewSet):
    """The list of incidents."""

    queryset = newest_incidents()
    serializer_class = IncidentSerializer
    renderer_classes = (JSONRenderer,)
    pagination_class = NewestPages
    filter_backends = (DjangoFilterBackend,)
    filterset_class = IncidentFilters


class EmptyView(APIView):
    """A view that does nothing."""

    def get(self, request: Request) -> HttpResponse:
        """Return an empty answer."""
        return HttpResponse(b"{}", content_type="application/json")


class StoredView(APIView):
    """The same list of stored documents, in a view without filters, snapshots and pages."""

    def get(self, request: Request) -> HttpResponse:
        """Return a page."""
        query = request.query_params
        with connection.cursor() as cursor:
            cursor.execute(stored.SNAPSHOT)
            (seq,) = cursor.fetchone()
            values = [query["country"], query["event_type"], query["occurred_from"]]
            cursor.execute(stored.make_query(seq, "%s", "%s", "%s"), values)
            texts = [text for (text,) in cursor.fetchall()]
        return HttpResponse(stored.join(texts), content_type="application/json")


urlpatterns = [
    path("incidents", IncidentViewSet.as_view({"get": "list"})),
    path("empty", EmptyView.as_view()),
    path("stored", StoredView.as_view()),
]
application = WSGIHandler()
