"""Selections: which properties a stream has of each record, or of each row of a part."""

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import Any

from api.parts import Part, list_parts
from publishing import completion
from publishing.completion import Property
from publishing.registry import Registration
from publishing.tables import Column, Tree, list_columns, list_stored_properties


class UnknownNamesError(Exception):
    """Names of no property; `known` are those that there are."""

    def __init__(self, names: list[str], known: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names, self.known = names, known


class Selection:
    """The properties of each record of a type, or of each row of a part of it.

    Without `names` they are all: those of the summary, of the document with `detail`, or of the
    row. Names are dotted, such as `place.name`, or those of columns, such as `place_name`.
    """

    def __init__(
        self,
        registration: Registration,
        *,
        detail: bool = False,
        names: list[str] | None = None,
        part: str | None = None,
    ) -> None:
        serializer = registration.serializer
        self.part: Part | None = list_parts(serializer, registration.name)[part] if part else None
        self.properties = self.part.properties if self.part else list_properties(serializer)
        computed = list_computed(serializer)
        listed = (*serializer.summary, *computed)
        self.tree: Tree = {
            name: {}
            for name in self.properties
            if part or (name not in computed if detail else name in listed)
        }
        self.is_whole = names is None and part is None
        if names is not None:
            paths = _list_names(registration, part)
            self.tree = _find_tree(self.properties, paths, names)
            detail = any(name not in listed for name in self.tree)
        self.reads_documents = detail or bool(part)
        """Whether it is read from documents, or else from summaries."""
        self.computed = () if part else tuple(name for name in computed if name in self.tree)
        """The properties that are computed for each record."""

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns of a table of it."""
        return list_columns(self.properties, self.tree)

    def select(self, document: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield what the stream has of a parsed summary or document: itself, or rows of it."""
        if self.part is None:
            yield document if self.is_whole else cut(document, self.tree)
            return
        for row in self.part.list_rows(document):
            yield cut(row, self.tree)


@cache
def list_properties(serializer: Any) -> dict[str, Property]:
    """Return the properties of documents and those of their summaries, by name and in order."""
    return list_stored_properties(serializer) | list_computed(serializer)


@cache
def list_computed(serializer: Any) -> dict[str, Property]:
    """Return the properties of summaries that depend on other records, by name."""
    return completion.properties(serializer.computed())


def cut(value: Any, tree: Tree) -> Any:
    """Return a value without the properties that are not in a tree; an empty tree has all."""
    if not tree or value is None:
        return value
    if isinstance(value, list):
        return [cut(item, tree) for item in value]
    return {name: cut(value[name], below) for name, below in tree.items() if name in value}


def _find_tree(
    properties: Mapping[str, Property], paths: Mapping[str, str], names: list[str]
) -> Tree:
    """Return the tree of some names, in the order of the properties. Raises UnknownNamesError."""
    if unknown := [name for name in dict.fromkeys(names) if name not in paths]:
        raise UnknownNamesError(unknown, list(paths))
    return _make_tree(properties, {paths[name] for name in names})


def _make_tree(properties: Mapping[str, Property], wanted: set[str]) -> Tree:
    """Return a tree with dotted paths, in the order of the properties."""
    tree: Tree = {}
    for name, known in properties.items():
        below = {path.partition(".")[2] for path in wanted if path.partition(".")[0] == name}
        if below:
            whole = "" in below or known.inner is None
            tree[name] = {} if whole else _make_tree(completion.properties(known.inner), below)
    return tree


@cache
def _list_names(registration: Registration, part: str | None) -> dict[str, str]:
    """Return the dotted path of each property by that path, and by the name of its column."""
    properties = list_properties(registration.serializer)
    if part:
        properties = list_parts(registration.serializer, registration.name)[part].properties
    columns = list_columns(properties, {name: {} for name in properties})
    named = {column.name: ".".join(step.name for step in column.steps) for column in columns}
    return named | {path: path for path in _list_paths(properties, "")}


def _list_paths(properties: Mapping[str, Property], before: str) -> Iterator[str]:
    for name, known in properties.items():
        yield before + name
        if known.inner is not None:
            yield from _list_paths(completion.properties(known.inner), f"{before}{name}.")
