"""The address of the list that holds just the incidents of a group."""

from functools import lru_cache
from urllib.parse import urlencode

from rest_framework.request import Request

from actors.filters import ScopeFilters
from incidents.filters.statistics import TIMES, GroupBy, StatisticsFilterSet
from incidents.statistics import COUNTED, Group
from incidents.statistics.periods import within

_OWN = {"group_by", "fill", "known_at", "release"}


class Lists:
    """The addresses of the lists of one answer."""

    def __init__(self, request: Request, filters: StatisticsFilterSet, snapshot: str) -> None:
        self.filters = filters
        path = request.path.rsplit("/", 1)[0] + "/incidents"
        self.address = request.build_absolute_uri(path)
        self.query = {name: values for name, values in filters.data.lists() if name not in _OWN}
        if filters.params["granularity"] is None:
            self.query["granularity"] = list(COUNTED)
        self.query["snapshot"] = [snapshot]

    def of_all(self) -> str:
        """Return the address of the list of all that is counted."""
        return self._told(self.query)

    def of(self, group: Group) -> str | None:
        """Return the address of the list of a group; None where no parameters can say it.

        That is so where a key is null; where a country or a period is asked for that does not
        hold that of the group; and where actors are asked for with a scope on the day of the
        incident.
        """
        query, times = dict(self.query), list[str]()
        for by, key in zip(self.filters.params["group_by"], group.keys, strict=True):
            if key is None or not self._can_say(by):
                return None
            if by in TIMES:
                times.append(key)
            else:
                query[by] = [key]
                query.pop(f"{by}_scope", None)
        if times:
            period = within([*times, *query.get("starts_in", [])])
            if period is None:
                return None
            query["starts_in"] = [period]
        if not any(name.endswith("_scope") for name in query):
            query.pop("scope_at", None)
        return self._told(query)

    def _can_say(self, by: str) -> bool:
        """Return whether a key can stand in the place of what is asked for."""
        params = self.filters.params
        if by == GroupBy.COUNTRY:
            return all(len(str(place)) == 2 for place in params["country"] or ())
        if by in (GroupBy.PERPETRATOR, GroupBy.TARGET):
            return not (params[f"{by}_scope"] and self.filters.group(ScopeFilters).uses_row_days)
        return True

    def _told(self, query: dict[str, list[str]]) -> str:
        pairs = [_pair(name, value) for name, values in query.items() for value in values]
        return f"{self.address}?{'&'.join(pairs)}"


@lru_cache(10_000)
def _pair(name: str, value: str) -> str:
    """Write a parameter; the groups of an answer have most in common."""
    return urlencode({name: value})
