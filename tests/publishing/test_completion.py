"""Documents of older software are completed on reading and never rewritten."""

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from rest_framework import serializers

from actors.models import Actor, Affiliation
from actors.serializers import ActorDocument
from actors.serializers.names import ActorNameSerializer
from publishing import completion, documents
from publishing.models import Edition
from tests.contract.client import API

pytestmark = pytest.mark.django_db


class Motto(serializers.CharField):
    """A property that new software adds."""

    def __init__(self) -> None:
        super().__init__(source="internal_note", read_only=True, allow_null=True)


class Newer(ActorDocument):
    """The document of actors in a later release."""

    motto = Motto()
    flags = ActorNameSerializer(source="names", many=True, read_only=True)
    shape = 2
    summary = ("id", "motto", *ActorDocument.summary[1:])

    class Meta(ActorDocument.Meta):
        fields = ("id", "motto", *ActorDocument.Meta.fields[1:], "flags")


@pytest.fixture
def upgrade(monkeypatch: Any) -> Any:
    """Install the later release."""

    def upgrade() -> None:
        serializer = Newer()
        monkeypatch.setattr(Actor, "serializer", classmethod(lambda cls: serializer))

    return upgrade


def ask(address: str) -> bytes:
    response = Client(SERVER_NAME="localhost").get(API + address, secure=True)
    assert response.status_code == 200
    return response.content


def test_an_older_document_is_completed_everywhere_and_never_rewritten(
    kataib: Actor, pmf: Actor, publish: Any, upgrade: Any
) -> None:
    kataib.names.create(text="كتائب حزب الله", language="ar")
    publish(kataib, pmf)
    stored = list(Edition.objects.order_by("seq").values())
    old = json.loads(ask("actors/kataib"))
    upgrade()
    new = json.loads(ask("actors/kataib"))
    assert list(new)[:2] == ["id", "motto"]
    assert list(new)[-5:] == ["flags", "version", "published_at", "edited_at", "seq"]
    assert new == old | {"motto": None, "flags": []}
    (listed, _) = json.loads(ask("actors"))["results"]
    assert list(listed)[:3] == ["id", "motto", "slug"]
    assert "flags" not in listed
    (detailed, _) = json.loads(ask("actors?detail=true"))["results"]
    assert detailed == new
    change = json.loads(ask("changes?documents=true"))["results"][0]
    assert change["actor"] == new
    assert stored == list(Edition.objects.order_by("seq").values())


def test_what_is_published_now_has_the_new_shape(
    kataib: Actor, pmf: Actor, publish: Any, upgrade: Any
) -> None:
    publish(kataib, pmf)
    upgrade()
    kataib.internal_note = "Told"
    kataib.save()
    publish(kataib)
    assert json.loads(ask("actors/kataib"))["motto"] == "Told"
    assert list(Edition.objects.order_by("seq").values_list("shape", flat=True)) == [1, 1, 2]


def test_a_refresh_keeps_the_text_and_the_shape_of_what_it_repeats(
    kataib: Actor, pmf: Actor, publish: Any, monkeypatch: Any
) -> None:
    tie = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    publish(kataib, pmf, tie)
    serializer = type(Affiliation.serializer())
    monkeypatch.setattr(serializer, "shape", 2)
    pmf.name = "Popular Mobilisation"
    pmf.save()
    publish(pmf)
    refreshed = tie.edition
    assert (refreshed.kind, refreshed.shape) == ("refresh", 1)
    assert json.loads(ask(f"affiliations/{tie.public_id}"))["object"]["name"] == pmf.name


def test_texts_of_todays_shape_are_not_parsed(
    kataib: Actor, publish: Any, monkeypatch: Any
) -> None:
    publish(kataib)
    monkeypatch.setattr(completion, "complete", None)
    document = Edition.objects.get().document
    assert ask("actors/kataib") == document.encode()


def test_entries_are_made_anew_from_older_documents(
    kataib: Actor, publish: Any, upgrade: Any, monkeypatch: Any
) -> None:
    from actors.entries import ActorEntry

    publish(kataib)
    upgrade()
    made = ActorEntry.from_document.__func__  # type: ignore[attr-defined]

    def later(cls: Any, document: dict[str, Any]) -> Any:
        row, *sides = made(cls, document)
        row.kind = document["motto"] or "none"
        return [row, *sides]

    monkeypatch.setattr(ActorEntry, "from_document", classmethod(later))
    call_command("rebuild_entries", verbosity=0)
    assert ActorEntry.objects.get().kind == "none"


def test_what_is_nested_is_completed_too() -> None:
    serializer = Actor.serializer()
    old = {"names": [{"text": "A"}], "country": {"id": "x"}, "individual": None, "existence": {}}
    new = completion.complete(serializer, old)
    assert new["names"] == [
        {
            "text": "A",
            "kind": None,
            "language": None,
            "script": None,
            "preferred": None,
            "meaning": None,
            "validity": None,
            "citations": [],
        }
    ]
    assert list(new["country"])[-3:] == ["country", "admin1", "point"]
    assert new["individual"] is None
    assert new["existence"]["start_kind"] == "unknown"


def test_the_statements_are_as_many_as_before(
    kataib: Actor, publish: Any, upgrade: Any, django_assert_num_queries: Any
) -> None:
    publish(kataib)
    upgrade()
    with django_assert_num_queries(2):
        ask("actors")
    with django_assert_num_queries(2):
        ask("actors/kataib")


def test_completing_is_no_rewriting_of_what_stands(kataib: Actor, publish: Any) -> None:
    publish(kataib)
    edition = Edition.objects.get()
    document = documents.load(edition.document)
    assert (
        documents.dump(completion.complete(Actor.serializer(), document)).decode()
        == edition.document
    )
    summary = documents.load(edition.summary)
    done = completion.complete(Actor.serializer(), summary, summary=True)
    assert documents.dump(done).decode() == edition.summary
