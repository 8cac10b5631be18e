"""What the words about incidents mean."""

from incidents.meanings import happened, involved
from publishing.vocabularies import Words

MEANINGS: dict[Words, dict[str, str]] = {**happened.MEANINGS, **involved.MEANINGS}
