"""The public endpoints of incidents."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from actors.serializers import ExplanationSerializer
from api.formats import JSONRenderer
from api.problems import Fault, InvalidParameters
from api.schema import PublicSchema
from api.views import PublicView, RecordView, list_warnings, warning_headers
from incidents.codes import Precision
from incidents.entries import IncidentEntry
from incidents.facets import count_facets, find_maximum
from incidents.filters import IncidentFilterSet, StatisticsFilterSet
from incidents.filters.facets import PARAMETERS, FacetFilterSet
from incidents.filters.grid import GridFilters, GridFilterSet
from incidents.filters.series import SeriesFilterSet
from incidents.filters.statistics import GroupingFilters
from incidents.filters.suggestions import SuggestionFilterSet
from incidents.grid import MAX_CELLS, Grid, TooManyCellsError, count_grid
from incidents.serializers.facets import FacetCountsSerializer
from incidents.serializers.grid import GridSerializer
from incidents.serializers.incident import IncidentDocument
from incidents.serializers.series import SeriesListSerializer
from incidents.serializers.statistics import StatisticsSerializer
from incidents.serializers.suggestions import SuggestionSerializer
from incidents.series import MAX_INTERVALS, SeriesCounts, TooManyIntervalsError, count_series
from incidents.statistics import Counts, count_groups
from incidents.statistics.labels import Labels
from incidents.statistics.limit import MAX_GROUPS, TooManyGroupsError
from incidents.statistics.lists import ListUrls
from incidents.statistics.periods import describe_span, fill_periods
from incidents.statistics.sources import filter_counted
from incidents.statistics.table import StatisticsTable, write_table
from incidents.suggestions import suggest, to_json
from publishing import documents


class IncidentView(RecordView):
    """Incidents."""

    type_name = "incident"
    entry = IncidentEntry
    document = IncidentDocument
    explanation = ExplanationSerializer
    filterset_class = IncidentFilterSet


class StatisticsView(PublicView):
    """Numbers of incidents and casualties, in total or grouped by up to three properties."""

    filterset_class = StatisticsFilterSet
    serializer_class = StatisticsSerializer
    renderer_classes = (JSONRenderer, StatisticsTable)

    def get(self, request: Request) -> Any:
        """Return the number of incidents and their casualties, in total and by group.

        Without `granularity`, single events and aggregates count, but series do not, because they
        have no number. The period of an incident is that of its first day; the key is null if the
        incident is undated or, without `period_by=first_day`, if its date is less precise than the
        period. An incident with several perpetrators, targets, weapons or sources counts once in
        the group of each, and once in `total`.
        """
        filters = StatisticsFilterSet(request)
        state = self.resolve(filters.pin)

        def body() -> tuple[bytes, None]:
            snapshot, params = state.snapshot, filters.params
            rows = IncidentEntry.objects.at(snapshot.seq)
            entries = filters.filter_entries(rows, snapshot)
            entries = filters.by_actor.entries if filters.by_actor else entries
            counted = filter_counted(filters, entries)
            counts = _count(filters, counted)
            labels = Labels.of_groups(counts.groups, filters.group_by, snapshot.seq)
            urls = ListUrls(request, filters, str(snapshot), labels)
            if isinstance(request.accepted_renderer, StatisticsTable):
                groups = counts.groups if filters.group_by else [counts.total]
                self.headers["Muster-Count"] = str(len(groups))
                self.headers |= warning_headers(filters.warnings)
                names = filters.group(GroupingFilters).list_columns()
                spreadsheet = bool(params["escape"])
                return write_table(names, groups, labels, urls, spreadsheet=spreadsheet), None
            answer = {
                "snapshot": str(snapshot),
                "total": counts.total.incidents,
                **counts.total.casualties,
                "list": urls.build_total_url(),
                "first_keys": counts.first_keys,
                "groups": [
                    {
                        "keys": labels.keys(group),
                        "incidents": group.incidents,
                        **group.casualties,
                        "list": urls.build_group_url(group),
                    }
                    for group in counts.groups
                ],
                "warnings": list_warnings(filters.warnings),
            }
            return documents.dump(answer), None

        return self.answer(request, state, body, costly=True)


def _count(filters: StatisticsFilterSet, entries: QuerySet) -> Counts:
    """Return the counts of a request, or refuse too many groups."""
    fill = filters.params["fill"]
    try:
        counts = count_groups(filters, entries)
        if not fill:
            return counts
        filling = fill_periods(counts.groups, filters)
    except TooManyGroupsError:
        advice = "Use fewer properties, more filters or a `limit`."
        if fill:
            advice = f"Use fewer properties or more filters. {describe_span(filters, entries)}"
        detail = f"There are over {MAX_GROUPS:,} groups. {advice}"
        raise InvalidParameters(Fault("many", "group_by", detail)) from None
    if filling.sparse:
        detail = f"Over half of the periods are empty. {describe_span(filters, entries)}"
        filters.notices.append(Fault("sparse_periods", "fill", detail))
    first_keys = len({group.keys[0] for group in filling.groups})
    return Counts(counts.total, filling.groups, first_keys)


class FacetsView(PublicView):
    """Facets: the most frequent values of properties of incidents."""

    filterset_class = FacetFilterSet
    serializer_class = FacetCountsSerializer

    def get(self, request: Request) -> Response:
        """Return the most frequent values of some properties of the incidents that match.

        Each number is the `count` that the list with the same filters has if its `parameter` is
        this value only, without a scope. If `count_limit` incidents match, or more, only those
        published last are counted, and the numbers are lower bounds: `is_exact` says so.
        """
        filters = FacetFilterSet(request)
        state = self.resolve(filters.pin)

        def body() -> tuple[bytes, None]:
            filters.snapshot = state.snapshot
            incidents, facets = count_facets(filters)
            maximum = find_maximum(filters)
            keys = {facet.facet.value: [value.key for value in facet.values] for facet in facets}
            labels = Labels(keys, state.snapshot.seq)
            answer = {
                "snapshot": str(state.snapshot),
                "incidents": incidents,
                "is_exact": incidents < maximum,
                "facets": [
                    {
                        "name": counts.facet,
                        "parameter": PARAMETERS.get(counts.facet, counts.facet),
                        "incidents": counts.incidents,
                        "is_exact": counts.incidents < maximum,
                        "without": counts.without,
                        "keys": counts.keys,
                        "values": [
                            {
                                "key": value.key,
                                "label": labels.find(counts.facet, value.key),
                                "incidents": value.incidents,
                            }
                            for value in counts.values
                        ],
                    }
                    for counts in facets
                ],
                "warnings": list_warnings(filters.warnings),
            }
            return documents.dump(answer), None

        return self.answer(request, state, body, costly=True)


class GridView(PublicView):
    """The grid of a map: numbers of incidents by cell."""

    filterset_class = GridFilterSet
    serializer_class = GridSerializer

    def get(self, request: Request) -> Response:
        """Return the number of incidents in each cell of a map, and of those not on the map.

        An incident counts once, at its primary location. Only public points with the precision
        `exact`, `settlement` or `near_settlement` are in cells. If `count_limit` incidents match,
        or more, only those published last are counted, and the numbers are lower bounds: `is_exact`
        says so.
        """
        filters = GridFilterSet(request)
        state = self.resolve(filters.pin)

        def body() -> tuple[bytes, None]:
            filters.snapshot = state.snapshot
            grid = _count_cells(filters)
            in_cells, others = sum(cell.incidents for cell in grid.cells), grid.others
            answer = {
                "snapshot": str(state.snapshot),
                "zoom": filters.params["zoom"],
                "size": filters.group(GridFilters).size,
                "incidents": in_cells + sum(others.values()),
                "is_exact": grid.is_exact,
                "cells": [cell._asdict() for cell in grid.cells],
                "not_on_map": {
                    "incidents": sum(others.values()),
                    "without_location": others.get(None, 0),
                    "precisions": [
                        {"precision": word, "incidents": others[word]}
                        for word in Precision.values
                        if word in others
                    ],
                },
                "warnings": list_warnings(filters.warnings),
            }
            return documents.dump(answer), None

        return self.answer(request, state, body, costly=True)


def _count_cells(filters: GridFilterSet) -> Grid:
    """Return the grid of a request, or refuse too many cells."""
    try:
        return count_grid(filters)
    except TooManyCellsError:
        detail = f"There are over {MAX_CELLS:,} cells. Use a smaller `zoom` or `bbox`."
        raise InvalidParameters(Fault("many", "zoom", detail)) from None


class SeriesView(PublicView):
    """Series: incidents and people killed by interval of time."""

    filterset_class = SeriesFilterSet
    serializer_class = SeriesListSerializer

    def get(self, request: Request) -> Response:
        """Return the incidents of each day, week, month, quarter or year: certain and possible.

        Incidents whose date is less precise than the interval are listed apart, by year. Without
        `granularity`, single events and aggregates count, but series do not. With `by`, an incident
        with several values counts in the series of each.
        """
        filters = SeriesFilterSet(request)
        state = self.resolve(filters.pin)

        def body() -> tuple[bytes, None]:
            filters.snapshot = state.snapshot
            params, today = filters.params, state.published_at
            counts = _count_series(filters)
            by = params["by"]
            labels = Labels(
                {by: [each.key for each in counts.series]} if by else {}, state.snapshot.seq
            )
            answer = {
                "snapshot": str(state.snapshot),
                "interval": params["interval"],
                "incidents": counts.incidents,
                "keys": counts.keys,
                "series": [
                    {
                        "group": labels.describe(by, series.key) if by else None,
                        **series.total._asdict(),
                        "intervals": [
                            {
                                "name": interval.name,
                                "first_day": interval.first,
                                "last_day": interval.last,
                                "is_finished": bool(today and interval.last < today.date()),
                                "certain": interval.certain._asdict(),
                                "possible": interval.possible._asdict(),
                                "coarser": interval.coarser,
                            }
                            for interval in series.intervals
                        ],
                        "coarser": [
                            {"year": year, **numbers._asdict()}
                            for year, numbers in series.coarser.items()
                        ],
                        "between": series.between._asdict(),
                    }
                    for series in counts.series
                ],
                "warnings": list_warnings(filters.warnings),
            }
            return documents.dump(answer), None

        return self.answer(request, state, body, costly=True)


def _count_series(filters: SeriesFilterSet) -> SeriesCounts:
    """Return the series of a request, or refuse too many intervals."""
    try:
        return count_series(filters)
    except TooManyIntervalsError:
        detail = (
            f"There are over {MAX_INTERVALS:,} intervals. Use a longer `interval`, a smaller "
            "`limit`, or `occurred_from` and `occurred_to`."
        )
        raise InvalidParameters(Fault("many", "interval", detail)) from None


class SuggestView(PublicView):
    """Suggestions while somebody types: records with a name that begins with the letters."""

    filterset_class = SuggestionFilterSet

    def get(self, request: Request) -> Response:
        """Return the records with a name that begins with some letters, or a word of it.

        A name that is equal comes first, then one that begins with the letters, then one with
        another word that does; of these, the records with more incidents come first. If there are
        fewer than `limit`, actors with a similar name follow, as `/resolve` finds them. Where very
        many names begin with the letters, only the first of each type, by name, are considered.
        """
        filters = SuggestionFilterSet(request)
        state = self.resolve(filters.pin)
        params = filters.params

        def body() -> tuple[bytes, None]:
            seq = state.snapshot.seq
            suggestions = suggest(params["q"], params["type"] or (), params["limit"], seq)
            answer = {"results": to_json(suggestions, seq), "snapshot": str(state.snapshot)}
            return documents.dump(answer | {"warnings": list_warnings(filters.warnings)}), None

        return self.answer(request, state, body)

    def response_schema(self, schema: PublicSchema) -> dict[str, Any]:
        """Return the schema of the answer."""
        suggestion = schema.resolve_serializer(SuggestionSerializer, "response")
        text = "The records that somebody who has typed some letters may mean."
        listed = "The suggestions, best first."
        return schema.list_of("SuggestionList", text, suggestion.ref, listed, warnings=True)
