"""The parameters of the grid."""

from api.filters import RecordFilters, SnapshotFilters
from api.filtersets import FilterGroup
from api.parameters import IntegerParameter
from incidents.filters.counting import CountingFilterSet, CountLimitParameter
from incidents.filters.incident import INCIDENT_GROUPS
from places.filters import BoxParameter, PointFilters, PointParameter

MAX_ZOOM = 16
MAX_MATCHES = 100_000
"""The maximum number of incidents that are counted."""


class GridFilters(FilterGroup):
    """The size of the cells, and how many incidents are counted."""

    zoom = IntegerParameter(
        "The zoom of the map: cells are 90 / 2^zoom degrees high and wide, which is 64 pixels on a "
        "web map at the equator.",
        0,
        MAX_ZOOM,
        default=3,
    )
    count_limit = CountLimitParameter(MAX_MATCHES)

    @property
    def size(self) -> float:
        """The height and the width of a cell in degrees, which has no rounding error."""
        return 90 / float(2 ** self.params["zoom"])


class GridPointFilters(PointFilters):
    """The filters by the point of the primary location; a grid has no centroids."""

    bbox = BoxParameter(
        "Only cells for the incidents whose point lies in this box: minlon,minlat,maxlon,maxlat. "
        "The box crosses the antimeridian if minlon is greater than maxlon.",
        method="filter_box",
    )
    near = PointParameter(
        "Only cells for the incidents whose point lies within `radius_km` of this one: lon,lat.",
        method="filter_near",
    )


class GridFilterSet(CountingFilterSet):
    """The parameters of /grid: the filters of /incidents, and the size of the cells."""

    groups = (
        SnapshotFilters,
        GridFilters,
        RecordFilters,
        *(
            GridPointFilters if issubclass(group, PointFilters) else group
            for group in INCIDENT_GROUPS
        ),
    )
    elsewhere = CountingFilterSet.elsewhere | {
        "centroids": "A grid has no centroids: `not_on_map` counts the incidents without a point."
    }
