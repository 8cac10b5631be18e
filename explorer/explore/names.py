"""Names that readers type into the form, and the names of the records in a query.

The address of the page has the keys that the API takes: ISO codes, slugs and public ids. A name is
replaced by the key if a single record has exactly this name. Otherwise readers choose.
"""

from functools import cache
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import get_language, gettext

from api.codes import read_country
from api.problems import Fault
from explorer.answers import Answers
from explorer.explore.filters import find_record_type, list_filters, make_filterset
from publishing.countries import (
    find_country,
    find_country_by_name,
    find_division,
    list_country_names,
    list_divisions,
)
from publishing.normalization import fold_text

MAX_CANDIDATES = 8
"""The number of records that readers choose from."""
MAX_NAME = 100
"""The largest number of letters of a name that is looked for."""
COUNTRY_CODES = ("weapon_origin", "target_nationality")
"""The filters by the code of a country that need no record of it."""
DIVISION_CODES = ("admin1",)


class Candidate(NamedTuple):
    """A record that a name may mean."""

    key: str
    name: str
    matched: str
    """The name that matches, if it is another one."""
    type: str
    kind: str | None
    country: str
    first: int | None
    last: int | None


class Names:
    """What readers mean by names, and what keys are called, at one snapshot."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._records: dict[tuple[str, str], str] = {}
        self._ids: dict[tuple[str, str], str] = {}
        self.candidates: dict[str, list[Candidate]] = {}
        """By filter, the records that its unresolved names may mean."""
        self.faults: list[Fault] = []
        """What is wrong with the names that mean no single record."""

    def tidy(self, query: QueryDict) -> QueryDict:
        """Return a query without blanks, repetitions and defaults, and with keys for names."""
        tidied = query.copy()
        filters = list_filters()
        for name, values in query.lists():
            given = list(dict.fromkeys(text for value in values if (text := value.strip())))
            if given:
                tidied.setlist(name, given)
            else:
                del tidied[name]
        for name in [name for name in filters if name.endswith("_scope")]:
            if name in tidied and name.removesuffix("_scope") not in tidied:
                del tidied[name]  # of no actor
        if tidied.get("sort") == "relevance" and "q" not in tidied:
            del tidied["sort"]  # of no words
        tidied = make_filterset().without_defaults(tidied)
        self.look_up(tidied)
        for name in filters:
            if name in tidied and (keys := self._resolve(name, tidied.getlist(name))):
                tidied.setlist(name, keys)
        return tidied

    def find(self, name: str, value: str) -> str:
        """Return what the value of a filter is called."""
        type_ = find_record_type(name)
        if name in COUNTRY_CODES or type_ == "place":
            countries = list_country_names(get_language() or "en")
            if value in countries:
                return countries[value]
        if (name in DIVISION_CODES or type_ == "place") and (division := find_division(value)):
            return division.name
        return self._records.get((type_ or "", value), value)

    def identify(self, name: str, value: str) -> str:
        """Return the public id of the record that the value of a filter is, or the value."""
        return self._ids.get((find_record_type(name) or "", value), value)

    def is_known(self, name: str, value: str) -> bool:
        """Return whether the value of a filter is a key, and not a name to be resolved."""
        coded = find_country(value) or find_division(value)
        return bool(coded) or (find_record_type(name) or "", value) in self._records

    def look_up(self, query: QueryDict) -> None:
        """Read the names of all records whose keys a query has, with one request for each type."""
        keys: dict[str, dict[str, None]] = {}
        for name, parameter in list_filters().items():
            type_ = "incident" if name == "linked_to" else find_record_type(name)
            if type_ is None or name not in query:
                continue
            for value in query.getlist(name):
                try:
                    parameter.clean_value(value)
                except ValidationError:
                    continue
                if not find_country(value) and not find_division(value):
                    keys.setdefault(type_, {})[value] = None
        for type_, known in keys.items():
            slugs = [key for key in known if key == key.lower()]
            for key, record in self._answers.look_up(f"{type_}s", slugs).items():
                self._records[type_, key] = record.get("name") or record.get("title") or key
                self._ids[type_, key] = record["id"]
                if type_ == "incident":
                    self._records["", key] = self._records[type_, key]

    def _resolve(self, name: str, values: list[str]) -> list[str]:
        """Return the values of a filter with keys for names; note what cannot be resolved."""
        type_ = find_record_type(name)
        if name in COUNTRY_CODES or name == "country":
            values = [_find_country_code(value) or value for value in values]
        if name in DIVISION_CODES:
            values = [self._find_division_code(name, value) for value in values]
        if type_ is None:
            return values
        return list(dict.fromkeys(self._find_key(name, type_, value, values) for value in values))

    def _find_key(self, name: str, type_: str, value: str, values: list[str]) -> str:
        """Return the key that a value is or means; the value itself if it cannot be resolved."""
        if (type_, value) in self._records or find_country(value) or find_division(value):
            return value
        is_key = _is_key(name, value)
        if not fold_text(value) or len(value) > MAX_NAME:
            if not is_key:
                detail = gettext("Write a name of at most %s letters.") % MAX_NAME
                self.faults.append(Fault("not_found", name, detail))
            return value
        answer = self._answers.get("suggest", q=value, type=type_, limit=MAX_CANDIDATES)
        found = [_read_suggestion(row) for row in answer["results"]]
        equal = [each for each in found if fold_text(each.matched or each.name) == fold_text(value)]
        if len(equal) == 1:
            self._records[type_, equal[0].key] = equal[0].name
            return equal[0].key
        if chosen := next((each.key for each in found if each.key in values), None):
            return chosen  # of the records that the page offered
        if is_key and not found:
            return value  # the API warns of it
        self.candidates.setdefault(name, []).extend(equal or found)
        if found:
            detail = gettext("“%s” may mean several records. Choose one below.") % value
            if not equal:
                detail = (
                    gettext("There is no record named “%s”. Did you mean one of these?") % value
                )
        else:
            detail = gettext("There is no public record named “%s”. Try fewer letters.") % value
        self.faults.append(Fault("not_found", name, detail))
        return value

    def _find_division_code(self, name: str, value: str) -> str:
        typed, by_name = fold_text(value), _divisions_by_name()
        codes = by_name.get(typed, [])
        if not codes and typed:
            codes = [code for key in by_name if key.startswith(typed) for code in by_name[key]]
            codes = codes[:MAX_CANDIDATES]
        if len(codes) == 1:
            return codes[0]
        if codes:
            self.candidates[name] = [
                Candidate(code, division.name, "", "place", None, code, None, None)
                for code in codes
                if (division := find_division(code))
            ]
            detail = gettext("“%s” may mean several divisions. Choose one below.") % value
            self.faults.append(Fault("not_found", name, detail))
        return value


def _is_key(name: str, value: str) -> bool:
    try:
        list_filters()[name].clean_value(value)
    except ValidationError:
        return False
    return True


def _read_suggestion(row: dict[str, Any]) -> Candidate:
    years = row["years"] or {"first": None, "last": None}
    matched = row["matched_name"] if row["matched_name"] != row["name"] else ""
    key = row["slug"] or row["id"]
    if row["type"] in ("source", "publisher"):
        key = row["id"]
    country = list_country_names(get_language() or "en").get(row["country"] or "", "")
    return Candidate(
        *(key, row["name"] or key, matched, row["type"], row["kind"]),
        country,
        *(years["first"], years["last"]),
    )


def _find_country_code(value: str) -> str | None:
    if code := read_country(value):
        return code
    if country := find_country_by_name(value):
        return country.alpha_2
    names = list_country_names(get_language() or "en")
    return next((code for code, name in names.items() if name.lower() == value.lower()), None)


@cache
def _divisions_by_name() -> dict[str, list[str]]:
    """Return the codes of all first-level divisions by name."""
    found: dict[str, list[str]] = {}
    for division in list_divisions():
        if division.parent_code is None:
            found.setdefault(fold_text(division.name), []).append(division.code)
    return found
