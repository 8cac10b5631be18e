"""What a pasted report says about itself: its address, its publisher and its day."""

import calendar
import re
from datetime import date
from typing import NamedTuple

_URL = re.compile(r"https?://[^\s<>\"“”]+")
_DATELINE = re.compile(
    r"^[\s*_#>]*(?P<publisher>[^,.\n]{2,80}), "
    r"(?P<day>\d{1,2}) (?P<month>[A-Za-z]{3,9}) (?P<year>\d{4})\b"
)
_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
}


class Report(NamedTuple):
    """A pasted report; blank is what it does not say."""

    url: str = ""
    publisher: str = ""
    published: str = ""


def read_report(text: str) -> Report:
    """Return what the text of a report says about itself, or an address alone."""
    found = _URL.search(text)
    url = found.group().rstrip(".,;:!?)]*_") if found else ""
    line = _DATELINE.match(text)
    if line is None:
        return Report(url)
    month = _MONTHS.get(line["month"].lower(), 0)
    try:
        day = date(int(line["year"]), month, int(line["day"])).isoformat()
    except ValueError:
        return Report(url)
    return Report(url, line["publisher"].strip(" *_"), day)
