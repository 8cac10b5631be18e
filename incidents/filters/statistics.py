"""The parameters of statistics."""

from collections.abc import Iterator

from django.db.models import TextChoices

from api.filters import (
    CiteParameter,
    EscapeParameter,
    RecordFilters,
    SnapshotFilters,
)
from api.filtersets import FilterGroup
from api.hints import suggest_word
from api.parameters import (
    BooleanParameter,
    ChoiceParameter,
    FieldsParameter,
    IntegerParameter,
    MultipleChoiceParameter,
)
from api.problems import Fault
from incidents.casualties import MEASURES
from incidents.filters.counting import CountingFilterSet
from incidents.filters.incident import INCIDENT_GROUPS

MAX_GROUPS = 10_000
"""The maximum number of groups of an answer."""

SUMS = ("low", "best", "high", "without_best", "without_high", "unknown", "out_of_order")
"""The names of the sums of each measure."""


class GroupBy(TextChoices):
    """The properties by which incidents are grouped."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    WEEK = "week"
    DAY = "day"
    EVENT_TYPE = "event_type"
    SUB_TYPE = "sub_type"
    VIOLENCE = "violence"
    OUTCOME = "outcome"
    GRANULARITY = "granularity"
    DATE_PRECISION = "date_precision"
    PRECISION = "precision"
    COUNTRY = "country"
    ADMIN1 = "admin1"
    PARTICIPANT = "participant"
    PERPETRATOR = "perpetrator"
    TARGET = "target"
    WEAPON = "weapon"
    TARGET_TYPE = "target_type"
    CLAIM_STATUS = "claim_status"
    ATTRIBUTION_STATUS = "attribution_status"
    SOURCE = "source"
    PUBLISHER = "publisher"


ACTORS = (GroupBy.PARTICIPANT, GroupBy.PERPETRATOR, GroupBy.TARGET)
RECORDS = (*ACTORS, GroupBy.SOURCE, GroupBy.PUBLISHER)
TIMES = (GroupBy.YEAR, GroupBy.QUARTER, GroupBy.MONTH, GroupBy.WEEK, GroupBy.DAY)


class GroupSort(TextChoices):
    """The orders of groups."""

    KEY = "key"
    INCIDENTS = "incidents"
    KILLED = "killed"
    INJURED = "injured"


class StatisticsFormat(TextChoices):
    """The words of the parameter `format` of statistics."""

    JSON = "json"
    CSV = "csv"


class GroupByParameter(MultipleChoiceParameter):
    """One to three properties to group by."""

    max_values = 3


def list_columns(group_by: list[str], *, links: bool) -> dict[str, str]:
    """Return the names of the columns of the table of groups, by the name for `fields`."""
    names = [column for by in group_by for column in (by, f"{by}_label")] + ["incidents"]
    columns = {name: name for name in names}
    columns |= {f"{measure}.{name}": f"{measure}_{name}" for measure in MEASURES for name in SUMS}
    return columns | ({"list": "list"} if links else {})


class GroupingFilters(FilterGroup):
    """The groups of statistics, their order and their format."""

    group_by = GroupByParameter(
        GroupBy,
        "One to three properties to group by, in this order. Without it, there is only the total.",
    )
    fill = BooleanParameter(
        "Whether to include periods without an incident: from the first to the last one with an "
        "incident, or between the bounds that `occurred_from`, `occurred_to` or `starts_in` give.",
        default=False,
    )
    sort = ChoiceParameter(
        GroupSort,
        "The order of the groups: by key, null last; or by the incidents, the people killed or the "
        "people injured (the best numbers) of each key of the first property, most first, and "
        "then by key.",
        default=GroupSort.KEY,
    )
    limit = IntegerParameter(
        "Maximum number of keys of the first property, each with all its groups: "
        "`group_by=participant&group_by=year&sort=incidents&limit=10` gives the ten busiest "
        "participants by year.",
        1,
        MAX_GROUPS,
    )
    links = BooleanParameter(
        "Whether each group has the address of the list of its incidents.", default=True
    )
    format = ChoiceParameter(
        StatisticsFormat,
        "JSON, or a file of CSV. This parameter takes precedence over the header `Accept`, which "
        "is used when it is absent.",
    )
    fields = FieldsParameter(
        "For CSV: only these columns, in the order of the file. Separate names by commas, or "
        "repeat the parameter. `killed` gives all columns of a measure, `killed.best` one.",
        only_format=StatisticsFormat.CSV,
        example="incidents,killed.best",
    )
    escape = EscapeParameter()
    cite = CiteParameter()

    @property
    def group_by_names(self) -> list[str]:
        """The properties to group by; none for the total alone."""
        return self.params["group_by"] or []

    def list_columns(self) -> list[str]:
        """Return the names of the columns of the table that the request asks for."""
        columns = list_columns(self.group_by_names, links=self.params["links"])
        if self.params["fields"] is None:
            return list(columns.values())
        fields = set(self.field_names)
        return [
            column
            for name, column in columns.items()
            if fields & {name, column, name.partition(".")[0]}
        ]

    @property
    def field_names(self) -> list[str]:
        """The names that the parameter `fields` gives."""
        return [name for names in self.params["fields"] or () for name in names]

    def check(self) -> Iterator[Fault]:
        group_by = self.group_by_names
        if len(set(group_by)) < len(group_by):
            yield Fault("contradiction", "group_by", "Use each property only once.")
        if self.params["fill"] and not set(group_by) & set(TIMES):
            detail = "Use `fill` only to group by time, such as with `group_by=month`."
            yield Fault("contradiction", "fill", detail)
        for name in ("sort", "limit"):
            if name in self.given and not group_by:
                yield Fault("contradiction", name, f"Use `{name}` only together with `group_by`.")
            elif name in self.given and self.params["fill"]:
                detail = f"Use either `fill` or `{name}`: all periods are in their order."
                yield Fault("contradiction", name, detail)
        if self.filterset.request.accepted_renderer.format == StatisticsFormat.CSV:
            yield from self._check_table()

    def _check_table(self) -> Iterator[Fault]:
        columns = list_columns(self.group_by_names, links=self.params["links"])
        known = [*dict.fromkeys([*columns, *columns.values(), *MEASURES])]
        for name in self.field_names:
            if name not in known:
                header = "the first line of the answer without `fields`"
                hint = suggest_word(name, known, header, "column")
                yield Fault("invalid", "fields", f"Invalid value for `fields`. {hint}")


class StatisticsFilterSet(CountingFilterSet):
    """The parameters of /statistics: the filters of /incidents, and how to group."""

    groups = (SnapshotFilters, GroupingFilters, RecordFilters, *INCIDENT_GROUPS)

    @property
    def group_by(self) -> list[str]:
        """The properties to group by; none for the total alone."""
        return self.group(GroupingFilters).group_by_names
