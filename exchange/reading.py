"""Reading a dataset's YAML: texts, true, false and null, and every fault of it told at once."""

import difflib
from collections.abc import Iterable, Iterator
from typing import Any

import yaml

_PLAIN = [f"tag:yaml.org,2002:{kind}" for kind in ("bool", "null", "merge")]


class DatasetError(Exception):
    """Every fault of a dataset, each with its place in the file."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Faults(list[str]):
    """The faults found so far."""

    def add(self, place: str, *messages: str) -> None:
        """Remember what is wrong in a place of the file."""
        self += [f"{place}: {message}" for message in messages]

    def listed(self, told: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the mappings of a list, each with its place; what is none is a fault."""
        if not isinstance(told, list):
            self.add(place, "It must be a list, each item after a hyphen.")
            return
        for number, item in enumerate(told):
            if isinstance(item, dict):
                yield f"{place}[{number}]", item
            else:
                self.add(f"{place}[{number}]", "It must have fields, as in “name: Iraq”.")


class _Reader(yaml.SafeLoader):
    """Refuses a key that is given twice, and leaves numbers and dates to the fields they are for.

    YAML itself would keep the last of two keys, take 010 for 8 and refuse the day 2014-06-XX.
    """

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in found if tag in _PLAIN]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        seen = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.MarkedYAMLError(None, None, f"“{key.value}” twice", key.start_mark)
            seen.add(str(key.value))
        return node


def read(text: str) -> dict[Any, Any]:
    """Return what a file says, by its top-level keys. Raises DatasetError."""
    try:
        data = yaml.load(text, _Reader)  # noqa: S506 - a SafeLoader, and stricter
    except (yaml.YAMLError, ValueError) as error:
        raise DatasetError([f"This is not YAML that can be read: {error}"]) from error
    if not isinstance(data, dict):
        raise DatasetError(["The file has no records: begin with a type, such as “actors:”."])
    return data


def unknown(name: Any, there: Iterable[str]) -> str:
    """Say that there is no such name, and what may have been meant."""
    known = list(there)
    near = difflib.get_close_matches(str(name), known, 1)
    hint = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(known)}."
    return f"It is unknown. {hint}"
