"""The words for names of actors."""

from publishing.fields import GrowingEnumeration
from publishing.vocabularies import EnumerationType


class NameKind(GrowingEnumeration):
    """The kind of a name."""

    OFFICIAL = "official"
    COMMON = "common"
    ALIAS = "alias"
    ACRONYM = "acronym"
    FORMER = "former"
    NOM_DE_GUERRE = "nom_de_guerre"
    FACADE_BRAND = "facade_brand"
    LIST_NAME = "list_name"
    WEAK_ALIAS = "weak_alias"
    TRANSLATION = "translation"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    NameKind: {
        "official": "The name that the actor uses in its own documents.",
        "common": "The usual name.",
        "alias": "Another name in use.",
        "acronym": "Initials, or a word made of them.",
        "former": "A name that is no longer used.",
        "nom_de_guerre": "A name that a fighter adopts.",
        "facade_brand": "A name under which the actor hides its identity.",
        "list_name": "The name in a sanctions list.",
        "weak_alias": "A name that many actors share, or that a list marks as weak.",
        "translation": "A translation of the name.",
    },
}
"""The meaning of each word, in the order of its enumeration."""
