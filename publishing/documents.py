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
_REF_KEYS = {"id", "type", "kind", "name", "slug", "withdrawn"}
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


def unfill(document: Any) -> Any:
    """Return a filled body with every ref reduced to a quote again: `fill` undone, on values."""
    if isinstance(document, list):
        return [unfill(item) for item in document]
    if not isinstance(document, dict):
        return document
    if _is_ref(document):
        return {"id": document["id"]}
    return {key: unfill(value) for key, value in document.items()}


def body(document: Mapping[str, Any], envelope: tuple[str, ...]) -> bytes:
    """Return the body of a document that was parsed: no envelope, quotes by id alone."""
    return dump(unfill({key: document[key] for key in document if key not in envelope}))


def untie(document: Any, own: str) -> Any:
    """Return a filled body without what ties a record to itself, as two merged records leave it.

    What quotes the record `own` goes with the row of the list that it stands in; a record that a
    list or a row quotes twice is quoted once.
    """
    if isinstance(document, list):
        rows = [row for row in document if not _quotes_directly(row, own)]
        refs = {row["id"]: row for row in reversed(rows) if _is_ref(row)}
        once = [row for row in rows if not _is_ref(row) or refs[row["id"]] is row]
        return [untie(row, own) for row in once]
    if not isinstance(document, dict) or _is_ref(document):
        return document
    quoted: set[str] = set()
    untied = {}
    for key, value in document.items():
        again = _is_ref(value) and (value["id"] in quoted or value["id"] == own)
        untied[key] = None if again else untie(value, own)
        if _is_ref(value):
            quoted.add(value["id"])
    return untied


def ends(document: Mapping[str, Any]) -> list[str]:
    """Return the public ids that a filled body quotes as members of its own, as a tie does."""
    return [value["id"] for value in document.values() if _is_ref(value)]


def _is_ref(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() >= _REF_KEYS


def _quotes_directly(row: Any, own: str) -> bool:
    return isinstance(row, dict) and any(
        _is_ref(value) and value["id"] == own for value in [row, *row.values()]
    )


def cut(document: Mapping[str, Any], keys: tuple[str, ...]) -> bytes:
    """Return the summary: those properties of a document that lists show, as far as it has them."""
    return dump({key: document[key] for key in keys if key in document})
