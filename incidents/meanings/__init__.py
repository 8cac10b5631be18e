"""What the words about incidents mean."""

from editorial.vocabularies import Words
from incidents.meanings import happened, involved

MEANINGS: dict[Words, dict[str, str]] = {**happened.MEANINGS, **involved.MEANINGS}
