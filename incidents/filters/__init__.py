"""What incidents can be asked for by."""

from editorial.api.filters import ByDate, MapFilters, sort_by
from editorial.api.parameters import Words
from editorial.orders import NEWEST
from incidents.codes import EventType, Granularity, SubType, Violence
from incidents.filters.dates import Occurred
from incidents.filters.involved import Involved
from incidents.filters.where import Where
from sources.filters import Identified


class IncidentFilters(MapFilters, Occurred, Involved, Identified, Where):
    """The parameters of /incidents."""

    newest = NEWEST
    sort = sort_by(ByDate, ByDate.NEWEST)
    event_type = Words(EventType, "What happened.", "event_type")
    sub_type = Words(SubType, "What happened, more closely.", "sub_type")
    violence = Words(Violence, "UCDP's type of organised violence.", "violence")
    granularity = Words(Granularity, "One event, a sum or a series.", "granularity")
