"""What is told, in the shape that the serializers describe; what is not told is not known."""

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
from publishing.publication import Act
from publishing.serializers import ValiditySerializer
from sources.codes import Stance
from sources.serializers import CitationSerializer

Json = dict[str, Any]
SUFFIX = "(synthetic)"
"""What every name and title ends with."""


class SyntheticRecord(NamedTuple):
    """A record, as other records need it to quote it."""

    id: str
    act: Act

    @property
    def quote(self) -> dict[str, str]:
        """What stands in a body that quotes it."""
        return {"id": self.id}

    @property
    def ref(self) -> bytes:
        """What stands in a document that quotes it."""
        return publication.ref(self.act)


def make_random(seed: int, what: str, number: int) -> Random:
    """Return what decides about one record, and about no other."""
    return Random(f"{seed} {what} {number}")  # noqa: S311


def make_public_id(seed: int, what: str, number: int) -> str:
    """Return the public id of one record."""
    digest = hashlib.sha256(f"{seed} {what} {number}".encode()).digest()
    return str(UUID(bytes=digest[:16], version=4))


def make_row(serializer: type, /, **told: Any) -> Json:
    """Return an object as a serializer describes it."""
    return _get_unknowns(serializer) | told


def make_record(model: type[Record], id_: str, **values: Any) -> SyntheticRecord:
    """Return a record with its body."""
    body = documents.dump(make_body(model, id=id_, **values))
    return SyntheticRecord(id_, Act(model.type_name, id_, None, body, ""))


def make_body(model: type[Record], **values: Any) -> Json:
    """Return the body of a record, with what follows from what is told."""
    shown = make_row(type(model.serializer()), **values)
    model.serializer().derive(shown)
    return shown


def make_citations(source: Mapping[str, str], **values: Any) -> list[Json]:
    """Return the one citation of a row."""
    support = {"source": source, "withheld": False, "stance": Stance.SUPPORTS.value}
    return [make_row(CitationSerializer, **support, **values)]


def make_validity(start: str = "", end: str = "", *, ongoing: bool = False) -> Json:
    """Return a validity; `start` and `end` are EDTF, blank is not known."""
    shown = make_row(
        ValiditySerializer,
        start=start or None,
        start_kind=(StartKind.ACTUAL if start else StartKind.UNKNOWN).value,
        end=end or None,
        end_kind=(EndKind.ACTUAL if end else EndKind.ONGOING if ongoing else EndKind.UNKNOWN).value,
        last_verified=date(2025, 12, 1).isoformat() if ongoing else None,
    )
    _VALIDITY.derive(shown)
    return shown


_VALIDITY = ValiditySerializer()


@cache
def _get_unknowns(serializer: type) -> Json:
    return {name: told.unknown for name, told in completion.properties(serializer()).items()}
