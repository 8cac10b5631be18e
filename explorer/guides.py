"""The documents for readers: the pages of the folder docs/, and the page about this database."""

import zlib
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from rest_framework.request import Request

from api.filters import DetailFilterSet
from api.problems import Problem
from api.snapshots import PublicState
from api.views import Basis
from explorer import markdown
from explorer.answers import API, Answers
from explorer.views import PageView
from publishing.models import Release

FOLDER = Path(settings.ROOT) / "docs"
"""The documents; the wheel has them too."""


class Section(NamedTuple):
    """Documents for the same readers."""

    title: str | Promise
    lead: str | Promise
    names: tuple[str, ...]


SECTIONS = (
    Section(
        gettext_lazy("Read and understand"),
        gettext_lazy("For everyone who reads or cites the data."),
        (
            *("uncertainty", "coding-rules", "faq", "glossary", "citing"),
            *("borders", "comparison"),
        ),
    ),
    Section(
        gettext_lazy("Work with the data"),
        gettext_lazy("For researchers and programmers."),
        (
            *("api", "cookbook", "dates", "affiliations", "responsibility", "casualties"),
            *("statistics", "assistants"),
        ),
    ),
    Section(
        gettext_lazy("Run and change Muster"),
        gettext_lazy("For those who operate a server, edit on it or develop the software."),
        ("operating", "architecture", "releasing", "benchmarks", "licences"),
    ),
)
NAMES = tuple(name for section in SECTIONS for name in section.names)
"""The names of the documents, in the order of the index."""


@cache
def read(name: str) -> markdown.Text:
    """Return a document."""
    return markdown.render(read_source(name), resolve)


def read_source(name: str) -> str:
    """Return a document in Markdown. The text of the OpenAPI description is one too."""
    if name == "api":
        return f"# How the API works\n\n{settings.SPECTACULAR_SETTINGS['DESCRIPTION']}"
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def resolve(target: str) -> str | None:
    """Return the address on the site for a link of a document; None if the site has no such page.

    Files of the code have none, since the site does not know where its source is published.
    """
    if target.startswith(("https://", "http://", "/", "#")):
        return target
    name, _, anchor = target.partition("#")
    stem = name.removesuffix(".md")
    if stem not in NAMES or stem == name:
        return None
    return f"/docs/{stem}" + (f"#{anchor}" if anchor else "")


@cache
def fingerprint() -> int:
    """Return a number that changes with any document, for the ETag of these pages."""
    texts = [read_source(name) for name in NAMES]
    return zlib.crc32("\0".join([settings.CONTACT, *texts]).encode())


class GuidePage(PageView):
    """A page about the database or the software, which is the same at every snapshot."""

    def find_basis(self, request: Request) -> Basis | None:
        """Return what the page follows from: the documents too."""
        return Basis(self.resolve(self.read_pin(request.query_params)), more=fingerprint())

    def base_context(self, request: Request, state: PublicState) -> dict[str, Any]:
        """Return the frame. Links keep the snapshot, but the page itself has no past."""
        return super().base_context(request, state) | {"is_past": False}


class AboutPage(GuidePage):
    """What this database is, who publishes it, and all documents."""

    template = "explorer/about.html"

    def get(self, request: Request) -> Any:
        """Return the page about this database."""
        state = self.resolve(DetailFilterSet(request).pin)
        return self.show(request, state, fingerprint())

    def find_context(self, answers: Answers, state: PublicState, **context: Any) -> dict[str, Any]:
        contact = settings.CONTACT
        is_mail = "@" in contact and "://" not in contact
        return {
            "contact": contact,
            "contact_address": f"mailto:{contact}" if is_mail else contact,
            "sections": [
                (section, [(name, read(name)) for name in section.names]) for section in SECTIONS
            ],
        }


class DocumentPage(GuidePage):
    """One document."""

    template: ClassVar[str] = "explorer/guide.html"

    def get(self, request: Request, name: str) -> Any:
        """Return a document as a page."""
        state = self.resolve(DetailFilterSet(request).pin)
        if name not in NAMES:
            raise Problem("not-found")
        return self.show(request, state, fingerprint(), name=name)

    def find_basis(self, request: Request) -> Basis | None:
        return super().find_basis(request) if self.kwargs["name"] in NAMES else None

    def find_context(self, answers: Answers, state: PublicState, **context: Any) -> dict[str, Any]:
        name = context["name"]
        section = next(section for section in SECTIONS if name in section.names)
        others = [(other, read(other)) for other in section.names if other != name]
        return {"guide": read(name), "section": section, "others": others}


class CitingPage(DocumentPage):
    """How to cite, with the citation of the newest release of this database."""

    def get(self, request: Request, name: str = "citing") -> Any:
        """Return the document, and the citation."""
        state = self.resolve(DetailFilterSet(request).pin)
        return self.show(request, state, self.count_all(), name=name)

    def find_basis(self, request: Request) -> Basis:
        """Return what the page follows from; a release is made without an edition."""
        return Basis(self.resolve(self.read_pin(request.query_params)), more=self.count_all())

    def count_all(self) -> int:
        """Return a number that changes with the documents and with the number of releases."""
        return fingerprint() + Release.objects.count()

    def base_context(self, request: Request, state: PublicState) -> dict[str, Any]:
        host = request.build_absolute_uri("/").rstrip("/")
        return super().base_context(request, state) | {"host": host}

    def find_context(self, answers: Answers, state: PublicState, **context: Any) -> dict[str, Any]:
        releases = answers.get_newest("releases", limit=1)["results"]
        return super().find_context(answers, state, **context) | {
            "release": releases[0] if releases else None
        }


def make_bibtex(release: dict[str, Any], host: str) -> str:
    """Return the entry of a release for BibTeX."""
    fields = {
        "title": f"{{{settings.NAME}, release {release['name']}}}",
        "author": f"{{{settings.NAME}}}",
        "year": str(release["published_at"])[:4],
        "url": f"{host}{API}/releases/{release['name']}",
        "note": f"Snapshot {release['snapshot']}. {release['licence']}",
    }
    lines = ",\n".join(f"  {name:<6} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{muster-{release['name']},\n{lines}\n}}"
