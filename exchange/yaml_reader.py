"""A strict reader of YAML files: texts, true, false and null, with all faults at once."""

import difflib
from collections.abc import Iterable, Iterator
from typing import Any

import yaml

MAX_BYTES = 10_000_000
"""The most bytes of a file."""
_MAX_VALUES = 1_000_000
"""The most values of a file, counting each repetition by an alias."""
_MAX_MESSAGE = 300
"""Maximum length of a message, so that it contains only the faulty place of a file."""
_PLAIN_TAGS = [f"tag:yaml.org,2002:{kind}" for kind in ("bool", "null", "merge")]
RESOLVERS = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag in _PLAIN_TAGS]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
"""What a loader resolves, so that it leaves numbers and dates as texts."""


class DatasetError(Exception):
    """Every fault of a dataset, each with its place in the file."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Faults(list[str]):
    """The faults found so far."""

    def add(self, place: str, *messages: str) -> None:
        """Add faults at a place of the file."""
        self += [shorten(f"{place}: {message}", _MAX_MESSAGE) for message in messages]

    def listed(self, items: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the mappings of a list, each with its place; other items are faults."""
        if not isinstance(items, list):
            self.add(place, "It must be a list, each item after a hyphen.")
            return
        for number, item in enumerate(items):
            if isinstance(item, dict):
                yield f"{place}[{number}]", item
            else:
                self.add(f"{place}[{number}]", "It must have fields, as in “name: Iraq”.")


class _Reader(yaml.SafeLoader):
    """A loader that refuses repeated keys, and leaves numbers and dates to the fields as texts.

    YAML itself would use the last of two equal keys, read 010 as 8 and refuse the day 2014-06-XX.
    The loader also refuses aliases that make a small file large: a value that contains itself, or
    more values than a file may have.
    """

    yaml_implicit_resolvers = RESOLVERS

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.sizes: dict[int, int] = {}
        """How many values each complete node has, by the id of the node."""

    def compose_node(self, parent: Any, index: Any) -> yaml.Node:
        mark = self.peek_event().start_mark
        node = super().compose_node(parent, index)
        assert node is not None
        if id(node) not in self.sizes:
            if isinstance(node, yaml.CollectionNode) and node.end_mark is None:
                raise yaml.MarkedYAMLError(None, None, "a value contains itself", mark)
            children = node.value if isinstance(node, yaml.CollectionNode) else ()
            flat = (
                inner
                for child in children
                for inner in (child if type(child) is tuple else [child])
            )
            self.sizes[id(node)] = 1 + sum(self.sizes[id(inner)] for inner in flat)
        if self.sizes[id(node)] > _MAX_VALUES:
            raise yaml.MarkedYAMLError(None, None, "aliases make it too large", mark)
        return node

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        seen = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.MarkedYAMLError(None, None, f"“{key.value}” twice", key.start_mark)
            seen.add(str(key.value))
        return node


def parse_yaml(text: str) -> dict[Any, Any]:
    """Return the content of a file by its top-level keys. Raises DatasetError."""
    try:
        data = yaml.load(text, _Reader)  # noqa: S506 - a subclass of SafeLoader
    except RecursionError:
        raise DatasetError(["This is not YAML that can be read: it is nested too deep."]) from None
    except yaml.MarkedYAMLError as error:  # its own message contains the line
        mark = error.problem_mark or error.context_mark
        place = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        fault = shorten(str(error.problem or error.context), _MAX_MESSAGE)
        raise DatasetError([f"This is not YAML that can be read: {fault}{place}."]) from None
    except (yaml.YAMLError, ValueError, TypeError, OverflowError) as error:
        fault = shorten(str(error).splitlines()[0], _MAX_MESSAGE)
        raise DatasetError([f"This is not YAML that can be read: {fault}."]) from None
    if not isinstance(data, dict):
        raise DatasetError(["The file has no records: begin with a type, such as “actors:”."])
    return data


def shorten(text: str, length: int) -> str:
    """Return a text, cut where it is too long for a message."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def describe_unknown(name: Any, names: Iterable[str]) -> str:
    """Return the fault that a name is unknown, with the most similar of the known names."""
    known = list(names)
    near = difflib.get_close_matches(shorten(str(name), 100), known, 1)
    hint = f"Did you mean “{near[0]}”?" if near else f"Use one of: {', '.join(known)}."
    return f"It is unknown. {hint}"
