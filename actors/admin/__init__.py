"""The admin of actors and affiliations."""

from actors.admin import parts
from actors.admin.actor import ActorAdmin
from actors.admin.affiliation import AffiliationAdmin
from actors.admin.assertions import ASSERTION

__all__ = ["ASSERTION", "ActorAdmin", "AffiliationAdmin", "parts"]
