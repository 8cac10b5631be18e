"""The side rows by which incidents are found by who was involved, and by who speaks of whom."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models

from incidents.codes import Certainty, StatementKind, StatementRole
from incidents.responsibility import live, named, speaker, stands
from publishing.models import SideEntry

RANK = {word: number for number, word in enumerate(Certainty.values, 1)}
"""By certainty, how far down it stands: 1 is confirmed."""

SEVERAL_DAYS = models.Q(order_date__gt=date.min, order_date__lt=models.F("last_date"))
"""That an incident is dated, and by more than one day."""


class Bounds(models.Func):
    """The days from the earliest to the latest."""

    function = "daterange"
    output_field = DateRangeField()

    def __init__(self, *columns: str) -> None:
        super().__init__(*(columns or ("order_date", "last_date", models.Value("[]"))))


class IncidentSideEntry(SideEntry):
    """A row of which an incident has several, with the days of the incident."""

    order_date = models.DateField(help_text="As in the incident's own entry.")
    last_date = models.DateField(help_text="As in the incident's own entry.")
    certain = models.BooleanField(help_text="As in the incident's own entry.")

    class Meta(SideEntry.Meta):
        abstract = True


class IncidentActorEntry(IncidentSideEntry):
    """That an actor stands in a published incident, in a role.

    One row for each role that involvements give it, what is ruled out or rejected left out, and
    one for each that it has in statements that count.
    """

    actor = models.UUIDField(help_text="The public id of the actor.")
    role = models.CharField(
        max_length=40, help_text="What it was to the incident, or to a statement about it."
    )
    kind = models.CharField(max_length=40, help_text="What it is; blank where it is withdrawn.")
    certainty = models.PositiveSmallIntegerField(
        null=True, help_text="How certain the involvement is, 1 the most; null in statements."
    )

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # The newest incidents of an actor in a role, at any horizon.
            models.Index(
                "actor",
                "role",
                models.F("order_date").desc(),
                models.F("record").desc(),
                include=["seq", "until_seq", "last_date", "certain"],
                name="incidentactorentry_newest",
            ),
            # The same in any role, but for those in statements. It does not tell the role, so that
            # nobody looks here for those of one role, which may be rare.
            models.Index(
                "actor",
                models.F("order_date").desc(),
                models.F("record").desc(),
                include=["seq", "until_seq", "last_date", "certain"],
                name="incidentactorentry_any",
                condition=models.Q(certainty__isnull=False),
            ),
            # What had begun and may have gone on when an actor came to stand under another.
            # It holds all that is asked for: else going through the actor's own seems cheaper.
            GistIndex(
                "actor",
                Bounds(),
                include=[
                    *("seq", "until_seq", "record", "role", "certainty"),
                    *("order_date", "last_date", "certain"),
                ],
                name="incidentactorentry_astride",
                condition=SEVERAL_DAYS,
            ),
            # Whether one given incident involves an actor; it has few.
            models.Index("seq", include=["actor", "role"], name="incidentactorentry_seq"),
        ]


def involved(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the columns of each actor in each of its roles, once, with its best certainty."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for role, ref, rank in [*_concluded(document), *_spoken(document)]:
        row = {"actor": ref["id"], "role": role, "kind": ref["kind"] or "", "certainty": rank}
        before = found.setdefault((ref["id"], role), row)
        if rank is not None and rank < before["certainty"]:
            found[ref["id"], role] = row
    for _, row in sorted(found.items()):
        yield row


def _concluded(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], int | None]]:
    for row in filter(stands, document["involvements"]):
        if row["actor"]:
            yield row["role"], row["actor"], RANK[row["certainty"]]


def _spoken(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], int | None]]:
    for statement in filter(live, document["statements"]):
        by, of = [speaker(statement)], named(statement)
        told: dict[str, list[tuple[StatementRole, list[dict[str, Any]]]]] = {
            StatementKind.CLAIM: [
                (StatementRole.CLAIMED_BY, of),
                (StatementRole.ANNOUNCED_BY, by),
            ],
            StatementKind.DENIAL: [
                (StatementRole.DENIED_BY, by if statement["speaker"] else of),
            ],
            StatementKind.ACCUSATION: [
                (StatementRole.ACCUSED, of),
                (StatementRole.ACCUSED_BY, by),
            ],
        }
        for role, rows in told.get(statement["kind"], []):
            for row in rows:
                if row["actor"]:
                    yield role.value, row["actor"], None
