"""Rules for incidents that no single row can state.

Incidents are checked when they are submitted, together with their batch and with what is public.
Their links are checked again when they are published, under the publication lock, with what is
public then. `check_quality` applies the same filters to all working rows.
"""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.fields import DateRangeField
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, F, OuterRef, QuerySet, Value

from incidents.codes import Frequency, Granularity, LinkKind
from incidents.entries import IncidentLinkEntry
from publishing.cycles import find_cycles
from publishing.models import FOREVER

Fault = tuple[UUID, str]
"""The public id of an incident, and why it is refused."""
CYCLE = "other links make the incident a part of itself: remove one of the links."
MISSING_NUMBER = "a statement is withdrawn by a number that no statement of the incident has."
NOT_A_SERIES = "only a series has weapons with a frequency: clear it, or change the granularity."
_ALWAYS = Value(DateRange(None, None, "()"), output_field=DateRangeField())


def find_submission_faults(incidents: QuerySet[Any]) -> Iterator[Fault]:
    """Yield the faults of the working incidents of a batch."""
    for name, refused, reason in (
        ("ResponsibilityStatement", filter_missing_withdrawals, MISSING_NUMBER),
        ("WeaponUse", filter_frequencies_outside_series, NOT_A_SERIES),
    ):
        parts = apps.get_model("incidents", name)._default_manager.all()
        for incident in incidents.filter(pk__in=refused(parts).values("incident")):
            yield incident.public_id, reason
    batch = list(incidents.values_list("public_id", flat=True))
    working = apps.get_model("incidents.IncidentLink")._default_manager
    links = select_working_links(working.filter(incident__in=incidents), "incident__public_id")
    links = links.union(_select_public_links(exclude=batch), all=True)
    for incident in incidents.filter(public_id__in=find_cycles(links, only=batch)):
        yield incident.public_id, CYCLE


def find_publication_faults(records: Collection[str]) -> Iterator[Fault]:
    """Yield the faults of published incidents, compared with everything that is public."""
    ids = [UUID(str(record)) for record in records]
    cycles = IncidentLinkEntry.objects.filter(
        until_seq=FOREVER, record__in=find_cycles(_select_public_links(), only=ids)
    )
    for record in cycles.order_by("record").values_list("record", flat=True).distinct():
        yield record, CYCLE


def filter_missing_withdrawals(statements: QuerySet[Any]) -> QuerySet[Any]:
    """Return the statements that are withdrawn by a number that their incident lacks."""
    withdrawing = statements.model._default_manager.filter(
        incident=OuterRef("incident"), number=OuterRef("withdrawn_by")
    )
    return statements.filter(~Exists(withdrawing), withdrawn_by__isnull=False)


def filter_frequencies_outside_series(weapons: QuerySet[Any]) -> QuerySet[Any]:
    """Return the weapons with a frequency in incidents that are not a series."""
    frequent = weapons.exclude(frequency=Frequency.UNKNOWN)
    return frequent.exclude(incident__granularity=Granularity.SERIES)


def select_working_links(links: QuerySet[Any], id_column: str) -> QuerySet[Any]:
    """Return the working `part_of` links, as `find_cycles` takes them, by an id of choice."""
    ends = {"below": F("incident__public_id"), "above": F("to__public_id"), "days": _ALWAYS}
    parts = links.filter(kind=LinkKind.PART_OF).order_by()
    return parts.annotate(**ends).values_list(id_column, *ends)


def _select_public_links(exclude: Collection[UUID] = ()) -> QuerySet[Any]:
    links = IncidentLinkEntry.objects.filter(until_seq=FOREVER, kind=LinkKind.PART_OF)
    links = links.exclude(record__in=exclude).order_by().annotate(days=_ALWAYS)
    return links.values_list("record", "record", "to", "days")
