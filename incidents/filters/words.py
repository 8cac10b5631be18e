"""By what happened incidents can be asked for."""

from typing import Any

from django.db.models import QuerySet

from api.filters import ListFilters
from api.parameters import Flag, Words
from incidents.codes import EventType, Granularity, Motive, Outcome, SubType, Tag, Violence


class Overlapping(Words):
    """One or more words of a vocabulary, of which a record may bear several."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        """Keep what bears one of the words."""
        return qs if value is None else qs.filter(**{f"{self.field_name}__overlap": value})


class Worded(ListFilters):
    """The parameters for what happened."""

    event_type = Words(EventType, "What happened.", "event_type")
    sub_type = Words(SubType, "What happened, more closely.", "sub_type")
    violence = Words(Violence, "UCDP's type of organised violence.", "violence")
    outcome = Words(Outcome, "How it ended.", "outcome")
    granularity = Words(Granularity, "One event, a sum or a series.", "granularity")
    motive = Overlapping(Motive, "Why it was done, among other motives.", "motives")
    tag = Overlapping(Tag, "What it is also looked for by.", "tags")
    civilians_targeted = Flag(
        "Whether civilians were meant; where that is not known, neither matches.",
        "civilians_targeted",
    )
    suicide = Flag(
        "Whether an attacker meant to die of it; where that is not known, neither matches.",
        "suicide",
    )
