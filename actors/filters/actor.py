"""What actors can be asked for by."""

from django.db.models import Exists, OuterRef, QuerySet

from actors.codes import ActorKind
from actors.entries import ActorNameEntry
from actors.filters.dates import Held
from editorial.api.filters import ByName, sort_by
from editorial.api.parameters import Words
from editorial.api.texts import Name
from editorial.folding import fold
from places.filters import InCountry
from sources.filters import Identified


class ActorFilters(Held, Identified, InCountry):
    """The parameters of /actors."""

    sort = sort_by(ByName, ByName.NAME)
    kind = Words(ActorKind, "What it is.", "kind")
    name = Name(
        "Has this name, of whatever kind and language; equal after folding. With `at`, bore it "
        "then.",
        method="keep_named",
    )

    def keep_named(self, entries: QuerySet, name: str, asked: str) -> QuerySet:
        """Keep actors that have a name, or had it on one of the days that are asked for."""
        names: QuerySet = ActorNameEntry.objects.filter(seq=OuterRef("seq"), key=fold(asked))
        if self.asked["at"]:
            names = self.keep_held(names, "at", self.asked["at"])
        return entries.filter(Exists(names))
