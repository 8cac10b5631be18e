"""What schemathesis is told: what a schema cannot say, and what there is to be asked for.

It runs in the process of schemathesis, which loads it by SCHEMATHESIS_HOOKS.
"""

import json
import os
import re
import zlib
from typing import Any

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.openapi.checks import RejectedPositiveData

BEYOND_SCHEMA = {
    "cursor": "only `next` has them",
    "snapshot": "a snapshot that is none of this record's is lost",
    "after": "likewise",
    "until": "likewise",
    "release": "there is no such release",
    "known_at": "it may lie in the future",
    "bbox": "its south may lie north of its north",
    "q": "what is a letter in some script",
    "name": "likewise",
    "calibre_mm": "it has two decimals at the most",
    "min_score": "it has nine decimals at the most",
}
"""Parameters of which a schema says how they look, and not which there are."""

PINS = ("snapshot", "known_at", "release")
SNAPSHOT = re.compile(r"(0|[1-9][0-9]*)-[0-9a-f]{8}")
THERE: dict[str, Any] = json.loads(os.environ["MUSTER_THERE"])
"""Of the record that is asked: its `snapshot`, and `keys` of each resource."""


@schemathesis.hook
def filter_failure(context: Any, failure: Failure, case: Any, response: Any) -> bool:
    """Return whether it is a failure: a refusal may have a reason that no schema can say."""
    if response.status_code == 414 and not response.content:  # the server's own: a line of 64 KiB
        return False
    if isinstance(failure, AcceptedNegativeData):  # schemathesis takes 414 for no refusal
        return bool(response.status_code != 414)
    if isinstance(failure, RejectedPositiveData):
        if response.status_code == 410:  # a lost snapshot, or a record that was withdrawn
            return False
        faults = response.json()["errors"]
        return not faults or not all(beyond_schema(fault) for fault in faults)
    return True


def beyond_schema(fault: dict[str, Any]) -> bool:
    """Return whether no schema can say what is wrong: between parameters, or by the calendar."""
    between = fault["code"] == "contradiction"
    calendar = re.search("There is no|does not exist", fault["detail"])  # 30 February
    return between or bool(calendar) or fault["parameter"] in BEYOND_SCHEMA


@schemathesis.hook
def map_query(context: Any, query: dict[str, Any] | None) -> dict[str, Any] | None:
    """Ask for what there is, so that most requests go through: one pin, a snapshot of it."""
    if not query:
        return query
    pins = [name for name in PINS if name in query]
    asked = {name: value for name, value in query.items() if name not in pins[1:]}
    if one_in(3, asked.get("cursor")):
        return asked
    asked.pop("cursor", None)
    for name, value in asked.items():
        if name in BEYOND_SCHEMA and isinstance(value, str) and SNAPSHOT.fullmatch(value):
            asked[name] = THERE["snapshot"]
    return asked


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: Any) -> Any:
    """Ask for a record that there is, two times of three."""
    resource = "".join(context.operation.path.split("/")[3:4])
    keys = THERE["keys"].get(resource)
    if path_parameters and keys and not one_in(3, path_parameters.get("key")):
        number = zlib.crc32(repr(path_parameters).encode("utf-8", "replace"))
        path_parameters = path_parameters | {"key": keys[number % len(keys)]}
        if "version" in path_parameters:
            path_parameters["version"] = "1"
    return path_parameters


def one_in(number: int, value: Any) -> bool:
    """Return true for one in so many values, always the same."""
    return zlib.crc32(repr(value).encode("utf-8", "replace")) % number == 0
