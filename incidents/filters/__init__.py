"""What incidents can be asked for by."""

from typing import ClassVar

from api.filters import ByDate, MapFilters, sort_by
from api.ordering import NEWEST
from incidents.filters.claimed import Claimed
from incidents.filters.dates import Occurred
from incidents.filters.involved import Involved
from incidents.filters.linked import Linked
from incidents.filters.sourced import Sourced
from incidents.filters.things import Things
from incidents.filters.tolls import Tolls
from incidents.filters.where import Where
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
