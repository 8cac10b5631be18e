"""The side rows by which incidents are found by weapons, targets, sources and links."""

from collections.abc import Iterator
from typing import Any

from django.db import models

from publishing.models import SideEntry


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
