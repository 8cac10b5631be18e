"""The paths at which documents differ."""

from typing import Any

import pytest

from publishing.paths import MAX_PATHS, list_changed_paths

REFERENCE = {"id": "a", "type": "actor", "kind": "unit", "name": "A", "slug": "a"}
REFERENCE |= {"withdrawn": False}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("before", "after", "paths"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, ["a"]),
        ({"a": None}, {"a": {"b": 1}}, ["a"]),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, ["a.c"]),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [2]}}, ["a.b"]),
        ({"a": [{"b": 1}, {"b": 2}]}, {"a": [{"b": 1}, {"b": 3}]}, ["a[1].b"]),
        ({"a": [{"b": 1}, {"b": 2}]}, {"a": [{"b": 2}]}, ["a"]),
        ({"a": [{"b": 1}, {"b": 2}]}, {"a": []}, ["a"]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 0}, {"b": 1}]}, ["a[0]"]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 1}, {"b": 2}, {"b": 3}]}, ["a[1]", "a[2]"]),
        ({"a": REFERENCE}, {"a": REFERENCE | {"name": "B"}}, ["a"]),
        ({"a": [REFERENCE]}, {"a": [REFERENCE | {"name": "B"}]}, ["a[0]"]),
        ({"a": [{"b": REFERENCE}]}, {"a": [{"b": REFERENCE | {"slug": "b"}}]}, ["a[0].b"]),
        ({"version": 1, "seq": 1, "a": 1}, {"version": 2, "seq": 2, "a": 1}, []),
        ({"old": 1}, {"new": 1}, ["new", "old"]),
    ],
)
def test_paths_of_all_kinds(before: Any, after: Any, paths: list[str]) -> None:
    assert list_changed_paths(before, after) == paths


def test_many_paths_are_shortened_to_their_properties() -> None:
    before = {"a": [{"b": number} for number in range(MAX_PATHS)], "c": {"d": 1}}
    after = {"a": [{"b": -number - 1} for number in range(MAX_PATHS)], "c": {"d": 1}}
    assert len(list_changed_paths(before, after)) == MAX_PATHS
    assert list_changed_paths(before, after | {"c": {"d": 2}}) == ["a", "c"]
