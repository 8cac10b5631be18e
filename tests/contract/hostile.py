"""Hooks of schemathesis: faults that no schema can describe, and values that exist.

It runs in the process of schemathesis, which loads it by SCHEMATHESIS_HOOKS.
"""

import json
import os
import re
import zlib
from typing import Any

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.openapi.checks import RejectedPositiveData, UndefinedContentType

BEYOND_SCHEMA = {
    "cursor": "only `next` contains cursors",
    "snapshot": "an unknown snapshot is lost",
    "after": "likewise",
    "until": "likewise",
    "before": "likewise",
    "release": "an unknown release is refused",
    "known_at": "a future moment is refused",
    "bbox": "the minlat may be greater than the maxlat",
    "q": "a text needs a letter of any script",
    "name": "likewise",
    "country": "an unknown code is refused",
    "calibre_mm": "at most two decimals are accepted",
    "min_score": "at most nine decimals are accepted",
    "admin1": "three letters must be the code of a country",
}
"""Parameters with rules that their schema cannot describe."""

PINS = ("snapshot", "known_at", "release")
SNAPSHOT = re.compile(r"(0|[1-9][0-9]*)-[0-9a-f]{8}")
THERE: dict[str, Any] = json.loads(os.environ["MUSTER_THERE"])
"""The snapshot of the served record, and some keys of each resource."""


@schemathesis.hook
def filter_failure(context: Any, failure: Failure, case: Any, response: Any) -> bool:
    """Return whether a failure counts; a refusal may have a reason that no schema describes."""
    if response.status_code == 414 and not response.content:  # the server's own: a line of 64 KiB
        return False
    if isinstance(failure, AcceptedNegativeData):  # schemathesis takes 414 for no refusal
        return bool(response.status_code != 414)
    if isinstance(failure, UndefinedContentType):  # those of `format` are described elsewhere
        files = case.operation.definition.raw["responses"]["200"].get("x-formats", {}).values()
        media_type = failure.content_type.split(";")[0]
        return media_type not in {file["mediaType"] for file in files}
    if isinstance(failure, RejectedPositiveData):
        if response.status_code == 410:  # a lost snapshot, or a record that was withdrawn
            return False
        faults = response.json()["errors"]
        growing = {
            parameter["name"]
            for parameter in case.operation.definition.raw.get("parameters", ())
            if "x-extensible-enum" in parameter["schema"].get("items", parameter["schema"])
        }
        return not faults or not all(
            beyond_schema(fault) or fault["parameter"] in growing for fault in faults
        )
    return True


def beyond_schema(fault: dict[str, Any]) -> bool:
    """Return whether no schema describes a fault, such as 30 February."""
    between = fault["code"] in ("contradiction", "nul")
    calendar = re.search("There is no|does not exist", fault["detail"])  # 30 February
    return between or bool(calendar) or fault["parameter"] in BEYOND_SCHEMA


@schemathesis.hook
def map_query(context: Any, query: dict[str, Any] | None) -> dict[str, Any] | None:
    """Use at most one snapshot parameter, with an existing snapshot, so that most requests pass."""
    if not query:
        return query
    pins = [name for name in PINS if name in query]
    changed = {name: value for name, value in query.items() if name not in pins[1:]}
    if one_in(3, changed.get("cursor")):
        return changed
    changed.pop("cursor", None)
    for name, value in changed.items():
        if name in BEYOND_SCHEMA and isinstance(value, str) and SNAPSHOT.fullmatch(value):
            changed[name] = THERE["snapshot"]
    return changed


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: Any) -> Any:
    """Use an existing record in two of three requests."""
    resource = "".join(context.operation.path.split("/")[3:4])
    keys = THERE["keys"].get(resource)
    if path_parameters and keys and not one_in(3, path_parameters.get("key")):
        number = zlib.crc32(repr(path_parameters).encode("utf-8", "replace"))
        path_parameters = path_parameters | {"key": keys[number % len(keys)]}
        if "version" in path_parameters:
            path_parameters["version"] = "1"
    return path_parameters


def one_in(number: int, value: Any) -> bool:
    """Return true for a fixed fraction of all values."""
    return zlib.crc32(repr(value).encode("utf-8", "replace")) % number == 0
