"""The documents of any snapshot, read from the feed only, and the actors below others in them."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cached_property
from typing import Any

Document = dict[str, Any]
Days = tuple[date, date]
"""The first and the last day; the first and the last of all where there is no bound."""
ALWAYS: Days = (date.min, date.max)
SCOPES = {
    "members": {"member_of", "wing_of", "affiliate_of"},
    "command": {"subordinate_of", "administratively_under", "wing_of"},
    "facade": {"facade_of"},
}
SCOPES["all"] = SCOPES["members"] | SCOPES["command"] | SCOPES["facade"]
FINE_PLACES: dict[str, set[str]] = {
    "exact": {"neighbourhood", "facility", "base", "checkpoint", "border_crossing"}
}
FINE_PLACES["settlement"] = {*FINE_PLACES["exact"], "settlement", "natural_feature", "other"}
FINE_PLACES["near_settlement"] = FINE_PLACES["settlement"]
"""The precisions of a point, with the kinds of place that are as fine."""


def parse_days(text: str) -> Days:
    """Return the days of a day, a month or a year."""
    if len(text) == 10:
        return date.fromisoformat(text), date.fromisoformat(text)
    if len(text) == 4:
        return date(int(text), 1, 1), date(int(text), 12, 31)
    first = date.fromisoformat(f"{text}-01")
    return first, (first + timedelta(31)).replace(day=1) - timedelta(1)


def common(*spans: Days | None) -> Days | None:
    """Return the days that all have, if there are any."""
    if None in spans:
        return None
    known = [span for span in spans if span]
    first, last = max(one[0] for one in known), min(one[1] for one in known)
    return (first, last) if first <= last else None


def valid_days(validity: dict[str, Any], doubt: str) -> Days | None:
    """Return the days of a validity; None if it was certainly valid on no day."""
    bounds = validity[doubt]
    if bounds is None:
        return None
    first, last = bounds["first"], bounds["last"]
    return (
        date.fromisoformat(first) if first else date.min,
        date.fromisoformat(last) if last else date.max,
    )


def covered(requested: Days, spans: Iterable[Days]) -> bool:
    """Return whether every requested day lies in one of the spans."""
    day, last = requested
    for one in sorted(spans):
        if one[0] <= day <= one[1]:
            if one[1] >= last:
                return True
            day = one[1] + timedelta(1)
    return False


class Public:
    """What is public at a snapshot: the newest document of each record, by type and id."""

    def __init__(self, items: Iterable[dict[str, Any]]) -> None:
        newest: dict[str, dict[str, Any]] = {}
        self.slugs: dict[tuple[str, str], str] = {}
        self.snapshots: list[str] = []
        self.edited: dict[str, int] = {}
        """The number of the newest edition of each record that is not a refresh, by id."""
        for number, item in enumerate(items):
            newest[item["id"]] = item
            self.snapshots.append(item["snapshot"])
            if item["kind"] != "refresh":
                self.edited[item["id"]] = number
            if (bounds := item["document"]) and bounds.get("slug"):
                self.slugs[item["type"], bounds["slug"]] = item["id"]
        self.documents: dict[str, dict[str, Document]] = {}
        self.merged: dict[str, str] = {}
        for id_, item in newest.items():
            if document := item["document"]:
                self.documents.setdefault(item["type"], {})[id_] = document
            elif item["merged_into"]:
                self.merged[id_] = item["merged_into"]["id"]

    def all(self, type_: str) -> dict[str, Document]:
        return self.documents.get(type_, {})

    def reached(self, type_: str, keys: Iterable[str]) -> set[str]:
        """Return the public records that ids and slugs lead to."""
        ids = [self.slugs.get((type_, key), key) for key in keys]
        return {self.merged.get(id_, id_) for id_ in ids} & set(self.all(type_))

    @cached_property
    def chains(self) -> dict[str, list[Document]]:
        """Every place with all that it lies in, itself first."""
        places = self.all("place")
        found: dict[str, list[Document]] = {}
        for id_, place in places.items():
            found[id_] = [place]
            while place["parent"] and place["parent"]["id"] in places:
                place = places[place["parent"]["id"]]
                found[id_].append(place)
        return found

    def lies_in(self, place: str | None, keys: list[str]) -> bool:
        """Return whether a place is or lies in one of those that keys name."""
        named = self.reached("place", keys)
        return any(
            above["id"] in named or _codes(above) & set(keys)
            for above in self.chains.get(place or "", [])
        )

    def existence(self, actor: str) -> Days | None:
        """Return the days on which an actor may have existed."""
        document = self.all("actor").get(actor)
        return valid_days(document["existence"], "possible") if document else None

    def limits(self, affiliation: Document) -> Days | None:
        """Return the days on which an affiliation may hold and both its actors may exist."""
        ends = (self.existence(affiliation[end]["id"]) for end in ("subject", "object"))
        return common(valid_days(affiliation["validity"], "possible"), *ends)

    def standing(
        self, affiliation: Document, doubt: str, support_types: list[str] | None = None
    ) -> list[Days]:
        """Return the days of an affiliation: those of its support, or its own if it has none.

        With `support_types`, those of support of these types only.
        """
        rows = [row for row in affiliation["support"] if row["assessment"] != "rejected"]
        if support_types is None:
            rows = rows or [affiliation]
        else:
            rows = [row for row in rows if row["type"] in support_types]
        limits = self.limits(affiliation)
        spans = (valid_days(row["validity"], doubt) for row in rows)
        return [days for span in spans if (days := common(span, limits))]

    def under(
        self, keys: list[str], scope: str, doubt: str, support_types: list[str] | None = None
    ) -> dict[str, list[Days]]:
        """Return the actors below some others, with the days; these themselves always count.

        With `support_types`, those that a sponsor supported count on the days of such support.
        """
        roots = self.reached("actor", keys)
        found: dict[str, list[Days]] = {}
        for root in roots if scope != "self" else ():
            first = {"sponsored_by"} if scope == "sponsored" else SCOPES[scope]
            others = SCOPES["all"] if scope == "sponsored" else SCOPES[scope]
            existed = self.existence(root)
            types = support_types if scope == "sponsored" else None
            for actor, days in self._below([root], existed, first, others, doubt, types):
                found.setdefault(actor, []).append(days)
        return found | {root: [ALWAYS] for root in roots}

    def _below(
        self,
        path: list[str],
        days: Days | None,
        first: set[str],
        others: set[str],
        doubt: str,
        support_types: list[str] | None = None,
    ) -> Iterator[tuple[str, Days]]:
        if len(path) > 8 or days is None:
            return
        for affiliation in self._downwards.get(path[-1], ()):
            subject = affiliation["subject"]["id"]
            if affiliation["kind"] not in first or subject in path:
                continue
            for span in self.standing(affiliation, doubt, support_types):
                both = common(days, span)
                if both is None:
                    continue
                yield subject, both
                if self.all("actor")[subject]["kind"] != "individual":
                    yield from self._below([*path, subject], both, others, others, doubt)

    @cached_property
    def _downwards(self) -> dict[str, list[Document]]:
        found: dict[str, list[Document]] = {}
        for affiliation in self.all("affiliation").values():
            if affiliation["assessment"] != "rejected":
                found.setdefault(affiliation["object"]["id"], []).append(affiliation)
        return found


def _codes(place: Document) -> set[str]:
    """Return the ISO codes that name a place itself."""
    own = {"country": place["country"], "admin1": place["admin1"]}.get(place["kind"])
    exact = (row for row in place["external_ids"] if row["match"] == "exact")
    return {own} | {row["value"] for row in exact if row["scheme"] == "iso3166"} - {None}
