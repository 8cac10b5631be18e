"""The page of an edition of a record: what it changed, in words."""

from typing import Any, ClassVar

from rest_framework.request import Request

from api.filters import DetailFilterSet, SnapshotFilters
from api.filtersets import FilterGroup
from api.parameters import IntegerParameter
from api.problems import Problem
from api.snapshots import PublicState
from explorer.answers import Answers
from explorer.views import PageView, list_editions
from publishing.presentation.differences import compare


class ComparisonFilters(FilterGroup):
    """The edition to compare with."""

    compare = IntegerParameter(
        "The number of the edition to compare with; without it, the one before.", 1, 10**9
    )


class EditionFilterSet(DetailFilterSet):
    """The parameters of the page of an edition."""

    groups = (ComparisonFilters, SnapshotFilters)


class EditionPage(PageView):
    """What an edition of a record changed."""

    type_name = ""
    base: ClassVar[str] = ""
    """The name of the list of the record."""
    template = "explorer/edition.html"
    filterset_class = EditionFilterSet

    def get(self, request: Request, key: str, version: int) -> Any:
        """Return the page of an edition, by the public id or slug of its record and its number."""
        filters = EditionFilterSet(request)
        newest, state = self.find_edition(filters.pin, key)
        if newest is None:
            raise Problem("not-found")
        return self.show(
            request, state, newest=newest, version=version, other=filters.params["compare"]
        )

    def find_context(self, answers: Answers, state: PublicState, **context: Any) -> dict[str, Any]:
        record, version = context["newest"].record, context["version"]
        editions = [
            each for each in list_editions(context["newest"]) if each.seq <= state.snapshot.seq
        ]
        earlier = [each.version for each in editions if each.version < version and each.public]
        other = context["other"] or (earlier[0] if earlier else None)
        address = f"{self.base}/{record}/editions"
        edition = answers.get(f"{address}/{version}")
        before = other and answers.get(f"{address}/{other}")
        return {
            "edition": edition,
            "record": edition["document"],
            "before": before,
            "changes": before and compare(self.type_name, before["document"], edition["document"]),
            "editions": [each for each in editions if each.public and each.version != version],
            "earlier": next((each for each in editions if each.version < version), None),
            "later": next((each for each in reversed(editions) if each.version > version), None),
            "list_name": self.base,
            "data": answers.address(f"{address}/{version}"),
        }
