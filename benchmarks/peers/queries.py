"""The query of plain Django: incidents with all their parts, from the working tables."""

from datetime import date

from django.db.models import QuerySet

from incidents.models import Incident

PARTS = (
    "citations__source",
    "external_ids",
    "locations__place",
    "locations__citations__source",
    "involvements__actor",
    "involvements__on_behalf_of",
    "involvements__citations__source",
    "statements__speaker",
    "statements__responsible__actor",
    "statements__citations__source",
    "weapons__supplier",
    "weapons__citations__source",
    "target_objects__place",
    "target_objects__citations__source",
    "casualties__actor",
    "casualties__citations__source",
    "links__to",
    "links__citations__source",
)


def newest_incidents() -> QuerySet[Incident]:
    """Return the dated incidents with their parts, the newest first."""
    dated = Incident.objects.filter(date_start__isnull=False)
    return dated.order_by("-date_start", "-pk").prefetch_related(*PARTS)


def filter_incidents(country: str, event_type: str, occurred_from: date) -> QuerySet[Incident]:
    """Return the incidents of a type in a country from a day on."""
    return newest_incidents().filter(
        event_type=event_type,
        date_end__gte=occurred_from,
        locations__primary=True,
        locations__place__country=country,
    )
