"""Index entries of published incidents, with the entries of their parts."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.db.models.functions import Coalesce, TruncDate

from incidents.casualties import BOUNDS, MEASURES, RARE_MEASURES, list_columns
from incidents.codes import (
    FINENESS,
    POINT_PRECISIONS,
    Certainty,
    Side,
    StatementKind,
    StatementRole,
)
from incidents.responsibility import (
    is_counted_involvement,
    list_counted_statements,
    list_responsible,
)
from incidents.totals import TotalsOfIncidents
from places.entries import LocatedEntry, PlacedEntry, StatisticsIndex
from publishing.models import ComputedList, DatedEntry, Edition, Entry, EntryRow, SideEntry
from sources.codes import Assessment
from sources.entries import AssessedEntry, IdentifiedEntry


class IncidentPlaceEntry(SideEntry):
    """A place of a published incident or of a part of it."""

    place = models.UUIDField(help_text="The public id of the place.")
    order_date = models.DateField(help_text="The same as in the entry of the incident.")

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
            # Whether one incident was at a given place.
            models.Index("seq", "place", name="incidentplaceentry_seq"),
        ]

    @classmethod
    def make_all(cls, document: dict[str, Any], order_date: date) -> list["IncidentPlaceEntry"]:
        """Return an entry for each place of an incident."""
        places = {row["place"]["id"] for row in document["locations"] if row["place"]}
        common = {"seq": document["seq"], "record": document["id"], "order_date": order_date}
        return [cls(**common, place=place) for place in sorted(places)]


class PrimaryLocationEntry(PlacedEntry, LocatedEntry):
    """The primary location of an incident.

    The point is that of the location if it is public, or else that of its place if the location is
    a point and the place is as fine. An incident that is somewhere in its place, or at an unknown
    point in it, has no point but the centroid of the place.
    """

    admin1 = models.CharField(
        max_length=6, help_text="ISO 3166-2 code of its first-level division, or blank."
    )
    precision = models.CharField(
        max_length=40, help_text="The public precision; blank if there is no location."
    )
    centroid_latitude = models.FloatField(null=True, help_text="Degrees north of the centroid.")
    centroid_longitude = models.FloatField(null=True, help_text="Degrees east of the centroid.")
    centroid_cell = models.IntegerField(
        null=True, help_text="The number of the square degree of the centroid."
    )

    class Meta(LocatedEntry.Meta):
        abstract = True
        indexes = [
            *LocatedEntry.Meta.indexes,
            # The incidents without a point whose place has its centroid in a box, if they are few.
            StatisticsIndex(
                fields=["centroid_cell", "centroid_latitude", "centroid_longitude"],
                name="%(class)s_centroid",
            ),
        ]

    @classmethod
    def locate(cls, document: dict[str, Any]) -> dict[str, Any]:
        """Return the columns for the primary location of an incident."""
        primary = next((row for row in document["locations"] if row["primary"]), None)
        place, point, precision = (
            (primary["place"], primary["point"], primary["precision"])
            if primary
            else (None, None, "")
        )
        centroid = None
        if point is None and place:
            as_fine = FINENESS.get(place["kind"], -1) >= FINENESS[precision]
            if precision in POINT_PRECISIONS and as_fine:
                point = place["point"]
            else:
                centroid = place["point"]
        return {
            **cls.make_place_columns(place),
            **cls.make_point_columns(point),
            **cls.make_point_columns(centroid, "centroid_"),
            "admin1": (place and place["admin1"]) or "",
            "precision": precision,
        }


class IncidentWeaponEntry(SideEntry):
    """A weapon that was used in a published incident."""

    weapon = models.CharField(max_length=40, help_text="The kind of weapon.")
    calibre_mm = models.DecimalField(
        max_digits=6,
        decimal_places=2,
        null=True,
        help_text="The calibre in millimetres; null if not known.",
    )
    origin = models.CharField(
        max_length=2, help_text="The country in which it was made, as ISO 3166-1 alpha-2, or blank."
    )

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # Whether one incident involves a given weapon.
            models.Index("seq", "weapon", name="incidentweaponentry_seq"),
            # The incidents with a weapon that is rarely used.
            models.Index("weapon", "seq", name="incidentweaponentry_weapon"),
        ]


class IncidentTargetEntry(SideEntry):
    """An object that was hit or aimed at in a published incident."""

    type = models.CharField(max_length=40, help_text="The kind of object.")
    nationality = models.CharField(
        max_length=2, help_text="The country that it belongs to, as ISO 3166-1 alpha-2, or blank."
    )

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # Whether one incident has a given kind of target.
            models.Index("seq", "type", name="incidenttargetentry_seq"),
            # The incidents with a kind of target that is rare.
            models.Index("type", "nationality", "seq", name="incidenttargetentry_type"),
        ]


class IncidentSourceEntry(SideEntry):
    """A source that a published incident or a part of it cites."""

    source = models.UUIDField(help_text="The public id of the source.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # The incidents that cite a source, or one of a publisher's sources.
            models.Index("source", "seq", name="incidentsourceentry_source"),
            # Whether one incident cites a given source.
            models.Index("seq", "source", name="incidentsourceentry_seq"),
        ]


_SOURCE = (
    "json_build_object('id', source.record, 'title', stated.title, 'url', stated.url, "
    "'publisher', stated.publisher->>'name', 'published', stated.published)"
)
_STATED = (
    "json_to_record(source.document::json) "
    "AS stated (title text, url text, publisher json, published text)"
)
_SOURCES = ComputedList(
    keys=(
        f"SELECT cited.source FROM {IncidentSourceEntry._meta.db_table} AS cited "  # noqa: S608
        "WHERE cited.seq = page.seq ORDER BY cited.source"
    ),
    items=(
        f"SELECT source.record, {_SOURCE}::text FROM (SELECT DISTINCT ON (record) record, document "  # noqa: S608
        f"FROM {Edition._meta.db_table} WHERE record = ANY(%(ids)s) AND seq <= %(seq)s::bigint "
        f"ORDER BY record, seq DESC) AS source CROSS JOIN LATERAL {_STATED} "
        "WHERE source.document IS NOT NULL"
    ),
    sql=(
        f"SELECT coalesce(json_agg({_SOURCE} ORDER BY cited.source), '[]') "  # noqa: S608
        f"FROM {IncidentSourceEntry._meta.db_table} AS cited CROSS JOIN LATERAL "
        f"(SELECT record, document FROM {Edition._meta.db_table} AS edition "
        "WHERE edition.record = cited.source AND edition.seq <= %s "
        "ORDER BY edition.seq DESC LIMIT 1) "
        f"AS source CROSS JOIN LATERAL {_STATED} "
        "WHERE cited.seq = page.seq AND source.document IS NOT NULL"
    ),
)
"""The sources of an incident as they are at a snapshot, without those that are not public then.

They are in the order of an index, by public id, so that nothing is sorted for each incident.
"""


class IncidentLinkEntry(SideEntry):
    """A link from a published incident to another."""

    kind = models.CharField(max_length=40, help_text="The kind of link.")
    to = models.UUIDField(help_text="The public id of the other incident.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # The incidents that link to an incident.
            models.Index("to", "seq", name="incidentlinkentry_to"),
        ]


class IncidentStatementEntry(SideEntry):
    """A statement about a published incident that is not rejected; it may be fake or withdrawn."""

    number = models.PositiveSmallIntegerField(help_text="The number of the statement.")
    kind = models.CharField(max_length=40, help_text="The kind of statement.")
    speaker_type = models.CharField(max_length=40, help_text="The capacity of the speaker.")
    mode = models.CharField(max_length=40, help_text="The medium.")
    authenticity = models.CharField(max_length=40, help_text="Whether it is authentic.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # Whether one incident has a given statement.
            models.Index(
                "seq",
                "number",
                include=["kind", "speaker_type", "mode", "authenticity"],
                name="incidentstatemententry_seq",
            ),
            # The incidents with a statement of a rare sort.
            models.Index("kind", "seq", name="incidentstatemententry_kind"),
            models.Index("speaker_type", "seq", name="incidentstatemententry_speaker"),
            models.Index("mode", "seq", name="incidentstatemententry_mode"),
            models.Index("authenticity", "seq", name="incidentstatemententry_authent"),
        ]


PART_ENTRIES = (
    IncidentWeaponEntry,
    IncidentTargetEntry,
    IncidentSourceEntry,
    IncidentLinkEntry,
    IncidentStatementEntry,
)


def make_part_columns(document: dict[str, Any]) -> Iterator[tuple[type[SideEntry], dict[str, Any]]]:
    """Yield the class and the own columns of each part entry of a document."""
    for row in document["weapons"]:
        columns = {key: row[key] for key in ("weapon", "calibre_mm")}
        yield IncidentWeaponEntry, columns | {"origin": row["origin"] or ""}
    for row in document["target_objects"]:
        nationality = row["nationality"] or ""
        yield IncidentTargetEntry, {"type": row["type"], "nationality": nationality}
    for source in sorted({ref["id"] for ref in _iterate_sources(document)}):
        yield IncidentSourceEntry, {"source": source}
    for row in document["links"]:
        yield IncidentLinkEntry, {"kind": row["kind"], "to": row["to"]["id"]}
    for row in document["statements"]:
        if row["assessment"] != Assessment.REJECTED:
            keys = ("number", "kind", "speaker_type", "mode", "authenticity")
            yield IncidentStatementEntry, {key: row[key] for key in keys}


def _iterate_sources(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the source of each citation of a document and of its parts."""
    parts = (row for value in document.values() if isinstance(value, list) for row in value)
    for cited in (document, *(row for row in parts if isinstance(row, dict))):
        for citation in cited.get("citations") or ():
            if citation["source"]:
                yield citation["source"]


CERTAINTY_RANK = {word: number for number, word in enumerate(Certainty.values, 1)}
"""The rank of each certainty: 1 is confirmed."""

SEVERAL_DAYS = models.Q(order_date__gt=date.min, order_date__lt=models.F("last_date"))
"""The condition that an incident is dated and may cover more than one day."""


class Bounds(models.Func):
    """The range of days of an incident, from the earliest to the latest."""

    function = "daterange"
    output_field = DateRangeField()

    def __init__(self, *columns: str) -> None:
        super().__init__(*(columns or ("order_date", "last_date", models.Value("[]"))))


class IncidentActorEntry(SideEntry, DatedEntry):
    """An actor of a published incident in one role, with the days of the incident.

    An actor has one entry for each role that it has in involvements that count, and one for each
    role that it has in each statement that counts.
    """

    actor = models.UUIDField(help_text="The public id of the actor.")
    role = models.CharField(
        max_length=40, help_text="The role in the incident, or in a statement about it."
    )
    kind = models.CharField(
        max_length=40, help_text="The kind of actor; blank if the actor is withdrawn."
    )
    certainty = models.PositiveSmallIntegerField(
        null=True, help_text="The rank of the best certainty, 1 for confirmed; null in statements."
    )
    statement = models.PositiveSmallIntegerField(
        null=True, help_text="The number of the statement; null in involvements."
    )
    side = models.CharField(
        max_length=40,
        default=Side.NONE.value,
        help_text="The side in a fight; none if it is not known, or if the actor was on both.",
    )

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # The newest incidents of an actor in a role, or all of many actors, at any snapshot.
            models.Index(
                "actor",
                "role",
                models.F("order_date").desc(),
                models.F("record").desc(),
                include=["seq", "until_seq", "last_date", "certain", "gaps"],
                name="incidentactorentry_newest",
            ),
            # The newest incidents of an actor in any role but those of statements. The role is not
            # included, so that the planner does not search here for one role, which may be rare.
            models.Index(
                "actor",
                models.F("order_date").desc(),
                models.F("record").desc(),
                include=["seq", "until_seq", "last_date", "certain"],
                name="incidentactorentry_any",
                condition=models.Q(certainty__isnull=False),
            ),
            # The incidents that began before an actor came below another one and may go on after
            # it. All columns are included: the planner would else scan all rows of the actor.
            GistIndex(
                "actor",
                Bounds(),
                include=[
                    *("seq", "until_seq", "record", "role", "certainty"),
                    *("order_date", "last_date", "certain", "gaps"),
                ],
                name="incidentactorentry_astride",
                condition=SEVERAL_DAYS,
            ),
            # Whether one incident, which has few actors, involves a given one.
            models.Index("seq", include=["actor", "role"], name="incidentactorentry_seq"),
        ]


def make_actor_columns(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the columns of each actor in each of its roles: once, with its best certainty.

    The roles in statements are yielded once for each statement.
    """
    best: dict[tuple[str, str], dict[str, Any]] = {}
    for involvement in filter(is_counted_involvement, document["involvements"]):
        if ref := involvement["actor"]:
            role, side = involvement["role"], involvement["side"]
            rank = CERTAINTY_RANK[involvement["certainty"]]
            row = {"actor": ref["id"], "role": role, "kind": ref["kind"] or ""}
            row = best.setdefault((ref["id"], role), row | {"certainty": rank, "side": side})
            row["certainty"] = min(rank, row["certainty"])
            if side != row["side"]:
                row["side"] = Side.NONE.value
    for _, row in sorted(best.items()):
        yield row
    stated = {
        (ref["id"], role, number): ref["kind"] or ""
        for number, role, ref in _iterate_statements(document)
    }
    for (actor, role, number), kind in sorted(stated.items()):
        yield {"actor": actor, "role": role, "kind": kind, "statement": number}


def _iterate_statements(document: dict[str, Any]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Yield the number of each statement that counts, with the roles of its actors."""
    for statement in list_counted_statements(document["statements"]):
        about_role, by_role = _ROLES_BY_KIND.get(statement["kind"], _OTHER_ROLES)
        about = [row["actor"] for row in list_responsible(statement) if row["actor"]]
        named = {ref["id"] for ref in about}
        for ref in about:
            yield statement["number"], about_role.value, ref
        for ref in (row["on_behalf_of"] for row in statement["responsible"]):
            if ref and ref["id"] not in named:
                yield statement["number"], StatementRole.STATEMENT_ABOUT.value, ref
        if speaker := statement["speaker"]:
            yield statement["number"], by_role.value, speaker


_OTHER_ROLES = (StatementRole.STATEMENT_ABOUT, StatementRole.STATEMENT_BY)
_ROLES_BY_KIND: dict[str, tuple[StatementRole, StatementRole]] = {
    StatementKind.CLAIM: (StatementRole.CLAIMED_BY, StatementRole.ANNOUNCED_BY),
    StatementKind.DENIAL: (StatementRole.DENIED_BY, StatementRole.STATEMENT_BY),
    StatementKind.ACCUSATION: (StatementRole.ACCUSED, StatementRole.ACCUSED_BY),
}
"""By kind of statement, the roles of the actors that it is about, and that of its speaker."""


_COPIED = (
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
"""The properties of the document that the entry copies."""


class CasualtiesEntry(models.Model):
    """The casualties of an incident: the low, best and high number of each measure."""

    class Meta:
        abstract = True


for _measure in MEASURES:
    for _column, _bound in zip(list_columns(_measure), BOUNDS, strict=True):
        _number = models.PositiveIntegerField(
            null=True, help_text=f"The {_bound} number of people {_measure}; null if not known."
        )
        CasualtiesEntry.add_to_class(_column, _number)

HAS_RARE_CASUALTIES = models.Q(
    *((f"{column}__isnull", False) for name in RARE_MEASURES for column in list_columns(name)),
    _connector=models.Q.OR,
)
"""The condition that some number of a rare measure is known."""


class IncidentEntry(
    Entry, IdentifiedEntry, AssessedEntry, DatedEntry, PrimaryLocationEntry, CasualtiesEntry
):
    """A published incident, placed at its primary location."""

    sides = (IncidentActorEntry, IncidentPlaceEntry, *PART_ENTRIES)
    title_paths = ("title",)
    computed = {"sources": _SOURCES}

    slug = models.CharField(max_length=120, help_text="The code of the incident.")
    event_type = models.CharField(max_length=40, help_text="The general type of event.")
    sub_type = models.CharField(max_length=40, help_text="The detailed type of event.")
    violence = models.CharField(
        max_length=40, help_text="The type of organised violence, as UCDP defines it."
    )
    outcome = models.CharField(max_length=40, help_text="The outcome for those who did it.")
    granularity = models.CharField(max_length=40, help_text="One event, an aggregate or a series.")
    motives = ArrayField(models.CharField(max_length=40), help_text="The motives.")
    tags = ArrayField(
        models.CharField(max_length=40), help_text="Further topics under which it can be found."
    )
    civilians_targeted = models.BooleanField(
        null=True, help_text="Whether it was aimed at civilians; null if not known."
    )
    suicide = models.BooleanField(
        null=True, help_text="Whether an attacker intended to die; null if not known."
    )
    date_precision = models.CharField(max_length=40, help_text="The precision of the date.")
    claim_status = models.CharField(max_length=40, help_text="The status of claims.")
    denied = models.BooleanField(help_text="Whether a denial is about a responsible party.")
    attribution_status = models.CharField(max_length=40, help_text="How certain it is who did it.")
    facade_claim = models.BooleanField(help_text="Whether a facade claimed it.")
    killed_key = models.GeneratedField(
        expression=Coalesce("killed", "killed_low", "killed_high", models.Value(-1)),
        output_field=models.IntegerField(),
        db_persist=True,
        help_text="The number by which the deadliest come first; -1 if it is not known.",
    )

    class Meta(Entry.Meta):
        indexes = [
            *Entry.Meta.indexes,
            *IdentifiedEntry.Meta.indexes,
            *AssessedEntry.Meta.indexes,
            *PrimaryLocationEntry.Meta.indexes,
            # The list by date, at any snapshot.
            models.Index(
                models.F("order_date").desc(),
                models.F("record").desc(),
                include=["seq", "until_seq"],
                name="incidententry_newest",
            ),
            # The list by deaths, at any snapshot.
            models.Index(
                models.F("killed_key").desc(),
                models.F("record").desc(),
                include=["seq", "until_seq"],
                name="incidententry_deadliest",
            ),
            # The incidents that may have happened on a few days.
            models.Index("last_date", "order_date", name="incidententry_days"),
            # The end of the list by date at a past snapshot: the few incidents with a date later
            # than their publication.
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
            # The incidents of a detailed type by date: most types are rare.
            models.Index(
                "sub_type",
                models.F("order_date").desc(),
                models.F("record").desc(),
                include=["seq", "until_seq"],
                name="incidententry_sub_type",
            ),
            # The statistics of a country, or of all, by time and type, from the index alone.
            models.Index(
                "country",
                "order_date",
                include=[
                    *("seq", "until_seq", "granularity", "date_precision", "event_type"),
                    *(column for measure in MEASURES for column in list_columns(measure)),
                ],
                name="incidententry_statistics",
            ),
            # The counts and statistics of the incidents of many actors, by their `seq`.
            models.Index(
                "seq",
                include=[
                    *("until_seq", "order_date", "granularity", "date_precision"),
                    *("event_type", "violence", "country", "killed_key"),
                    *(column for measure in MEASURES for column in list_columns(measure)),
                ],
                name="incidententry_seq",
            ),
            # The incidents with a figure of a measure that most incidents do not have.
            models.Index(
                models.F("order_date").desc(),
                models.F("record").desc(),
                include=["seq", "until_seq"],
                name="incidententry_rare_casualties",
                condition=HAS_RARE_CASUALTIES,
            ),
            # The incidents with a tag.
            GinIndex("tags", name="incidententry_tags"),
        ]

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> list[EntryRow]:
        own = {"seq": document["seq"], "record": document["id"]}
        as_of = document["as_of"] and date.fromisoformat(document["as_of"])
        days = cls.make_date_columns(document["date"], as_of)
        entry = cls(
            **cls.make_envelope_columns(document),
            **cls.make_external_id_columns(document),
            **cls.make_topic_columns(document),
            **cls.locate(document),
            **days,
            **{name: document[name] for name in _COPIED},
            **{
                column: document[measure][bound]
                for measure in MEASURES
                for column, bound in zip(list_columns(measure), BOUNDS, strict=True)
            },
        )
        return [
            entry,
            *(IncidentActorEntry(**own, **days, **row) for row in make_actor_columns(document)),
            *IncidentPlaceEntry.make_all(document, entry.order_date),
            *(entry_class(**own, **row) for entry_class, row in make_part_columns(document)),
        ]


IncidentEntry.totals = TotalsOfIncidents(
    IncidentEntry._meta.db_table, IncidentActorEntry._meta.db_table
)
