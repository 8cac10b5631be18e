"""The public endpoints of places."""

from rest_framework.request import Request
from rest_framework.response import Response

from api.filters import DetailFilterSet
from api.formats import GeoJSONRenderer, JSONRenderer
from api.problems import Problem
from api.views import PublicView, RecordView, redirect_merged
from places.entries import PlaceEntry
from places.filters import BorderFilters, BorderFilterSet, PlaceFilterSet
from places.outlines import INVENTED, find_box, list_lines
from places.serializers import BordersSerializer, OutlineSerializer, PlaceDocument
from publishing import documents
from publishing.countries import FICTIONAL
from publishing.presentation.borders import find_outline

POLICY = "/docs/borders"
"""The page that says what lines on maps mean."""


class PlaceView(RecordView):
    """Places."""

    type_name = "place"
    entry = PlaceEntry
    document = PlaceDocument
    filterset_class = PlaceFilterSet


class OutlineView(PublicView):
    """The outline of a place."""

    type_name = "place"
    renderer_classes = (JSONRenderer, GeoJSONRenderer)
    filterset_class = DetailFilterSet
    serializer_class = OutlineSerializer

    def find_basis(self, request: Request) -> None:
        """Return nothing: whether there is an outline is known later."""

    def get(self, request: Request, key: str) -> Response:
        """Return the outline of a place, as GeoJSON.

        Only places with a shape of their own in this database have one: those of the invented
        country of the demonstration. Countries have none, because their outlines would say whose
        disputed land is; `/borders` has the lines of maps.
        """
        edition, state = self.find_edition(DetailFilterSet(request).pin, key)
        if edition is None:
            raise Problem("not-found")
        if edition.merged_into:
            return redirect_merged(request, edition, "/outline")
        if not edition.public:
            raise Problem("withdrawn", edition.reason)
        assert edition.document is not None
        place = documents.load(edition.document)
        geometry = find_outline(place["slug"], place["country"])
        if geometry is None:
            raise Problem("no-outline")

        def body() -> tuple[bytes, None]:
            named = {name: place[name] for name in ("id", "slug", "name", "kind", "country")}
            credit = {"is_fictional": True, **INVENTED._asdict(), "policy": find_policy(request)}
            answer = {
                "type": "Feature",
                "id": place["id"],
                "bbox": list(find_box(geometry)),
                "geometry": geometry,
                "properties": named | credit,
                "snapshot": str(edition.snapshot),
            }
            return documents.dump(answer), None

        return self.answer(request, state, body, served=edition.snapshot)


class BordersView(PublicView):
    """The lines of maps: land, lakes and boundaries."""

    filterset_class = BorderFilterSet
    renderer_classes = (JSONRenderer, GeoJSONRenderer)
    serializer_class = BordersSerializer

    def get(self, request: Request) -> Response:
        """Return the land, the lakes and the boundaries that the maps of the site draw, as GeoJSON.

        They are made for small scales: a line may be kilometres off. Boundaries show who controls
        land in fact, and are no opinion; disputed ones are apart. Those of the invented country of
        the demonstration are there while it is public.
        """
        filters = BorderFilterSet(request)
        state = self.resolve(filters.pin)

        def body() -> tuple[bytes, None]:
            boxes = filters.group(BorderFilters).boxes
            island = PlaceEntry.objects.at(state.snapshot.seq).filter(code__in=_INVENTED).exists()
            policy = {"policy": find_policy(request)}
            answer = {
                "type": "FeatureCollection",
                "features": [
                    feature | {"properties": feature["properties"] | policy}
                    for feature in list_lines(boxes, island=island)
                ],
                "snapshot": str(state.snapshot),
            }
            return documents.dump(answer), None

        return self.answer(request, state, body)


_INVENTED = [country.alpha_2 for country in FICTIONAL]


def find_policy(request: Request) -> str:
    """Return the address of the page about lines on maps."""
    return request.build_absolute_uri(POLICY)
