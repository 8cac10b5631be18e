"""The rows by which published sponsorships are found by the support that was given."""

from typing import Any

from django.db import models

from actors.entries.asserted import counted, held
from actors.entries.held import HeldEntry
from publishing.models import SideEntry


class SupportEntry(SideEntry, HeldEntry):
    """One type of support, given for a time; rejected rows are none."""

    subject = models.UUIDField(help_text="The public id of who was supported.")
    object = models.UUIDField(help_text="The public id of the sponsor.")
    type = models.CharField(max_length=40, help_text="With what it was supported.")
    against = models.UUIDField(null=True, help_text="The public id of the opponent, if told.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # Whether one given tie brought a type of support.
            models.Index("seq", "type", name="supportentry_seq"),
            # The support that was given against an actor.
            models.Index("against", name="supportentry_against"),
        ]

    @classmethod
    def all_of(cls, document: dict[str, Any]) -> "list[SupportEntry]":
        """Return a row for each support that the document of an affiliation tells."""
        return [
            cls(
                seq=document["seq"],
                record=document["id"],
                subject=document["subject"]["id"],
                object=document["object"]["id"],
                type=row["type"],
                against=row["against"] and row["against"]["id"],
                **held(row),
            )
            for row in counted(document["support"])
        ]
