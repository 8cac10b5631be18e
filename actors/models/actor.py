"""Actor: a state, an organisation, a group or a person that takes part in events."""

from collections.abc import Collection, Mapping
from typing import Any

import pghistory
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from actors.affiliation_kinds import explain_mismatch
from actors.codes import ActorKind, Gender, Identified, LifeStatus, NameKind
from actors.models import rules
from editorial.models import NamedRecord
from publishing.fields import EdtfField, LinesField, WordField
from publishing.models import Validity
from sources.models import Citation, ExternalId


@pghistory.track()
class Actor(NamedRecord, Validity):
    """An actor; its validity is the time in which it exists.

    After a rename it is the same actor: the new name goes into `name`, and the old one becomes an
    ActorName of kind `former` when the actor is submitted. A `collective` is a set that a source
    mentions without naming its members.
    """

    type_name = "actor"
    document = "actors.serializers.ActorDocument"
    entry = "actors.entries.ActorEntry"
    alias = {"kind": NameKind.ALIAS}
    former_name = {"kind": NameKind.FORMER}

    kind = WordField(ActorKind, help_text="What the actor is; it does not change over time.")
    identified = WordField(
        Identified,
        default=Identified.IDENTIFIED,
        help_text="Whether the identity of the actor is known.",
    )
    summary = LinesField(blank=True, help_text="A summary in one or two sentences.")
    description = LinesField(blank=True, help_text="A longer description.")
    country = models.ForeignKey(
        "places.Place",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The home country.",
    )
    publisher = models.ForeignKey(
        "sources.Publisher",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Only for media outlets: the publisher of its articles.",
    )
    life_status = WordField(
        LifeStatus,
        default=LifeStatus.UNKNOWN,
        help_text="Only for individuals: whether the person is alive.",
    )
    gender = WordField(
        Gender, default=Gender.UNKNOWN, help_text="Only for individuals: the gender."
    )
    birth = EdtfField(
        blank=True, help_text="Only for individuals: the date of birth, as EDTF: 1954-07, 1970~."
    )
    death = EdtfField(
        blank=True, help_text="Only for individuals: the date of death, as EDTF: 2020-01-03."
    )

    class Meta(NamedRecord.Meta):
        ordering = ["name", "pk"]
        constraints = [
            *NamedRecord.Meta.constraints,
            *Validity.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(kind=ActorKind.INDIVIDUAL)
                | models.Q(
                    life_status=LifeStatus.UNKNOWN, gender=Gender.UNKNOWN, birth="", death=""
                ),
                name="actor_individuals_live",
                violation_error_message="Only actors of kind individual have a life status, a "
                "gender, a "
                "birth and a death.",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=ActorKind.MEDIA_OUTLET) | models.Q(publisher__isnull=True),
                name="actor_outlets_publish",
                violation_error_message="Only actors of kind media outlet have a publisher.",
            ),
        ]

    def clean(self) -> None:
        super().clean()
        if self.pk:
            self._check_affiliations()

    def _check_affiliations(self) -> None:
        """Raise ValidationError if an affiliation may not join an actor of this kind."""
        from_here = self.affiliations_from.values_list("kind", "object__kind").distinct()
        to_here = self.affiliations_to.values_list("subject__kind", "kind").distinct()
        kinds = [
            *((self.kind, kind, object_) for kind, object_ in from_here),
            *((subject, kind, self.kind) for subject, kind in to_here),
        ]
        reasons = {reason for row in kinds if (reason := explain_mismatch(*row))}
        if reasons:
            raise ValidationError({"kind": sorted(reasons)})

    @classmethod
    def check_public(cls, records: Collection[str]) -> None:
        reasons = {reason for _, reason in rules.find_faults_of_actors(records)}
        if reasons:
            raise ValidationError(sorted(reasons), code="affiliation")

    @classmethod
    def change_carried(cls, name: str, item: Mapping[str, Any]) -> dict[str, Any]:
        if name != "names":
            return {}
        main = item["kind"] in (NameKind.OFFICIAL, NameKind.COMMON)
        kind = NameKind.ALIAS.value if main else item["kind"]
        return {"preferred": False, "kind": kind}

    def explain_merge(self, other: Any) -> list[str]:
        affiliations = apps.get_model("actors.Affiliation")._default_manager
        ends = Q(subject__in=(self, other)) | Q(object__in=(self, other))
        rows = affiliations.filter(ends).select_related("subject", "object")
        return [
            f"“{row}” ({row.start or 'no start known'}) has no known end, so it would possibly "
            f"hold after “{ended}” ended ({ended.end})."
            for row, ended in rules.find_open_ends(rows, same=(self.pk, other.pk))
        ]


@pghistory.track()
class ActorExternalId(ExternalId):
    """An identifier of an actor in another system."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="external_ids")


@pghistory.track()
class ActorCitation(Citation):
    """A citation for an actor."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="citations")
