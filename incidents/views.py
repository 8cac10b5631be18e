"""The public endpoints of incidents."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from api import snapshots
from api.problems import Fault, Problem
from api.schema import PublicSchema
from api.views import PublicView, RecordView
from incidents.entries import IncidentEntry
from incidents.filters import IncidentFilters
from incidents.filters.statistics import StatisticsFilters
from incidents.serializers import IncidentDocument
from incidents.serializers.statistics import StatisticsSerializer
from incidents.statistics import counted
from incidents.statistics.labels import Labels
from incidents.statistics.limit import MOST, TooManyGroupsError
from incidents.statistics.lists import Lists
from incidents.statistics.periods import filled
from publishing import documents


class IncidentView(RecordView):
    """What happened."""

    type_name = "incident"
    entry = IncidentEntry
    document = IncidentDocument
    filterset_class = IncidentFilters


class StatisticsView(PublicView):
    """Incidents and tolls, by one to three things that they have in common."""

    filterset_class = StatisticsFilters

    def get(self, request: Request) -> Response:
        """Answer how many incidents there are, and what they cost, in all and by group.

        Single events and aggregates count, unless `granularity` says otherwise: a series has no
        number. A time is that of the first day; what is less precise than the period, or undated,
        has the key null. An incident with several perpetrators, targets or weapons counts once in
        the group of each; `total` counts it once.
        """
        filters = StatisticsFilters(request)
        state = snapshots.resolve(filters.pin)

        def body() -> tuple[bytes, None]:
            snapshot = state.snapshot
            entries = filters.keep(IncidentEntry.objects.at(snapshot.seq), snapshot)
            group_by = filters.asked["group_by"]
            try:
                total, groups = counted(filters, entries)
                if filters.asked["fill"]:
                    groups = filled(groups, group_by)
            except TooManyGroupsError:
                detail = f"There would be more than {MOST:,} groups: ask for less, or group less."
                fault = Fault("many", "group_by", detail)
                raise Problem("invalid-parameters", detail, [fault]) from None
            lists, labels = (
                Lists(request, filters, str(snapshot)),
                Labels(groups, group_by, snapshot.seq),
            )
            told = {
                "snapshot": str(snapshot),
                "total": total.incidents,
                "killed": total.killed,
                "injured": total.injured,
                "list": lists.of_all(),
                "groups": [
                    {"keys": labels.keys(group)}
                    | {name: getattr(group, name) for name in ("incidents", "killed", "injured")}
                    | {"list": lists.of(group)}
                    for group in groups
                ],
            }
            return documents.dump(told), None

        return self.answer(request, state, body, costly=True)

    def described(self, schema: PublicSchema) -> dict[str, Any]:
        """Return the schema of the answer."""
        answer: dict[str, Any] = schema.resolve_serializer(StatisticsSerializer, "response").ref
        return answer
