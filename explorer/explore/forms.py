"""The form of the page: a field for each filter, with its values and what is wrong with them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext

from api.parameters import (
    BooleanParameter,
    ChoiceParameter,
    DaysParameter,
    IntegerParameter,
    MultipleChoiceParameter,
    Parameter,
)
from api.problems import Fault
from explorer.explore.filters import find_record_type, list_filters
from explorer.explore.labels import SEARCH, label_filter, label_word, list_topics
from explorer.explore.names import COUNTRY_CODES, DIVISION_CODES, Candidate, Names

_KEYS = re.compile(
    r",? by (ISO code, public id or slug|ISO code|ISO 3166-2 code|public ids? or slugs?|"
    r"(ISO code, )?public id(, slug)?"
    r"( or (slug|ISO code))?)( only)?( \(IQ, IQ-AR\))?(?=[.;,])|"
    r"; the id of a merged record also works|, with public ids or slugs"
)
"""What descriptions say of keys, which readers of the page need not know."""


class Option(NamedTuple):
    """A value that can be chosen."""

    value: str
    label: str
    is_chosen: bool
    number: str = ""
    """The number of incidents with it, if that was counted."""


class Field(NamedTuple):
    """A field of the form."""

    name: str
    label: str
    help: str
    kind: str
    """`names`, `choices`, `choice`, `days`, `number` or `text`."""
    values: list[Option]
    """The values that are chosen, by their names; of choices, all words."""
    texts: list[str]
    """The values of a field to type into, with a blank one to add another."""
    type: str = ""
    """The type of the records that names are suggested of."""
    list: str = ""
    """The list of suggestions that is in the page."""
    faults: Sequence[Fault] = ()
    candidates: Sequence[Candidate] = ()
    scope: "Field | None" = None
    blank: str = ""
    """The label of the choice to choose nothing: the default."""
    is_repeatable: bool = False

    @property
    def is_scope_wrong(self) -> bool:
        """Whether something is wrong with what is included."""
        return self.scope is not None and bool(self.scope.faults)

    @property
    def is_active(self) -> bool:
        """Whether the field has a value, or something is wrong with it."""
        scope = self.scope is not None and self.scope.is_active
        chosen = any(option.is_chosen for option in self.values)
        return chosen or any(self.texts) or bool(self.faults) or scope


class Section(NamedTuple):
    """The fields on one topic."""

    name: str
    title: str
    frequent: list[Field]
    others: list[Field]

    @property
    def is_open(self) -> bool:
        """Whether a field has a value that would else be hidden."""
        return any(field.is_active for field in self.others)

    @property
    def active(self) -> int:
        """The number of fields with a value."""
        return sum(field.is_active for field in (*self.frequent, *self.others))


class Form(NamedTuple):
    """All fields."""

    search: Field
    sections: list[Section]
    faults: list[Fault]
    """What is wrong, but not with a field of the form."""

    @property
    def wrong(self) -> list[Field]:
        """The fields with which something is wrong."""
        fields = [field for each in self.sections for field in (*each.frequent, *each.others)]
        return [field for field in (self.search, *fields) if field.faults or field.is_scope_wrong]


def make_form(
    query: QueryDict,
    names: Names,
    faults: Iterable[Fault],
    numbers: Mapping[str, Mapping[str, str]],
) -> Form:
    """Return the form with the values of a query, and faults at their fields.

    `numbers` are those of incidents by filter and value.
    """
    by_name: dict[str, list[Fault]] = {}
    for fault in faults:
        by_name.setdefault(fault.parameter or "", []).append(fault)
    maker = _Maker(query, names, by_name, numbers)
    sections = [
        Section(
            topic.name,
            str(topic.title),
            [maker.make(name) for name in topic.frequent],
            [maker.make(name) for name in topic.others],
        )
        for topic in list_topics()
    ]
    search = maker.make(SEARCH)
    return Form(search, sections, [fault for listed in by_name.values() for fault in listed])


class _Maker:
    """How fields are made."""

    def __init__(
        self,
        query: QueryDict,
        names: Names,
        faults: dict[str, list[Fault]],
        numbers: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._query, self._names, self._faults, self._numbers = query, names, faults, numbers

    def make(self, name: str) -> Field:
        """Return a field, and take its faults."""
        parameter = list_filters()[name]
        given = self._query.getlist(name)
        options, texts, kind, type_, listed = list[Option](), list[str](), "text", "", ""
        if isinstance(parameter, MultipleChoiceParameter):
            kind = "choice" if isinstance(parameter, ChoiceParameter) else "choices"
            options = _list_words(name, parameter, given, self._numbers.get(name, {}))
        elif isinstance(parameter, BooleanParameter):
            kind = "choice"
            words = {"true": gettext("yes"), "false": gettext("no")}
            if parameter.default is not None:
                words.pop(str(parameter.default).lower())
            options = [Option(word, label, word in given) for word, label in words.items()]
        elif (found := find_record_type(name)) or name in (*COUNTRY_CODES, *DIVISION_CODES):
            kind, type_ = "names", found or ""
            listed = "countries" if name in COUNTRY_CODES or name == "country" else ""
            refused = {
                fault.detail for fault in self._faults.get(name, ()) if fault.code == "not_found"
            }
            options, texts = self._list_names(name, given, bool(refused))
        else:
            texts = [*given, ""] if parameter.repeatable else given[:1] or [""]
            if isinstance(parameter, IntegerParameter):
                kind = "number"
            elif isinstance(parameter, DaysParameter) and name != "scope_at":
                kind = "days"
        scope = f"{name}_scope"
        return Field(
            *(name, label_filter(name), describe(parameter), kind, options, texts, type_, listed),
            self._faults.pop(name, ()),
            self._names.candidates.get(name, ()),
            self.make(scope) if scope in list_filters() else None,
            _label_default(name, parameter),
            parameter.repeatable,
        )

    def _list_names(
        self, name: str, given: list[str], is_refused: bool
    ) -> tuple[list[Option], list[str]]:
        """Return the records that are chosen, and the names that are still to be resolved."""
        if not is_refused:
            return [Option(value, self._names.find(name, value), True) for value in given], [""]
        known = [value for value in given if self._names.is_known(name, value)]
        unknown = [value for value in given if value not in known]
        return [Option(value, self._names.find(name, value), True) for value in known], unknown


def _list_words(
    name: str, parameter: MultipleChoiceParameter, given: list[str], numbers: Mapping[str, str]
) -> list[Option]:
    return [
        Option(word, label_word(name, word, label), word in given, numbers.get(word, ""))
        for word, label in parameter.choices.choices
        if word != parameter.default and not (name.endswith("_scope") and word == "self")
    ]


def _label_default(name: str, parameter: Parameter) -> str:
    if isinstance(parameter, ChoiceParameter) and parameter.default is not None:
        return label_word(name, parameter.default, parameter.choices(parameter.default).label)
    if name.endswith("_scope"):
        return gettext("the actor alone")
    return gettext("no") if parameter.default is False else gettext("any")


def describe(parameter: Parameter) -> str:
    """Return what a filter matches, without what its keys look like."""
    return gettext(write_description(parameter))


def write_description(parameter: Parameter) -> str:
    """Return this description in English, which translators read."""
    return _KEYS.sub("", parameter.description)
