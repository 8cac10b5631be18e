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
from publishing.publication import PublicChange
from publishing.serializers import ValiditySerializer
from sources.codes import Stance
from sources.serializers import CitationSerializer

Shown = dict[str, Any]
MARK = "(synthetic)"
"""What every name and title ends with."""


class Told(NamedTuple):
    """A record, as other records need it to quote it."""

    id: str
    act: PublicChange

    @property
    def quote(self) -> dict[str, str]:
        """What stands in a body that quotes it."""
        return {"id": self.id}

    @property
    def ref(self) -> bytes:
        """What stands in a document that quotes it."""
        return publication.render_reference(self.act)


def chance(seed: int, what: str, number: int) -> Random:
    """Return what decides about one record, and about no other."""
    return Random(f"{seed} {what} {number}")  # noqa: S311


def public_id(seed: int, what: str, number: int) -> str:
    """Return the public id of one record."""
    digest = hashlib.sha256(f"{seed} {what} {number}".encode()).digest()
    return str(UUID(bytes=digest[:16], version=4))


def row(serializer: type, /, **told: Any) -> Shown:
    """Return an object as a serializer describes it."""
    return _unknown(serializer) | told


def told(model: type[Record], id_: str, **values: Any) -> Told:
    """Return a record with its body."""
    body = documents.dump(document(model, id=id_, **values))
    return Told(id_, PublicChange(model.type_name, id_, None, body, ""))


def document(model: type[Record], **values: Any) -> Shown:
    """Return the body of a record, with what follows from what is told."""
    shown = row(type(model.serializer()), **values)
    model.serializer().derive(shown)
    return shown


def cited(source: Mapping[str, str], **values: Any) -> list[Shown]:
    """Return the one citation of a row."""
    support = {"source": source, "withheld": False, "stance": Stance.SUPPORTS.value}
    return [row(CitationSerializer, **support, **values)]


def held(start: str = "", end: str = "", *, ongoing: bool = False) -> Shown:
    """Return a validity; `start` and `end` are EDTF, blank is not known."""
    shown = row(
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
def _unknown(serializer: type) -> Shown:
    return {name: told.unknown for name, told in completion.properties(serializer()).items()}
