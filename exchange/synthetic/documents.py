"""Making bodies of the shape that the serializers describe; all other properties are unknown."""

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cache
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from editorial.models import Record
from publishing import completion, documents, publication
from publishing.codes import EndKind, StartKind
from publishing.publication import PublicChange
from publishing.serializers import ValiditySerializer
from sources.codes import LocatorKind, Stance
from sources.serializers import CitationSerializer

Json = dict[str, Any]
SUFFIX = "(synthetic)"
"""The end of every name and title."""


class SyntheticRecord(NamedTuple):
    """A record, with what other records need to reference it."""

    id: str
    act: PublicChange

    @property
    def reference(self) -> dict[str, str]:
        """The reference in a body."""
        return {"id": self.id}

    @property
    def published_reference(self) -> bytes:
        """The reference in a document."""
        return publication.render_reference(self.act)


def make_random(seed: int, kind: str, number: int) -> Random:
    """Return a random generator for one record alone."""
    return Random(f"{seed} {kind} {number}")  # noqa: S311


def make_public_id(seed: int, kind: str, number: int) -> str:
    """Return the public id of one record."""
    digest = hashlib.sha256(f"{seed} {kind} {number}".encode()).digest()
    return str(UUID(bytes=digest[:16], version=4))


def make_row(serializer: type, /, **values: Any) -> Json:
    """Return an object as a serializer describes it."""
    return _get_unknowns(serializer) | values


def make_record(model: type[Record], id_: str, **values: Any) -> SyntheticRecord:
    """Return a record with its body."""
    body = documents.dump(make_body(model, id=id_, **values))
    return SyntheticRecord(id_, PublicChange(model.type_name, id_, None, body, ""))


def make_body(model: type[Record], **values: Any) -> Json:
    """Return the body of a record, with its derived properties."""
    body = make_row(type(model.serializer()), **values)
    model.serializer().derive(body)
    return body


def make_citations(source: Mapping[str, str], **values: Any) -> list[Json]:
    """Return a list of one citation."""
    support = {"source": source, "withheld": False, "stance": Stance.SUPPORTS.value}
    support["locator_kind"] = LocatorKind.UNKNOWN.value
    return [make_row(CitationSerializer, **support, **values)]


def make_validity(start: str = "", end: str = "", *, ongoing: bool = False) -> Json:
    """Return a validity; `start` and `end` are EDTF, or blank if unknown."""
    validity = make_row(
        ValiditySerializer,
        start=start or None,
        start_kind=(StartKind.ACTUAL if start else StartKind.UNKNOWN).value,
        end=end or None,
        end_kind=(EndKind.ACTUAL if end else EndKind.ONGOING if ongoing else EndKind.UNKNOWN).value,
        last_verified=date(2025, 12, 1).isoformat() if ongoing else None,
    )
    _VALIDITY.derive(validity)
    return validity


_VALIDITY = ValiditySerializer()


@cache
def _get_unknowns(serializer: type) -> Json:
    return {name: prop.unknown for name, prop in completion.properties(serializer()).items()}
