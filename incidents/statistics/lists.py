"""The URLs of the lists of the incidents of each group."""

from functools import lru_cache
from urllib.parse import urlencode

from rest_framework.request import Request

from actors.filters import ScopeFilters
from api.snapshots import PINS
from incidents.filters.absence import Absent
from incidents.filters.dates import PRECISIONS, OccurrenceFilters
from incidents.filters.statistics import (
    ACTORS,
    RECORDS,
    TIMES,
    GroupBy,
    GroupingFilters,
    StatisticsFilterSet,
)
from incidents.statistics import Group
from incidents.statistics.labels import Labels
from incidents.statistics.periods import find_innermost
from incidents.totals import COUNTED
from publishing.codes import DatePrecision

_NOT_LISTED = {*GroupingFilters.base_filters, *PINS}


class ListUrls:
    """The URLs of the lists of one answer."""

    def __init__(
        self, request: Request, filters: StatisticsFilterSet, snapshot: str, labels: Labels
    ) -> None:
        self.filters, self.labels = filters, labels
        self.links = filters.params["links"]
        self.by_first_day = filters.group(OccurrenceFilters).by_first_day
        path = request.path.rsplit("/", 1)[0] + "/incidents"
        self.url = request.build_absolute_uri(path)
        self.query = {
            name: values for name, values in filters.data.lists() if name not in _NOT_LISTED
        }
        if filters.params["granularity"] is None:
            self.query["granularity"] = list(COUNTED)
        self.query["snapshot"] = [snapshot]

    def build_total_url(self) -> str:
        """Return the URL of the list of all incidents that are counted."""
        return self._build_url(dict(self.query))

    def build_group_url(self, group: Group) -> str | None:
        """Return the URL of the list of a group; None if no parameters can express it.

        That is so if the request filters by a country that does not contain that of the group, if
        no period of a group contains its others (a week in two months), if the record that is the
        key has been withdrawn, or if the request filters by actors with a scope on the day of the
        incident.
        """
        if not self.links:
            return None
        query, periods, absent = dict(self.query), list[str](), list[str]()
        precisions = list(self.filters.params["date_precision"] or DatePrecision.values)
        for by, key in zip(self.filters.group_by, group.keys, strict=True):
            if key is None and by in TIMES and not self.by_first_day:
                precisions = [word for word in precisions if word not in PRECISIONS[by]]
            elif key is None:
                absent.append(Absent.DATE if by in TIMES else by)
            elif not self._can_express(by, key):
                return None
            elif by in TIMES:
                periods.append(key)
            elif by == GroupBy.DATE_PRECISION:
                precisions = [word for word in precisions if word == key]
            else:
                query[by] = [key]
                query.pop(f"{by}_scope", None)
        if periods:
            period = find_innermost([*periods, *query.get("starts_in", [])])
            if period is None:
                return None
            query["starts_in"] = [period]
        if len(precisions) < len(DatePrecision):
            query["date_precision"] = precisions
        if absent:
            query["without"] = list(dict.fromkeys([*query.get("without", []), *absent]))
        return self._build_url(query)

    def _can_express(self, by: str, key: str) -> bool:
        """Return whether the key of a group can replace the values of the request."""
        params = self.filters.params
        if by in RECORDS and key not in self.labels.names:
            return False
        if by == GroupBy.COUNTRY:
            return all(len(str(place)) == 2 for place in params["country"] or ())
        if by in ACTORS:
            return not (params[f"{by}_scope"] and self.filters.group(ScopeFilters).uses_row_days)
        return True

    def _build_url(self, query: dict[str, list[str]]) -> str:
        if not any(name.endswith("_scope") for name in query):
            query.pop("scope_at", None)
        if "starts_in" not in query:
            query.pop("period_by", None)
        pairs = [_encode(name, value) for name, values in query.items() for value in values]
        return f"{self.url}?{'&'.join(pairs)}"


@lru_cache(10_000)
def _encode(name: str, value: str) -> str:
    """Return an encoded parameter, cached since groups have most of them in common."""
    return urlencode({name: value})
