"""The paths at which two documents differ, such as `killed.best` or `involvements[2].certainty`."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from publishing import documents
from publishing.serializers import ENVELOPE

MAX_PATHS = 20
"""More paths than these are shortened to the properties of the document that they lie in."""


def list_changed_paths(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the paths of a document that differ from the one before, in the order of the document.

    A reference to another record is one value. The position in a list, from 0, is that in the new
    document; where something was removed from a list, the path is that of the list. More than
    `MAX_PATHS` paths are shortened to the properties of the document. The envelope does not count.
    """
    paths = [
        path
        for name in _list_names(before, after)
        if name not in ENVELOPE
        for path in _compare(name, before.get(name), after.get(name))
    ]
    if len(paths) > MAX_PATHS:
        paths = [path.partition(".")[0].partition("[")[0] for path in paths]
    return list(dict.fromkeys(paths))


def _list_names(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys([*after, *before]))


def _compare(path: str, before: Any, after: Any) -> Iterator[str]:
    if before == after:
        return
    if _is_object(before) and _is_object(after):
        for name in _list_names(before, after):
            yield from _compare(f"{path}.{name}", before.get(name), after.get(name))
    elif isinstance(before, list) and isinstance(after, list) and _has_objects(before + after):
        yield from _compare_lists(path, before, after)
    else:
        yield path


def _compare_lists(path: str, before: list[Any], after: list[Any]) -> Iterator[str]:
    """Yield the paths in a list whose items have no ids: equal items are found first.

    Of the items between two that are equal, the first one now is compared with the first one
    before, and so on.
    """
    matcher = SequenceMatcher(
        None, list(map(documents.dump, before)), list(map(documents.dump, after)), autojunk=False
    )
    for tag, old, old_end, new, new_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        common = min(old_end - old, new_end - new)
        for step in range(common):
            yield from _compare(f"{path}[{new + step}]", before[old + step], after[new + step])
        yield from (f"{path}[{place}]" for place in range(new + common, new_end))
        if old_end - old > common:
            yield path


def _is_object(value: Any) -> bool:
    return isinstance(value, dict) and not documents.is_reference(value)


def _has_objects(values: list[Any]) -> bool:
    return any(isinstance(value, dict) for value in values)
