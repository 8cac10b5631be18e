"""All URLs."""

from urllib.parse import quote

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from actors.views import HierarchyView, NetworkView, ResolveView
from api import editions, problems
from api.changes import ChangesView
from api.codebook import CodebookView
from api.lookups import LookupView
from api.packages import DataPackageView
from api.releases import ReleaseListView, ReleaseView
from api.views import MAX_ADDRESS, NEWEST
from api.vocabularies import VocabularyListView, VocabularyView
from config import api_docs, pages, well_known
from config.directory import RESOURCES, DirectoryView
from curation.reporting import ReportView
from explorer.home import HomePage
from explorer.negotiation import by_preference, with_page
from explorer.views import site_context, write_page
from incidents.fictional import find_notice
from incidents.views import FacetsView, GridView, SeriesView, StatisticsView, SuggestView
from places.views import BordersView, OutlineView

API = "api/v1"


@csrf_exempt
def redirect_slash(request: HttpRequest, address: str) -> HttpResponse:
    """Redirect a URL with a trailing slash to the one without it; answer 404 for any other."""
    if len(request.get_full_path()) > MAX_ADDRESS:
        return problems.answer(problems.Problem("too-long"))
    if not request.path.endswith("/"):
        return problems.answer(problems.Problem("not-found"))
    query = request.META.get("QUERY_STRING", "")
    location = f"/api/{quote(address)}".rstrip("/") + (f"?{query}" if query else "")
    headers = {"Location": location, "Cache-Control": NEWEST}
    return problems.allow_every_origin(HttpResponse(status=308, headers=headers))


report = ReportView.as_view(find_notice=find_notice, find_frame=site_context, write=write_page)

urlpatterns = [
    path("", by_preference(HomePage.as_view(), DirectoryView.as_view(schema=None)), name="home"),
    path("", include("explorer.urls")),
    path("report", report, name="report"),
    path("admin/", admin.site.urls),
    path("robots.txt", well_known.robots),
    path("llms.txt", well_known.llms),
    path(".well-known/security.txt", well_known.security),
    path(API, DirectoryView.as_view(), name="directory"),
    path("api", DirectoryView.as_view(schema=None)),
    path(f"{API}/", DirectoryView.as_view(schema=None)),
    *(
        path(f"{API}/{name}", view.as_view({"get": "list"}), name=f"{name}-list")
        for name, view in RESOURCES.items()
    ),
    *(
        path(f"{API}/{name}/documents", view.as_view({"get": "documents"}))
        for name, view in RESOURCES.items()
    ),
    *(
        path(f"{API}/{name}/lookup", LookupView.as_view(records=view), name=f"{name}-lookup")
        for name, view in RESOURCES.items()
    ),
    *(
        path(
            f"{API}/{name}/<str:key>",
            with_page(view.as_view({"get": "retrieve"}), f"/{name}"),
            name=f"{name}-get",
        )
        for name, view in RESOURCES.items()
    ),
    *(
        path(f"{API}/{name}/<str:key>/{rest}", answer)
        for name, view in RESOURCES.items()
        for rest, answer in editions.edition_views(view).items()
    ),
    path(f"{API}/places/<str:key>/outline", OutlineView.as_view(), name="outline"),
    path(f"{API}/borders", BordersView.as_view(), name="borders"),
    path(f"{API}/releases", ReleaseListView.as_view(), name="releases-list"),
    path(f"{API}/releases/<str:name>", ReleaseView.as_view(), name="releases-get"),
    path(f"{API}/network", NetworkView.as_view(), name="network"),
    path(f"{API}/hierarchy", HierarchyView.as_view(), name="hierarchy"),
    path(f"{API}/resolve", ResolveView.as_view(), name="resolve"),
    path(f"{API}/suggest", SuggestView.as_view(), name="suggest"),
    path(f"{API}/statistics", StatisticsView.as_view(), name="statistics"),
    path(f"{API}/facets", FacetsView.as_view(), name="facets"),
    path(f"{API}/grid", GridView.as_view(), name="grid"),
    path(f"{API}/series", SeriesView.as_view(), name="series"),
    path(f"{API}/vocabularies", VocabularyListView.as_view(), name="vocabularies-list"),
    path(f"{API}/vocabularies/<str:name>", VocabularyView.as_view(), name="vocabularies-get"),
    path(f"{API}/changes", ChangesView.as_view(), name="changes"),
    path(f"{API}/datapackage.json", DataPackageView.as_view(), name="datapackage"),
    path(f"{API}/codebook", CodebookView.as_view(), name="codebook"),
    path(f"{API}/schema", pages.SchemaView.as_view(), name="schema"),
    path(f"{API}/docs", api_docs.index, name="docs"),
    path(f"{API}/docs/operations/<str:name>", api_docs.operation, name="operation"),
    path(f"{API}/docs/problems", pages.problem_list, name="problems"),
    path(f"{API}/docs/problems/<str:code>", pages.problem, name="problem"),
    re_path(r"^api/(?P<address>(?s:.*))$", redirect_slash),
]

handler400 = "api.problems.bad_request"
handler404 = "api.problems.not_found"
handler500 = "config.failures.server_error"
