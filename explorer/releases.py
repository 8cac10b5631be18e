"""The releases: what is in each, how it differs from the one before, and how to cite it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpResponse
from rest_framework.request import Request

from api.filters import DetailFilterSet
from api.problems import Problem
from api.snapshots import PublicState
from api.views import NEWEST
from explorer import citations
from explorer.answers import Answers
from explorer.citations import Release
from explorer.metadata import describe_release
from explorer.views import ReleasesView
from publishing.presentation.words import List
from publishing.snapshots import Snapshot

Row = dict[str, Any]
MAX_RELEASES = 500
"""The largest number of releases that are listed: the newest ones."""
KINDS = ("publish", "correct", "refresh", "withdraw", "merge", "unmerge", "redact", "restore")
"""The kinds of changes in the order of columns."""
FILES = {"citation.bib": "application/x-bibtex", "CITATION.cff": "application/yaml"}
"""The files that citation managers read, with their media types."""


class ResourceCount(NamedTuple):
    """The number of records of a type in a release, and what changed since the one before."""

    name: str
    records: int
    before: int | None
    """The number in the release before; None for the first release."""
    changes: list[int]
    """The numbers of changes since then, in the order of the columns."""

    @property
    def difference(self) -> str:
        """The difference of the numbers, with its sign."""
        if self.before is None:
            return "\N{EN DASH}"
        difference = self.records - self.before
        return f"{difference:+,}".replace("-", "\N{MINUS SIGN}") if difference else "0"


def is_in(release: Row, state: PublicState) -> bool:
    """Return whether the snapshot of a release is in a state of the public record."""
    return Snapshot.parse(release["snapshot"]).seq <= state.snapshot.seq


class ReleaseListPage(ReleasesView):
    """The list of releases, the newest first."""

    template = "explorer/releases.html"

    def get(self, request: Request) -> Any:
        """Return the page."""
        state = self.resolve(DetailFilterSet(request).pin)
        return self.show(request, state, self.release_count)

    def find_context(self, answers: Answers, state: PublicState, **context: Any) -> Row:
        answer = answers.get_newest("releases", limit=MAX_RELEASES)
        releases = [release for release in answer["results"] if is_in(release, state)]
        for release in releases:
            release["records"] = sum(count_records(release).values())
        return {
            "releases": releases,
            "has_more": bool(answer["next"]),
            "data": "/api/v1/releases",
        }


class ReleasePage(ReleasesView):
    """The page of a release."""

    template = "explorer/release.html"

    def get(self, request: Request, name: str) -> Any:
        """Return the page."""
        state = self.resolve(DetailFilterSet(request).pin)
        return self.show(request, state, self.release_count, name=name)

    def base_context(self, request: Request, state: PublicState) -> Row:
        shown = super().base_context(request, state)
        return shown | {"cite_as": request.build_absolute_uri(request.path)}

    def find_context(self, answers: Answers, state: PublicState, **context: Any) -> Row:
        release = answers.get_newest(f"releases/{context['name']}")
        if not is_in(release, state):
            raise Problem("not-found")
        before = release["before"] and answers.get_newest(f"releases/{release['before']}")
        cited = Release.of(
            release, settings.NAME, self.request.build_absolute_uri(self.request.path)
        )
        return {
            "release": release,
            "before": before,
            "counts": list(compare(release, before)),
            "kinds": list_kinds(release),
            "citation": citations.write_text(cited),
            "bibtex": citations.write_bibtex(cited),
            "files": list(FILES),
            "dataset": describe_release(
                self.request.build_absolute_uri("/").rstrip("/"), cited.address, state, release
            ),
            "data": f"/api/v1/releases/{release['name']}",
        }


class CitationFile(ReleasesView):
    """A file from which a citation manager reads how to cite a release."""

    def get(self, request: Request, name: str, file: str) -> Any:
        """Return the file."""
        if file not in FILES:
            raise Problem("not-found")
        state = self.resolve(DetailFilterSet(request).pin)
        answers = Answers(request, state.snapshot)
        release = answers.get_newest(f"releases/{name}")
        if not is_in(release, state):
            raise Problem("not-found")
        address = request.build_absolute_uri(request.path.rsplit("/", 1)[0])
        cited = Release.of(release, settings.NAME, address)
        write = citations.write_bibtex if file.endswith(".bib") else citations.write_cff
        headers = {"Cache-Control": NEWEST}
        kind = f"{FILES[file]}; charset=utf-8"
        return HttpResponse(write(cited), content_type=kind, headers=headers)


def count_records(release: Row) -> dict[str, int]:
    """Return the number of records of each type in a release."""
    return {export["resource"]: export["count"] for export in release["exports"]}


def list_kinds(release: Row) -> list[str]:
    """Return the kinds of changes since the release before, in the order of columns."""
    found = {change["kind"] for change in release["changes"]}
    return [kind for kind in KINDS if kind in found]


def compare(release: Row, before: Row | None) -> Iterator[ResourceCount]:
    """Yield the numbers of each type, with those of the release before."""
    now, then = count_records(release), count_records(before) if before else {}
    changes = {(c["resource"], c["kind"]): c["editions"] for c in release["changes"]}
    for name in List.values:
        numbers = [changes.get((name, kind), 0) for kind in list_kinds(release)]
        count = then.get(name, 0) if before else None
        yield ResourceCount(name, now.get(name, 0), count, numbers)
