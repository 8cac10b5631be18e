"""The documents of actors and affiliations, and the answer of name resolution."""

from actors.serializers.actor import ActorDocument
from actors.serializers.affiliation import AffiliationDocument
from actors.serializers.match import NameMatchSerializer

__all__ = ["ActorDocument", "AffiliationDocument", "NameMatchSerializer"]
