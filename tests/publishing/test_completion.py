"""Documents of older software are completed when they are read and never rewritten."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator
from rest_framework import serializers

from actors.serializers import ActorDocument
from actors.serializers.parts import ActorNameSerializer
from api.tables import cells, columns
from editorial.redaction.removal import Values
from publishing import completion, documents, index, publication
from publishing.completion import Property, properties
from publishing.models import Edition
from publishing.registry import record_types
from publishing.serializers import RefSerializer, WordsListField
from tests.contract.client import API, components

pytestmark = pytest.mark.django_db

TYPES = ["publisher", "source", "place", "actor", "affiliation", "incident"]
ID = "00000000-0000-4000-8000-00000000000a"
ENVELOPE = {
    "version": 1,
    "published_at": "2025-01-01T00:00:00Z",
    "edited_at": "2025-01-01T00:00:00Z",
    "seq": 1,
}
ALWAYS = {"slug", *RefSerializer().fields}
"""Properties that may be null and that no published document has ever lacked."""
Path = tuple[str, ...]


class Newer(ActorDocument):
    """The document of actors in a later release."""

    motto = serializers.CharField(source="internal_note", read_only=True, allow_null=True)
    flags = ActorNameSerializer(source="names", many=True, read_only=True)
    summary = ("id", "motto", *ActorDocument.summary[1:])

    class Meta(ActorDocument.Meta):
        fields = ("id", "motto", *ActorDocument.Meta.fields[1:], "flags")


@pytest.fixture
def upgrade(monkeypatch: Any) -> Any:
    """Install the later release."""

    def upgrade() -> None:
        monkeypatch.setitem(vars(record_types()["actor"]), "serializer", Newer())

    return upgrade


def ask(address: str) -> bytes:
    response = Client(SERVER_NAME="localhost").get(API + address, secure=True)
    assert response.status_code == 200
    return response.content


def is_optional(known: Property) -> bool:
    """Return whether a document can lack a property: it has a value for what is not known."""
    is_object = known.inner is not None and not known.is_reference
    return known.name not in ALWAYS and (
        known.nullable or is_object or known.unknown is not None
    )


def paths(serializer: Any) -> Iterator[Path]:
    """Yield the path of every optional property of a serializer and of what it nests."""
    for known in properties(serializer).values():
        if is_optional(known):
            yield (known.name,)
        if known.inner is not None:
            yield from ((known.name, *path) for path in paths(known.inner))


def sample(serializer: Any) -> dict[str, Any]:
    """Return an object in which every property says something."""
    return {known.name: sample_value(known) for known in properties(serializer).values()}


def sample_value(known: Property) -> Any:
    field = known.described_by
    if known.inner is not None:
        item = sample(known.inner)
        return [item] if known.many else item
    if isinstance(field, WordsListField):
        return list(field.child.choices)[:1]
    if known.words:
        return next(iter(known.words))
    for kind, value in (
        (serializers.BooleanField, True),
        (serializers.IntegerField, 1),
        (serializers.FloatField, 1.0),
        (serializers.DateField, "2020-01-03"),
        (serializers.DateTimeField, "2020-01-03T00:00:00Z"),
        (serializers.TimeField, "10:00"),
        (serializers.UUIDField, ID),
    ):
        if isinstance(field, kind):
            return value
    return SAMPLES.get(known.name, "words")


SAMPLES = {
    **dict.fromkeys(("start", "end", "date", "birth", "death", "published", "as_of"), "2020"),
    **dict.fromkeys(("country", "origin", "nationality"), "IQ"),
    **dict.fromkeys(("language", "quote_language"), "ar"),
    **dict.fromkeys(("url", "archive_url", "website"), "https://example.org/"),
    "admin1": "IQ-AN",
}


def without(value: Any, path: Path) -> Any:
    """Return a document that lacks the property at a path, wherever that leads."""
    if isinstance(value, list):
        return [without(item, path) for item in value]
    if not isinstance(value, dict) or path[0] not in value:
        return value
    if len(path) == 1:
        return {name: inner for name, inner in value.items() if name != path[0]}
    return value | {path[0]: without(value[path[0]], path[1:])}


@pytest.mark.parametrize("name", TYPES)
def test_a_document_may_lack_any_optional_property(name: str) -> None:
    registration = record_types()[name]
    serializer = registration.serializer
    whole = sample(serializer) | ENVELOPE
    serializer.derive(whole)
    schema = {"$ref": f"#/components/schemas/{name.capitalize()}"}
    described = Draft202012Validator({**schema, "components": components()})
    every = list(paths(serializer))
    assert every
    for path in every:
        older = without(whole, path)
        text = documents.dump(older).decode()
        edition = Edition(type=name, record=ID, seq=1, document=text, public=True, shape="")
        read = documents.load(completion.document_text(edition))
        described.validate(read)
        assert list(read) == list(whole), path
        assert list(index.rows_of(edition)), path
        summary = completion.complete_text(name, text, "", summary=True)
        assert tuple(documents.load(summary)) == serializer.summary
        assert cells(columns(serializer))(documents.load(summary))
        body = documents.body(older, tuple(ENVELOPE))
        act = publication.Act(name, ID, None, body, "")
        assert documents.load(publication.ref(act)).keys() >= set(registration.ref_more)
        cleaned = completion.read_document(edition, refs=False)
        Values(["words", "absent"]).clean(serializer, cleaned)
