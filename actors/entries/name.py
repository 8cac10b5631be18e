"""The rows by which published actors are found by any of their names."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from actors.entries.held import HeldEntry, days
from publishing.models import SideEntry
from publishing.normalization import fold, initials, skeleton


class ActorNameEntry(SideEntry, HeldEntry):
    """A name of a published actor: the one it is shown by, or a further one."""

    text = models.CharField(max_length=300, help_text="The name, in its own script.")
    kind = models.CharField(
        max_length=40, help_text="What kind of name it is; blank: the one it is shown by."
    )
    language = models.CharField(max_length=35, help_text="Its language, as BCP 47, or blank.")
    actor_kind = models.CharField(max_length=40, help_text="What the actor is.")
    key = models.CharField(max_length=1000, db_collation="C", help_text="The folded name.")
    skeleton = models.CharField(
        max_length=1000, db_collation="C", help_text="Its consonants, in one word."
    )
    initials = models.CharField(
        max_length=300, db_collation="C", help_text="Its initials, if it is of several words."
    )
    bones = ArrayField(
        models.CharField(max_length=300),
        help_text="The consonants of each of its words that has two or more.",
    )

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # The actors that have a name.
            models.Index("key", name="actornameentry_key"),
            # Name resolution: the same consonants or initials, words in common, and what
            # is alike by trigrams.
            models.Index("skeleton", name="actornameentry_skeleton"),
            models.Index("initials", name="actornameentry_initials"),
            GinIndex("bones", name="actornameentry_bones"),
            GinIndex(fields=["key"], name="actornameentry_grams", opclasses=["gin_trgm_ops"]),
            # Whether one given actor has a name.
            models.Index("seq", "key", name="actornameentry_seq"),
        ]

    @classmethod
    def all_of(cls, document: dict[str, Any]) -> "list[ActorNameEntry]":
        """Return a row for each name that the document of an actor tells."""
        shown = {
            "text": document["name"],
            "kind": "",
            "language": "",
            "validity": document["existence"],
        }
        return [cls._of(document, name) for name in (shown, *document["names"])]

    @classmethod
    def _of(cls, document: dict[str, Any], name: dict[str, Any]) -> "ActorNameEntry":
        key = fold(name["text"])
        bones = skeleton(key)
        return cls(
            seq=document["seq"],
            record=document["id"],
            text=name["text"],
            kind=name["kind"],
            language=name["language"] or "",
            actor_kind=document["kind"],
            key=key[:1000],
            skeleton=bones.replace(" ", "")[:1000],
            initials=initials(key)[:300],
            bones=sorted({bone for bone in bones.split() if len(bone) > 1}),
            certain=days(name["validity"]["certain"]),
            possible=days(name["validity"]["possible"]),
        )
