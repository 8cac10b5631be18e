"""Bodies and documents: the exact bytes that are approved and published, and their references.

A body references another record as `{"id":"..."}`, a *bare reference*. `insert_references` puts the
published reference of each record in its place, which gives the *filled* body, and
`append_properties` makes a document of that. Quotation marks inside JSON strings are escaped, so no
text that an editor writes can match `CITED` or the regular expressions for references.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

import orjson

_BARE = re.compile(rb'\{"id":"([0-9a-f-]{36})"\}')
_FILLED = re.compile(rb'\{"id":"([0-9a-f-]{36})","type":"')
CITED = b'"citations":[{'
"""What a body contains that has a citation, for the record or for a part of it."""
_KEYS = {"id", "type", "kind", "name", "slug", "withdrawn"}
_ENVELOPE = b',"version":'

REDACTED = "[redacted]"
"""What stands in a document for a text that a redaction removed."""

load = orjson.loads


def dump(value: Any) -> bytes:
    """Return `value` as canonical JSON: compact, keys in the given order, decimals as numbers."""
    return orjson.dumps(value, default=_convert, option=orjson.OPT_UTC_Z)


def _convert(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"A body cannot contain a {type(value).__name__}")


def digest(body: bytes) -> str:
    """Return the SHA-256 of a body, in hex: an approval is bound to it."""
    return sha256(body).hexdigest()


def find_bare_references(body: bytes) -> set[str]:
    """Return the public ids of the records that a body references."""
    return {match.decode() for match in _BARE.findall(body)}


def insert_references(body: bytes, references: Mapping[str, bytes]) -> bytes:
    """Return a body with the references of all records that it references, by public id.

    Raises KeyError for a record that is not in `references`.
    """
    return _BARE.sub(lambda match: references[match[1].decode()], body)


def find_references(filled: bytes) -> set[str]:
    """Return the public ids of the records that a filled body or a document references."""
    return {match.decode() for match in _FILLED.findall(filled)}


def append_properties(text: bytes, properties: Mapping[str, Any]) -> bytes:
    """Return the JSON of an object followed by more properties, such as the envelope."""
    return text[:-1] + b"," + dump(properties)[1:]


def append_text(text: bytes, name: str, value: bytes) -> bytes:
    """Return the JSON of an object followed by a property whose value is JSON already."""
    return text[:-1] + b',"%s":%s}' % (name.encode(), value)


def remove_envelope(document: bytes) -> bytes:
    """Return the filled body of a document."""
    # The envelope is the last part of a document, so its `version` is the last one.
    return document[: document.rindex(_ENVELOPE)] + b"}"


def strip_references(document: Any) -> Any:
    """Return a parsed document in which every reference is a bare one again."""
    if isinstance(document, list):
        return [strip_references(item) for item in document]
    if not isinstance(document, dict):
        return document
    if is_reference(document):
        return {"id": document["id"]}
    return {key: strip_references(value) for key, value in document.items()}


def extract_body(document: Mapping[str, Any], envelope: tuple[str, ...]) -> bytes:
    """Return the body of a parsed document; `envelope` names the properties to leave out."""
    return dump(strip_references({key: document[key] for key in document if key not in envelope}))


def remove_self_references(document: Any, own: str) -> Any:
    """Return a filled, parsed body without the relations of a record to itself.

    When two records are merged, a document that relates them relates the survivor to itself. In a
    list, a row that references the record `own` is removed. A record that a list or a row
    references twice is referenced once.
    """
    if isinstance(document, list):
        rows = [row for row in document if not _references_directly(row, own)]
        first = {row["id"]: row for row in reversed(rows) if is_reference(row)}
        unique = [row for row in rows if not is_reference(row) or first[row["id"]] is row]
        return [remove_self_references(row, own) for row in unique]
    if not isinstance(document, dict) or is_reference(document):
        return document
    seen: set[str] = {own}
    cleaned = {}
    for key, value in document.items():
        repeated = is_reference(value) and value["id"] in seen
        cleaned[key] = None if repeated else remove_self_references(value, own)
        if is_reference(value):
            seen.add(value["id"])
    return cleaned


def redirect_references(body: bytes, merged: str, survivor: str) -> Any:
    """Return the parsed body of a survivor: what related it to the merged record is removed."""
    references = {
        record: dump(dict.fromkeys(_KEYS) | {"id": survivor if record == merged else record})
        for record in find_bare_references(body)
    }
    filled = load(insert_references(body, references))
    return strip_references(remove_self_references(filled, survivor))


def list_direct_references(document: Mapping[str, Any]) -> list[str]:
    """Return the public ids in the top-level references of a document, as an affiliation's two."""
    return [value["id"] for value in document.values() if is_reference(value)]


def is_reference(value: Any) -> bool:
    """Return whether a value in a parsed document is the reference to another record."""
    return isinstance(value, dict) and value.keys() >= _KEYS


def _references_directly(row: Any, own: str) -> bool:
    return isinstance(row, dict) and any(
        is_reference(value) and value["id"] == own for value in [row, *row.values()]
    )


def extract_summary(document: Mapping[str, Any], keys: tuple[str, ...]) -> bytes:
    """Return the summary: those properties of a document that lists show, as far as it has them."""
    return dump({key: document[key] for key in keys if key in document})
