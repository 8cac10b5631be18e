"""ActorName: a name of an actor other than its main name."""

import pghistory
from django.db import models

from actors.codes import NameKind
from actors.models.actor import Actor
from publishing.bidi import isolate
from publishing.fields import LanguageField, LineField, SearchKeyField, WordField
from publishing.models import Validity
from sources.models import Citation


@pghistory.track()
class ActorName(Validity):
    """Another name of an actor: in another language, a former one, an alias or a brand."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="names")
    text = LineField(max_length=300, help_text="The name, in its own script.")
    search_key = SearchKeyField("text")
    kind = WordField(NameKind, default=NameKind.ALIAS, help_text="The kind of name.")
    language = LanguageField(
        blank=True, help_text="The language of the name, as BCP 47: ar, fa, ckb, he."
    )
    preferred = models.BooleanField(
        default=False, help_text="Whether it is the name to show in its language."
    )
    meaning = LineField(max_length=300, blank=True, help_text="The meaning of the name in English.")

    class Meta:
        ordering = ["kind", "text", "pk"]
        constraints = [
            *Validity.Meta.constraints,
            models.UniqueConstraint(
                "actor",
                "language",
                condition=models.Q(preferred=True),
                name="actorname_one_preferred_per_language",
                violation_error_message="Another name is already preferred in this language.",
            ),
        ]

    def __str__(self) -> str:
        return isolate(self.text)


@pghistory.track()
class ActorNameCitation(Citation):
    """A citation for a name."""

    name = models.ForeignKey(ActorName, models.CASCADE, related_name="citations")
