"""The words for names of actors."""

from publishing.fields import GrowingEnumeration
from publishing.vocabularies import EnumerationType


class NameKind(GrowingEnumeration):
    """What kind of name it is."""

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
        "official": "What it calls itself in its own documents.",
        "common": "What it is usually called.",
        "alias": "Another name in use.",
        "acronym": "Initials, or a word made of them.",
        "former": "What it was called before.",
        "nom_de_guerre": "A fighting name.",
        "facade_brand": "A name under which it acts to hide that it is it.",
        "list_name": "What a list of sanctions calls it.",
        "weak_alias": "A name that many share, or that a list marks as weak.",
        "translation": "A name in another language, made by translating.",
    },
}
"""What the words mean, in the order of each enumeration."""
