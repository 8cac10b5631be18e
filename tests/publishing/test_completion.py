"""Documents of older software are completed when they are read and never rewritten."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from jsonschema import Draft202012Validator
from rest_framework import serializers

from actors.models import Actor, Affiliation
from actors.serializers import ActorDocument
from actors.serializers.names import ActorNameSerializer
from api.selections import Selection
from editorial import merging, workflow
from editorial.models import Record, User
from editorial.redaction.redact import redact
from editorial.redaction.removal import TextRemoval
from exchange import set_aside
from incidents.models import Incident
from places.models import Place
from publishing import completion, documents, index, publication
from publishing.completion import Property, properties
from publishing.models import Edition
from publishing.registry import record_types
from publishing.serializers import ReferenceSerializer, WordsListField
from publishing.tables import cells
from publishing.triggers import allow
from sources.models import Publisher, Source
from tests.cast import UNCITED
from tests.contract.client import API, ContractClient, components
from tests.whole import assert_whole

pytestmark = pytest.mark.django_db

TYPES = ["publisher", "source", "place", "actor", "affiliation", "incident"]
ID = "00000000-0000-4000-8000-00000000000a"
ENVELOPE = {
    "version": 1,
    "published_at": "2025-01-01T00:00:00Z",
    "edited_at": "2025-01-01T00:00:00Z",
    "seq": 1,
}
ALWAYS = {"slug", *ReferenceSerializer().fields}
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


def stream(address: str) -> bytes:
    response: Any = Client(SERVER_NAME="localhost").get(API + address, secure=True)
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def is_optional(known: Property) -> bool:
    """Return whether a document can lack a property: it has a value for what is not known."""
    is_object = known.inner is not None and not known.is_reference
    return known.name not in ALWAYS and (known.nullable or is_object or known.unknown is not None)


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
        (serializers.TimeField, "10:00:00"),
        (serializers.UUIDField, ID),
    ):
        if isinstance(field, kind):
            return value
    return SAMPLES.get(known.name, "two words")


SAMPLES = {
    **dict.fromkeys(("start", "end", "date", "birth", "death", "published", "as_of"), "2020"),
    **dict.fromkeys(("country", "origin", "nationality"), "IQ"),
    **dict.fromkeys(("language", "quote_language"), "ar"),
    **dict.fromkeys(("url", "archive_url", "website"), "https://example.org/"),
    "admin1": "IQ-AN",
    "slug": "a-slug",
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
        assert list(index.build_rows(edition)), path
        summary = completion.complete_text(name, text, "", summary=True)
        assert tuple(documents.load(summary)) == serializer.summary
        assert cells(Selection(registration).columns)(documents.load(summary))
        body = documents.extract_body(older, tuple(ENVELOPE))
        act = publication.PublicChange(name, ID, None, body, "")
        assert documents.load(publication.render_reference(act)).keys() >= set(
            registration.ref_more
        )
        cleaned = completion.read_document(edition, refs=False)
        TextRemoval(["words", "absent"]).clean(serializer, cleaned)


@pytest.fixture
def world(kataib: Actor, pmf: Actor, iraq: Place, publish: Any) -> dict[str, Record]:
    """Publish a record of each type, with parts, and an actor that kataib can be merged into."""
    publisher = Publisher.objects.create(name="Shafaq News")
    source = Source.objects.create(title="A report", publisher=publisher)
    town = Place.objects.create(
        name="Fallujah", kind="settlement", parent=iraq, latitude=33.35, longitude=43.78
    )
    kataib.country = iraq
    kataib.save()
    name = kataib.names.create(text="Hizballah Brigades", kind="translation")
    name.citations.create(source=source, quote="so called")
    kataib.presences.create(place=town, kind="base", start="2014", start_kind="actual")
    kataib.external_ids.create(scheme="ucdp_actor", value="12")
    affiliation = Affiliation.objects.create(
        subject=kataib, kind="sponsored_by", object=pmf, start="2014"
    )
    affiliation.support.create(type="weapons", start="2015")
    attack = Incident.objects.create(title="Attack", date="2020-01-03")
    attack.locations.create(
        place=town, primary=True, precision="settlement", public_precision="settlement"
    )
    attack.involvements.create(role="perpetrator", actor=kataib, certainty="probable")
    claim = attack.statements.create(kind="claim", speaker=kataib, number=1)
    claim.responsible.create(actor=kataib)
    attack.casualties.create(measure="killed", role="recommended", low=2, best=2, high=2)
    attack.casualties.create(measure="displaced", role="recommended", quantifier="dozens")
    attack.weapons.create(weapon="rocket", count_best=3)
    records = [publisher, source, iraq, town, kataib, pmf, affiliation, attack]
    publish(*records)
    return {record.type_name: record for record in records[::-1]}


def make_older(lacking: Callable[[Path], bool], *, only_unknown: bool = False) -> None:
    """Take the optional properties at some paths from all that is public, as if it were older.

    With `only_unknown`, a property stays if completing would not give its value again.
    """
    with allow("redact"):
        for edition in Edition.objects.filter(public=True):
            serializer = record_types()[edition.type].serializer
            document, ref = documents.load(edition.document), documents.load(edition.reference)
            for path in filter(lacking, paths(serializer)):
                shorter = without(document, path)
                if not only_unknown or completion.complete(serializer, shorter) == document:
                    document = shorter
            if lacking(("place", "point")):
                ref = {key: ref[key] for key in ReferenceSerializer().fields}
            Edition.objects.filter(pk=edition.pk).update(
                document=documents.dump(document).decode(),
                summary=documents.extract_summary(document, serializer.summary).decode(),
                sha256=documents.digest(documents.extract_body(document, tuple(ENVELOPE))),
                reference=documents.dump(ref).decode(),
                shape="00000000",
            )
    call_command("rebuild_entries", verbosity=0)


LACKING: dict[str, Callable[[Path], bool]] = {
    "properties": lambda path: len(path) == 1,
    "properties of parts": lambda path: len(path) > 1,
    "what follows from others": lambda path: (
        path[-1] in ("date_start", "possible", "killed", "displaced")
    ),
}


@pytest.fixture(params=LACKING.values(), ids=LACKING)
def older(request: Any, world: dict[str, Record]) -> dict[str, Record]:
    """A public record that older software has published."""
    make_older(request.param)
    assert_whole()
    return world


def test_older_documents_are_read_everywhere(older: dict[str, Record], api: ContractClient) -> None:
    for name in TYPES:
        assert api.ask(f"{name}s/{older[name].public_id}")
        assert api.results(f"{name}s")
        assert api.results(f"{name}s/documents")
        for detail in ("false", "true"):
            assert api.lines(f"{name}s?detail={detail}&format=ndjson")
        assert stream(f"{name}s?format=csv")
    for name in ("place", "incident"):
        assert stream(f"{name}s?format=geojson&detail=true")
    assert len(api.results("changes?documents=true")) == Edition.objects.count()


def test_a_rename_reaches_older_documents(
    older: dict[str, Record], api: ContractClient, publish: Any
) -> None:
    iraq, pmf = Place.objects.get(slug="iraq"), Actor.objects.get(slug="pmf")
    iraq.name, pmf.name = "Republic of Iraq", "Popular Mobilisation"
    for record in (iraq, pmf):
        record.save()
    publish(iraq, pmf)
    affiliation = api.ask(f"affiliations/{older['affiliation'].public_id}")
    assert affiliation["object"]["name"] == "Popular Mobilisation"
    assert_whole()


def test_older_documents_are_redacted(
    older: dict[str, Record], api: ContractClient, reviewer: User
) -> None:
    redact(older["actor"], reviewer, "Private.", values=["Hizballah Brigades"])
    redact(older["incident"], reviewer, "Private.", fields=["date"])
    redact(Place.objects.get(name="Fallujah"), reviewer, "Private.", values=["Fallujah"])
    for edition in Edition.objects.exclude(document=None):
        stored = f"{edition.document} {edition.summary} {edition.reference}"
        assert "Fallujah" not in stored
        assert "Hizballah Brigades" not in stored
    assert_whole()


def test_older_documents_are_merged_and_parted(
    older: dict[str, Record], api: ContractClient, reviewer: User
) -> None:
    kataib, pmf = older["actor"], Actor.objects.get(slug="pmf")
    merging.merge(kataib, pmf, reviewer, "One and the same.")
    assert api.results("incidents?participant=pmf") == api.results("incidents?participant=kataib")
    assert_whole()
    merging.unmerge(kataib, reviewer, "They are two.")
    assert api.ask("actors/kataib")
    assert_whole()


def test_what_nobody_touched_is_not_changed(world: dict[str, Record], editor: User) -> None:
    make_older(lambda path: True, only_unknown=True)
    for record in world.values():
        model = type(record)
        with pytest.raises(ValidationError, match="Nothing to submit"):
            workflow.submit(record, editor)
        assert not set_aside.find_reasons(model, model.objects.values_list("pk", flat=True), "x")


def test_an_older_document_is_completed_and_never_rewritten(
    kataib: Actor, pmf: Actor, publish: Any, upgrade: Any
) -> None:
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
    (detailed, _) = json.loads(ask("actors/documents"))["results"]
    assert detailed == new | {"matched": None, "explanation": None}
    change = json.loads(ask("changes?documents=true"))["results"][0]
    assert change["document"] == new
    assert stored == list(Edition.objects.order_by("seq").values())


def test_a_summary_shows_a_property_that_older_summaries_did_not(
    kataib: Actor, publish: Any, monkeypatch: Any
) -> None:
    kataib.description = "A militia."
    kataib.save()
    publish(kataib)
    monkeypatch.setattr(ActorDocument, "summary", (*ActorDocument.summary, "description"))
    monkeypatch.setitem(vars(record_types()["actor"]), "serializer", ActorDocument())
    assert json.loads(ask("actors"))["results"][0]["description"] == "A militia."


def test_a_submission_that_was_frozen_before_an_upgrade_is_published(
    kataib: Actor, upgrade: Any, editor: User, reviewer: User
) -> None:
    submission = workflow.submit(kataib, editor)
    upgrade()
    workflow.approve(submission, reviewer, UNCITED)
    workflow.publish(submission, reviewer)
    edition = Edition.objects.get()
    assert (edition.sha256, edition.shape) == (submission.items.get().sha256, "")
    assert json.loads(ask("actors/kataib"))["motto"] is None
    with pytest.raises(ValidationError, match="Nothing to submit"):
        workflow.submit(kataib, editor)


def test_a_record_that_was_changed_since_is_not_approved_after_an_upgrade(
    kataib: Actor, upgrade: Any, editor: User, reviewer: User
) -> None:
    submission = workflow.submit(kataib, editor)
    upgrade()
    kataib.internal_note = "In the new property"
    kataib.save()
    with pytest.raises(ValidationError, match="was changed after it was submitted"):
        workflow.approve(submission, reviewer, UNCITED)


def test_a_change_of_the_new_property_alone_is_submitted(
    kataib: Actor, publish: Any, upgrade: Any, editor: User
) -> None:
    publish(kataib)
    upgrade()
    kataib.internal_note = "In the new property"
    kataib.save()
    assert set_aside.find_reasons(Actor, [kataib.pk], "x")
    publish(kataib)
    assert json.loads(ask("actors/kataib"))["motto"] == "In the new property"
    today = completion.fingerprint(Actor.serializer())
    assert Edition.objects.order_by("-seq")[0].shape == today


def test_a_new_document_may_contain_an_older_reference(
    world: dict[str, Record], api: ContractClient, publish: Any
) -> None:
    make_older(lambda path: path[-1] in ("country", "admin1", "point"))
    actor = Actor.objects.create(name="New", slug="new", kind="unit", country=world["place"])
    publish(actor)
    assert Edition.objects.order_by("-seq")[0].shape == ""
    assert api.ask("actors/new")["country"]["point"] is None


def test_texts_that_lack_nothing_are_not_parsed(
    kataib: Actor, publish: Any, monkeypatch: Any
) -> None:
    publish(kataib)
    edition = Edition.objects.get()
    monkeypatch.setattr(completion, "complete", None)
    assert ask("actors/kataib") == edition.document.encode()
    assert edition.summary.encode()[:-1] + b',"matched":null,"explanation":null}' in ask("actors")
    assert stream("actors?format=ndjson").startswith(edition.summary.encode())


def test_the_statements_are_as_many_as_before(
    kataib: Actor, publish: Any, upgrade: Any, django_assert_num_queries: Any
) -> None:
    publish(kataib)
    upgrade()
    with django_assert_num_queries(2):
        ask("actors")
    with django_assert_num_queries(1):
        ask("actors/kataib")


def test_the_fingerprint_names_every_property_and_no_help_text(monkeypatch: Any) -> None:
    today = completion.fingerprint(ActorDocument())
    assert len(today) == 8
    assert completion.fingerprint(ActorDocument()) == today
    assert completion.fingerprint(Newer()) != today
    monkeypatch.setattr(ActorNameSerializer.Meta, "fields", ActorNameSerializer.Meta.fields[1:])
    assert completion.fingerprint(ActorDocument()) != today
