"""Actor: whoever acts or is acted upon, from states to individuals, and its names."""

from collections.abc import Collection, Iterator
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify

from actors.affiliation_kinds import refusal
from actors.codes import ActorKind, Gender, Identified, LifeStatus, NameKind
from actors.models import rules
from editorial.models import SluggedRecord
from publishing.bidi import isolate
from publishing.fields import EdtfField, LanguageField, SearchKeyField, WordField
from publishing.models import Validity
from publishing.normalization import fold_text
from sources.models import Citation, ExternalId


@pghistory.track()
class Actor(SluggedRecord, Validity):
    """An actor; its validity is its existence.

    A plain rename keeps the actor: the new name goes into `name`, the old one becomes an
    ActorName of kind `former`. A `collective` is a set that a source speaks of without naming
    its members.
    """

    type_name = "actor"
    document = "actors.serializers.ActorDocument"
    entry = "actors.entries.ActorEntry"

    name = models.CharField(
        max_length=300, help_text="The name it is shown by, in English or romanised."
    )
    search_key = SearchKeyField("name")
    kind = WordField(ActorKind, help_text="What it is, for good.")
    identified = WordField(
        Identified, default=Identified.IDENTIFIED, help_text="Whether it is known who it is."
    )
    summary = models.TextField(blank=True, help_text="One or two sentences.")
    description = models.TextField(blank=True, help_text="What is known of it, at length.")
    country = models.ForeignKey(
        "places.Place",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Its home country.",
    )
    publisher = models.ForeignKey(
        "sources.Publisher",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Media outlets: the publisher as which its pieces are cited.",
    )
    life_status = WordField(
        LifeStatus, default=LifeStatus.UNKNOWN, help_text="Individuals: whether they live."
    )
    gender = WordField(Gender, default=Gender.UNKNOWN, help_text="Individuals: their gender.")
    birth = EdtfField(blank=True, help_text="Individuals: when they were born, as EDTF.")
    death = EdtfField(blank=True, help_text="Individuals: when they died, as EDTF.")

    class Meta(SluggedRecord.Meta):
        ordering = ["name", "pk"]
        constraints = [
            *SluggedRecord.Meta.constraints,
            *Validity.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(kind=ActorKind.INDIVIDUAL)
                | models.Q(
                    life_status=LifeStatus.UNKNOWN, gender=Gender.UNKNOWN, birth="", death=""
                ),
                name="actor_individuals_live",
                violation_error_message="Life status, gender, birth and death are for actors of "
                "kind individual.",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=ActorKind.MEDIA_OUTLET) | models.Q(publisher__isnull=True),
                name="actor_outlets_publish",
                violation_error_message="A publisher is for actors of kind media outlet.",
            ),
        ]

    def __str__(self) -> str:
        return isolate(self.name)

    def clean(self) -> None:
        super().clean()
        if self.pk:
            self._refuse_ties()

    def _refuse_ties(self) -> None:
        """Refuse a kind that the ties of the actor do not join."""
        joined = [
            *((self.kind, kind, other) for kind, other in _ends(self.affiliations_from, "object")),
            *((other, kind, self.kind) for kind, other in _ends(self.affiliations_to, "subject")),
        ]
        faults = {why for tie in joined if (why := refusal(*tie))}
        if faults:
            raise ValidationError({"kind": sorted(faults)})

    @classmethod
    def check_public(cls, records: Collection[str]) -> None:
        faults = {why for _, why in rules.faults_of_actors(records)}
        if faults:
            raise ValidationError(sorted(faults), code="tie")

    def make_slug(self) -> str:
        return slugify(fold_text(self.name))


def _ends(ties: Any, end: str) -> Iterator[tuple[str, str]]:
    """Yield the kinds of some ties, each with the kind of actor at an end."""
    yield from ties.values_list("kind", f"{end}__kind").distinct()


@pghistory.track()
class ActorName(Validity):
    """A further name of an actor: in another language, former, an alias, a brand."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="names")
    text = models.CharField(max_length=300, help_text="The name, in its own script.")
    search_key = SearchKeyField("text")
    kind = WordField(NameKind, default=NameKind.ALIAS, help_text="What kind of name it is.")
    language = LanguageField(blank=True, help_text="Its language, as BCP 47: ar, fa, ckb, he.")
    preferred = models.BooleanField(
        default=False, help_text="Whether it is the one to show in its language."
    )
    meaning = models.CharField(max_length=300, blank=True, help_text="What it means in English.")

    class Meta:
        ordering = ["kind", "text", "pk"]
        constraints = [
            *Validity.Meta.constraints,
            models.UniqueConstraint(
                "actor",
                "language",
                condition=models.Q(preferred=True),
                name="actorname_one_preferred_per_language",
                violation_error_message="Another name is preferred in this language already.",
            ),
        ]

    def __str__(self) -> str:
        return isolate(self.text)


@pghistory.track()
class ActorExternalId(ExternalId):
    """What another system calls an actor."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="external_ids")


@pghistory.track()
class ActorCitation(Citation):
    """A passage cited for an actor."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="citations")


@pghistory.track()
class ActorNameCitation(Citation):
    """A passage cited for a name."""

    name = models.ForeignKey(ActorName, models.CASCADE, related_name="citations")
