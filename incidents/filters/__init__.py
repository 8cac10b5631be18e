"""What incidents can be asked for by."""

from typing import ClassVar

from api.filters import ByDate, MapFilters, sort_by
from api.ordering import NEWEST
from incidents.filters.casualties import Tolls
from incidents.filters.dates import Occurred
from incidents.filters.involvements import Involved
from incidents.filters.links import Linked
from incidents.filters.locations import Where
from incidents.filters.sourced import Sourced
from incidents.filters.statements import Claimed
from incidents.filters.weapons import Things
from incidents.filters.words import Worded
from publishing.models.entry import SideEntry
from sources.filters import Identified


class IncidentFilters(
    MapFilters,
    Occurred,
    Worded,
    Involved,
    Claimed,
    Things,
    Tolls,
    Linked,
    Sourced,
    Identified,
    Where,
):
    """The parameters of /incidents."""

    newest = NEWEST
    sort = sort_by(ByDate, ByDate.NEWEST)

    pairs = (*Occurred.pairs, *Tolls.own_pairs)
    groups: ClassVar[dict[type[SideEntry], tuple[str, ...]]] = {**Things.groups}
