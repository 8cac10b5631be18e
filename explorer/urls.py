"""The addresses of pages."""

from typing import Any

from django.urls import path
from django.views.generic import RedirectView

from explorer.actors import ActorPage
from explorer.changes import ChangesFeed, ChangesPage
from explorer.editions import EditionPage
from explorer.explore.pages import EmbeddedPage, ExplorePage, PNGPage, SVGPage
from explorer.guides import AboutPage, CitingPage, DocumentPage
from explorer.home import SearchPage, redirect_to_list
from explorer.incidents import IncidentPage
from explorer.network.pages import NetworkPage
from explorer.pictures import HomePicture, make_record_picture
from explorer.records import AffiliationPage, PlacePage, PublisherPage, SourcePage
from explorer.releases import CitationFile, ReleaseListPage, ReleasePage
from explorer.sitemaps import SitemapPagesView, SitemapPartView, SitemapView

PAGES: tuple[Any, ...] = (
    *(ActorPage, IncidentPage, SourcePage, PublisherPage, PlacePage, AffiliationPage),
)
"""The pages of records."""

urlpatterns = [
    *(
        path(
            f"{page.base}/<str:key>/editions/<int:version>",
            EditionPage.as_view(type_name=page.type_name, base=page.base),
        )
        for page in PAGES
    ),
    *(
        path(f"{page.base}/<str:key>", page.as_view(), name=f"{page.type_name}-page")
        for page in PAGES
    ),
    *(
        path(
            f"{page.base}/<str:key>/",
            RedirectView.as_view(
                pattern_name=f"{page.type_name}-page", permanent=True, query_string=True
            ),
        )
        for page in PAGES
    ),
    *(path(page.base, redirect_to_list, {"name": page.base}) for page in PAGES),
    *(path(f"{page.base}/", redirect_to_list, {"name": page.base}) for page in PAGES),
    path("network", NetworkPage.as_view(), name="network-page"),
    path("explore", ExplorePage.as_view(), name="explore"),
    path(
        "explore/",
        RedirectView.as_view(pattern_name="explore", permanent=True, query_string=True),
    ),
    path("explore.svg", SVGPage.as_view()),
    path("explore.png", PNGPage.as_view()),
    path("embed/incidents", EmbeddedPage.as_view()),
    *(
        path(f"{page.base}/<str:key>/card.png", make_record_picture(page).as_view())
        for page in PAGES
    ),
    path("card.png", HomePicture.as_view()),
    path("sitemap.xml", SitemapView.as_view()),
    path("sitemaps/pages.xml", SitemapPagesView.as_view()),
    path("sitemaps/<int:part>.xml", SitemapPartView.as_view()),
    path("search", SearchPage.as_view(), name="search"),
    path("docs/", AboutPage.as_view(), name="about"),
    path("docs", RedirectView.as_view(pattern_name="about", permanent=True, query_string=True)),
    path("docs/citing", CitingPage.as_view(), name="citing"),
    path("docs/<str:name>", DocumentPage.as_view(), name="document"),
    path("changes", ChangesPage.as_view(), name="changes-page"),
    path("feeds/changes", ChangesFeed.as_view()),
    path("feeds/actors/<str:actor>", ChangesFeed.as_view()),
    path("feeds/countries/<str:country>", ChangesFeed.as_view()),
    path("releases", ReleaseListPage.as_view(), name="releases-page"),
    path("releases/<str:name>", ReleasePage.as_view(), name="release-page"),
    path("releases/<str:name>/<str:file>", CitationFile.as_view()),
]
