"""Parameters that are text in any script, compared after folding."""

from django.db.models import QuerySet

from api.parameters import Parameter
from publishing import search
from publishing.normalization import fold_text


class Text(Parameter):
    """Text in which there is a letter or a digit."""

    most_characters = 300

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.schema = {"type": "string", "minLength": 1, "maxLength": self.most_characters}

    def read(self, text: str) -> str:
        if len(text) > self.most_characters:
            raise ValueError(f"It has at most {self.most_characters} characters.")
        if not fold_text(text):
            raise ValueError("There is neither a letter nor a digit in it.")
        return text


class Name(Text):
    """A name."""


class Search(Text):
    """What is looked for in full text, web-style."""

    most_characters = 200

    def read(self, text: str) -> str:
        return search.parse_query(super().read(text))

    def filter(self, qs: QuerySet, value: str | None) -> QuerySet:
        """Keep what says it."""
        return qs if value is None else search.filter_matching(qs, value)
