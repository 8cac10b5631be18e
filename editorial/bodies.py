"""Bodies, refs and documents: the exact bytes that are approved, published and quoted.

A body quotes other records as `{"id":"..."}` and nothing more. `fill` puts the published ref of
each in that place, `enclose` appends the envelope. Quotation marks inside JSON strings are
escaped, so no text that an editor writes can look like a quote to these expressions.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

import orjson

_QUOTE = re.compile(rb'\{"id":"([0-9a-f-]{36})"\}')
_REF = re.compile(rb'\{"id":"([0-9a-f-]{36})","type":"')
_ENVELOPE = b',"version":'

load = orjson.loads


def dump(value: Any) -> bytes:
    """Return `value` as canonical JSON: compact, keys in the given order, decimals as numbers."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_UTC_Z)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} has no place in a body")


def digest(body: bytes) -> str:
    """Return the SHA-256 of a body, in hex: what an approval is bound to."""
    return sha256(body).hexdigest()


def quoted(body: bytes) -> set[str]:
    """Return the public ids of the records that a body quotes."""
    return {found.decode() for found in _QUOTE.findall(body)}


def fill(body: bytes, refs: Mapping[str, bytes]) -> bytes:
    """Put the ref of each quoted record in its place; KeyError for one that has no ref."""
    return _QUOTE.sub(lambda found: refs[found[1].decode()], body)


def refs_in(filled: bytes) -> set[str]:
    """Return the public ids of the records that a filled body quotes."""
    return {found.decode() for found in _REF.findall(filled)}


def enclose(filled: bytes, envelope: Mapping[str, Any]) -> bytes:
    """Append the envelope, which starts with `version`, to a filled body."""
    return filled[:-1] + b"," + dump(envelope)[1:]


def disclose(document: bytes) -> bytes:
    """Return the filled body of a document: `enclose` undone."""
    return document[: document.rindex(_ENVELOPE)] + b"}"


def unfill(document: Mapping[str, Any], envelope: tuple[str, ...]) -> bytes:
    """Return the body of a document that was parsed: no envelope, quotes by id alone."""
    return dump({key: _by_id(value) for key, value in document.items() if key not in envelope})


def _by_id(value: Any) -> Any:
    if isinstance(value, list):
        return [_by_id(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() >= {"id", "type", "withdrawn"}:
        return {"id": value["id"]}
    return {key: _by_id(item) for key, item in value.items()}


def cut(document: Mapping[str, Any], keys: tuple[str, ...]) -> bytes:
    """Return the summary: those properties of a document that lists show."""
    return dump({key: document[key] for key in keys})
