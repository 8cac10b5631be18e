"""The index entries by which published incidents are found, with their side rows."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.db.models.functions import TruncDate

from dates import parse
from incidents.codes import Certainty, Precision, StatementKind, StatementRole
from incidents.responsibility import live, named, speaker, stands
from places.entries import LocatedEntry, PlacedEntry
from publishing.models import Entry, EntryRow, SideEntry
from sources.entries import IdentifiedEntry

NEAR_ITS_PLACE = {Precision.EXACT, Precision.SETTLEMENT, Precision.NEAR_SETTLEMENT}
"""The precisions at which the point of the place tells where it was, to some 25 km."""


class IncidentPlaceEntry(SideEntry):
    """That a published incident, or a part of it, was at a place."""

    place = models.UUIDField(help_text="The public id of the place.")
    order_date = models.DateField(help_text="As in the incident's own entry.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # The newest incidents at a place, at any snapshot.
            models.Index(
                "place",
                models.F("order_date").desc(),
                models.F("record").desc(),
                include=["seq", "until_seq"],
                name="incidentplaceentry_newest",
            ),
            # Whether one given incident was at a place.
            models.Index("seq", "place", name="incidentplaceentry_seq"),
        ]

    @classmethod
    def of(cls, document: dict[str, Any], order_date: date) -> list["IncidentPlaceEntry"]:
        """Return a row for each place of an incident."""
        places = {row["place"]["id"] for row in document["locations"] if row["place"]}
        told = {"seq": document["seq"], "record": document["id"], "order_date": order_date}
        return [cls(**told, place=place) for place in sorted(places)]


class WhereEntry(PlacedEntry, LocatedEntry):
    """Where the primary location of an incident is.

    Its point is that of the incident where it is public, else that of the place if the incident
    was there or near it. An incident somewhere in a province has no point.
    """

    admin1 = models.CharField(
        max_length=6, help_text="ISO 3166-2 code of its first-level division, or blank."
    )
    precision = models.CharField(max_length=40, help_text="How finely it is told; blank: nowhere.")

    class Meta(LocatedEntry.Meta):
        abstract = True

    @classmethod
    def where(cls, document: dict[str, Any]) -> dict[str, Any]:
        """Return what the entry takes from the primary location of an incident."""
        primary = next((row for row in document["locations"] if row["primary"]), None)
        if primary is None:
            return (
                cls.make_place_columns(None)
                | cls.make_point_columns(None)
                | {"admin1": "", "precision": ""}
            )
        place, point, precision = primary["place"], primary["point"], primary["precision"]
        if point is None and place and precision in NEAR_ITS_PLACE:
            point = place["point"]
        admin1 = (place and place["admin1"]) or ""
        more = {"admin1": admin1, "precision": precision}
        return cls.make_place_columns(place) | cls.make_point_columns(point) | more


class IncidentWeaponEntry(SideEntry):
    """One use of a weapon in a published incident."""

    weapon = models.CharField(max_length=40, help_text="What kind of weapon.")
    calibre_mm = models.DecimalField(
        max_digits=6, decimal_places=2, null=True, help_text="In millimetres; null if not known."
    )
    origin = models.CharField(max_length=2, help_text="Where it was made, as ISO code, or blank.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # Whether one given incident was done with it.
            models.Index("seq", "weapon", name="incidentweaponentry_seq"),
            # What was done with a weapon that is rarely used.
            models.Index("weapon", "seq", name="incidentweaponentry_weapon"),
        ]


class IncidentTargetEntry(SideEntry):
    """One thing that was hit or meant in a published incident."""

    type = models.CharField(max_length=40, help_text="What kind of thing.")
    nationality = models.CharField(max_length=2, help_text="Whose it is, as ISO code, or blank.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # Whether it was hit in one given incident.
            models.Index("seq", "type", name="incidenttargetentry_seq"),
            # Where something was hit that rarely is.
            models.Index("type", "nationality", "seq", name="incidenttargetentry_type"),
        ]


class IncidentSourceEntry(SideEntry):
    """That a published incident, or a part of it, cites a source."""

    source = models.UUIDField(help_text="The public id of the source.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # The incidents that cite a source, or one of a publisher's sources.
            models.Index("source", "seq", name="incidentsourceentry_source"),
            # Whether one given incident cites it.
            models.Index("seq", "source", name="incidentsourceentry_seq"),
        ]


class IncidentLinkEntry(SideEntry):
    """That a published incident is linked to another."""

    kind = models.CharField(max_length=40, help_text="How it stands to the other.")
    to = models.UUIDField(help_text="The public id of the other incident.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # What is linked to an incident.
            models.Index("to", "seq", name="incidentlinkentry_to"),
        ]


SIDES = (IncidentWeaponEntry, IncidentTargetEntry, IncidentSourceEntry, IncidentLinkEntry)


def things(document: dict[str, Any]) -> Iterator[tuple[type[SideEntry], dict[str, Any]]]:
    """Yield each side row of a document: its class and its own columns."""
    for row in document["weapons"]:
        weapon = {key: row[key] for key in ("weapon", "calibre_mm")}
        yield IncidentWeaponEntry, weapon | {"origin": row["origin"] or ""}
    for row in document["target_objects"]:
        nationality = row["nationality"] or ""
        yield IncidentTargetEntry, {"type": row["type"], "nationality": nationality}
    for source in sorted({ref["id"] for ref in _sources(document)}):
        yield IncidentSourceEntry, {"source": source}
    for row in document["links"]:
        yield IncidentLinkEntry, {"kind": row["kind"], "to": row["to"]["id"]}


def _sources(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the source of each citation of the document and of its parts."""
    parts = (row for value in document.values() if isinstance(value, list) for row in value)
    for cited in (document, *(row for row in parts if isinstance(row, dict))):
        for citation in cited.get("citations") or ():
            if citation["source"]:
                yield citation["source"]


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
            # The newest incidents of an actor in a role, at any snapshot.
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


_WORDS = (
    "slug",
    "event_type",
    "sub_type",
    "violence",
    "outcome",
    "granularity",
    "date_precision",
    "motives",
    "tags",
    "civilians_targeted",
    "suicide",
    "claim_status",
    "denied",
    "attribution_status",
    "facade_claim",
)
"""The properties of the document that its entry has as they are."""


class IncidentEntry(Entry, IdentifiedEntry, WhereEntry):
    """A published incident, counted by its primary location."""

    sides = (IncidentActorEntry, IncidentPlaceEntry, *SIDES)
    name_paths = (
        "involvements.actor.name",
        "statements.speaker.name",
        "statements.responsible.actor.name",
        "locations.place.name",
    )
    title_paths = ("title",)
    text_paths = (
        *("summary", "description", "involvements.label", "target_objects.name"),
        *("statements.speaker_label", "statements.text", "statements.translation"),
    )

    slug = models.CharField(max_length=120, help_text="Its code.")
    event_type = models.CharField(max_length=40, help_text="What happened.")
    sub_type = models.CharField(max_length=40, help_text="What happened, more closely.")
    violence = models.CharField(max_length=40, help_text="UCDP's type of organised violence.")
    outcome = models.CharField(max_length=40, help_text="How it ended.")
    granularity = models.CharField(max_length=40, help_text="One event, a sum or a series.")
    motives = ArrayField(models.CharField(max_length=40), help_text="Why it was done.")
    tags = ArrayField(models.CharField(max_length=40), help_text="What it is also looked for by.")
    civilians_targeted = models.BooleanField(null=True, help_text="Whether civilians were meant.")
    suicide = models.BooleanField(null=True, help_text="Whether an attacker meant to die of it.")
    order_date = models.DateField(help_text="The earliest day; the first of all if undated.")
    last_date = models.DateField(help_text="The latest day; the last of all if undated.")
    date_precision = models.CharField(max_length=40, help_text="How precisely its days are known.")
    certain = models.BooleanField(help_text="Whether it is dated, and not marked uncertain.")
    killed = models.PositiveIntegerField(null=True, help_text="The best number; null: not known.")
    killed_low = models.PositiveIntegerField(null=True, help_text="The lowest number.")
    killed_high = models.PositiveIntegerField(null=True, help_text="The highest number.")
    injured = models.PositiveIntegerField(null=True, help_text="The best number; null: not known.")
    injured_low = models.PositiveIntegerField(null=True, help_text="The lowest number.")
    injured_high = models.PositiveIntegerField(null=True, help_text="The highest number.")
    claim_status = models.CharField(max_length=40, help_text="Whether it was claimed.")
    denied = models.BooleanField(help_text="Whether somebody denied it.")
    attribution_status = models.CharField(max_length=40, help_text="How certain it is who did it.")
    facade_claim = models.BooleanField(help_text="Whether a facade claimed it.")

    class Meta(Entry.Meta):
        indexes = [
            *Entry.Meta.indexes,
            *IdentifiedEntry.Meta.indexes,
            *WhereEntry.Meta.indexes,
            # The list by date, at any snapshot.
            models.Index(
                models.F("order_date").desc(),
                models.F("record").desc(),
                include=["seq", "until_seq"],
                name="incidententry_newest",
            ),
            # What may have happened on some days, where that is little.
            models.Index("last_date", "order_date", name="incidententry_days"),
            # Until when the list by date reaches at a past snapshot: what began after it was
            # published, as next to nothing does.
            models.Index(
                models.F("order_date").desc(),
                include=["seq"],
                name="incidententry_foretold",
                condition=models.Q(order_date__gt=TruncDate("edited_at")),
            ),
            # The incidents of a country by date.
            models.Index(
                "country",
                models.F("order_date").desc(),
                models.F("record").desc(),
                include=["seq", "until_seq"],
                name="incidententry_country",
            ),
            # The incidents of a sub-type by date: most are rare.
            models.Index(
                "sub_type",
                models.F("order_date").desc(),
                models.F("record").desc(),
                include=["seq", "until_seq"],
                name="incidententry_sub_type",
            ),
            # The statistics of a country, or of all, by time and type, without reading the table.
            models.Index(
                "country",
                "order_date",
                include=[
                    *("seq", "until_seq", "granularity", "date_precision", "event_type"),
                    *("killed_low", "killed", "killed_high"),
                    *("injured_low", "injured", "injured_high"),
                ],
                name="incidententry_statistics",
            ),
            # What bears a tag.
            GinIndex("tags", name="incidententry_tags"),
        ]

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> list[EntryRow]:
        start, end = document["date_start"], document["date_end"]
        own = {"seq": document["seq"], "record": document["id"]}
        days = {
            "order_date": date.fromisoformat(start) if start else date.min,
            "last_date": date.fromisoformat(end) if end else date.max,
            "certain": bool(document["date"]) and not parse(document["date"]).doubted,
        }
        entry = cls(
            **cls.make_envelope_columns(document),
            **cls.make_external_id_columns(document),
            **cls.where(document),
            **days,
            **{name: document[name] for name in _WORDS},
            **{
                toll if bound == "best" else f"{toll}_{bound}": document[toll][bound]
                for toll in ("killed", "injured")
                for bound in ("low", "best", "high")
            },
        )
        return [
            entry,
            *(IncidentActorEntry(**own, **days, **row) for row in involved(document)),
            *IncidentPlaceEntry.of(document, entry.order_date),
            *(side(**own, **row) for side, row in things(document)),
        ]
