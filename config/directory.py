"""The directory of the API: links to everything, for a client that knows only its address."""

from django.conf import settings
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from actors.views import ActorView, AffiliationView
from api.filtersets import StrictFilterSet
from api.snapshots import Pin
from api.views import PublicView, RecordView
from incidents.fictional import find_notice
from incidents.views import IncidentView
from places.views import PlaceView
from publishing import documents
from sources.views import PublisherView, SourceView

RESOURCES: dict[str, type[RecordView]] = {
    "actors": ActorView,
    "affiliations": AffiliationView,
    "incidents": IncidentView,
    "sources": SourceView,
    "publishers": PublisherView,
    "places": PlaceView,
}
"""The types of record by the names of their lists."""

DESCRIPTIONS = {
    "actors": "States, armed organisations, units, coalitions, people.",
    "affiliations": "Relations between actors, such as membership or support, with their dates.",
    "incidents": "Events: when, where, by whom, against whom, and with how many casualties.",
    "sources": "The reports and documents that the records cite.",
    "publishers": "Who published those sources.",
    "places": "Countries, their divisions, settlements and facilities.",
}
LINKS = {
    "resolve": ("resolve{?name}", "Find the actors that a name may mean, in any script."),
    "suggest": (
        "suggest{?q}",
        "Suggest actors, places, sources and publishers while somebody types a name.",
    ),
    "network": ("network{?actor}", "The actors and affiliations around an actor."),
    "hierarchy": ("hierarchy{?actor}", "The chains of affiliations up from an actor, on a day."),
    "statistics": (
        "statistics{?group_by*}",
        "Numbers of incidents and casualties, by one to three properties.",
    ),
    "facets": (
        "facets{?facet*}",
        "The most frequent values of properties of incidents, with their numbers.",
    ),
    "grid": ("grid{?zoom,bbox}", "Numbers of incidents by cell of a map."),
    "series": ("series{?interval}", "Incidents by interval of time, certain and possible."),
    "borders": ("borders{?bbox}", "Land, lakes and boundaries for maps, as GeoJSON."),
    "outline": ("places/{key}/outline", "The outline of a place that has one, as GeoJSON."),
    "changes": ("changes", "Every publication, in order: follow it to keep a copy up to date."),
    "releases": ("releases", "Named snapshots that can be cited, with checksums of exports."),
    "release": ("releases/{name}", "One release."),
    "vocabularies": (
        "vocabularies",
        "Every coded value: its label, its meaning, and its codes in other systems if any.",
    ),
    "vocabulary": ("vocabularies/{name}", "One vocabulary."),
    "codebook": ("codebook", "Every property of every document."),
    "datapackage": (
        "datapackage.json",
        "The columns of the CSV exports, as a Frictionless data package.",
    ),
    "schema": ("schema", "The OpenAPI description, for generating clients."),
    "docs": ("docs", "A page to read about the API and to try it."),
    "problems": ("docs/problems", "Every error and warning, and what to do about it."),
    "problem": ("docs/problems/{code}", "What an error means and what to do about it."),
}
"""The path below the API, a URI template (RFC 6570), and the description of each link."""


class ResourceSerializer(serializers.Serializer):
    """A type of record, with the URI templates (RFC 6570) of one record and its editions."""

    name = serializers.CharField(read_only=True, help_text="The name of the resource.")
    description = serializers.CharField(read_only=True, help_text="What its records are.")
    url = serializers.CharField(read_only=True, help_text="The list, with filters and exports.")
    documents = serializers.CharField(
        read_only=True, help_text="The list with documents instead of summaries."
    )
    lookup = serializers.CharField(
        read_only=True, help_text="Many records by ids of any kind, by POST."
    )
    document = serializers.CharField(
        read_only=True, help_text="One record, by public id or slug: replace `{key}`."
    )
    editions = serializers.CharField(
        read_only=True, help_text="All editions of one record, in order."
    )
    edition = serializers.CharField(
        read_only=True, help_text="One edition of one record, by `{version}`."
    )


class LinkSerializer(serializers.Serializer):
    """A link to anything that is not a type of record."""

    name = serializers.CharField(read_only=True, help_text="The name of the link.")
    description = serializers.CharField(read_only=True, help_text="A description of the target.")
    url = serializers.CharField(
        read_only=True, help_text="The address; with braces, it is a URI template (RFC 6570)."
    )


class DirectorySerializer(serializers.Serializer):
    """A description of this database, with links to everything in it."""

    name = serializers.CharField(read_only=True, help_text="The name of this database.")
    licence = serializers.CharField(read_only=True, help_text="The licence of its data.")
    notice = serializers.CharField(
        read_only=True,
        allow_null=True,
        help_text="A notice for all readers, such as that some records are fictional; null if "
        "there is none.",
    )
    snapshot = serializers.CharField(
        read_only=True,
        help_text="The newest snapshot: add it as `snapshot=` to any list to read "
        "that state again.",
    )
    resources = ResourceSerializer(many=True, read_only=True, help_text="The types of record.")
    links = LinkSerializer(many=True, read_only=True, help_text="Everything else.")


class DirectoryView(PublicView):
    """A description of this database, with links to everything in it."""

    filterset_class = StrictFilterSet
    serializer_class = DirectorySerializer

    def get(self, request: Request) -> Response:
        """Return a directory of links: start here."""
        StrictFilterSet(request)
        state = self.resolve(Pin())

        def body() -> tuple[bytes, None]:
            base = request.build_absolute_uri(reverse("directory"))
            directory = {
                "name": settings.NAME,
                "licence": settings.LICENCE,
                "notice": find_notice(state.snapshot.seq),
                "snapshot": str(state.snapshot),
                "resources": [_resource(base, name) for name in RESOURCES],
                "links": [
                    {"name": name, "description": description, "url": f"{base}/{template}"}
                    for name, (template, description) in LINKS.items()
                ],
            }
            return documents.dump(directory), None

        return self.answer(request, state, body)


def _resource(base: str, name: str) -> dict[str, str]:
    url = f"{base}/{name}"
    return {
        "name": name,
        "description": DESCRIPTIONS[name],
        "url": url,
        "documents": f"{url}/documents",
        "lookup": f"{url}/lookup",
        "document": f"{url}/{{key}}",
        "editions": f"{url}/{{key}}/editions",
        "edition": f"{url}/{{key}}/editions/{{version}}",
    }
