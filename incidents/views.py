"""The public endpoints of incidents."""

from rest_framework.request import Request
from rest_framework.response import Response

from api import snapshots
from api.problems import Fault, InvalidParameters
from api.views import PublicView, RecordView, list_warnings
from incidents.entries import IncidentEntry
from incidents.filters import IncidentFilterSet, StatisticsFilterSet
from incidents.serializers.incident import IncidentDocument
from incidents.serializers.statistics import StatisticsSerializer
from incidents.statistics import count_groups
from incidents.statistics.labels import Labels
from incidents.statistics.limit import MAX_GROUPS, TooManyGroupsError
from incidents.statistics.lists import ListUrls
from incidents.statistics.periods import fill_periods
from publishing import documents


class IncidentView(RecordView):
    """Incidents."""

    type_name = "incident"
    entry = IncidentEntry
    document = IncidentDocument
    filterset_class = IncidentFilterSet


class StatisticsView(PublicView):
    """Numbers of incidents and casualties, grouped by one to three properties."""

    filterset_class = StatisticsFilterSet
    serializer_class = StatisticsSerializer

    def get(self, request: Request) -> Response:
        """Return the number of incidents and their casualties, in total and by group.

        Without `granularity`, single events and aggregates count, but series do not, because they
        have no number. The period of an incident is that of its first day; the key is null if the
        incident is undated or its date is less precise than the period. An incident with several
        perpetrators, targets or weapons counts once in the group of each, and once in `total`.
        """
        filters = StatisticsFilterSet(request)
        state = snapshots.resolve(filters.pin)

        def body() -> tuple[bytes, None]:
            snapshot = state.snapshot
            rows = IncidentEntry.objects.at(snapshot.seq)
            entries = filters.filter_entries(rows, snapshot)
            group_by = filters.params["group_by"]
            try:
                total, groups = count_groups(filters, entries)
                if filters.params["fill"]:
                    groups = fill_periods(groups, group_by)
            except TooManyGroupsError:
                detail = (
                    f"There are over {MAX_GROUPS:,} groups. Use fewer properties or more filters."
                )
                raise InvalidParameters(Fault("many", "group_by", detail)) from None
            urls = ListUrls(request, filters, str(snapshot))
            labels = Labels(groups, group_by, snapshot.seq)
            answer = {
                "snapshot": str(snapshot),
                "total": total.incidents,
                **total.casualties,
                "list": urls.build_total_url(),
                "groups": [
                    {
                        "keys": labels.keys(group),
                        "incidents": group.incidents,
                        **group.casualties,
                        "list": urls.build_group_url(group),
                    }
                    for group in groups
                ],
                "warnings": list_warnings(filters.warnings),
            }
            return documents.dump(answer), None

        return self.answer(request, state, body, costly=True)
