"""What name resolution can be asked."""

import re

from actors.codes import ActorKind
from api.filters import DetailFilters
from api.parameters import Parameter, Whole, Words
from api.texts import Name


class Share(Parameter):
    """A number from 0 to 1."""

    schema = {"type": "number", "minimum": 0, "maximum": 1}

    def read(self, text: str) -> float:
        if not re.fullmatch(r"0(\.[0-9]{1,9})?|1(\.0{1,9})?", text, re.ASCII):
            raise ValueError("It is a number from 0 to 1, such as 0.75.")
        return float(text)


class ResolveFilters(DetailFilters):
    """The parameters of /resolve."""

    name = Name("The name, in any script or romanisation.", needed=True)
    kind = Words(ActorKind, "Only actors of these kinds.")
    min_score = Share("Only matches with this score or more.", default=0.5)
    limit = Whole("How many actors, at the most.", 1, 100, default=10)
