"""The URLs of the lists of the incidents of each group."""

from functools import lru_cache
from urllib.parse import urlencode

from rest_framework.request import Request

from actors.filters import ScopeFilters
from api.snapshots import PINS
from incidents.filters.statistics import ACTORS, TIMES, GroupBy, StatisticsFilterSet
from incidents.statistics import COUNTED_BY_DEFAULT, Group
from incidents.statistics.periods import find_innermost

_NOT_LISTED = {"group_by", "fill", *PINS}


class ListUrls:
    """The URLs of the lists of one answer."""

    def __init__(self, request: Request, filters: StatisticsFilterSet, snapshot: str) -> None:
        self.filters = filters
        path = request.path.rsplit("/", 1)[0] + "/incidents"
        self.url = request.build_absolute_uri(path)
        self.query = {
            name: values for name, values in filters.data.lists() if name not in _NOT_LISTED
        }
        if filters.params["granularity"] is None:
            self.query["granularity"] = list(COUNTED_BY_DEFAULT)
        self.query["snapshot"] = [snapshot]

    def build_total_url(self) -> str:
        """Return the URL of the list of all incidents that are counted."""
        return self._build_url(self.query)

    def build_group_url(self, group: Group) -> str | None:
        """Return the URL of the list of a group; None if no parameters can express it.

        That is so if a key is null, if the request filters by a country or period that does not
        contain that of the group, or if it filters by actors with a scope on the day of the
        incident.
        """
        query, times = dict(self.query), list[str]()
        for by, key in zip(self.filters.params["group_by"], group.keys, strict=True):
            if key is None or not self._can_express(by):
                return None
            if by in TIMES:
                times.append(key)
            else:
                query[by] = [key]
                query.pop(f"{by}_scope", None)
        if times:
            period = find_innermost([*times, *query.get("starts_in", [])])
            if period is None:
                return None
            query["starts_in"] = [period]
        if not any(name.endswith("_scope") for name in query):
            query.pop("scope_at", None)
        return self._build_url(query)

    def _can_express(self, by: str) -> bool:
        """Return whether the key of a group can replace the values of the request."""
        params = self.filters.params
        if by == GroupBy.COUNTRY:
            return all(len(str(place)) == 2 for place in params["country"] or ())
        if by in ACTORS:
            return not (params[f"{by}_scope"] and self.filters.group(ScopeFilters).uses_row_days)
        return True

    def _build_url(self, query: dict[str, list[str]]) -> str:
        pairs = [_encode(name, value) for name, values in query.items() for value in values]
        return f"{self.url}?{'&'.join(pairs)}"


@lru_cache(10_000)
def _encode(name: str, value: str) -> str:
    """Return an encoded parameter, cached since groups have most of them in common."""
    return urlencode({name: value})
