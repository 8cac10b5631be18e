"""The documents of actors and affiliations."""

from actors.serializers.actor import ActorDocument
from actors.serializers.affiliation import AffiliationDocument

__all__ = ["ActorDocument", "AffiliationDocument"]
