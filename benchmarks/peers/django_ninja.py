"""django-ninja: the same incidents with nested schemas, from the working tables."""

from datetime import date
from typing import Any
from uuid import UUID

from benchmarks.peers.setup import set_up

set_up("benchmarks.peers.django_ninja")

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.http import HttpRequest  # noqa: E402
from django.urls import path  # noqa: E402
from ninja import ModelSchema, NinjaAPI, Schema  # noqa: E402
from ninja.orm import register_field  # noqa: E402

from benchmarks.peers.queries import filter_incidents  # noqa: E402
from benchmarks.peers.stored import PAGE_SIZE  # noqa: E402
from incidents import models  # noqa: E402

register_field("WordsField", list[str])


class ActorSchema(Schema):
    """A reference to an actor."""

    public_id: UUID
    kind: str
    name: str
    slug: str | None


class PlaceSchema(ActorSchema):
    """A reference to a place."""

    country: str
    admin1: str
    latitude: float | None
    longitude: float | None


class SourceSchema(Schema):
    """A reference to a source."""

    public_id: UUID
    kind: str
    title: str


class IncidentReferenceSchema(Schema):
    """A reference to an incident."""

    public_id: UUID
    event_type: str
    title: str
    slug: str | None


class CitationSchema(Schema):
    """A citation of any part."""

    source: SourceSchema
    field: str
    stance: str
    locator_kind: str
    locator: str
    quote: str
    quote_language: str
    translation: str


class LocationSchema(ModelSchema):
    """Where it happened."""

    place: PlaceSchema | None
    citations: list[CitationSchema]

    class Meta:
        model = models.IncidentLocation
        exclude = ("id", "incident", "private_place")


class InvolvementSchema(ModelSchema):
    """Who took part."""

    actor: ActorSchema | None
    on_behalf_of: ActorSchema | None
    citations: list[CitationSchema]

    class Meta:
        model = models.Involvement
        exclude = ("id", "incident", "label_key", "internal_note")


class ResponsibleSchema(Schema):
    """Who a statement names."""

    actor: ActorSchema | None
    label: str


class StatementSchema(ModelSchema):
    """What others say about who did it."""

    speaker: ActorSchema | None
    responsible: list[ResponsibleSchema]
    citations: list[CitationSchema]

    class Meta:
        model = models.ResponsibilityStatement
        exclude = ("id", "incident", "speaker_key", "internal_note")


class WeaponSchema(ModelSchema):
    """The weapon that was used."""

    supplier: ActorSchema | None
    citations: list[CitationSchema]

    class Meta:
        model = models.WeaponUse
        exclude = ("id", "incident")


class TargetSchema(ModelSchema):
    """The object that was hit."""

    place: PlaceSchema | None
    citations: list[CitationSchema]

    class Meta:
        model = models.Target
        exclude = ("id", "incident")


class CasualtySchema(ModelSchema):
    """How many were harmed."""

    actor: ActorSchema | None
    citations: list[CitationSchema]

    class Meta:
        model = models.CasualtyFigure
        exclude = ("id", "incident")


class LinkSchema(ModelSchema):
    """A link to another incident."""

    to: IncidentReferenceSchema
    citations: list[CitationSchema]

    class Meta:
        model = models.IncidentLink
        exclude = ("id", "incident")


class ExternalIdSchema(ModelSchema):
    """An id in another system."""

    class Meta:
        model = models.IncidentExternalId
        exclude = ("id", "incident")


class IncidentSchema(ModelSchema):
    """An incident with all its parts."""

    locations: list[LocationSchema]
    involvements: list[InvolvementSchema]
    statements: list[StatementSchema]
    weapons: list[WeaponSchema]
    target_objects: list[TargetSchema]
    casualties: list[CasualtySchema]
    links: list[LinkSchema]
    external_ids: list[ExternalIdSchema]
    citations: list[CitationSchema]

    class Meta:
        model = models.Incident
        exclude = ("id", "internal_note")


class PageSchema(Schema):
    """A page of incidents."""

    results: list[IncidentSchema]


api = NinjaAPI(docs_url=None)


@api.get("/incidents", response=PageSchema)
def list_incidents(
    request: HttpRequest, country: str, event_type: str, occurred_from: date
) -> dict[str, Any]:
    """Return a page."""
    return {"results": filter_incidents(country, event_type, occurred_from)[:PAGE_SIZE]}


urlpatterns = [path("", api.urls)]
application = WSGIHandler()
