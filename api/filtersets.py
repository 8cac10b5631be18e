"""Filter sets: the parameters of an endpoint, in groups, read strictly and with all faults at once.

A filter set lists groups of parameters. Each group declares its parameters, checks the rules
between them and filters by them, so a group that is added never replaces a rule of another one.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from copy import copy, deepcopy
from functools import cache
from typing import Any, ClassVar, Self, TypeVar
from urllib.parse import unquote_to_bytes
from uuid import UUID

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, QueryDict
from django_filters.filterset import FilterSetMetaclass
from rest_framework.request import Request

from api.hints import suggest_parameter
from api.parameters import Parameter
from api.problems import Fault, InvalidParameters
from publishing.codes import RecordType
from publishing.models import Edition, SideEntry
from publishing.snapshots import Snapshot

GroupType = TypeVar("GroupType", bound="FilterGroup")

_BROKEN = re.compile("%[89A-F][0-9A-F]")
"""How Django writes bytes in a path that are not UTF-8."""
_INCOMPLETE = re.compile("%(?![0-9A-Fa-f]{2})")


class FilterGroup(metaclass=FilterSetMetaclass):
    """Parameters on one subject, with the rules between them and the way they filter."""

    declared_filters: ClassVar[dict[str, Parameter]]
    base_filters: ClassVar[dict[str, Parameter]]

    def __init__(self, filterset: "StrictFilterSet") -> None:
        self.filterset = filterset

    @classmethod
    def get_filters(cls) -> dict[str, Parameter]:
        """Return the parameters, each followed by its companions."""
        filters: dict[str, Parameter] = {}
        for name, parameter in cls.declared_filters.items():
            filters |= {name: parameter} | parameter.companions(name)
        return filters

    @property
    def params(self) -> dict[str, Any]:
        """The values of all parameters of the filter set, defaults included."""
        return self.filterset.params

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot that is filtered at."""
        return self.filterset.snapshot

    @property
    def given(self) -> list[str]:
        """The names of the parameters of this group that the request gives."""
        return [name for name in self.base_filters if name in self.filterset.given]

    @property
    def dated(self) -> list[str]:
        """The given parameters to which `dates` applies."""
        return []

    def find_records(self, name: str, type_name: str, keys: Iterable[UUID | str]) -> set[UUID]:
        """Return the public records of a type that the parameter `name` means by `keys`.

        The id of a merged record means the surviving one. A key without a record gives a warning.
        """
        records = Edition.objects.resolve_keys(type_name, keys, self.snapshot.seq)
        self.warn_missing(name, type_name, [key for key in keys if key not in records])
        return set(records.values())

    def warn_missing(self, name: str, type_name: str, keys: Collection[Any]) -> None:
        """Warn that some values of the parameter `name` mean no public record of a type."""
        value = self.params[name]
        given = value if self.filterset.base_filters[name].repeatable else [value]
        places = {place for place, key in enumerate(given, 1) if key in keys}
        self.filterset.missing.setdefault((name, type_name), set()).update(places)

    def check(self) -> Iterator[Fault]:
        """Yield the faults between parameters, each of which is valid alone."""
        yield from ()

    def filter(self, entries: QuerySet, without: Collection[str] = ()) -> QuerySet:
        """Return the entries that match all parameters of the group except those in `without`."""
        params = self.params
        for name in self.base_filters:
            if params[name] is not None and name not in without:
                entries = self.filterset.filters[name].filter(entries, params[name])
        return entries


Groups = tuple[type[FilterGroup], ...]


class SideFilterGroup(FilterGroup):
    """Parameters that a single side row of an entry must match together."""

    model: ClassVar[type[SideEntry]]
    """The side rows."""

    def filter(self, entries: QuerySet, without: Collection[str] = ()) -> QuerySet:
        if not self.given:
            return entries
        rows = self.model.objects.filter(seq=OuterRef("seq"))
        return entries.filter(Exists(self.filter_rows(rows)))

    def filter_rows(self, rows: QuerySet) -> QuerySet:
        """Return the side rows that match all parameters of the group."""
        return super().filter(rows)


class _BoundFilters(dict[str, Parameter]):
    """The parameters of one filter set by name, each copied when it is first used.

    A filter set may have over a hundred of them, of which a request gives a few.
    """

    def __init__(self, filterset: "StrictFilterSet", groups: list[FilterGroup]) -> None:
        self._filterset, self._groups = filterset, groups

    def __missing__(self, name: str) -> Parameter:
        bound = self[name] = deepcopy(self._filterset.base_filters[name])
        groups = (group for group in self._groups if name in group.base_filters)
        bound.parent = next(groups, self._filterset)
        return bound


class StrictFilterSet(django_filters.FilterSet):
    """A filter set that reads every parameter of a request, or refuses it with all its faults.

    Its `groups` are the only source of parameters, except for those that it declares itself.
    """

    base_filters: ClassVar[dict[str, Parameter]]
    declared_filters: ClassVar[dict[str, Parameter]]
    groups: ClassVar[Groups] = ()
    elsewhere: ClassVar[dict[str, str]] = {}
    """Where to use parameters of similar endpoints that this one does not have, by name."""

    snapshot: Snapshot
    """The snapshot that entries are filtered at, set by `filter_entries`."""
    missing: dict[tuple[str, str], set[int]]
    """By parameter and type of record, the places of the values that mean no public record."""
    notices: list[Fault]
    """Other warnings."""

    def __init__(self, request: Request) -> None:
        # Without the constructor of django-filter, which copies all parameters for a form.
        self.request = request
        self.data = self.without_defaults(request.query_params)
        self._groups = [group(self) for group in self.groups]
        self.filters = _BoundFilters(self, self._groups)
        self.given = [name for name in self.base_filters if name in self.data]
        self.missing, self.notices = {}, []
        self.params: dict[str, Any] = dict(_list_defaults(type(self)))
        faults = [*check_encoding(request), *self._check_names(), *self._check_values()]
        faults = faults or list(self._check_rules())
        if faults:
            raise InvalidParameters(*faults)

    @classmethod
    def get_filters(cls) -> dict[str, Parameter]:
        """Return the parameters of all groups and its own. Raises TypeError for a repeated name."""
        filters: dict[str, Parameter] = {}
        for parameters in (*(group.base_filters for group in cls.groups), super().get_filters()):
            if repeated := filters.keys() & parameters.keys():
                raise TypeError(f"{cls.__name__} declares {', '.join(repeated)} more than once.")
            filters |= parameters
        return filters

    @classmethod
    def without_defaults(cls, query: QueryDict) -> QueryDict:
        """Return the parameters of a request except those at their declared defaults.

        Generated clients send every default. A default means the same as an absent parameter
        because all rules, cursors and links use the result of this method.
        """
        data = query.copy()
        for name, values in query.lists():
            if name in cls.base_filters and cls.base_filters[name].is_default(values):
                del data[name]
        return data

    @property
    def dated(self) -> list[str]:
        """The given parameters to which `dates` applies."""
        return [name for group in self._groups for name in group.dated]

    @property
    def warnings(self) -> list[Fault]:
        """What the client should know of the answer: a warning for each parameter with a problem.

        They are the same for the id of a draft as for one that does not exist.
        """
        return [
            Fault("not_found", name, describe_missing(name, type_name, sorted(places)))
            for (name, type_name), places in self.missing.items()
            if places
        ] + self.notices

    def leave_out(self, *names: str) -> Self:
        """Return the filter set of the same request without some parameters.

        It shares the warnings, and checks no rules: what is left of a valid request may not be one.
        """
        other = copy(self)
        other.data = self.data.copy()
        other.given = [name for name in self.given if name not in names]
        other.params = dict(self.params)
        for name in filter(self.base_filters.get, names):
            other.data.pop(name, None)
            other.params[name] = self.base_filters[name].default
        other._groups = [group(other) for group in self.groups]
        other.filters = _BoundFilters(other, other._groups)
        return other

    def group(self, kind: type[GroupType]) -> GroupType:
        """Return the group of this class, or of a subclass."""
        return next(group for group in self._groups if isinstance(group, kind))

    def filter_entries(self, entries: QuerySet, snapshot: Snapshot) -> QuerySet:
        """Return the entries that match all parameters at a snapshot."""
        self.snapshot = snapshot
        return self.filter_queryset(entries)

    def filter_queryset(self, queryset: QuerySet, without: Collection[str] = ()) -> QuerySet:
        """Return the rows that match all parameters except those in `without`."""
        for group in self._groups:
            queryset = group.filter(queryset, without)
        for name in self.declared_filters.keys() - set(without):
            queryset = self.filters[name].filter(queryset, self.params[name])
        return queryset

    def _check_names(self) -> Iterator[Fault]:
        for name, values in self.data.lists():
            if name not in self.base_filters:
                hint = self.elsewhere.get(name) or suggest_parameter(
                    name, values, self.base_filters.keys()
                )
                detail = f"There is no parameter “{name[:40]}”. {hint}"
                yield Fault("unknown", name[:40], detail)

    def _check_values(self) -> Iterator[Fault]:
        """Read the parameters that are given or required, and yield the faults in their values."""
        for name, parameter in self.base_filters.items():
            if name not in self.data and not parameter.required:
                continue
            try:
                value = parameter.clean(self.data.getlist(name))
            except ValidationError as fault:
                yield from self._list_faults(name, fault)
            else:
                self.params[name] = parameter.default if value is None else value

    def _list_faults(self, name: str, fault: ValidationError) -> Iterator[Fault]:
        for error in fault.error_list:
            if error.params:
                error.params["name"] = name
            detail = " ".join(error.messages)
            if error.code == "invalid":
                detail = f"Invalid value for `{name}`. {detail}"
            yield Fault(error.code or "invalid", name, detail)

    def _check_rules(self) -> Iterator[Fault]:
        for name in self.given:
            yield from self.base_filters[name].check(name, self)
        for group in self._groups:
            yield from group.check()


def check_encoding(request: Request | HttpRequest) -> Iterator[Fault]:
    """Yield the faults in the encoding of an address."""
    path, query = request.path, request.META.get("QUERY_STRING", "")
    if _INCOMPLETE.search(query):
        detail = "A % in the address begins no code of two hexadecimal digits. Write % as %25."
        yield Fault("encoding", None, detail)
    raw = unquote_to_bytes(query.encode("latin-1", "replace"))  # as WSGI hands over bytes
    if b"\0" in raw or "\0" in path:
        yield Fault("nul", None, "The address contains a NUL character.")
    try:
        raw.decode()
        is_utf8 = not _BROKEN.search(path)
    except UnicodeDecodeError:
        is_utf8 = False
    if not is_utf8:
        yield Fault("encoding", None, "The address is not encoded in UTF-8.")


_NAMED = 5
"""The number of missing keys that a warning names."""


def describe_missing(
    name: str, type_name: str, places: list[int], named: int | None = _NAMED
) -> str:
    """Return the sentences of a warning about values that mean no public record of a type.

    They are named by their place in the request: the answer to the id of a draft and to any other
    id must be equal to the byte.
    """
    listed = ", ".join(map(str, places[:named]))
    if more := len(places[len(places[:named]) :]):
        listed += f" and {more} more"
    values = (
        f"Value {listed} of `{name}` names"
        if len(places) == 1
        else f"Values {listed} of `{name}` name"
    )
    if type_name == "record":
        return f"{values} no record that was ever public."
    search = "resolve?name" if type_name == RecordType.ACTOR else f"{type_name}s?q"
    return f"{values} no public {type_name}. Search by name: /api/v1/{search}=NAME"


@cache
def _list_defaults(filters: type[StrictFilterSet]) -> dict[str, Any]:
    return {name: parameter.default for name, parameter in filters.base_filters.items()}
