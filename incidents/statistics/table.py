"""Groups as a table of CSV."""

from collections.abc import Iterable

from api import exports
from api.formats import CSVStream, File
from incidents.statistics import Group
from incidents.statistics.labels import Labels
from incidents.statistics.lists import ListUrls


class StatisticsTable(File):
    """The groups of statistics as CSV."""

    media_type = CSVStream.media_type
    content_type = CSVStream.content_type
    format = "csv"
    description = (
        "A header row and one group per row, or one row of the total without `group_by` (RFC 4180, "
        "UTF-8): for each property, its key and its label (`month`, `month_label`); `incidents`; "
        "the sums of each measure (`killed_low`, `killed_best` and so on); and `list`. An empty "
        "cell is null. The header `Muster-Count` gives the number of rows."
    )


def write_table(
    names: list[str],
    groups: Iterable[Group],
    labels: Labels,
    urls: ListUrls,
    *,
    spreadsheet: bool,
) -> bytes:
    """Return CSV with the named columns and a row for each group."""
    texts = {*labels.group_by, *(f"{by}_label" for by in labels.group_by), "list"}
    types = ["string" if name in texts else "integer" for name in names]

    def make_row(group: Group) -> list[str]:
        cells: dict[str, str | int | None] = {"incidents": group.incidents}
        for row in labels.keys(group):
            cells |= {row["by"]: row["key"], f"{row['by']}_label": row["label"]}
        for measure, sums in group.casualties.items():
            cells |= {f"{measure}_{name}": number for name, number in sums.items()}
        if "list" in names:
            cells["list"] = urls.build_group_url(group)
        return ["" if (cell := cells[name]) is None else str(cell) for name in names]

    rows = map(make_row, groups)
    return b"".join(exports.write_csv(names, types, rows, spreadsheet=spreadsheet))
