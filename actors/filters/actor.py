"""What actors can be asked for by."""

from actors.codes import ActorKind
from actors.filters.dates import Held
from editorial.api.filters import ByName, sort_by
from editorial.api.parameters import Words
from places.filters import InCountry
from sources.filters import Identified


class ActorFilters(Held, Identified, InCountry):
    """The parameters of /actors."""

    sort = sort_by(ByName, ByName.NAME)
    kind = Words(ActorKind, "What it is.", "kind")
