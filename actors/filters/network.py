"""The parameters of networks."""

from collections.abc import Iterator

from django.db.models import QuerySet, TextChoices

from actors.codes import AffiliationKind
from actors.entries import ActorEntry
from actors.filters.actor import ActorValidityFilters
from actors.filters.validity import DatedFilters, ValidityFilters
from api.filters import CiteParameter, DetailFilterSet, EscapeParameter, SnapshotFilters
from api.pagination import MAX_LIMIT
from api.parameters import (
    ChoiceParameter,
    IntegerParameter,
    MultipleChoiceParameter,
    RecordParameter,
)
from api.problems import Fault


class NetworkFormat(TextChoices):
    """The words of the parameter `format` of a network."""

    JSON = "json"
    GRAPHML = "graphml"
    CSV = "csv"


class NetworkPart(TextChoices):
    """The words of the parameter `part`."""

    NODES = "nodes"
    EDGES = "edges"


class NetworkFilters(DatedFilters):
    """The centre, the size and the format of a network."""

    actor = RecordParameter(
        "The actor at the centre, by public id or slug. Without it, the network has all "
        "affiliations: those that were valid on the days of `at`, or without `at` at any time."
    )
    depth = IntegerParameter(
        "Maximum number of affiliations between the centre and another actor.",
        1,
        4,
        default=1,
        requires="actor",
    )
    kind = MultipleChoiceParameter(AffiliationKind, "Affiliations of this kind.")
    limit = IntegerParameter(
        "Maximum number of actors; the nearest are included, or without `actor` the first by name.",
        1,
        MAX_LIMIT,
        default=500,
    )
    format = ChoiceParameter(
        NetworkFormat,
        "JSON, or a file of GraphML or CSV. This parameter takes precedence over the header "
        "`Accept`, which is used when it is absent.",
    )
    part = ChoiceParameter(
        NetworkPart, "For CSV: which of the two tables.", only_format=NetworkFormat.CSV
    )
    escape = EscapeParameter()
    cite = CiteParameter()

    def check(self) -> Iterator[Fault]:
        is_csv = self.filterset.request.accepted_renderer.format == NetworkFormat.CSV
        if is_csv and self.params["part"] is None:
            detail = "CSV holds one of two tables. Use `part=nodes` or `part=edges`."
            yield Fault("contradiction", "part", detail)


class NetworkFilterSet(DetailFilterSet):
    """The parameters of /network."""

    groups = (NetworkFilters, ActorValidityFilters, SnapshotFilters)

    def find_centre(self) -> QuerySet | None:
        """Return the actor at the centre, if it is public and may have existed on the days.

        Return None if the request names none.
        """
        if self.params["actor"] is None:
            return None
        keys = [self.params["actor"]]
        actors = self.group(NetworkFilters).find_records("actor", "actor", keys)
        entries = ActorEntry.objects.at(self.snapshot.seq).filter(record__in=actors)
        days = self.group(ValidityFilters).days
        return entries if days is None else entries.filter(possible__overlap=days)

    def find_affiliations(self) -> QuerySet:
        """Return the affiliations that may connect two actors."""
        affiliations = self.group(ValidityFilters).find_affiliations()
        kinds = self.params["kind"]
        return affiliations if kinds is None else affiliations.filter(kind__in=kinds)

    def find_classifications(self, seqs: list[int]) -> dict[int, str]:
        """Return the primary classifications of actors on the days of `at`, by `seq`."""
        if self.params["at"] is None:
            return {}
        entries = ActorEntry.objects.filter(seq__in=seqs)
        word = self.group(ActorValidityFilters).select_classification()
        return dict(entries.annotate(classification=word).values_list("seq", "classification"))
