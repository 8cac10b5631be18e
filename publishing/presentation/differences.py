"""What differs between two editions of a record, in words.

Rows of lists are compared by what identifies them, such as the number of a statement or the text of
a name, wherever they stand. What follows from other properties is left out.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext, gettext_lazy

from publishing import completion, documents
from publishing.completion import Property
from publishing.presentation.words import UNKNOWN, date_in_words, period_in_words, range_in_words
from publishing.registry import record_types

Row = dict[str, Any]

MAX_WORDS = 4_000
"""The largest number of words of texts that are compared word by word; longer ones are shown."""
_LONG = 60
"""From how many letters on a text is compared word by word."""


class Piece(NamedTuple):
    """A part of a text: `same`, `added` or `removed`."""

    kind: str
    text: str


class Fact(NamedTuple):
    """A property of a row that was added or removed."""

    name: str
    value: str


class Change(NamedTuple):
    """A difference: what is compared, and what was added, removed or changed."""

    where: tuple[str, ...]
    """What it is, from the list or the property inwards."""
    kind: str
    """`changed`, `added` or `removed`."""
    old: str = ""
    new: str = ""
    pieces: tuple[Piece, ...] = ()
    """Of a long text: what of it differs."""
    facts: tuple[Fact, ...] = ()
    """Of a row: what it says."""


class List(NamedTuple):
    """A list of rows: the name of a row, and the properties that identify it."""

    noun: Any
    identity: tuple[str, ...]


LISTS = {
    "names": List(gettext_lazy("Name"), ("text",)),
    "classifications": List(gettext_lazy("Classification"), ("classification",)),
    "attributes": List(gettext_lazy("Attribute"), ("kind", "value")),
    "designations": List(gettext_lazy("Designation"), ("regime", "entry_id")),
    "presences": List(gettext_lazy("Presence"), ("place", "kind")),
    "strength_estimates": List(gettext_lazy("Strength"), ("measure", "as_of")),
    "assessments": List(gettext_lazy("Assessment"), ("topic", "as_of")),
    "external_ids": List(gettext_lazy("Id in another system"), ("scheme", "value")),
    "citations": List(gettext_lazy("Source"), ("source", "locator")),
    "support": List(gettext_lazy("Support"), ("type", "against")),
    "locations": List(gettext_lazy("Location"), ("role", "place")),
    "involvements": List(gettext_lazy("Involvement"), ("role", "actor", "label")),
    "statements": List(gettext_lazy("Statement"), ("number",)),
    "responsible": List(gettext_lazy("Named as responsible"), ("actor", "label")),
    "weapons": List(gettext_lazy("Weapon"), ("weapon", "designation")),
    "target_objects": List(gettext_lazy("Target"), ("type", "name")),
    "casualties": List(
        gettext_lazy("Casualty figure"), ("measure", "population", "actor", "nationality", "as_of")
    ),
    "links": List(gettext_lazy("Link to an incident"), ("kind", "to")),
    "effects": List(gettext_lazy("Effect"), ("kind", "affiliation", "classification")),
}
"""The lists of documents, by the names of their properties."""

_DATES = frozenset({"date", "as_of", "birth", "death", "published", "accessed", "until"})
NUMBER = frozenset({"low", "best", "high", "quantifier"})
FOLLOWS = frozenset(
    {
        *("id", "date_start", "date_end", "date_precision", "script", "dropped_in"),
        *("perpetrators", "targets", "victims", "parties", "killed_by_side", "withheld"),
    }
)
"""The properties that follow from others, or that readers need not compare."""
OF_LOCATION = frozenset({"place", "point", "precision"})
"""The properties of an incident that follow from its primary location."""


def compare(type_: str, old: Row, new: Row) -> list[Change]:
    """Return the differences between two documents of a type, in the order of the document."""
    skipped = FOLLOWS | (OF_LOCATION if type_ == "incident" else frozenset())
    return list(_compare(record_types()[type_].serializer, old, new, (), skipped))


def _compare(
    serializer: Any, old: Row, new: Row, where: tuple[str, ...], skipped: frozenset[str] = FOLLOWS
) -> Iterator[Change]:
    properties = completion.properties(serializer)
    if NUMBER & properties.keys() and get_number(old) != get_number(new):
        yield make_change((*where, gettext("Number")), range_in_words(old), range_in_words(new))
    for name, known in properties.items():
        before, after = old.get(name), new.get(name)
        if name in skipped or name in NUMBER or identify(before) == identify(after):
            continue
        if name in LISTS and known.inner:
            yield from _compare_rows(name, known, before or [], after or [], where)
        elif name == "individual" and before and after:
            yield from _compare(known.inner, before, after, where)
        else:
            inside = (*where, property_name(name))
            yield from _compare_values(
                inside, write_value(known, before), write_value(known, after)
            )


def _compare_values(where: tuple[str, ...], old: str, new: str) -> Iterator[Change]:
    """Yield the difference of two values in words, which may be the same for both."""
    if old != new:
        yield make_change(where, old, new)


def make_change(where: tuple[str, ...], old: str, new: str) -> Change:
    """Return the difference of two values; of long texts, word by word."""
    both = (_split(old), _split(new))
    is_long = min(len(old), len(new)) > _LONG and sum(map(len, both)) <= 2 * MAX_WORDS
    return Change(where, "changed", old, new, tuple(_list_pieces(*both)) if is_long else ())


def _split(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)


def _list_pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(old[old_from:old_to]))
            continue
        if old_from < old_to:
            yield Piece("removed", "".join(old[old_from:old_to]))
        if new_from < new_to:
            yield Piece("added", "".join(new[new_from:new_to]))


def _compare_rows(
    name: str, known: Property, old: list[Row], new: list[Row], where: tuple[str, ...]
) -> Iterator[Change]:
    """Yield the differences between the rows of a list, which are paired by their identity."""
    listed = LISTS[name]
    before, after = group_rows(listed, old), group_rows(listed, new)
    for key in [*before, *(key for key in after if key not in before)]:
        olds, news = before.get(key, []), after.get(key, [])
        same = [row for row in olds if row in news]
        olds = [row for row in olds if row not in same]
        news = [row for row in news if row not in same]
        for row, other in zip(olds, news, strict=False):
            yield from _compare(known.inner, row, other, (*where, name_row(listed, known, other)))
        for kind, rows in (("removed", olds[len(news) :]), ("added", news[len(olds) :])):
            for row in rows:
                facts = tuple(_list_facts(known.inner, row, listed.identity))
                yield Change((*where, name_row(listed, known, row)), kind, facts=facts)


def group_rows(listed: List, rows: list[Row]) -> dict[bytes, list[Row]]:
    """Return the rows of a list by what identifies them."""
    groups: dict[bytes, list[Row]] = {}
    for row in rows:
        key = documents.dump([identify(row.get(name)) for name in listed.identity])
        groups.setdefault(key, []).append(row)
    return groups


def identify(value: Any) -> Any:
    """Return what makes a value another one: of a reference the id, since a name may change."""
    return value.get("id", value) if isinstance(value, dict) else value


def name_row(listed: List, known: Property, row: Row) -> str:
    """Return the name of a row: what it is, and what identifies it."""
    properties = completion.properties(known.inner)
    named = [
        write_value(properties[name], row[name])
        for name in listed.identity
        if row.get(name) not in (None, "")
    ]
    speaker = row.get("speaker") or {}
    if "speaker" in row:
        named.append(write_value(properties["kind"], row["kind"]))
        named.append(str(speaker.get("name") or row["speaker_label"] or UNKNOWN))
    return f"{listed.noun}: {gettext(', ').join(named)}" if named else str(listed.noun)


def _list_facts(serializer: Any, row: Row, identity: tuple[str, ...]) -> Iterator[Fact]:
    """Yield what a row says beside what identifies it; nothing of what is not known."""
    properties = completion.properties(serializer)
    if get_number(row) and any(get_number(row)):
        yield Fact(gettext("Number"), range_in_words(row))
    for name, known in properties.items():
        value = row.get(name)
        if name in identity or name in FOLLOWS or name in NUMBER or value == known.unknown:
            continue
        if value in (None, "", [], "unknown"):
            continue
        if name in LISTS and known.inner:
            rows = "; ".join(
                name_row(LISTS[name], known, each).split(": ", 1)[-1] for each in value
            )
            yield Fact(property_name(name), rows)
        else:
            yield Fact(property_name(name), write_value(known, value))


def get_number(row: Row) -> tuple[Any, ...]:
    """Return the bounds of the number of a row, in one order."""
    return tuple(row.get(name) for name in sorted(NUMBER))


def property_name(name: str) -> str:
    """Return the name of a property as a page writes it."""
    return gettext(name.replace("_", " ").capitalize())


def write_value(known: Property, value: Any) -> str:
    """Return a value in words."""
    if value is None or value == "":
        return str(UNKNOWN)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        words = getattr(getattr(known.field, "child", None), "choices", {})
        texts = [_label(words, each) if known.inner is None else _refer(each) for each in value]
        return ", ".join(texts) or gettext("none")
    if isinstance(value, Mapping):
        return _write_object(value)
    if known.words:
        return _label(known.words, value)
    return date_in_words(str(value)) if known.name in _DATES else str(value)


def _label(words: Any, word: Any) -> str:
    label = words.get(word) if isinstance(words, Mapping) else None
    return gettext(str(label)) if label else str(word).replace("_", " ")


def _write_object(value: Mapping[str, Any]) -> str:
    """Return an object in words: a period, a number with its bounds, a point or a reference."""
    if "start_kind" in value:
        return period_in_words(value)
    if "low" in value:
        return range_in_words(value)
    if "latitude" in value:
        return f"{value['latitude']:.10g}, {value['longitude']:.10g}"
    if "id" in value:
        return _refer(value)
    return ", ".join(_refer(part) for part in value.values() if part is not None)


def _refer(value: Any) -> str:
    if isinstance(value, Mapping):
        return (
            str(value.get("name") or gettext("no name"))
            if "name" in value
            else ", ".join(_refer(part) for part in value.values() if part is not None)
        )
    return str(value)
